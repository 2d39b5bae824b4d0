"""Relations are checked as they stood in each commit: against the records of that commit and no other."""

import json
from pathlib import Path

import pytest

from incidentops.core.finding import Finding
from incidentops.flows.history.relations import LandedState, check_landed_relations
from incidentops.flows.history.replay import ReplayFilter, replay
from incidentops.rules.relations import RelationSummary
from incidentops.store.git.history import History
from landing import Landing, landed
from make import FILE, HANDBOOK_FILE, a_handbook_data, a_record

OTHER = "incidents/2026/2026-11-21-web-slow.yaml"
SECOND = "incidents/2026/2026-11-21-web-slow.yml"
HANDBOOK = json.dumps(a_handbook_data())
FINE = json.dumps(a_record())


def pointing(to: str = "2026-11-21-web-slow", indent: int = 0) -> str:
    return json.dumps(a_record(related=[{"to": to, "as": "caused_by"}]), indent=indent)


def found(root: Path, *landings: Landing) -> list[tuple[int, Finding]]:
    landed(root, [Landing({HANDBOOK_FILE: HANDBOOK}), *landings])
    results = replay(root, ReplayFilter()).results
    return [(r.number, f) for r in results for f in r.findings if f.code in ("REC004", "REC005")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "repository"


def test_a_record_that_is_not_there_yet_is_none(root):
    findings = found(root, Landing({FILE: pointing()}), Landing({OTHER: FINE}), Landing({FILE: pointing(indent=1)}))
    assert [(1, "there is no record '2026-11-21-web-slow'")] == [(number, f.message) for number, f in findings]


def test_a_record_that_is_gone_is_none_any_more(root):
    findings = found(root, Landing({FILE: pointing(), OTHER: FINE}), Landing({FILE: pointing(indent=1), OTHER: None}))
    assert [2] == [number for number, _ in findings]


def test_the_place_is_that_in_the_version_that_landed(root):
    ((_, finding),) = found(root, Landing({FILE: "\n\n" + pointing()}))
    assert '"to": "2026-11-21-web-slow"' in ("\n\n" + pointing()).splitlines()[finding.location.line - 1]
    assert ("related", 0, "to") == finding.pointer


def test_a_circle_is_found_in_the_commit_that_closes_it(root):
    findings = found(
        root, Landing({OTHER: pointing("2026-11-21-registry-503"), FILE: FINE}), Landing({FILE: pointing()})
    )
    assert [(2, FILE)] == [(number, f.location.file) for number, f in findings]
    assert "leads in a circle" in findings[0][1].message


def test_a_circle_that_was_broken_up_is_none(root):
    findings = found(
        root,
        Landing({OTHER: pointing("2026-11-21-registry-503"), FILE: FINE}),
        Landing({OTHER: FINE}),
        Landing({FILE: pointing()}),
    )
    assert [] == findings


def test_an_id_may_come_again_when_the_other_file_is_gone(root):
    findings = found(
        root,
        Landing({OTHER: FINE}),
        Landing({SECOND: FINE}),
        Landing({OTHER: None}),
        Landing({SECOND: FINE + "\n"}),
    )
    assert [(2, "REC005", SECOND)] == [(number, f.code, f.location.file) for number, f in findings]


def test_what_others_point_to_is_read_and_what_that_points_to(root):
    """Nothing of these was checked: the whole chain is found by reading."""
    chain = [f"2026-11-21-link-{number}" for number in range(4)]
    files = {f"incidents/2026/{one}.yaml": pointing(to) for one, to in zip(chain, [*chain[1:], chain[0]], strict=True)}
    commits = landed(root, [Landing({HANDBOOK_FILE: HANDBOOK, **files}), Landing({HANDBOOK_FILE: HANDBOOK + " "})])
    history = History(root)
    start = history.tree(commits[0])
    version = start["incidents/2026/2026-11-21-link-0.yaml"]
    one = RelationSummary("2026-11-21-link-0", version.file, (("2026-11-21-link-1", "caused_by"),))
    past = LandedState({}, tuple(history.landings(history.span(None))))
    ((number, finding),) = check_landed_relations(history, past, {0: [version]}, {version: one})
    assert (0, "REC004") == (number, finding.code)
