"""The two jobs of docs/how-to/adopter/check-many-records.md that replace `validate`, run by gitlab-ci-local."""

import json
import re

import pytest
import yaml

from paths import ROOT
from pipeline.test_pipeline import Project, needs_runner, project  # noqa: F401 - project is a fixture

pytestmark = [pytest.mark.slow, needs_runner]

MERGE_REQUEST = ({}, "--unset-variable", "CI_COMMIT_BRANCH")


def the_jobs() -> dict[str, object]:
    """What the page says, word for word."""
    page = (ROOT / "docs/how-to/adopter/check-many-records.md").read_text(encoding="utf-8")
    (found,) = (block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "--join" in block)
    return yaml.safe_load(found)


@pytest.fixture
def parallel(project: Project) -> Project:  # noqa: F811
    """A project whose pipeline has them."""
    file = project.folder / ".gitlab-ci.yml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text(encoding="utf-8")), **the_jobs()}))
    project.land("Check on two machines")
    project.git("switch", "--quiet", "-c", "incident/registry")
    return project


def put(place: Project, name: str, service: str, **related: str) -> None:
    path = place.folder / "incidents" / "2026" / f"2026-11-20-{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    record = {
        "kind": "near_miss",
        "title": f"It nearly failed: {name}",
        "services": [service],
        "timeline": [{"at": "2026-11-20T10:00:00Z", "by": "ana", "severity": "S3", "note": "Noticed in time"}],
        **({"related": [{"to": related["to"], "as": "follows"}]} if related else {}),
    }
    path.write_text(yaml.safe_dump(record), encoding="utf-8")


def test_two_machines_make_one_report_and_one_verdict(parallel):
    for name in ("a", "b", "c"):
        put(parallel, name, "registry", to="2026-11-20-a" if name == "b" else "2026-11-20-b")
    parallel.land("three records")
    output = parallel.pipeline("merge_request_event", *MERGE_REQUEST)
    assert "part 1 of 2 is in part-1.json" in output
    assert "part 2 of 2 is in part-2.json" in output
    assert [] == json.loads(parallel.artifact("verdict", "gl-code-quality-report.json"))
    assert "<testsuites" in parallel.artifact("verdict", "junit.xml")


def test_what_two_machines_found_stands_in_one_report_and_fails_the_pipeline(parallel):
    for name, service in (("a", "nothing"), ("b", "registry"), ("c", "nowhere")):
        put(parallel, name, service, to="2026-11-20-gone")
    parallel.land("three bad records")
    with pytest.raises(AssertionError):
        parallel.pipeline("merge_request_event", *MERGE_REQUEST)
    report = json.loads(parallel.artifact("verdict", "gl-code-quality-report.json"))
    assert {("REC002", "a"), ("REC002", "c"), ("REC004", "a"), ("REC004", "b"), ("REC004", "c")} == {
        (finding["check_name"][:6], finding["location"]["path"][-6]) for finding in report
    }
