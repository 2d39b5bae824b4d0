"""`incident adopt`."""

from pathlib import Path

import pytest

from commandline import Shell
from e2e.place import REGISTRY, Place
from e2e.stage import DECLARED, NOW, a_file
from incidentops.plan.resource import Intent, LedgerEntry
from incidentops.store.git.repository import CommitIdentity, Repository
from incidentops.store.ledger.branch import Ledger
from sandboxes import Sandbox

INCIDENT = "2026-11-21-registry-503"


@pytest.fixture
def place(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    made = Place(tmp_path, sandbox).make()
    made.land({REGISTRY: a_file(*DECLARED)})
    return made


@pytest.fixture
def command(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(place.root, capsys, monkeypatch)


def the_ledger(place: Place) -> Ledger:
    return Ledger(Repository(place.root), "origin", CommitIdentity("bot", "bot@example.com", NOW))


def test_an_object_that_does_not_exist_is_wrong_use(place: Place, command: Shell) -> None:
    ran = command.run("adopt", INCIDENT, "gitlab.issue", "42")
    assert ran.code == 2
    assert "there is no gitlab.issue '42'" in ran.err
    assert the_ledger(place).tip() is None


def test_an_id_is_recorded_unchecked_when_its_service_is_not_configured(
    place: Place, command: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INCIDENT_GITLAB_TOKEN")
    ran = command.run("adopt", INCIDENT, "gitlab.issue", "42")
    assert "the ID was not checked: the service is not configured" in ran.err
    assert (ran.code, ran.out) == (
        0, f"recorded in the ledger: {INCIDENT} gitlab.issue is 42; the next reconcile goes on from there\n",
    )  # fmt: skip
    assert the_ledger(place).read().entry(INCIDENT).receipts["gitlab.issue"].id == "42"


@pytest.mark.parametrize("identity", [(), ("",)])
def test_what_was_never_made_is_no_intent_any_more(place: Place, command: Shell, identity: tuple[str, ...]) -> None:
    ledger = the_ledger(place)
    entry = LedgerEntry(INCIDENT, intents={"gitlab.issue": Intent("d", NOW, "run 1")})
    ledger.write(ledger.read(), {INCIDENT: entry}, None, "begin\n")
    ran = command.run("adopt", INCIDENT, "gitlab.issue", *identity, "--never-made")
    assert ran.code == 0, ran.err
    assert the_ledger(place).read().entry(INCIDENT).intents == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gitlab.issue",), "give the ID of the object, or --never-made"),
        (("gitlab.issue", "42", "--never-made"), "give the ID of the object, or --never-made"),
        (("issue", "42"), "'issue' is not a resource"),
        (("gitlab.review", "42"), "it has "),
    ],
)
def test_arguments_that_do_not_fit_are_wrong_use_and_nothing_is_written(
    place: Place, command: Shell, arguments: tuple[str, ...], message: str
) -> None:
    ran = command.run("adopt", INCIDENT, *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert the_ledger(place).tip() is None


def test_an_unknown_record_is_wrong_use_that_names_similar_ones(command: Shell) -> None:
    ran = command.run("adopt", "2026-11-21-registry", "gitlab.issue", "42")
    assert ran.code == 2
    assert "did you mean 2026-11-21-registry-503?" in ran.err
