"""The one comment on a merge request: what would be done, and once it is merged, what was done.

Its first line is a mark that no record can write: everything from a record is escaped, and stands further down.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from incidentops.core.finding import Finding
from incidentops.core.text import numbered
from incidentops.plan.effect import Effect, EffectState
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.plan.resource import LedgerEntry
from incidentops.render import escape, findings, outcomes, plans
from incidentops.render.effects import CUSTOMERS, changes, summary

LIMIT = 1_000_000
"""Characters of a comment."""

COPY = "<!-- incidentops:copy -->\n\nTwo pipelines wrote this at once. The plan stands in the newer comment."
"""What becomes of a comment that was written twice at one moment."""

_MARK = re.compile(r"<!-- incidentops:plan merge-request ([0-9]{1,12}) ([0-9a-f]{64}) -->", re.ASCII)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?=&%+,]+")
_MOST_FINDINGS = 50
_ROOM = 2_000  # characters reserved for the mark and for the note about what was cut

Block = tuple[str, str]
"""A part of the comment, and what stands in its place when there is no room for it."""

Other = tuple[int, str]
"""A comment that has our mark and is not ours to keep: its number and its author."""


class NoteSubject(Struct, frozen=True):
    """What a plan on a merge request is about: the commit, and what the rules say of so many records."""

    commit: str
    findings: Sequence[Finding] = ()
    records: int = 0


def marked(body: str) -> tuple[int, str] | None:
    """Return the merge request and the digest that a comment's mark names; None when it has none of our marks."""
    match = _MARK.fullmatch(body.replace("\r", "").partition("\n")[0])
    return (int(match[1]), match[2]) if match else None


def intact(body: str) -> bool:
    """Return whether a marked comment still says what was written: blanks aside, nobody has edited it."""
    mark = marked(body)
    return mark is not None and mark[1] == _digest(body.partition("\n")[2])


def signed(merge_request: int, content: str) -> str:
    """Return a comment with its mark: the merge request it is for, and a digest of what it says."""
    return f"<!-- incidentops:plan merge-request {merge_request} {_digest(content)} -->\n\n{content}"


def _digest(content: str) -> str:
    """Blanks are stripped and joined where a comment is kept, so they do not count."""
    return hashlib.sha256("".join(content.split()).encode("utf-8", "surrogatepass")).hexdigest()


def planned(plan: Plan, subject: NoteSubject, others: Sequence[Other] = ()) -> str:
    """Return what the comment says of a plan."""
    head = [
        "## What this merge request would do",
        *_verdict(subject),
        f"**Plan:** {escape.markdown_cell(summary(plan))}",
        *plans.markdown_remarks(plan),
    ]
    blocks = [*_customers(plan.effects), *_not_done(plan.effects)]
    blocks += [(block, "") for block in plans.markdown_by_incident(plan)]
    foot = (
        f"For commit `{subject.commit[:12]}`, plan `{plan.digest[:16]}`. Nothing is done before this is merged; then"
        " these effects are done, and no others. The artifact `plan.md` of the pipeline has everything in full."
    )
    return _fitted(head, blocks, ["---", foot, *_warnings(others)])


def _verdict(subject: NoteSubject) -> Iterator[str]:
    """The rules' findings, what blocks first."""
    yield f"**Rules:** {findings.summary(subject.findings, subject.records)}"
    order = sorted(subject.findings, key=lambda finding: (not finding.blocks, bool(finding.waived)))
    if order:
        shown = [f"- {escape.markdown_cell(findings.line(finding))}" for finding in order[:_MOST_FINDINGS]]
        if len(order) > _MOST_FINDINGS:
            shown.append(f"- and {len(order) - _MOST_FINDINGS} more, in the report of the pipeline")
        yield "\n".join(shown)


