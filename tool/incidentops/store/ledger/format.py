"""The ledger's entries as JSON: one file per incident, read strictly, written the same way every time.

Version 1 of the format keeps the names it was first written with: `kept` are normalised fields, `held` skipped effects.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec.structs import asdict

from incidentops.core import moment
from incidentops.core.errors import Refused
from incidentops.core.text import quoted
from incidentops.plan.resource import Fields, Intent, LedgerEntry, Receipt, Value

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Json = TypeVar("_Json")


class RunMark(msgspec.Struct, frozen=True):
    """The run that is at work on the ledger: who it is, when it gave its last heartbeat, and how many it gave."""

    run: str
    at: _Moment
    beat: int = 0


class _ReceiptJson(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    id: str
    at: _Moment
    run: str
    url: str = ""
    fields: dict[str, Any] = {}
    normalised: dict[str, Any] = msgspec.field(default_factory=dict, name="kept")
    restored: dict[str, int] = {}
    adopted: bool = False


class _IntentJson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digest: str
    at: _Moment
    run: str


class _EntryJson(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    version: Literal[1]
    over: bool
    incident: str = ""
    blob: str = ""
    receipts: dict[str, Any] = {}  # _ReceiptJson and _IntentJson, each read by itself: errors then say which
    intents: dict[str, Any] = {}
    skipped: dict[str, str] = msgspec.field(default_factory=dict, name="held")


class _MarkJson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    run: str
    at: _Moment
    beat: int


class _Settled(msgspec.Struct, frozen=True):
    """The part of an entry that says that there is nothing to do about it."""

    incident: str = ""
    blob: str = ""
    over: bool = False


def write(entry: LedgerEntry) -> bytes:
    """Return an entry as JSON; what is empty is left out."""
    return _bytes(
        _EntryJson(
            version=1,
            over=entry.over,
            incident=entry.incident,
            blob=entry.blob,
            receipts=_written(entry.receipts, _ReceiptJson),
            intents=_written(entry.intents, _IntentJson),
            skipped=dict(entry.skipped),
        )
    )


def write_mark(mark: RunMark) -> bytes:
    """Return the mark of a run at work as JSON."""
    return _bytes(_MarkJson(1, mark.run, mark.at, mark.beat))


def read(file: str, content: bytes) -> LedgerEntry:
    """Read an entry back. Raises Refused with the key: what cannot be read cannot guard anything."""
    raw = _converted(file, content, _EntryJson)
    return LedgerEntry(
        incident=raw.incident,
        blob=raw.blob,
        over=raw.over,
        receipts={name: _receipt(file, name, receipt) for name, receipt in raw.receipts.items()},
        intents={name: _intent(file, name, intent) for name, intent in raw.intents.items()},
        skipped=raw.skipped,
    )


def read_mark(file: str, content: bytes) -> RunMark:
    """Read the mark of a run back. Raises Refused with the key."""
    raw = _converted(file, content, _MarkJson)
    return RunMark(raw.run, raw.at, raw.beat)


def read_settled(file: str, content: bytes) -> tuple[str, str] | None:
    """Return id and blob of an entry that is over and was carried out in full; None for any other. Raises Refused."""
    try:
        raw = msgspec.json.decode(content, type=_Settled)
    except msgspec.DecodeError:  # also of what is fine, but for halves of characters
        raw = _converted(file, content, _Settled)
    return (raw.incident, raw.blob) if raw.over and raw.blob else None


def _converted(file: str, content: bytes, wanted: type[_Json]) -> _Json:
    try:
        return msgspec.convert(json.loads(content, object_pairs_hook=_once_each), type=wanted)
    except msgspec.ValidationError as error:
        raise _unreadable(file, str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(file, "it is not JSON") from error


def _once_each(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    node = dict(pairs)
    if len(node) != len(pairs):
        raise msgspec.ValidationError("a key stands there twice")
    return node


def _bytes(value: msgspec.Struct) -> bytes:
    """Not by msgspec: the texts of a record may hold halves of characters, which it refuses to write."""
    node = msgspec.to_builtins(value, builtin_types=(datetime,))
    text = json.dumps(node, sort_keys=True, indent=1, ensure_ascii=False, default=moment.show)
    return (text + "\n").encode("utf-8", "surrogatepass")


def _unreadable(file: str, why: str) -> Refused:
    return Refused(
        f"the ledger entry {quoted(file)} cannot be read: {why}",
        "it is written by incidentops alone: restore it from the history of the branch incident-ledger",
    )


def _written(parts: Mapping[str, object], wanted: type[_Json]) -> dict[str, _Json]:
    return {name: msgspec.convert(part, wanted, from_attributes=True) for name, part in parts.items()}


def _receipt(file: str, name: str, node: object) -> Receipt:
    where = f"receipt {quoted(name)}"
    raw = _part(file, where, node, _ReceiptJson)
    fields, normalised = (_fields(file, where, values) for values in (raw.fields, raw.normalised))
    return Receipt(**{**asdict(raw), "fields": fields, "normalised": normalised})


def _intent(file: str, name: str, node: object) -> Intent:
    raw = _part(file, f"intent {quoted(name)}", node, _IntentJson)
    return Intent(**asdict(raw))


def _part(file: str, where: str, node: object, wanted: type[_Json]) -> _Json:
    try:
        return msgspec.convert(node, type=wanted)
    except msgspec.ValidationError as error:
        raise _unreadable(file, f"{where}: {error}") from error


def _fields(file: str, where: str, node: Mapping[str, Any]) -> Fields:
    return {name: _value(file, f"{where}, field {quoted(name)}", value) for name, value in node.items()}


def _value(file: str, where: str, value: Any) -> Value:
    if isinstance(value, list):
        return tuple(_value(file, where, item) for item in value)
    if value is None or isinstance(value, str | int | bool):
        return value
    raise _unreadable(file, f"{where}: a value cannot be {quoted(value)}")
