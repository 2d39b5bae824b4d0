"""The ledger's pages as JSON: one per incident, read strictly, written the same way every time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentops.core import moment
from incidentops.core.errors import Refused
from incidentops.core.text import quoted
from incidentops.plan.resource import Fields, Intent, LedgerEntry, Receipt, Value

VERSION = 1


@dataclass(frozen=True, slots=True)
class RunMark:
    """The run that is at work on the ledger: who it is, when it last gave a sign of life, and how often it did."""

    run: str
    at: datetime
    beat: int = 0


def write(memory: LedgerEntry) -> bytes:
    """Return a page as JSON; what is empty is left out."""
    page: dict[str, Any] = {"version": VERSION, "incident": memory.incident, "blob": memory.blob, "over": memory.over}
    page["receipts"] = {name: _receipt(receipt) for name, receipt in memory.receipts.items()}
    page["intents"] = {
        name: {"digest": intent.digest, "at": moment.show(intent.at), "run": intent.run}
        for name, intent in memory.intents.items()
    }
    page["held"] = dict(memory.held)
    return _bytes({key: value for key, value in page.items() if value or key == "over"})


def write_mark(mark: RunMark) -> bytes:
    """Return the mark of a run at work as JSON."""
    return _bytes({"version": VERSION, "run": mark.run, "at": moment.show(mark.at), "beat": mark.beat})


def read(file: str, content: bytes) -> LedgerEntry:
    """Read a page back. Raises Refused: what cannot be read cannot guard anything."""
    page = _parsed(file, content)
    try:
        return LedgerEntry(
            incident=str(page.get("incident", "")),
            blob=str(page.get("blob", "")),
            over=bool(page["over"]),
            receipts={name: _read_receipt(node) for name, node in page.get("receipts", {}).items()},
            intents={
                name: Intent(node["digest"], moment.parse(node["at"]), node["run"])
                for name, node in page.get("intents", {}).items()
            },
            held=dict(page.get("held", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(file) from error


def read_mark(file: str, content: bytes) -> RunMark:
    """Read the mark of a run back. Raises Refused."""
    page = _parsed(file, content)
    try:
        return RunMark(str(page["run"]), moment.parse(page["at"]), int(page["beat"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(file) from error


def _bytes(page: Mapping[str, Any]) -> bytes:
    return (json.dumps(page, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _parsed(file: str, content: bytes) -> dict[str, Any]:
    try:
        page = json.loads(content)
    except ValueError as error:
        raise _unreadable(file) from error
    if not isinstance(page, dict) or page.get("version") != VERSION:
        raise _unreadable(file)
    return page


def _unreadable(file: str) -> Refused:
    return Refused(
        f"the ledger's page {quoted(file)} cannot be read",
        "it is written by incidentops alone: restore it from the history of the branch incident-ledger",
    )


def _receipt(receipt: Receipt) -> dict[str, Any]:
    page: dict[str, Any] = {"id": receipt.id, "at": moment.show(receipt.at), "run": receipt.run}
    extras = {"url": receipt.url, "fields": receipt.fields, "kept": receipt.kept, "restored": receipt.restored}
    if receipt.adopted:
        page["adopted"] = True
    page.update({name: dict(value) if isinstance(value, Mapping) else value for name, value in extras.items() if value})
    return page


def _read_receipt(node: Mapping[str, Any]) -> Receipt:
    return Receipt(
        id=str(node["id"]),
        url=str(node.get("url", "")),
        fields=_fields(node.get("fields", {})),
        at=moment.parse(node["at"]),
        run=str(node["run"]),
        kept=_fields(node.get("kept", {})),
        restored={name: int(count) for name, count in node.get("restored", {}).items()},
        adopted=bool(node.get("adopted", False)),
    )


def _fields(node: Mapping[str, Any]) -> Fields:
    return {name: _value(value) for name, value in node.items()}


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError("no value of a field")
