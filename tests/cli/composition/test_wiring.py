"""How a run is put together."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from incidentops.cli.composition import wiring
from incidentops.cli.composition.environment import settings_from
from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Refused
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.store.sources import WorkTreeRecords

HANDBOOK = b"organisation: Acme\npeople: {ana: {name: Ana}}\nservices: {web: {name: Web}}\n"


def test_a_handbook_is_read_and_one_that_is_missing_or_wrong_is_refused_with_its_place() -> None:
    assert wiring.handbook_from(HANDBOOK).organisation == "Acme"
    with pytest.raises(BadConfiguration, match=r"there is no incidents/handbook\.yaml"):
        wiring.handbook_from(None)
    with pytest.raises(BadConfiguration, match=r"handbook\.yaml:1:1: "):
        wiring.handbook_from(b"organization: Acme\n")
    with pytest.raises(BadConfiguration, match="cannot be used"):
        wiring.handbook_from(HANDBOOK + b"rules: {NOT001: off}\n")


def test_a_job_is_named_by_its_pipeline_and_others_by_their_process() -> None:
    assert wiring.run_name(settings_from({"CI_PIPELINE_ID": "8", "CI_JOB_ID": "9"})) == "pipeline 8 job 9"
    one, two = (wiring.run_name(settings_from({"GITLAB_USER_LOGIN": "ana"})) for _ in range(2))
    assert one.startswith("ana@")
    assert one != two


def test_providers_without_variables_are_not_configured_and_say_which(tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "incidents" / "handbook.yaml").write_bytes(HANDBOOK)
    inputs = wiring.plan_inputs(WorkTreeRecords(tmp_path), settings_from({}), PlanOptions(), writable=False)
    missing = {provider.name: provider.not_configured for provider in inputs.providers}
    assert missing == {"gitlab": "INCIDENT_GITLAB_URL is not set", "statusio": "STATUSIO_API_ID is not set"}


class _Ledger:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self) -> None:
        raise self._error


class _Workspace:
    def __init__(self, error: Exception) -> None:
        self.ledger = _Ledger(error)


def test_an_unreachable_ledger_is_reported_and_a_damaged_one_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error: IncidentError = Failed("no answer")
    monkeypatch.setattr(wiring, "workspace", lambda *_: _Workspace(error))
    assert wiring.read_ledger(tmp_path, settings_from({})).tip is None
    assert capsys.readouterr().err == (
        "the ledger could not be read, so this is planned as if nothing had been done yet: no answer\n"
    )
    error = Refused("broken")
    with pytest.raises(Refused, match="broken"):
        wiring.read_ledger(tmp_path, settings_from({}))


def test_waiting_is_measured_by_a_clock_that_never_goes_back() -> None:
    settings = settings_from({})
    policy = wiring.wait_policy(settings, timedelta(seconds=1), timedelta(seconds=2))
    assert (policy.sleep, policy.monotonic) == (settings.pauses.sleep, settings.pauses.monotonic)
    assert settings.pauses.monotonic is time.monotonic
