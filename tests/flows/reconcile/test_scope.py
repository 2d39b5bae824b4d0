"""Which records a run looks at."""

import json
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding
from incidentops.core.source import blob
from incidentops.flows.reconcile.scope import PlanOptions, Scope, select
from incidentops.model.incident import Incident
from incidentops.plan.resource import LedgerEntry
from make import a_handbook, a_record, an_entry
from providers.memory import MemoryLedger, MemoryRecords

OVER = json.dumps(a_record()).encode()
LIVE = json.dumps(a_record(an_entry("14:02", severity="S3"))).encode()


ALL = PlanOptions()


def a_file(name: str) -> str:
    return f"incidents/2026/2026-11-21-{name}.yaml"


def chosen(files: dict[str, bytes], *entries: LedgerEntry, choice: PlanOptions = ALL) -> Scope:
    ledger = MemoryLedger()
    ledger.write(ledger.read(), {entry.incident: entry for entry in entries}, None, "")

    def check(incident: Incident, text: str) -> Sequence[Finding]:
        return ()

    records = MemoryRecords({a_file(name): content for name, content in files.items()})
    return select(records, ledger.read(), a_handbook(), choice, check)


def ids(incidents: Sequence[Incident]) -> list[str]:
    return [incident.id.removeprefix("2026-11-21-") for incident in incidents]


def settled(name: str, content: bytes, **changes: object) -> LedgerEntry:
    return replace(LedgerEntry(f"2026-11-21-{name}", blob=blob(content), over=True), **changes)  # type: ignore[arg-type]


def test_what_is_new_or_live_is_looked_at_and_what_is_settled_is_not() -> None:
    files = {"new": OVER, "done": OVER, "live": LIVE}
    scope = chosen(files, settled("done", OVER), settled("live", LIVE, over=False))
    assert ids(scope.incidents) == ["live", "new"]
    assert ids(scope.live) == ["live"]


def test_a_record_that_changed_or_was_not_finished_is_looked_at() -> None:
    files = {"changed": OVER, "unfinished": OVER}
    scope = chosen(files, settled("changed", b"before"), settled("unfinished", OVER, blob=""))
    assert ids(scope.incidents) == ["changed", "unfinished"]


def test_everything_is_looked_at_when_asked_for() -> None:
    scope = chosen({"done": OVER}, settled("done", OVER), choice=PlanOptions(everything=True))
    assert ids(scope.incidents) == ["done"]


def test_late_brings_back_only_what_was_skipped() -> None:
    files = {"skipped": OVER, "done": OVER}
    pages = [settled("skipped", OVER, skipped={"statusio.incident": "too late"}), settled("done", OVER)]
    assert ids(chosen(files, *pages, choice=PlanOptions(late=True)).incidents) == ["skipped"]


def test_chosen_records_are_looked_at_alone_but_all_live_ones_are_known() -> None:
    files = {"one": OVER, "two": OVER, "live": LIVE}
    scope = chosen(files, settled("one", OVER), choice=PlanOptions(ids=("2026-11-21-one",)))
    assert ids(scope.incidents) == ["one"]
    assert ids(scope.live) == ["live"]


def test_an_unknown_record_is_wrong_use_that_names_similar_ones() -> None:
    with pytest.raises(WrongUse) as wrong:
        chosen({"registry": OVER}, choice=PlanOptions(ids=("2026-11-21-regisrty",)))
    assert wrong.value.hint == "did you mean 2026-11-21-registry?"
    with pytest.raises(WrongUse) as wrong:
        chosen({"registry": OVER}, choice=PlanOptions(ids=("zzz",)))
    assert wrong.value.hint == "see them with: incident list --all"


def test_two_files_with_one_id_are_both_left_alone() -> None:
    records = {"incidents/2026/2026-11-21-a.yaml": OVER, "incidents/2025/2026-11-21-a.yaml": OVER}
    scope = select(MemoryRecords(records), MemoryLedger().read(), a_handbook(), PlanOptions(), lambda *_: ())
    assert scope.incidents == ()
    assert scope.invalid_records == {"2026-11-21-a": "REC005 block: two files have this id"}


def test_a_record_that_is_gone_has_a_note_unless_it_was_finished() -> None:
    scope = chosen({}, settled("gone", OVER, over=False), settled("finished", OVER))
    assert scope.notes == ("the record '2026-11-21-gone' is gone; what it made at the services stays",)


def test_what_cannot_be_read_is_named_with_its_first_finding() -> None:
    scope = chosen({"a": b"kind: incident\nkind: incident\n", "b": b"[]\n"})
    assert set(scope.invalid_records) == {"2026-11-21-a", "2026-11-21-b"}
    assert scope.invalid_records["2026-11-21-a"].startswith(f"{a_file('a')}:2:1: YML002 block:")