def _customers(effects: Sequence[Effect]) -> Iterator[Block]:
    """Every text for customers that would go out, in full and unfolded: nobody can take it back."""
    public = ((e, change) for e in effects if e.to_do for change in changes(e) if change.for_customers)
    for effect, change in public:
        title = f"**{escape.markdown_cell(effect.name.incident)}**, {escape.markdown_cell(change.field)}"
        text = escape.markdown_fence("\n".join(change.lines))
        yield f"{title}, {CUSTOMERS}:\n\n{text}", f"{title}: too long to be shown here"


def _not_done(effects: Sequence[Effect]) -> Iterator[Block]:
    """What would not be done: skipped with the reason, and what is left to a person."""
    for state in (EffectState.SKIPPED, EffectState.UNRESOLVED, EffectState.MANUAL):
        some = [effect for effect in effects if effect.state is state]
        if some:
            lines = [f"- {_subject(effect)}: {_reason(effect)}" for effect in some]
            title = f"### {str(state).capitalize()}"
            yield "\n\n".join([title, "\n".join(lines)]), f"{title}\n\n{len(some)}, too many to be shown here"


def _reason(effect: Effect) -> str:
    return escape.markdown_cell(effect.reason or f"set {', '.join(effect.after)}")


def _subject(effect: Effect) -> str:
    return escape.markdown_cell(f"{effect.verb} {effect.name.incident} {effect.name.short}")


def _warnings(others: Sequence[Other]) -> list[str]:
    """Warn of comments that look like this one."""
    warning = "has the mark of this one and is not kept up to date: do not rely on it."
    return [f"Comment {number} by {escape.markdown_cell(author)} {warning}" for number, author in others]


def _fitted(head: Sequence[str], blocks: Iterable[Block], foot: Sequence[str]) -> str:
    """Join the parts; from where there is no room any more, say what is missing instead."""
    left = LIMIT - _ROOM - sum(len(block) + 2 for block in (*head, *foot))
    kept, cut = [], 0
    for block, short in blocks:
        if len(block) + 2 <= left:
            kept.append(block)
            left -= len(block) + 2
            continue
        cut += 1
        if short and len(short) + 2 <= left // 2:
            kept.append(short)
            left -= len(short) + 2
    if cut:
        kept.append(
            f"**{numbered(cut, 'part')} left out** because a comment cannot be longer: read `plan.md` of the pipeline."
        )
    return "\n\n".join([*head, *kept, *foot])


def done(results: Sequence[Outcome], entries: Mapping[str, LedgerEntry], others: Sequence[Other] = ()) -> str:
    """Return what the comment says after the merge: what was done, with links to what is there now."""
    head = ["## What was done", f"**Reconcile:** {outcomes.counted(results)}"]
    lines = [_done(outcome) for outcome in results]
    blocks: list[Block] = [("\n".join(lines), f"{len(lines)} effects, too many to be shown here")]
    blocks += [(block, "") for block in _links(results, entries)]
    return _fitted(head, blocks, _warnings(others))


def _done(outcome: Outcome) -> str:
    detail = f": {escape.markdown_cell(outcome.detail)}" if outcome.detail else ""
    word = outcomes.WORDS[outcome.status]
    return f"- {word}: {_subject(outcome.effect)}{_link(outcome.url)}{detail}"


def _links(results: Sequence[Outcome], entries: Mapping[str, LedgerEntry]) -> Iterator[str]:
    """What else of these records is there, from earlier runs."""
    done_now = (outcome.effect.name for outcome in results if outcome.status is OutcomeStatus.DONE)
    shown = {(name.incident, name.short) for name in done_now}
    lines = [
        f"- {escape.markdown_cell(f'{entry.incident} {short}')}{_link(receipt.url)}"
        for _, entry in sorted(entries.items())
        for short, receipt in sorted(entry.receipts.items())
        if receipt.url and (entry.incident, short) not in shown
    ]
    if lines:
        yield "\n".join(["Also there:", "", *lines])


def _link(url: str) -> str:
    """An address of a service as a link with plain words: the bare address would be a reference to the issue."""
    return f" ([open]({url}))" if _ADDRESS.fullmatch(url) else ""
