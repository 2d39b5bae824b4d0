"""A plan for people (text, Markdown for a merge request) and for programs (JSON, which an approval refers to)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from incidentops.core.errors import Refused
from incidentops.core.text import visible
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Fields, Resource, Value, resource_name
from incidentops.render import escape
from incidentops.render.effects import (
    CUSTOMERS,
    EffectState,
    FieldChange,
    changes,
    counted,
    remarks,
    standing,
    summary,
    why,
)

VERSION = 1
_DIGITS = 12
_SHARED = "the repository"


def text(plan: Plan) -> str:
    """Return a plan for a terminal; every character of foreign text is visible there."""
    lines: list[str] = []
    for incident, effects in groupby(plan.effects, key=lambda effect: effect.name.incident):
        lines.append(visible(incident) or _SHARED)
        for provider, some in groupby(effects, key=lambda effect: effect.name.provider):
            lines.append(f"  {visible(provider)}")
            for effect in some:
                lines += _text_of(effect)
        lines.append("")
    lines += [f"{visible(subject)}: {visible(said)}" for subject, said in remarks(plan)]
    return "\n".join([*lines, f"plan: {visible(summary(plan))}" if plan.effects else visible(summary(plan))])


def _text_of(effect: Effect) -> Iterator[str]:
    yield f"    {effect.verb} {visible(effect.name.short)}  [{effect.digest[:_DIGITS]}]"
    stands, reason = standing(effect), why(effect)
    if stands is not EffectState.TO_DO:
        yield f"      {stands}: {visible(reason)}".rstrip(" :")
    elif reason:
        yield f"      {visible(reason)}"
    for change in changes(effect):
        if change.for_customers:
            yield f"      {visible(change.field)}, {CUSTOMERS}:"
        elif change.lines:
            yield f"      {visible(change.field)}:"
        else:
            yield f"      {visible(change.field)}: {_arrow(visible(change.before), visible(change.after))}"
        border = "> " if change.for_customers else ""
        yield from (f"        {border}{visible(line)}".rstrip() for line in change.lines)


def _arrow(before: str, after: str) -> str:
    return f"{before} -> {after}" if before else after


def markdown(plan: Plan) -> str:
    """Return a plan for a merge request; no text from a record can forge a row, a heading, a command or a mention."""
    blocks = ["## What reconcile will do", *markdown_by_incident(plan)]
    blocks += markdown_remarks(plan)
    blocks.append(f"**Plan:** {escape.markdown_cell(summary(plan))}")
    return "\n\n".join(blocks)


def markdown_by_incident(plan: Plan) -> Iterator[str]:
    """Yield the effects of each record as one folded block, in the plan's order."""
    for incident, effects in groupby(plan.effects, key=lambda effect: effect.name.incident):
        yield "\n\n".join(_markdown_of_incident(incident, tuple(effects)))


def markdown_remarks(plan: Plan) -> list[str]:
    """Return what else is to be said about a plan: what is off, cannot be read, is left alone."""
    return [f"- **{escape.markdown_cell(subject)}**: {escape.markdown_cell(said)}" for subject, said in remarks(plan)]


def _markdown_of_incident(incident: str, effects: Sequence[Effect]) -> Iterator[str]:
    title = escape.markdown_line(escape.html(incident)) if incident else _SHARED
    yield f"<details>\n<summary>{title}: {counted(effects)}</summary>"
    for provider, some in groupby(effects, key=lambda effect: effect.name.provider):
        yield f"### {escape.markdown_cell(provider)}"
        for effect in some:
            yield from _markdown_of(effect)
    yield "</details>"


