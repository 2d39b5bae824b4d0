"""Effects: one change to one resource, with a digest that approval and intents refer to."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from incidentops.plan.resource import Fields, Observed, Resource, ResourceName, remembered_fields


class Verb(StrEnum):
    """What is done. `adopt` writes a receipt for something found; `manual` is for a person, the API cannot."""

    CREATE = "create"
    POST = "post"
    UPDATE = "update"
    ADOPT = "adopt"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Effect:
    """One change. `before` and `after` hold only what changes.

    `held` says why it is not carried out on purpose, `unknown` why nobody can tell whether it was carried out
    already, `refused` what of it nobody has reviewed; with any of them, nothing is sent. `remark` is for people and is
    not part of the digest. `put_back` names the fields that a person had moved, `found` is what an adoption takes over.
    """

    name: ResourceName
    verb: Verb
    before: Fields
    after: Fields
    resource: Resource
    held: str = ""
    unknown: str = ""
    remark: str = ""
    put_back: tuple[str, ...] = ()
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
        """Whether doing it twice would be seen: it needs an intent before and a receipt after."""
        return self.verb in (Verb.CREATE, Verb.POST) and not self.resource.repeatable

    @property
    def to_do(self) -> bool:
        """Whether a run would carry it out."""
        return not (self.held or self.unknown or self.refused) and self.verb is not Verb.MANUAL
