"""The ledger's entries as JSON: written the same way every time, read back without loss."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.errors import Refused
from incidentops.plan.resource import Intent, LedgerEntry, Receipt
from incidentops.store.ledger import format as ledger_format
from incidentops.store.ledger.format import RunMark
from make import NOW
from paths import TESTS

OLD = TESTS / "upgrade" / "8722c51" / "ledger"
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
    normalised=_fields,
    restored=st.dictionaries(_texts, st.integers(0, 9), max_size=2),
    adopted=st.booleans(),
)
_entries = st.builds(
    LedgerEntry,
    incident=_texts,
    blob=_texts,
    over=st.booleans(),
    receipts=st.dictionaries(_texts, _receipts, max_size=3),
    intents=st.dictionaries(_texts, st.builds(Intent, digest=_texts, at=_times, run=_texts), max_size=2),
    skipped=st.dictionaries(_texts, _texts, max_size=2),
)


@given(_entries)
def test_an_entry_is_read_back_as_it_was_written(entry: LedgerEntry) -> None:
    content = ledger_format.write(entry)
    assert ledger_format.read("entry.json", content) == entry
    assert ledger_format.write(ledger_format.read("entry.json", content)) == content


@given(_texts, _times, st.integers(0, 99))
def test_a_mark_is_read_back_as_it_was_written(run: str, at: datetime, beat: int) -> None:
    mark = RunMark(run, at, beat)
    assert ledger_format.read_mark("run.json", ledger_format.write_mark(mark)) == mark


def test_what_is_empty_is_left_out_and_over_never_is() -> None:
    assert json.loads(ledger_format.write(LedgerEntry("i"))) == {"version": 1, "incident": "i", "over": False}


@pytest.mark.parametrize("path", sorted(OLD.glob("*.json")), ids=lambda path: path.stem[:20])
def test_what_an_older_version_wrote_is_written_again_to_the_byte(path: Path) -> None:
    content = path.read_bytes()
    if path.name == "run.json":
        assert ledger_format.write_mark(ledger_format.read_mark("run.json", content)) == content
    else:
        assert ledger_format.write(ledger_format.read("entry.json", content)) == content


def test_half_a_character_is_kept() -> None:
    entry = LedgerEntry("i", blob="b", over=True, skipped={"x.y": "\ud800"})
    content = ledger_format.write(entry)
    assert ledger_format.read("entry.json", content) == entry
    assert ledger_format.read_settled("entry.json", content) == ("i", "b")


@pytest.mark.parametrize(("over", "blob", "settled"), [(True, "b", ("i", "b")), (True, "", None), (False, "b", None)])
def test_settled_is_what_is_over_and_was_carried_out_in_full(over: bool, blob: str, settled: object) -> None:
    receipt = Receipt("1", "", {"a": "x"}, NOW, "run 1")
    content = ledger_format.write(LedgerEntry("i", blob=blob, over=over, receipts={"x.y": receipt}))
    assert ledger_format.read_settled("entry.json", content) == settled


RECEIPT = '"id": "1", "at": "2026-11-21T14:00:00Z", "run": "r"'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not json", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "Expected `object`"),
        (b'{"over": true}', "missing required field `version`"),
        (b'{"version": 2, "over": true}', "Invalid enum value 2 - at `$.version`"),
        (b'{"version": 1, "over": "yes"}', "Expected `bool`, got `str` - at `$.over`"),
        (b'{"version": 1, "over": true, "over": true}', "a key stands there twice"),
        (b'{"version": 1, "over": true, "news": 1}', "unknown field `news`"),
        (b'{"version": 1, "over": true, "incident": 3}', "at `$.incident`"),
        (b'{"version": 1, "over": true, "receipts": {"x.y": {}}}', "receipt 'x.y': Object missing required field `id`"),
        (b'{"version": 1, "over": true, "intents": {"x.y": {"digest": 1}}}', "intent 'x.y': Expected `str`, got `int`"),
        (b'{"version": 1, "over": true, "receipts": {"x.y": {"id": "1", "at": "now", "run": "r"}}}', "RFC3339"),
        (
            f'{{"version": 1, "over": true, "receipts": {{"x.y": {{{RECEIPT}, "fields": {{"a": 1.5}}}}}}}}'.encode(),
            "receipt 'x.y', field 'a': a value cannot be '1.5'",
        ),
    ],
)  # fmt: skip
def test_a_damaged_entry_is_refused_with_file_and_key(content: bytes, why: str) -> None:
    with pytest.raises(Refused) as refused:
        ledger_format.read("incidents/2026/i.json", content)
    assert "'incidents/2026/i.json' cannot be read: " in refused.value.message
    assert why in refused.value.message


def test_a_damaged_mark_is_refused() -> None:
    with pytest.raises(Refused, match=r"'run.json' cannot be read: .*`beat`"):
        ledger_format.read_mark("run.json", b'{"version": 1, "run": "r", "at": "2026-11-21T14:00:00Z"}')


def test_a_damaged_entry_is_not_taken_for_settled() -> None:
    with pytest.raises(Refused, match="cannot be read"):
        ledger_format.read_settled("entry.json", b'{"over": true')
