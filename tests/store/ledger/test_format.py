"""The ledger's pages as JSON: written the same way every time, read back without loss."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from incidentops.plan.resource import Intent, LedgerEntry, Receipt
from incidentops.store.ledger import format as ledger_format
from incidentops.store.ledger.format import RunMark

_texts = st.text(max_size=30)
_times = st.datetimes(timezones=st.just(UTC))
_values = st.recursive(
    st.one_of(_texts, st.integers(), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)
_fields = st.dictionaries(_texts, _values, max_size=3)
_receipts = st.builds(
    Receipt,
    id=_texts,
    url=_texts,
    fields=_fields,
    at=_times,
    run=_texts,
    kept=_fields,
    restored=st.dictionaries(_texts, st.integers(0, 9), max_size=2),
    adopted=st.booleans(),
)
_memories = st.builds(
    LedgerEntry,
    incident=_texts,
    blob=_texts,
    over=st.booleans(),
    receipts=st.dictionaries(_texts, _receipts, max_size=3),
    intents=st.dictionaries(_texts, st.builds(Intent, digest=_texts, at=_times, run=_texts), max_size=2),
    held=st.dictionaries(_texts, _texts, max_size=2),
)


@given(_memories)
def test_a_page_is_read_back_as_it_was_written(memory: LedgerEntry) -> None:
    content = ledger_format.write(memory)
    assert ledger_format.read("page.json", content) == memory
    assert ledger_format.write(ledger_format.read("page.json", content)) == content


@given(_texts, _times, st.integers(0, 99))
def test_a_mark_is_read_back_as_it_was_written(run: str, at: datetime, beat: int) -> None:
    mark = RunMark(run, at, beat)
    assert ledger_format.read_mark("run.json", ledger_format.write_mark(mark)) == mark


def test_what_is_empty_is_left_out_and_over_never_is() -> None:
    assert json.loads(ledger_format.write(LedgerEntry("i"))) == {"version": 1, "incident": "i", "over": False}
