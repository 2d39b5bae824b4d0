"""`incident doctor`, against the sandbox and without anything."""

import json
from pathlib import Path

import pytest

from commandline import Shell
from incidentops.cli.commands.services.doctor import report_lines, report_values
from incidentops.flows.setup.doctor import ABSENT, DoctorReport, VariableStatus
from incidentops.providers.base import Check, CheckStatus
from incidentops.sandbox import seed
from make import a_handbook_data
from sandboxes import Sandbox

HANDBOOK = "incidents/handbook.yaml"
REPORT = DoctorReport(
    (VariableStatus("GITLAB_USER_LOGIN", is_set=False, about="who writes"),),
    (
        Check("git remote", CheckStatus.OK, "reachable"),
        Check("ledger", CheckStatus.WARNING, "in progress", "wait"),
        Check("merge driver", CheckStatus.WARNING, "not \x1b configured"),
        Check("gitlab", CheckStatus.SKIPPED, "not configured"),
    ),
)


@pytest.fixture
def ready(shell: Shell, server: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A repository whose handbook fits the sandbox, and an environment that points there."""
    people = {name: {"name": name.title()} for name in ("ana", "bo")}
    services = {"registry": {"name": "Registry", "statusio": [seed.PAIRS["Container Registry"]]}}
    data = a_handbook_data(people=people, services=services, statusio={"page": seed.STATUSIO_PAGE})
    (shell.root / HANDBOOK).write_text(json.dumps(data), encoding="utf-8")
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    shell.run("schema", "--write")
    return shell


def test_nothing_fails_on_a_sandbox(ready: Shell, sandbox: Sandbox):
    ran = ready.run("doctor")
    assert (0, "13 ok, 1 warning") == (ran.code, ran.out.splitlines()[-1])
    assert "  warning  merge driver: not configured in this clone" in ran.out
    assert sandbox.writes() == ()


def test_programs_get_json(ready: Shell):
    printed = json.loads(ready.run("doctor", "--format", "json").out)
    assert printed["ok"] is True
    assert printed["variables"]["STATUSIO_API_KEY"] is True


def test_no_value_of_a_variable_is_shown(ready: Shell, monkeypatch: pytest.MonkeyPatch):
    for form in ("text", "json"):
        ran = ready.run("doctor", "--format", form)
        for secret in (seed.TOKEN, seed.STATUSIO_ID, seed.STATUSIO_KEY):
            assert secret not in ran.out + ran.err


def test_without_variables_it_says_which(shell: Shell):
    ran = shell.run("doctor")
    assert ran.code == 4
    for line in (
        "no remote",
        "  skipped  gitlab: not configured: INCIDENT_GITLAB_URL is not set",
        "STATUSIO_API_ID is not set",
        "  warning  services: no service is configured: nothing was checked",
        "1 ok, 2 warnings, 3 failed, 2 skipped",
    ):
        assert line in ran.out


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("STATUSIO_API_KEY", "wrong-key", "STATUSIO_API_ID and STATUSIO_API_KEY are not accepted"),
        ("INCIDENT_GITLAB_TOKEN", "wrong-token", "INCIDENT_GITLAB_TOKEN"),
        ("STATUSIO_API_URL", "nowhere", "STATUSIO_API_URL is 'nowhere', which is not an address"),
    ],
)
def test_what_failed_is_one_line_with_its_name(ready: Shell, monkeypatch, variable, value, message):
    monkeypatch.setenv(variable, value)
    ran = ready.run("doctor")
    failed = [line for line in ran.out.splitlines() if line.startswith("  failed ")]
    assert ran.code == 4
    assert len(failed) == 1
    assert message in failed[0]
    assert "Traceback" not in ran.out + ran.err
    if value != "nowhere":
        assert value not in ran.out + ran.err


def test_a_pair_that_does_not_exist_names_the_key(ready: Shell):
    data = json.loads((ready.root / HANDBOOK).read_text())
    data["services"]["registry"]["statusio"] = ["aa-bb"]
    (ready.root / HANDBOOK).write_text(json.dumps(data))
    ran = ready.run("doctor")
    assert "services.registry.statusio names 'aa-bb'" in ran.out


def test_a_schema_that_is_older_than_the_handbook_fails_with_a_hint(ready: Shell):
    data = json.loads((ready.root / HANDBOOK).read_text())
    data["people"]["zoe"] = {"name": "Zoe"}
    (ready.root / HANDBOOK).write_text(json.dumps(data))
    ran = ready.run("doctor")
    assert "failed   schemas/incident.schema.json: not up to date with the handbook and this version" in ran.out
    assert "hint: write it again with: incident schema --write" in ran.out


def test_people_read_a_line_for_each_check_and_the_counts_at_the_end():
    assert [
        "variables",
        "  not set  GITLAB_USER_LOGIN        who writes",
        "checks",
        "  ok       git remote: reachable",
        "  warning  ledger: in progress",
        "           hint: wait",
        "  warning  merge driver: not \\x1b configured",
        "  skipped  gitlab: not configured",
        "not in this version",
        *(f"  {feature}" for feature in ABSENT),
        "1 ok, 2 warnings, 1 skipped",
    ] == list(report_lines(REPORT))


def test_programs_get_every_outcome_counted():
    values = report_values(REPORT)
    assert (True, {"ok": 1, "warning": 2, "failed": 0, "skipped": 1}) == (values["ok"], values["counts"])
