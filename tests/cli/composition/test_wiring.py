"""How a run is put together."""

from datetime import timedelta

import pytest

from incidentops.cli.composition import wiring
from incidentops.cli.composition.environment import settings_from
from incidentops.core.errors import BadConfiguration, Failed, Refused
from incidentops.core.secret import Secret

HANDBOOK = b"organisation: Acme\npeople: {ana: {name: Ana}}\nservices: {web: {name: Web}}\n"


def test_a_handbook_is_read_or_said_to_be_missing_or_wrong_with_its_place() -> None:
    assert wiring.the_handbook(HANDBOOK).organisation == "Acme"
    with pytest.raises(BadConfiguration, match=r"there is no incidents/handbook\.yaml"):
        wiring.the_handbook(None)
    with pytest.raises(BadConfiguration, match=r"handbook\.yaml:1:1: "):
        wiring.the_handbook(b"organization: Acme\n")
    with pytest.raises(BadConfiguration, match="cannot be used"):
        wiring.the_handbook(HANDBOOK + b"rules: {NOT001: off}\n")


def test_a_job_is_named_by_its_pipeline_and_others_by_their_process() -> None:
    assert wiring.run_name(settings_from({"CI_PIPELINE_ID": "8", "CI_JOB_ID": "9"})) == "pipeline 8 job 9"
    one, two = (wiring.run_name(settings_from({"GITLAB_USER_LOGIN": "ana"})) for _ in range(2))
    assert one.startswith("ana@")
    assert one != two


def test_tokens_are_taken_out_of_whatever_is_printed() -> None:
    assert wiring.secret_free("a tok b", [Secret("tok"), Secret("")]) == "a [redacted] b"


def test_providers_without_variables_are_off_and_say_which() -> None:
    handbook = wiring.the_handbook(HANDBOOK)
    off = {p.name: p.not_configured for p in wiring.providers(settings_from({}), handbook, writable=False)}
    assert off == {"gitlab": "INCIDENT_GITLAB_URL is not set", "statusio": "STATUSIO_API_ID is not set"}


class _Ledger:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self) -> None:
        raise self._error


class _Bench:
    def __init__(self, error: Exception) -> None:
        self.ledger = _Ledger(error)


def test_a_ledger_out_of_reach_is_said_and_one_that_is_broken_is_refused() -> None:
    said: list[str] = []
    assert wiring.read_ledger(_Bench(Failed("no answer")), said.append).tip is None  # type: ignore[arg-type]
    assert "no answer" in said[0]
    with pytest.raises(Refused):
        wiring.read_ledger(_Bench(Refused("broken")), said.append)  # type: ignore[arg-type]


def test_patience_is_measured_by_a_clock_that_never_goes_back() -> None:
    patience = wiring.patience(settings_from({}), timedelta(seconds=1), timedelta(seconds=2))
    assert patience.monotonic() <= patience.monotonic()
