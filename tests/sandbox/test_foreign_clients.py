"""Programs that we did not write, at work on the sandbox. A scenario test: it has no module of its own."""

import json
import os
import shutil
import subprocess

import pytest

from incidentops.sandbox.seed import TOKEN
from paths import ROOT

TOOLS = [ROOT / ".tools" / "node_modules" / ".bin", ROOT / "tests" / "tools" / "node_modules" / ".bin"]
pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


def program(name):
    """Where a program is, on the PATH or among the test tools; the test is skipped without it."""
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, TOOLS)))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command, **environment):
    """What a program prints, as JSON."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "LANG": "C.UTF-8"} | environment
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout[min(i for i in (done.stdout.find("["), done.stdout.find("{")) if i >= 0) :])


def test_ruby_gitlab_lists_creates_and_edits_an_issue(sandbox):
    ruby = program("ruby-gitlab")
    where = {"GITLAB_API_ENDPOINT": f"{sandbox.url}/api/v4", "GITLAB_API_PRIVATE_TOKEN": TOKEN}
    fields = "{labels: 'incident,severity::1', issue_type: 'incident', description: 'By a form'}"
    run(ruby, "create_issue", "1217", "It broke", fields, "--json", **where)
    listed = run(ruby, "issues", "acme/production", "--json", **where)
    assert ["It broke"] == [issue["title"] for issue in listed["result"]]
    run(ruby, "edit_issue", "1217", "1", "{title: 'Mended', state_event: 'close'}", "--json", **where)
    (issue,) = sandbox.issues()
    assert ("Mended", "closed", "incident") == (issue["title"], issue["state"], issue["issue_type"])
    assert ["incident", "severity::1"] == issue["labels"]


def test_gitbeaker_lists_creates_and_edits_an_issue(sandbox):
    gitbeaker = [program("gitbeaker"), f"--gb-host={sandbox.url}", f"--gb-token={TOKEN}", "issues"]
    run(*gitbeaker, "create", "--project-id=1217", "--title=It broke", "--issue-type=incident", "--labels=a,b")
    assert ["It broke"] == [issue["title"] for issue in run(*gitbeaker, "all", "--project-id=acme/production")]
    run(*gitbeaker, "edit", "--project-id=1217", "--issue-iid=1", "--title=Mended", "--state-event=close")
    (issue,) = sandbox.issues()
    assert ("Mended", "closed", "incident", ["a", "b"]) == tuple(
        issue[name] for name in ("title", "state", "issue_type", "labels")
    )


def test_python_gitlab_finds_its_way_through_pages_labels_and_errors(sandbox):
    import gitlab

    with gitlab.Gitlab(sandbox.url, private_token=TOKEN, timeout=10) as api:
        project = api.projects.get("acme/production")
        for number in range(25):
            project.issues.create({"title": f"Issue {number}", "labels": ["a,b", "c"]})
        assert 25 == len(project.issues.list(get_all=True, labels=["a", "c"]))
        assert [3, 1] == [issue.iid for issue in project.issues.list(iids=[1, 3])]
        with pytest.raises(gitlab.GitlabCreateError, match="Label already exists"):
            project.labels.create({"name": "severity::1", "color": "#112233"})
        with pytest.raises(gitlab.GitlabGetError, match="404 Not found"):
            project.issues.get(99)
