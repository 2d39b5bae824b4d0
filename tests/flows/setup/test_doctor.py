"""Doctor: everything is looked at, nothing is written, and what is wrong never ends the examination."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from incidentops.core.errors import BadConfiguration, Failed, WrongUse
from incidentops.flows.setup.doctor import ABSENT, DoctorInputs, Variable, examine
from incidentops.model.handbook import Handbook
from incidentops.plan.resource import Intent, LedgerEntry
from incidentops.providers.base import Check
from incidentops.store.ledger.format import RunMark
from make import NOW, a_handbook
from providers.memory import MemoryLedger, MemoryProvider, World

WELL = Check("memory", well=True, said="it answers")
ILL = Check("memory", well=False, said="it does not answer", hint="call somebody")


class FakeRepository:
    def __init__(self, branch: str | Failed = "main", prefix: str = "") -> None:
        self._branch = branch
        self.prefix = prefix

    def default_branch(self, remote: str) -> str:
        if isinstance(self._branch, Failed):
            raise self._branch
        return self._branch


class Checked(MemoryProvider):
    def __init__(self, *checks: Check) -> None:
        super().__init__(World())
        self._checks = checks

    def check(self, handbook: Handbook) -> Sequence[Check]:
        return self._checks


def a_patient(*checks: Check, ledger: MemoryLedger | None = None, branch: str | Failed = "main") -> DoctorInputs:
    return DoctorInputs(
        git=lambda: (FakeRepository(branch), "origin", ledger or MemoryLedger()),  # type: ignore[return-value]
        joins=lambda: (True, True),
        handbook=a_handbook,
        schemas=lambda handbook: (),
        providers=lambda handbook: [Checked(*checks)],
    )


def said(patient: DoctorInputs) -> list[str]:
    return [f"{check.what}: {check.said}" for check in examine(patient, ()).checks]


def test_all_is_well():
    diagnosis = examine(a_patient(WELL), [Variable("INCIDENT_GITLAB_URL", is_set=True, about="where GitLab is")])
    assert diagnosis.well
    assert [check.said for check in diagnosis.checks] == [
        "it answers, and its default branch is 'main'",
        "the branch incident-ledger is not there yet; the first reconcile makes it",
        "two branches of one record are joined by time",
        "it can be used: 4 people, 3 services",
        "it answers",
    ]


def test_one_check_that_is_not_well_is_enough():
    assert not examine(a_patient(WELL, ILL), ()).well


def test_records_in_a_folder_of_another_repository_have_to_move():
    def inside() -> object:
        return FakeRepository(prefix="production/"), "origin", MemoryLedger()

    diagnosis = examine(replace(a_patient(WELL), git=inside), ())
    assert not diagnosis.well
    (check,) = (check for check in diagnosis.checks if not check.well)
    assert "the records are in the folder 'production/' of another repository, and are pushed with it" == check.said


def test_a_repository_without_remote_does_not_end_the_examination():
    def none() -> None:
        raise WrongUse("this repository has no remote", "add one")

    patient = replace(a_patient(WELL), git=none)
    diagnosis = examine(patient, ())
    assert [(check.what, check.well) for check in diagnosis.checks] == [
        ("git remote", False), ("merge driver", True), ("handbook", True), ("memory", True),
    ]  # fmt: skip
    assert diagnosis.checks[0].hint == "add one"


def test_a_server_that_does_not_answer_is_said_once():
    assert said(a_patient(WELL, branch=Failed("the git server does not answer")))[0] == (
        "git remote: the git server does not answer"
    )


def test_a_handbook_that_cannot_be_used_leaves_the_services_alone():
    def broken() -> Handbook:
        raise BadConfiguration("the handbook cannot be used")

    patient = replace(a_patient(WELL), handbook=broken)
    assert said(patient)[-1] == "handbook: the handbook cannot be used"


def test_promises_of_a_dead_run_are_for_somebody_to_mend():
    ledger = MemoryLedger()
    promise = {"gitlab.issue": Intent("d" * 64, NOW, "run 1")}
    ledger.write(ledger.read(), {"2026-11-21-x": LedgerEntry("2026-11-21-x", intents=promise)}, None, "begin")
    check = examine(a_patient(ledger=ledger), ()).checks[2]
    assert not check.well
    assert check.said == "1 record with a promise that nobody saw kept, such as '2026-11-21-x'"
    assert "incident adopt" in check.hint


def test_promises_of_a_run_at_work_are_fine():
    ledger = MemoryLedger()
    promise = {"gitlab.issue": Intent("d" * 64, NOW, "run 1")}
    mark = RunMark("run 1", NOW - timedelta(seconds=5))
    ledger.write(ledger.read(), {"2026-11-21-x": LedgerEntry("2026-11-21-x", intents=promise)}, mark, "begin")
    diagnosis = examine(a_patient(ledger=ledger), ())
    assert diagnosis.well
    assert "the run 'run 1' is at work" in diagnosis.checks[2].said


def test_a_ledger_that_cannot_be_read_is_said():
    ledger = MemoryLedger()
    ledger.count, ledger.files = 1, {"run.json": b"{"}
    assert said(a_patient(ledger=ledger))[1].startswith("ledger: ")


@pytest.mark.parametrize(
    ("joins", "steps"),
    [
        ((True, False), ["git config merge.incidentops.name", "git config merge.incidentops.driver"]),
        ((False, True), ["echo 'incidents/**/*.yaml merge=incidentops' >> .gitattributes"]),
    ],
)
def test_a_clone_that_does_not_know_the_merge_driver_is_told_how_and_is_well(joins, steps):
    diagnosis = examine(replace(a_patient(WELL), joins=lambda: joins), ())
    check = next(check for check in diagnosis.checks if check.what == "merge driver")
    assert diagnosis.well
    assert "they conflict" in check.said
    assert [True] * len(steps) == [
        told.startswith(step) for told, step in zip(check.hint.split(" && "), steps, strict=False)
    ]


def test_without_git_the_merge_driver_is_not_looked_for():
    def none() -> tuple[bool, bool]:
        raise WrongUse("not in a git repository")

    assert "merge driver" not in " ".join(said(replace(a_patient(WELL), joins=none)))


@pytest.mark.parametrize("service", ["Slack", "PagerDuty", "Google"])
def test_what_this_version_does_not_do_is_named(service):
    assert any(service in line for line in ABSENT)
