"""Effects: one change to one resource, with a digest that approval and intents refer to."""

import hashlib
import json
from enum import StrEnum

from msgspec import Struct

from incidentops.plan.resource import Fields, Observed, Resource, ResourceName, remembered_fields


class Verb(StrEnum):
    """What is done. `adopt` writes a receipt for something found; `manual` is for a person, the API cannot."""

    CREATE = "create"
    POST = "post"
    UPDATE = "update"
    ADOPT = "adopt"
    MANUAL = "manual"

    @property
    def makes(self) -> bool:
        """Whether something is there afterwards that was not there before."""
        return self in (Verb.CREATE, Verb.POST)


class EffectState(StrEnum):
    """How an effect stands before a run."""

    TO_DO = "to do"
    SKIPPED = "skipped"
    UNRESOLVED = "unresolved"
    REFUSED = "refused"
    MANUAL = "for a person"


class Effect(Struct, frozen=True):
    """One change. `before` and `after` hold only what changes.

    `skip_reason` says why it is not carried out on purpose, `unresolved` why it is not known whether it was carried
    out already, `refused` what of it nobody has reviewed; with any of them, nothing is sent. `remark` is for people and
    is not part of the digest. `restored` names the fields that a person had moved, `found` is what an adoption takes
    over.
    """

    name: ResourceName
    verb: Verb
    before: Fields
    after: Fields
    resource: Resource
    skip_reason: str = ""
    unresolved: str = ""
    remark: str = ""
    restored: tuple[str, ...] = ()
    found: Observed | None = None
    refused: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over provider, resource, verb, before and after: no times, so it is the same in every run."""
        content = [
            self.name.incident,
            self.name.short,
            self.verb.value,
            remembered_fields(self.before),
            remembered_fields(self.after),
        ]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def once(self) -> bool:
        """Whether doing it twice would be seen: when its answer is lost, it is looked up before it is done again."""
        return self.verb.makes and not self.resource.idempotent

    @property
    def needs_intent(self) -> bool:
        """Whether the ledger must have an intent before it is done."""
        return self.once and self.resource.nature.treatment.intent

    @property
    def state(self) -> EffectState:
        """How it stands before a run."""
        if self.unresolved:
            return EffectState.UNRESOLVED
        if self.refused:
            return EffectState.REFUSED
        if self.skip_reason:
            return EffectState.SKIPPED
        return EffectState.MANUAL if self.verb is Verb.MANUAL else EffectState.TO_DO

    @property
    def reason(self) -> str:
        """The reason for its state, or the remark about it."""
        return self.unresolved or self.refused or self.skip_reason or self.remark

    @property
    def to_do(self) -> bool:
        """Whether a run would carry it out."""
        return self.state is EffectState.TO_DO
