"""Doctor: everything is checked, nothing is written, and a problem never ends the run."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidentops.core.errors import BadConfiguration, Failed, WrongUse
from incidentops.flows.setup.doctor import ABSENT, DoctorInputs, VariableStatus, examine
from incidentops.model.handbook import DeprecatedKey, Handbook
from incidentops.plan.resource import Intent, LedgerEntry
from incidentops.providers.base import Check, CheckStatus
from incidentops.store.ledger.format import RunMark
from make import NOW, a_handbook
from providers.memory import MemoryLedger, MemoryProvider, World

OK = Check("memory", CheckStatus.OK, "it answers")
FAILED = Check("memory", CheckStatus.FAILED, "it does not answer", "call somebody")
SKIPPED = Check("memory", CheckStatus.SKIPPED, "not configured: MEMORY_TOKEN is not set")


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


def inputs_with(*checks: Check, ledger: MemoryLedger | None = None, branch: str | Failed = "main") -> DoctorInputs:
    return DoctorInputs(
        git=lambda: (FakeRepository(branch), "origin", ledger or MemoryLedger()),  # type: ignore[return-value]
        merge_driver=lambda: (True, True),
        handbook=a_handbook,
        schemas=lambda handbook: (),
        providers=lambda handbook: [Checked(*checks)],
    )


def test_a_deprecated_key_of_the_handbook_is_named_with_its_replacement():
    key = DeprecatedKey(("organisation",), "0.2", "`name`")
    (check,) = [c for c in examine(replace(inputs_with(OK), deprecated=[key]), ()).checks if "deprecated" in c.message]
    assert (CheckStatus.WARNING, "'organisation' is deprecated since 0.2 and ignored", "use `name` instead") == (
        check.status,
        check.message,
        check.hint,
    )


def messages(inputs: DoctorInputs) -> list[str]:
    return [f"{check.name}: {check.message}" for check in examine(inputs, ()).checks]


def test_everything_is_ok():
    report = examine(inputs_with(OK), [VariableStatus("INCIDENT_GITLAB_URL", is_set=True, about="where GitLab is")])
    assert not report.failed
    assert [check.message for check in report.checks] == [
        "reachable, default branch 'main'",
        "there is no branch incident-ledger yet; the first reconcile creates it",
        "git merges two branches of one record by time",
        "valid, with 4 people and 3 services",
        "it answers",
    ]


def test_one_check_that_failed_is_enough():
    assert examine(inputs_with(OK, FAILED), ()).failed
    assert {"ok": 5, "warning": 0, "failed": 1, "skipped": 0} == examine(inputs_with(OK, FAILED), ()).counts


def test_records_in_a_folder_of_another_repository_have_to_move():
    def inside() -> object:
        return FakeRepository(prefix="production/"), "origin", MemoryLedger()

    report = examine(replace(inputs_with(OK), git=inside), ())
    (check,) = (check for check in report.checks if check.status is CheckStatus.FAILED)
    assert "the records are in the folder 'production/' of another repository, and are pushed with it" == check.message


def test_a_repository_without_remote_does_not_end_the_examination():
    def none() -> None:
        raise WrongUse("this repository has no remote", "add one")

    inputs = replace(inputs_with(OK), git=none)
    report = examine(inputs, ())
    assert [(check.name, str(check.status)) for check in report.checks] == [
        ("git remote", "failed"), ("merge driver", "ok"), ("handbook", "ok"), ("memory", "ok"),
    ]  # fmt: skip
    assert report.checks[0].hint == "add one"


def test_a_git_server_that_does_not_answer_fails_the_check_of_the_remote():
    assert messages(inputs_with(OK, branch=Failed("the git server does not answer")))[0] == (
        "git remote: the git server does not answer"
    )


def test_a_handbook_that_cannot_be_used_leaves_the_services_alone():
    def broken() -> Handbook:
        raise BadConfiguration("the handbook cannot be used")

    inputs = replace(inputs_with(OK), handbook=broken)
    assert messages(inputs)[-2:] == [
        "handbook: the handbook cannot be used",
        "services: services are only checked with a valid handbook",
    ]


def test_intents_of_a_dead_run_fail():
    ledger = MemoryLedger()
    intent = {"gitlab.issue": Intent("d" * 64, NOW, "run 1")}
    ledger.write(ledger.read(), {"2026-11-21-x": LedgerEntry("2026-11-21-x", intents=intent)}, None, "begin")
    check = examine(inputs_with(ledger=ledger), ()).checks[1]
    assert CheckStatus.FAILED is check.status
    assert check.message == "a run died and left intents without receipts in 1 record, such as '2026-11-21-x'"
    assert "incident adopt" in check.hint


def test_a_run_in_progress_is_a_warning_since_it_may_be_dead():
    ledger = MemoryLedger()
    intent = {"gitlab.issue": Intent("d" * 64, NOW, "run 1")}
    mark = RunMark("run 1", NOW - timedelta(seconds=5))
    ledger.write(ledger.read(), {"2026-11-21-x": LedgerEntry("2026-11-21-x", intents=intent)}, mark, "begin")
    report = examine(inputs_with(OK, ledger=ledger), ())
    assert (False, 1) == (report.failed, report.counts[CheckStatus.WARNING])
    assert "the run 'run 1' is in progress, or it died" in report.checks[1].message


def test_a_ledger_that_cannot_be_read_fails():
    ledger = MemoryLedger()
    ledger.count, ledger.files = 1, {"run.json": b"{"}
    check = examine(inputs_with(ledger=ledger), ()).checks[1]
    assert (CheckStatus.FAILED, "the ledger entry 'run.json' cannot be read: it is not JSON") == (
        check.status, check.message,
    )  # fmt: skip


ATTRIBUTES = "echo 'incidents/**/*.yaml merge=incidentops' >> .gitattributes"
DRIVER = (
    "git config merge.incidentops.name 'records of incidents, merged by time' && git config merge.incidentops.driver "
    "'incident merge-driver %O %A %B %P || { test $? = 127 && git merge-file %A %O %B; }'"
)


@pytest.mark.parametrize(
    ("states", "hint"),
    [((True, False), DRIVER), ((False, True), ATTRIBUTES), ((False, False), f"{ATTRIBUTES} && {DRIVER}")],
)
def test_a_clone_without_the_merge_driver_is_a_warning_with_the_commands(states, hint):
    report = examine(replace(inputs_with(OK), merge_driver=lambda: states), ())
    check = next(check for check in report.checks if check.name == "merge driver")
    assert (False, CheckStatus.WARNING) == (report.failed, check.status)
    assert "not configured in this clone, so two branches of one record conflict" == check.message
    assert hint == check.hint


def test_without_git_the_merge_driver_is_not_looked_for():
    def none() -> tuple[bool, bool]:
        raise WrongUse("not in a git repository")

    assert "merge driver" not in " ".join(messages(replace(inputs_with(OK), merge_driver=none)))


@pytest.mark.parametrize("service", ["Slack", "PagerDuty", "Google"])
def test_what_this_version_does_not_do_is_named(service):
    assert any(service in line for line in ABSENT)


def test_with_no_service_configured_nothing_was_checked():
    report = examine(inputs_with(SKIPPED), ())
    assert not report.failed
    assert ("services", CheckStatus.WARNING, "no service is configured: nothing was checked") == (
        report.checks[-1].name,
        report.checks[-1].status,
        report.checks[-1].message,
    )
    assert "nothing was checked" not in examine(inputs_with(SKIPPED, OK), ()).checks[-1].message
