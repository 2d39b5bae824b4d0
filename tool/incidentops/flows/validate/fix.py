"""fix: repair what has one right answer, one repair at a time; each is kept only when no rule has more to say."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import cast

from msgspec import Struct

from incidentops.core.errors import Refused
from incidentops.core.finding import Finding, Pointer
from incidentops.core.suggest import the_one
from incidentops.core.text import quoted, visible
from incidentops.flows.read.archive import Archive
from incidentops.flows.write.record import DraftCheck, difference
from incidentops.model.incident import Incident
from incidentops.rules.records import unknown_person, unknown_service
from incidentops.store.yaml import repair as yaml_repair
from incidentops.store.yaml.schema import entry_keys, record_keys
from incidentops.store.yaml.schema_errors import Reword, schema_fixes

_ROUNDS = 10
"""A repair can lay open another: a time in UTC, then the order. More rounds than that make no difference."""
_READING = ("YML", "SCH")
_SCHEMA = "schemas/incident.schema.json"


class Repair(Struct, frozen=True):
    """One change of a record's text, in words and as a function."""

    said: str
    apply: Callable[[str], str]


class RepairResult(Struct, frozen=True):
    """A record before and after, what was repaired, and the findings that are left for a person."""

    file: str
    before: str
    after: str
    done: tuple[str, ...]
    left: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        """Whether there was anything to repair."""
        return self.after != self.before

    @property
    def readable(self) -> bool:
        """Whether it could be read as YAML at all; nothing is repaired in what cannot."""
        return not any(finding.code.startswith("YML") for finding in self.left)

    def diff(self) -> str:
        """Return what changes, as a unified diff."""
        return difference(self.file, self.before, self.after) if self.changed else ""


class _Attempt(Struct, frozen=True):
    """A text, the incident in it when it can be read, and what the reader or the rules find."""

    text: str
    incident: Incident | None
    findings: tuple[Finding, ...]


class Repairer(Struct, frozen=True):
    """What a repair is tried against: the repository, and the rules."""

    archive: Archive
    judge: DraftCheck

    def mend(self, file: str, text: str) -> RepairResult:
        """Return the record with everything repaired that has one right answer; all else stays, byte for byte."""
        now = self._look(file, text)
        done: list[str] = []
        for _ in range(_ROUNDS):
            start = now
            for repair in self._repairs(file, start):
                then = self._look(file, _tried(repair, now.text))
                if then.text != now.text and not _worse(now.findings, then.findings):
                    now = then
                    done.append(repair.said)
            if now.text == start.text:
                break
        return RepairResult(file, text, now.text, tuple(dict.fromkeys(done)), now.findings)

    def _look(self, file: str, text: str) -> _Attempt:
        content = text.encode("utf-8", "surrogateescape")
        opened = self.archive.build(file, content)
        findings = opened.findings if opened.incident is None else self.judge(opened.incident, content)
        return _Attempt(text, opened.incident, tuple(findings))

    def _repairs(self, file: str, look: _Attempt) -> Iterator[Repair]:
        """Yield what can be tried on a text: its shape first, for everything else rests on that."""
        if look.incident is not None:
            yield from self._names(look.incident, look.findings)
            yield from _order(look.incident)
        else:
            data = yaml_repair.parsed(look.text)
            if data is None:
                return
            yield from _shape(data)
        yield Repair("the line by which editors find the schema", partial(_with_modeline, file=file))

    def _names(self, incident: Incident, findings: Sequence[Finding]) -> Iterator[Repair]:
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


def _tried(repair: Repair, text: str) -> str:
    try:
        return repair.apply(text)
    except Refused:
        return text


def _worse(before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    """Whether a rule finds more than before. Of what could not be read none spoke, so then the reader alone counts."""
    unread = any(finding.code.startswith(_READING) for finding in before)
    was, now = Counter(f.code for f in before), Counter(f.code for f in after)
    return any(now[code] > was[code] for code in now if not unread or code.startswith(_READING))


def _shape(data: object) -> Iterator[Repair]:
    for misfit in schema_fixes(data):
        if isinstance(misfit, Reword):
            yield _reword(misfit.pointer, misfit.was, misfit.word)
        else:
            said = f"key {quoted(misfit.pointer[-1])} → {quoted(misfit.key)}"
            yield Repair(said, partial(yaml_repair.rename, pointer=misfit.pointer, key=misfit.key))


def _reword(pointer: Pointer, was: str, word: str) -> Repair:
    said = f"{visible('.'.join(map(str, pointer)))}: {quoted(was)} → {quoted(word)}"
    return Repair(said, partial(yaml_repair.reword, pointer=pointer, was=was, word=word))


def _order(incident: Incident) -> Iterator[Repair]:
    """Entries by time, those of one moment as they stand; keys as the schema has them."""
    by_time = sorted(range(len(incident.timeline)), key=lambda index: incident.timeline[index].at)
    if by_time != sorted(by_time):
        arrange = partial(yaml_repair.arrange_items, pointer=("timeline",), order=by_time)
        yield Repair("the entries of the timeline in time order", arrange)
        return  # what stands where is another matter then
    for entry in incident.timeline:
        yield from _keys(("timeline", entry.index), entry.content, entry_keys(), f"the keys of entry {entry.index + 1}")
    yield from _keys((), incident.source.data, record_keys(), "the keys of the record")


def _keys(pointer: Pointer, members: Mapping[str, object], known: Sequence[str], what: str) -> Iterator[Repair]:
    keys = sorted(members, key=known.index)
    if keys != list(members):
        yield Repair(f"{what} in the usual order", partial(yaml_repair.arrange_members, pointer=pointer, keys=keys))


def _with_modeline(text: str, *, file: str) -> str:
    return yaml_repair.with_modeline(text, "../" * (file.count("/") or 2) + _SCHEMA)


def _value(data: object, pointer: Pointer) -> str:
    for step in pointer:
        data = data[int(step)] if isinstance(data, list) else cast("Mapping[str, object]", data)[str(step)]
    return str(data)
