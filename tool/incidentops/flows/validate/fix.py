"""fix: fix what has a single correct answer, one change at a time; each stays unless a rule finds more than before."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import cast

from msgspec import Struct

from incidentops.core.errors import Refused
from incidentops.core.finding import Finding, Pointer
from incidentops.core.suggest import the_one
from incidentops.core.text import quoted, visible
from incidentops.flows.read.archive import Archive, RecordCheck
from incidentops.flows.write.record import difference
from incidentops.model.incident import Incident
from incidentops.rules.records import unknown_person, unknown_service
from incidentops.store.schema.errors import Reword, schema_fixes
from incidentops.store.schema.shape import entry_keys, record_keys
from incidentops.store.yaml import fix as yaml_fix

_ROUNDS = 10
"""One fix can make another possible: a time in UTC, then the order. More rounds than that make no difference."""
_READING = ("YML", "SCH")
_SCHEMA = "schemas/incident.schema.json"


class Fix(Struct, frozen=True):
    """One change of a record's text, in words and as a function."""

    message: str
    apply: Callable[[str], str]


class FixResult(Struct, frozen=True):
    """A record before and after, what was fixed, and the findings that are left for a person."""

    file: str
    before: str
    after: str
    done: tuple[str, ...]
    left: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        """Whether anything was fixed."""
        return self.after != self.before

    @property
    def readable(self) -> bool:
        """Whether it could be read as YAML at all; nothing is fixed in what cannot."""
        return not any(finding.code.startswith("YML") for finding in self.left)

    def diff(self) -> str:
        """Return what changes, as a unified diff."""
        return difference(self.file, self.before, self.after) if self.changed else ""


class _Attempt(Struct, frozen=True):
    """A text, the incident in it when it can be read, and what the reader or the rules find."""

    text: str
    incident: Incident | None
    findings: tuple[Finding, ...]


class Fixer(Struct, frozen=True):
    """What a fix is checked against: the repository, and the rules."""

    archive: Archive
    check: RecordCheck

    def fix(self, file: str, text: str) -> FixResult:
        """Return the record with everything fixed that has a single correct answer; all else stays, byte for byte."""
        now = self._checked(file, text)
        done: list[str] = []
        for _ in range(_ROUNDS):
            start = now
            for fix in self._fixes(file, start):
                then = self._checked(file, _applied(fix, now.text))
                if then.text != now.text and not _worse(now.findings, then.findings):
                    now = then
                    done.append(fix.message)
            if now.text == start.text:
                break
        return FixResult(file, text, now.text, tuple(dict.fromkeys(done)), now.findings)

    def _checked(self, file: str, text: str) -> _Attempt:
        opened = self.archive.build(file, text.encode("utf-8", "surrogateescape"))
        findings = opened.findings if opened.incident is None else self.check(opened.incident, opened.text)
        return _Attempt(text, opened.incident, tuple(findings))

    def _fixes(self, file: str, attempt: _Attempt) -> Iterator[Fix]:
        """Yield what can be tried on a text: its shape first, for everything else rests on that."""
        if attempt.incident is not None:
            yield from self._names(attempt.incident, attempt.findings)
            yield from _order(attempt.incident)
        else:
            data = yaml_fix.parsed(attempt.text)
            if data is None:
                return
            yield from _shape(data)
        yield Fix("the line by which editors find the schema", partial(_with_modeline, file=file))

    def _names(self, incident: Incident, findings: Sequence[Finding]) -> Iterator[Fix]:
        """People and services that are nearly those of the handbook."""
        handbook = self.archive.handbook
        known: Mapping[str, Mapping[str, object]] = {
            unknown_person.code: handbook.people,
            unknown_service.code: handbook.services,
        }
        for finding in findings:
            if finding.code in known:
                was = _value(incident.source.data, finding.pointer)
                if word := the_one(was, known[finding.code]):
                    yield _reword(finding.pointer, was, word)


def _applied(fix: Fix, text: str) -> str:
    try:
        return fix.apply(text)
    except Refused:
        return text


def _worse(before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    """Whether a rule finds more than before. No rule checks what cannot be read, so then the reader alone counts."""
    unread = any(finding.code.startswith(_READING) for finding in before)
    was, now = Counter(f.code for f in before), Counter(f.code for f in after)
    return any(now[code] > was[code] for code in now if not unread or code.startswith(_READING))


def _shape(data: object) -> Iterator[Fix]:
    for fix in schema_fixes(data):
        if isinstance(fix, Reword):
            yield _reword(fix.pointer, fix.was, fix.word)
        else:
            message = f"key {quoted(fix.pointer[-1])} → {quoted(fix.key)}"
            yield Fix(message, partial(yaml_fix.rename, pointer=fix.pointer, key=fix.key))


def _reword(pointer: Pointer, was: str, word: str) -> Fix:
    message = f"{visible('.'.join(map(str, pointer)))}: {quoted(was)} → {quoted(word)}"
    return Fix(message, partial(yaml_fix.reword, pointer=pointer, was=was, word=word))


def _order(incident: Incident) -> Iterator[Fix]:
    """Entries by time, those of one moment as they stand; keys as the schema has them."""
    by_time = sorted(range(len(incident.timeline)), key=lambda index: incident.timeline[index].at)
    if by_time != sorted(by_time):
        arrange = partial(yaml_fix.arrange_items, pointer=("timeline",), order=by_time)
        yield Fix("the entries of the timeline in time order", arrange)
        return  # the indexes of the entries are others from here on
    for entry in incident.timeline:
        yield from _keys(("timeline", entry.index), entry.content, entry_keys(), f"the keys of entry {entry.index + 1}")
    yield from _keys((), incident.source.data, record_keys(), "the keys of the record")


def _keys(pointer: Pointer, members: Mapping[str, object], known: Sequence[str], what: str) -> Iterator[Fix]:
    keys = sorted(members, key=known.index)
    if keys != list(members):
        yield Fix(f"{what} in the usual order", partial(yaml_fix.arrange_members, pointer=pointer, keys=keys))


def _with_modeline(text: str, *, file: str) -> str:
    return yaml_fix.with_modeline(text, "../" * (file.count("/") or 2) + _SCHEMA)


def _value(data: object, pointer: Pointer) -> str:
    for step in pointer:
        data = data[int(step)] if isinstance(data, list) else cast("Mapping[str, object]", data)[str(step)]
    return str(data)
