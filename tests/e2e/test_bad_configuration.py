"""Bad configuration: one clear line that names the variable or the key of the handbook, and what to do."""

from pathlib import Path

import pytest

from e2e.place import HANDBOOK, REGISTRY, Place
from e2e.stage import DECLARED, a_file
from incidentops.sandbox.seed import STATUSIO_PAGE
from sandboxes import Sandbox

pytestmark = pytest.mark.slow

NOT_ACCEPTED = "gitlab is unreachable: GitLab does not accept INCIDENT_GITLAB_TOKEN"
READ_ONLY = (
    "failed         create gitlab.label/incidentops  (GitLab does not let INCIDENT_GITLAB_TOKEN create the label "
)
NO_PROJECT = (
    "gitlab is unreachable: project 'acme/nowhere' was not found on '127.0.0.1', or the token may not see it "
    "(check INCIDENT_GITLAB_PROJECT, "
)
NO_URL = "gitlab is not configured: INCIDENT_GITLAB_URL is not the address of a web server, such as "
REFUSED = "statusio is unreachable: STATUSIO_API_ID and STATUSIO_API_KEY are not accepted by Status.io: "


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"INCIDENT_GITLAB_TOKEN": ""}, "gitlab is not configured: INCIDENT_GITLAB_TOKEN is not set"),
        ({"INCIDENT_GITLAB_TOKEN": "wrong"}, f"{NOT_ACCEPTED} ("),
        ({"INCIDENT_GITLAB_TOKEN": "sandbox-expired"}, f"{NOT_ACCEPTED}: it has expired ("),
        ({"INCIDENT_GITLAB_TOKEN": "sandbox-read"}, f"{READ_ONLY}'incidentops': the token lacks the scope api ("),
        ({"INCIDENT_GITLAB_PROJECT": "acme/nowhere"}, NO_PROJECT),
        ({"INCIDENT_GITLAB_URL": ""}, "gitlab is not configured: INCIDENT_GITLAB_URL is not set"),
        ({"INCIDENT_GITLAB_URL": "nonsense"}, NO_URL),
        ({"STATUSIO_API_ID": ""}, "statusio is not configured: STATUSIO_API_ID is not set"),
        ({"STATUSIO_API_KEY": ""}, "statusio is not configured: STATUSIO_API_KEY is not set"),
        ({"STATUSIO_API_KEY": "wrong"}, f"{REFUSED}'Authentication failed' ("),
    ],
)
def test_a_variable_that_is_missing_or_wrong_is_named(
    tmp_path: Path, sandbox: Sandbox, changes: dict[str, str], beginning: str
) -> None:
    place = Place(tmp_path, sandbox).make()
    place.land({REGISTRY: a_file(*DECLARED)})
    code, out, err = place.run("reconcile", **changes)
    assert code == 4, out + err
    assert any(line.startswith(beginning) for line in (out + err).splitlines()), out + err
    assert "Traceback" not in out + err
    other = "statusio" if "GITLAB" in next(iter(changes)) else "gitlab"
    assert any(line.startswith("done") and other in line for line in out.splitlines()), out


@pytest.mark.parametrize(
    ("handbook", "named"),
    [
        (HANDBOOK.replace(STATUSIO_PAGE, "0a" * 12), "statusio.page"),
        (HANDBOOK.replace("5f1ec0000000000000000004-", "5f1ec00000000000000000ff-"), "services.registry.statusio"),
        (HANDBOOK.replace("acme/production", "acme/nowhere"), "gitlab.project"),
    ],
)
def test_a_key_of_the_handbook_that_is_wrong_is_named(
    tmp_path: Path, sandbox: Sandbox, handbook: str, named: str
) -> None:
    place = Place(tmp_path, sandbox).make(handbook)
    place.land({REGISTRY: a_file(*DECLARED)})
    code, out, err = place.run("reconcile", INCIDENT_GITLAB_PROJECT="")
    assert code == 4, out + err
    assert named in out + err
    assert "Traceback" not in out + err


def test_a_clock_that_is_no_time_is_named(tmp_path: Path, sandbox: Sandbox) -> None:
    place = Place(tmp_path, sandbox).make()
    code, _, err = place.run("plan", INCIDENT_NOW="yesterday")
    assert code == 2
    assert err.startswith("error: INCIDENT_NOW is 'yesterday'")


def test_a_handbook_that_cannot_be_used_stops_everything_with_its_place(tmp_path: Path, sandbox: Sandbox) -> None:
    place = Place(tmp_path, sandbox).make(HANDBOOK.replace("organisation: Acme", "organization: Acme"))
    place.land({REGISTRY: a_file(*DECLARED)})
    for command in ("plan", "reconcile"):
        code, _, err = place.run(command)
        assert code == 2
        assert "incidents/handbook.yaml:1:1" in err
    assert place.run("validate")[0] == 1
