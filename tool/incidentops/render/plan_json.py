"""A plan as JSON: what an approval refers to. Version 2 is written; version 1 is still read."""

import json
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from incidentops.core.errors import Refused
from incidentops.core.text import quoted
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Fields, Resource, Value, plain, resource_name
from incidentops.render.effects import identity, obstacles, summary

VERSION = 2


class _EffectJson(msgspec.Struct, frozen=True, kw_only=True):
    incident: str
    resource: str
    verb: Verb
    before: dict[str, object]
    after: dict[str, object]
    skip_reason: str
    unresolved: str
    to_do: bool
    digest: str


class _EffectJson1(_EffectJson, frozen=True, kw_only=True):
    """One effect, as version 1 named its parts."""

    skip_reason: str = msgspec.field(name="held")
    unresolved: str = msgspec.field(name="unknown")


_Effects = TypeVar("_Effects", bound=_EffectJson)


class _Header(msgspec.Struct, frozen=True):
    version: int


class _PlanJson(msgspec.Struct, Generic[_Effects], frozen=True):
    effects: tuple[_Effects, ...]
    commit: str = ""


class Reading(msgspec.Struct, frozen=True):
    """A plan as it was written down: for which commit, and its effects."""

    commit: str
    effects: tuple[Effect, ...]


def as_json(plan: Plan, commit: str = "") -> str:
    """Return a plan as JSON: everything in full, in the plan's order, what `reconcile` reads as approved or reviewed.

    `commit` is the newest commit of what it was made for.
    """
    node = {
        "version": VERSION,
        "commit": commit,
        "digest": plan.digest,
        "effects": [_effect_json(effect) for effect in plan.effects],
        "summary": summary(plan),
        **obstacles(plan),
    }
    return json.dumps(node, indent=2, sort_keys=True)


def _effect_json(effect: Effect) -> dict[str, object]:
    return {
        **identity(effect),
        "before": {name: plain(value) for name, value in effect.before.items()},
        "after": {name: plain(value) for name, value in effect.after.items()},
        "skip_reason": effect.skip_reason,
        "unresolved": effect.unresolved,
        "remark": effect.remark,
        "to_do": effect.to_do,
    }


def read_approved(content: str) -> frozenset[str]:
    """Return the digests of what an approved plan was going to do.

    What was skipped or needed a person is not approved: nobody has agreed to it. Raises Refused for anything that
    is not such a plan, or whose digests do not fit its effects: a guard that cannot be evaluated is no guard.
    """
    return frozenset(effect.digest for effect in read(content).effects if effect.to_do)


def read(content: str) -> Reading:
    """Read the JSON of a plan. Raises Refused for what is none, or whose digests do not fit its effects."""
    try:
        return _reading(json.loads(content, object_pairs_hook=_once_each))
    except (ValueError, RecursionError) as error:
        # The words of a JSON parser help nobody.
        reason = "it is not JSON" if isinstance(error, json.JSONDecodeError | RecursionError) else str(error)
        raise Refused(
            f"the approved plan cannot be read, so nothing was done: {reason}",
            "give it the JSON of the reviewed plan: incident plan --report json=plan.json",
        ) from error


def _reading(node: object) -> Reading:
    readers: Mapping[int, type[_PlanJson[_EffectJson] | _PlanJson[_EffectJson1]]]
    readers = {1: _PlanJson[_EffectJson1], 2: _PlanJson[_EffectJson]}
    version = msgspec.convert(node, _Header).version
    if version not in readers:
        raise ValueError(f"it has version {version}, and this program reads 1 and 2")
    file = msgspec.convert(node, readers[version])
    return Reading(file.commit, tuple(map(_effect, file.effects)))


def _once_each(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    node = dict(pairs)
    if len(node) != len(pairs):
        raise ValueError("a key stands there twice")
    return node


def _effect(node: _EffectJson) -> Effect:
    """Return one effect; its digest is worked out again from what the plan says of it."""
    name = resource_name(node.incident, node.resource)
    before, after = _fields(node.before), _fields(node.after)
    effect = Effect(name, node.verb, before, after, Resource(name, {}), node.skip_reason, node.unresolved)
    if (effect.digest, effect.to_do) != (node.digest, node.to_do):
        raise ValueError(f"the digest of {node.verb} {name} does not fit what the plan says of it")
    return effect


def _fields(node: Mapping[str, object]) -> Fields:
    return {name: _value(value) for name, value in node.items()}


def _value(value: object) -> Value:
    if isinstance(value, list):
        return tuple(map(_value, value))
    if value is None or isinstance(value, str | int | bool):
        return value
    raise ValueError(f"no field has a value like {quoted(value)}")
