"""A plan for people: text, and Markdown for a merge request."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from incidentops.core.text import visible
from incidentops.plan.effect import Effect
from incidentops.plan.plan import Plan
from incidentops.render import escape
from incidentops.render.effects import CUSTOMERS, FieldChange, by_incident, changes, counted, remarks, summary

_DIGITS = 12
_SHARED = "the repository"


def text(plan: Plan) -> str:
    """Return a plan for a terminal; every character of foreign text is visible there."""
    lines: list[str] = []
    for incident, effects in by_incident(plan.effects).items():
        lines.append(visible(incident) or _SHARED)
        for provider, some in groupby(effects, key=lambda effect: effect.name.provider):
            lines.append(f"  {visible(provider)}")
            for effect in some:
                lines += _text_of(effect)
        lines.append("")
    lines += [f"{visible(subject)}: {visible(reason)}" for subject, reason in remarks(plan)]
    return "\n".join([*lines, f"plan: {visible(summary(plan))}" if plan.effects else visible(summary(plan))])


def _text_of(effect: Effect) -> Iterator[str]:
    yield f"    {effect.verb} {visible(effect.name.short)}  [{effect.digest[:_DIGITS]}]"
    if not effect.to_do:
        yield f"      {effect.state}: {visible(effect.reason)}".rstrip(" :")
    elif effect.reason:
        yield f"      {visible(effect.reason)}"
    for change in changes(effect):
        if change.for_customers:
            yield f"      {visible(change.field)}, {CUSTOMERS}:"
        elif change.lines:
            yield f"      {visible(change.field)}:"
        else:
            before = f"{visible(change.before)} -> " if change.before else ""
            yield f"      {visible(change.field)}: {before}{visible(change.after)}"
        border = "> " if change.for_customers else ""
        yield from (f"        {border}{visible(line)}".rstrip() for line in change.lines)


def markdown(plan: Plan) -> str:
    """Return a plan for a merge request; no text from a record can forge a row, a heading, a command or a mention."""
    blocks = ["## What reconcile will do", *markdown_by_incident(plan)]
    blocks += markdown_remarks(plan)
    blocks.append(f"**Plan:** {escape.markdown_cell(summary(plan))}")
    return "\n\n".join(blocks)


def markdown_by_incident(plan: Plan) -> Iterator[str]:
    """Yield the effects of each record as one folded block, in the plan's order."""
    for incident, effects in by_incident(plan.effects).items():
        yield "\n\n".join(_markdown_of_incident(incident, effects))


def markdown_remarks(plan: Plan) -> list[str]:
    """Return the remarks about a plan: what is not configured, unreachable or invalid, and the notes."""
    return [
        f"- **{escape.markdown_cell(subject)}**: {escape.markdown_cell(reason)}" for subject, reason in remarks(plan)
    ]


def _markdown_of_incident(incident: str, effects: Sequence[Effect]) -> Iterator[str]:
    title = escape.markdown_line(escape.html(incident)) if incident else _SHARED
    yield f"<details>\n<summary>{title}: {counted(effects)}</summary>"
    for provider, some in groupby(effects, key=lambda effect: effect.name.provider):
        yield f"### {escape.markdown_cell(provider)}"
        for effect in some:
            yield from _markdown_of(effect)
    yield "</details>"


def _markdown_of(effect: Effect) -> Iterator[str]:
    reason = f": {escape.markdown_cell(effect.reason)}" if effect.reason else ""
    head = f"**{effect.verb} {escape.markdown_cell(effect.name.short)}** `{effect.digest[:_DIGITS]}`"
    yield f"{head} ({effect.state}){reason}"
    changed = tuple(changes(effect))
    for change in changed:
        if change.lines:
            readers = f", {CUSTOMERS}" if change.for_customers else ""
            yield f"{escape.markdown_cell(change.field)}{readers}:"
            yield escape.markdown_fence("\n".join(change.lines))
    rows = [_row(change) for change in changed if not change.lines]
    if rows:
        yield "\n".join(["| field | before | after |", "| --- | --- | --- |", *rows])


def _row(change: FieldChange) -> str:
    cells = (change.field, change.before, change.after)
    return f"| {' | '.join(escape.markdown_cell(cell) for cell in cells)} |"
