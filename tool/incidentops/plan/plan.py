"""The plan: every effect of a run, sorted, with what stands in the way of some of them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from incidentops.plan.effect import Effect, Verb


class Plan(Struct, frozen=True):
    """What a run would do.

    Effects are in the order in which they are carried out (`order`). `not_configured` names providers that have no
    variables, `unreachable` those that could not be read, each with the reason. `invalid_records` names records from
    which nothing is carried out, with why (unreadable, or a rule blocks). `notes` are for people. `unchecked` tells
    whether no service at all is configured.
    """

    effects: tuple[Effect, ...]
    not_configured: Mapping[str, str] = field(default_factory=dict)
    unreachable: Mapping[str, str] = field(default_factory=dict)
    invalid_records: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unchecked: bool = False

    @property
    def to_do(self) -> tuple[Effect, ...]:
        """The effects that a run would carry out."""
        return tuple(effect for effect in self.effects if effect.to_do)

    @property
    def changes(self) -> tuple[Effect, ...]:
        """The effects that a run would carry out and that somebody outside would see."""
        return tuple(effect for effect in self.to_do if effect.verb is not Verb.ADOPT)

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all effects, whatever their order: equal plans do equal things."""
        return hashlib.sha256("\n".join(sorted(effect.digest for effect in self.effects)).encode("ascii")).hexdigest()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do, to decide or to report."""
        return not (self.effects or self.unreachable or self.invalid_records)

    def unapproved(self, digests: Iterable[str]) -> tuple[Effect, ...]:
        """Return the effects that are not among the approved digests; a smaller plan than the approved one is fine."""
        approved = frozenset(digests)
        return tuple(effect for effect in self.changes if effect.digest not in approved)


def cap_creations(effects: Sequence[Effect], most: int) -> tuple[Effect, ...]:
    """Leave for the next run what would be made beyond `most`, in the order in which effects are carried out.

    Counted is what would be there twice if it was made twice, pages and messages aside.
    """
    left = most
    capped = []
    for effect in effects:
        if effect.to_do and effect.once and effect.resource.nature.treatment.capped:
            left -= 1
            if left < 0:
                reason = f"more than {most} would be made in one run; run again, or allow it with --max-creates"
                capped.append(replace(effect, unresolved=reason))
                continue
        capped.append(effect)
    return tuple(capped)