def _markdown_of(effect: Effect) -> Iterator[str]:
    stands = standing(effect)
    reason = f": {escape.markdown_cell(why(effect))}" if why(effect) else ""
    head = f"**{effect.verb} {escape.markdown_cell(effect.name.short)}** `{effect.digest[:_DIGITS]}`"
    yield f"{head} ({stands}){reason}"
    told = tuple(changes(effect))
    for change in told:
        if change.lines:
            said = f", {CUSTOMERS}" if change.for_customers else ""
            yield f"{escape.markdown_cell(change.field)}{said}:"
            yield escape.markdown_fence("\n".join(change.lines))
    rows = [_row(change) for change in told if not change.lines]
    if rows:
        yield "\n".join(["| field | before | after |", "| --- | --- | --- |", *rows])


def _row(change: FieldChange) -> str:
    cells = (change.field, change.before, change.after)
    return f"| {' | '.join(escape.markdown_cell(cell) for cell in cells)} |"


def as_json(plan: Plan, commit: str = "") -> str:
    """Return a plan as JSON: everything in full, in a fixed order, what `reconcile` reads as approved or reviewed.

    `commit` is the newest commit of what it was made for.
    """
    value = {
        "version": VERSION,
        "commit": commit,
        "digest": plan.digest,
        "effects": [_json_of(effect) for effect in plan.effects],
        "off": dict(plan.off),
        "down": dict(plan.down),
        "unfit": dict(plan.unfit),
        "notes": list(plan.notes),
        "summary": summary(plan),
    }
    return json.dumps(value, indent=2, sort_keys=True)


def _json_of(effect: Effect) -> Mapping[str, object]:
    return {
        "incident": effect.name.incident,
        "resource": effect.name.short,
        "verb": effect.verb,
        "before": dict(effect.before),
        "after": dict(effect.after),
        "held": effect.held,
        "unknown": effect.unknown,
        "remark": effect.remark,
        "to_do": effect.to_do,
        "digest": effect.digest,
    }


def read_approved(content: str) -> frozenset[str]:
    """Return the digests of what an approved plan was going to do.

    What was held back or needed a person is not approved: nobody has agreed to it. Raises Refused for anything that
    is not such a plan, or whose digests do not fit its effects: a guard that cannot be evaluated is no guard.
    """
    return frozenset(effect.digest for effect in read(content).effects if effect.to_do)


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan as it was written down: for which commit, and its effects."""

    commit: str
    effects: tuple[Effect, ...]


def read(content: str) -> Reading:
    """Read the JSON of a plan. Raises Refused for what is none, or whose digests do not fit its effects."""
    try:
        return _reading(json.loads(content, object_pairs_hook=_once_each))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused(
            "the approved plan cannot be read, so nothing was done",
            "give it the JSON of the reviewed plan: incident plan --report json=plan.json",
        ) from error


def _reading(plan: object) -> Reading:
    if not isinstance(plan, dict) or type(plan.get("version")) is not int or plan["version"] != VERSION:
        raise ValueError("it is no plan of this version")
    effects = plan["effects"]
    if not isinstance(effects, list):
        raise TypeError("no list of effects")
    return Reading(_text(plan.get("commit", "")), tuple(map(_effect, effects)))


def _once_each(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    node = dict(pairs)
    if len(node) != len(pairs):
        raise ValueError("a key stands twice")
    return node


def _effect(node: Mapping[str, object]) -> Effect:
    """Return one effect; its digest is worked out again from what the plan says of it."""
    name = resource_name(str(node["incident"]), str(node["resource"]))
    effect = Effect(
        name,
        Verb(str(node["verb"])),
        _fields(node["before"]),
        _fields(node["after"]),
        Resource(name, {}),
        held=_text(node["held"]),
        unknown=_text(node["unknown"]),
    )
    if (effect.digest, effect.to_do) != (node["digest"], node["to_do"]):
        raise ValueError("an effect and its digest do not fit")
    return effect


def _text(node: object) -> str:
    if not isinstance(node, str):
        raise TypeError("no text")
    return node


def _fields(node: object) -> Fields:
    if not isinstance(node, dict):
        raise TypeError("no fields")
    return {str(key): _value(value) for key, value in node.items()}


def _value(value: object) -> Value:
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    if value is None or isinstance(value, str | int | bool):
        return value
    raise TypeError("no value of a field")
