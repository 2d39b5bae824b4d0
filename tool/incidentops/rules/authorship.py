"""OWN004 and DIF004: a decision is committed by who made it, and nobody grants themselves an exception.

An author counts as the person whose address in the handbook theirs is; a good signature wins over what the commit says.
"""

from collections.abc import Iterable, Iterator, Sequence

from incidentops.core.finding import Level, Problem
from incidentops.core.text import quoted
from incidentops.model.change import CommitAuthor, RecordChange
from incidentops.model.entry import Entry
from incidentops.model.incident import Waiver
from incidentops.model.vocabulary import State
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import Rule, checked_elsewhere, comparing

waiver_granted_to_oneself = checked_elsewhere(
    "DIF004", "waiver-granted-to-oneself", "A waiver was granted by the person that the waived finding is about"
)


@comparing("OWN004", "A decision was committed by somebody other than the person who made it")
def decided_for_somebody_else(change: RecordChange, ctx: Context) -> Iterator[Problem]:
    """`by` answers for a decision, so they commit it; what is written up afterwards is advice and does not block."""
    late = change.before is None and change.after.now.state is State.RESOLVED
    for entry in change.new:
        authors = change.who_added(entry)
        decision = _decision(change, entry)
        people = [ctx.person_of(author) for author in authors]
        if not decision or not authors or entry.by in people:
            continue
        if all(people):
            yield _by_another(entry, decision, authors[-1], people[-1], Level.ADVISE if late else None)
        else:
            stranger = next(author for author, person in zip(authors, people, strict=True) if not person)
            yield _by_a_stranger(entry, decision, stranger)


def _decision(change: RecordChange, entry: Entry) -> str:
    """What an entry decides, in words; nothing when it decides nothing that somebody has to answer for."""
    before = change.after.before(entry)
    resolved = before is not None and before.state is State.RESOLVED
    severity = before.severity if before else None
    decisions = {
        "lowers the severity": entry.severity and severity and entry.severity.rank > severity.rank,
        "engages": entry.engage,
        "releases": entry.release,
        "resolves": entry.state is State.RESOLVED,
        "reopens": resolved and entry.state and entry.state is not State.RESOLVED,
        "publishes": entry.publish,
    }
    return " and ".join(words for words, holds in decisions.items() if holds)


def _by_another(entry: Entry, decision: str, author: CommitAuthor, person: str, level: Level | None) -> Problem:
    return Problem(
        ("timeline", entry.index, "by"),
        f"{quoted(entry.by)} {decision} here, but {quoted(person)} committed it ({quoted(author.address)})",
        f"{quoted(entry.by)} commits it; or {quoted(person)} decided: by: says so, and who: names whom it is about",
        about=person,
        level=level,
    )


def _by_a_stranger(entry: Entry, decision: str, author: CommitAuthor) -> Problem:
    return Problem(
        ("timeline", entry.index, "by"),
        f"{quoted(entry.by)} {decision} here, but it was committed with {quoted(author.address)}, "
        "which is nobody's in the handbook",
        f"if it is an address of {quoted(entry.by)}, add it to people in the handbook",
        level=Level.ADVISE,
    )


def grant_problems(
    change: RecordChange, problems: Sequence[tuple[Rule, Problem]], ctx: Context
) -> Iterator[tuple[Rule, Problem]]:
    """Check who granted the waivers that cover something: the new ones, and old ones that cover something new."""
    new = {waiver.index for waiver in change.new_waivers}
    fresh = {entry.index for entry in change.new} | change.rewritten.keys()
    for waiver in change.after.waivers:
        is_new = waiver.index in new
        for rule, problem in _covered(waiver, problems, ctx):
            if not (is_new or _entry(problem) in fresh):
                continue
            granted = [waiver.by, *_committers(change, waiver, ctx, is_new=is_new)]
            about = _about(change, rule, problem)
            person = next((one for one in granted if one in about), "")
            if person:
                yield waiver_granted_to_oneself, _self_granted(waiver, person)
                break


def _covered(waiver: Waiver, problems: Iterable[tuple[Rule, Problem]], ctx: Context) -> Iterator[tuple[Rule, Problem]]:
    for rule, problem in problems:
        if rule.code == waiver.rule and rule.waivable and waiver.until >= ctx.now.date():
            yield rule, problem


def _self_granted(waiver: Waiver, person: str) -> Problem:
    how = "by" if person == waiver.by else "committed by"
    return Problem(
        ("waivers", waiver.index, "by"),
        f"the waiver for {waiver.rule} is {how} {quoted(person)}, whom the finding is about",
        "somebody else looks at it, and commits the waiver under their own name",
        about=person,
    )


def _committers(change: RecordChange, waiver: Waiver, ctx: Context, *, is_new: bool) -> Iterable[str]:
    """Who committed a waiver, when that is sure; of a landed one it was checked when it landed."""
    people = {ctx.person_of(author) for author in change.who_granted(waiver)} if is_new else set()
    return people - {""} if len(people) == 1 else ()


def _about(change: RecordChange, rule: Rule, problem: Problem) -> frozenset[str]:
    """Whom a finding is about: the `by` of its entry, else whom the rule names; who changed something, in any case."""
    index = _entry(problem)
    people = {change.after.timeline[index].by} if index is not None else set()
    if index is None or rule.comparison:
        people.add(problem.about)
    return frozenset(people - {""})


def _entry(problem: Problem) -> int | None:
    match problem.pointer:
        case ("timeline", int(index), *_):
            return index
    return None
