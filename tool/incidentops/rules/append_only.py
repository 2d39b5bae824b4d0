"""TIM005 to TIM007, DIF001 to DIF003: what landed stays (handbook: the timeline is append only).

Each compares the landed version of a record with the present one. Layout, the order of keys, texts outside of the
timeline and notes put where their time belongs are free.
"""

from collections.abc import Iterator

from incidentops.core import moment
from incidentops.core.finding import Finding, Level, Location, Problem
from incidentops.core.text import quoted, visible
from incidentops.model.change import RecordChange
from incidentops.model.entry import Entry
from incidentops.model.handbook import RuleSetting
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import comparing
from incidentops.rules.engine.wording import on

_ACTIONS = ("severity", "state", "status", "services", "audience", "engage", "release", "page", "publish")
_DECISIONS = ("severity", "state", "status", "engage", "release", "publish")
_RENAMED_BY_RIGHT = "put it back; to fix a wrong date, somebody else than you adds a waiver for DIF001 to the record"


@comparing("TIM005", "A landed entry of the timeline was changed")
def landed_entry_changed(change: RecordChange, ctx: Context) -> Iterator[Problem]:
    """What an entry said was acted upon: messages were sent, people were assigned. A correction is a new entry."""
    for index, was in change.rewritten.items():
        entry = change.after.timeline[index]
        landed = change.landed[was]
        # Only the keys: what was taken out may be a secret that had landed.
        keys = [k for k in (*landed.content, *entry.content) if landed.content.get(k) != entry.content.get(k)]
        yield Problem(
            ("timeline", index),
            f"entry {index + 1} is not as it landed ({on(landed.at, entry.at)} by {quoted(landed.by)}): "
            f"{', '.join(visible(key) for key in dict.fromkeys(keys))} differs",
            "put it back as it was, and add an entry that corrects it",
            about=ctx.person(change.who_added(entry)) or landed.by,
        )
    for entry in change.moved:
        yield Problem(
            ("timeline", entry.index),
            f"entry {entry.index + 1} stands behind entries that landed after it",
            "put the landed entries back in their order",
            about=entry.by,
        )


@comparing("TIM006", "A landed entry of the timeline was removed")
def landed_entry_gone(change: RecordChange, ctx: Context) -> Iterator[Problem]:
    """A record that forgets is no record. What was wrong is said in a new entry."""
    for landed in change.gone:
        keys = ", ".join(key for key in landed.content if key not in ("at", "by"))
        yield Problem(
            ("timeline",),
            f"the landed entry of {moment.show(landed.at)} by {quoted(landed.by)} is gone ({keys})",
            "put it back as it was, and add an entry that corrects it",
            about=ctx.person(change.who_removed(landed)) or landed.by,
        )


@comparing("TIM007", "A new entry was placed before a landed decision")
def entry_before_landed_decision(change: RecordChange, ctx: Context) -> Iterator[Problem]:
    """Only a note may be put where its time belongs: anything else would change what was true when people decided."""
    decided = [
        (index, entry)
        for index, was in (*change.kept.items(), *change.rewritten.items())
        if _has(entry := change.landed[was], _DECISIONS)
    ]
    for entry in change.new:
        later = min((pair for pair in decided if pair[0] > entry.index), default=None, key=lambda pair: pair[0])
        if later and (actions := _has(entry, _ACTIONS)):
            index, landed = later
            yield Problem(
                ("timeline", entry.index),
                f"new entry {entry.index + 1} ({actions}) stands before entry {index + 1}, "
                f"which landed and decided ({_has(landed, _DECISIONS)})",
                "add it at the end, with the time at which it is decided; a note may stand where its time belongs",
                about=ctx.person(change.who_added(entry)) or entry.by,
                other=("timeline", index),
            )


@comparing("DIF001", "A record was deleted or renamed")
def record_gone(change: RecordChange, ctx: Context) -> Iterator[Problem]:
    """The path is the id, and issue, status page and ledger hang on it."""
    if change.former:
        yield Problem(
            (),
            f"this record landed as {quoted(change.former, 200)}, and was renamed",
            _RENAMED_BY_RIGHT,
            about=ctx.person(change.who_put_it_here()),
        )


def deleted(file: str, base: str, setting: RuleSetting | None) -> Finding | None:
    """Return what DIF001 has to say of a record of a commit that is nowhere any more, as the handbook sets it."""
    if setting is RuleSetting.OFF:
        return None
    return Finding(
        record_gone.code,
        Level(setting.value) if setting else record_gone.level,
        Location(file),
        "the record was deleted",
        f"put it back: git checkout {base} -- {visible(file)}; what was no incident is resolved, with a note",
    )


@comparing("DIF002", "The audience that a record was declared with changed", waivable=False)
def declared_audience_changed(change: RecordChange, _: Context) -> Iterator[Problem]:
    """The key at the top says who might know at the declaration; that is over, and an entry says what is now."""
    if change.before and change.before.audience is not change.after.audience:
        yield Problem(
            ("audience",),
            f"audience was {quoted(change.before.audience)} when this landed, and is {quoted(change.after.audience)}",
            f"put it back, and add an entry with audience: {change.after.audience} and why",
        )


@comparing("DIF003", "The kind of a record changed without a reason")
def kind_changed(change: RecordChange, ctx: Context) -> Iterator[Problem]:
    """A near miss that became an incident is two records, or says in its timeline what happened."""
    before, after = change.before, change.after
    if before is None or before.kind is after.kind:
        return
    explained = any(entry.note for entry in change.new) or any(one.kind == "near_miss_of" for one in after.related)
    if not explained:
        yield Problem(
            ("kind",),
            f"kind was {quoted(before.kind)} when this landed, and is {quoted(after.kind)}",
            "add an entry with a note that says why, or related: [{to: ID, as: near_miss_of}]",
            about=ctx.person(change.who_chose_the_kind()),
        )


def _has(entry: Entry, keys: tuple[str, ...]) -> str:
    """The keys of an entry that count, for a message; nothing when it has none of them."""
    return ", ".join(key for key in keys if key in entry.content)
