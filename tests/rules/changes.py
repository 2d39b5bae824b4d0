"""Asking the rules that compare two versions about a change."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from incidentops.core.finding import Finding
from incidentops.model.change import ChangeAuthors, CommitAuthor, RecordChange, compare
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import Context, context
from incidentops.rules.engine.runner import prepare
from make import NOW, a_handbook, an_incident

ANA, BO, CY = (CommitAuthor(name, f"{name}@example.com") for name in ("ana", "bo", "cy"))
STRANGER = CommitAuthor("ana", "ana@elsewhere.example")
COMPARING = ("TIM005", "TIM006", "TIM007", "OWN004", "DIF001", "DIF002", "DIF003", "DIF004")

Entries = Sequence[Mapping[str, object]]


def a_context(handbook: Handbook | None = None) -> Context:
    return context(NOW, handbook or a_handbook())


def a_change(
    before: Incident | Entries | None, after: Incident | Entries, *by: CommitAuthor, former: str = ""
) -> RecordChange:
    """What became of a record, all of it committed by one author (or one of several; ana when none is given)."""
    return a_change_by(ChangeAuthors(rest=by or (ANA,)), before, after, former)


def a_change_by(
    authors: ChangeAuthors, before: Incident | Entries | None, after: Incident | Entries, former: str = ""
) -> RecordChange:
    """The same, with several authors."""
    landed = before if before is None or isinstance(before, Incident) else an_incident(*before)
    return compare(landed, after if isinstance(after, Incident) else an_incident(*after), authors, former)


def findings_of(change: RecordChange, handbook: Handbook | None = None) -> list[Finding]:
    """What the rules find in a change: those that compare two versions, and those about waivers."""
    found = prepare(a_context(handbook)).check(change.after, "", change).findings
    return [f for f in found if f.code in COMPARING or f.code.startswith("WAV")]


def codes(change: RecordChange, handbook: Handbook | None = None) -> list[str]:
    """The same as `TIM005 block timeline.1`."""
    found = findings_of(change, handbook)
    return sorted(
        f"{f.code} {'waived' if f.waived else f.level} {'.'.join(map(str, f.pointer))}".strip() for f in found
    )


def in_another_layout(incident: Incident) -> Incident:
    """The same record, read from a file whose keys stand in another order."""
    timeline = tuple(replace(e, content=dict(reversed(e.content.items()))) for e in incident.timeline)
    return replace(incident, timeline=timeline)
