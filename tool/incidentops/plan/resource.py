"""Resources: what a record wants at a provider, and what was seen there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

Value = str | int | bool | None | tuple["Value", ...]
Fields = Mapping[str, Value]

NOTHING: Fields = MappingProxyType({})
SHARED = ""
"""The incident of resources that belong to the whole repository, such as labels."""

_LONG = 160


@dataclass(frozen=True, slots=True, order=True)
class ResourceName:
    """Which resource: `provider.kind` of one incident, `provider.kind/key` of another."""

    incident: str
    provider: str
    kind: str
    key: str = ""

    @property
    def short(self) -> str:
        """The name without the incident, as the ledger and people write it."""
        return f"{self.provider}.{self.kind}" + (f"/{self.key}" if self.key else "")

    def __str__(self) -> str:
        return f"{self.incident} {self.short}" if self.incident else self.short


def resource_name(incident: str, short: str) -> ResourceName:
    """Read `provider.kind/key` back. Raises ValueError."""
    head, _, key = short.partition("/")
    provider, dot, kind = head.partition(".")
    if not (provider and dot and kind):
        raise ValueError(f"no resource: {short!r}")
    return ResourceName(incident, provider, kind, key)


@dataclass(frozen=True, slots=True)
class Resource:
    """What should be there.

    `fields` are ours and are kept; `initial` is sent when it is made and belongs to people afterwards. `watched`
    fields are compared with what the service shows, others with what the ledger remembers (a message cannot be
    read back, a review belongs to people). `fixed` names fields that the service cannot change once made: a
    person must. `message` marks what people are told: made once, in order, never again. `repeatable`
    says that making it twice does no harm. `found_only` is looked up and never made (a user). `joint` says that
    several records decide it together. `customers_read` names the fields whose text they read. `hold` says why it must
    not be made now.
    """

    name: ResourceName
    fields: Fields
    initial: Fields = field(default_factory=lambda: NOTHING)
    watched: bool = True
    fixed: frozenset[str] = frozenset()
    message: bool = False
    repeatable: bool = False
    found_only: bool = False
    joint: bool = False
    customers_read: frozenset[str] = frozenset()
    hold: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a service showed: the fields we asked about, in the shape `Resource.fields` has."""

    id: str
    url: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Absent:
    """The service was asked in more than one way and has no such thing."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """The service's answers cannot be trusted, or do not tell: a person must decide. `reason` is for that person."""

    reason: str


Sighting = Observed | Absent | Unclear


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the ledger remembers of a resource: its id and what we last made of it (long texts as digests).

    `kept` are fields that the service is known to keep otherwise than we asked (one assignee on the Free tier).
    `restored` counts how often a field that a person moved was put back. `at` and `run` tell when and by which run.
    `adopted` says that it was found and not made by a run that the ledger knows, so other things may be there too.
    """

    id: str
    url: str
    fields: Fields
    at: datetime
    run: str
    kept: Fields = field(default_factory=lambda: NOTHING)
    restored: Mapping[str, int] = field(default_factory=dict)
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """A promise written before something that cannot be repeated is done; without a receipt it must be looked up."""

    digest: str
    at: datetime
    run: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The ledger's page of one incident, or of the repository (`incident` is SHARED).

    `blob` is the record that was last carried out in full; empty while something is still to do. `over` says that
    this record was no longer live. `held` names what was withheld on purpose, so that `--late` finds it again.
    """

    incident: str
    blob: str = ""
    over: bool = False
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)

    def knows_all_of(self, provider: str) -> bool:
        """Whether everything that was ever made at a provider for this incident must be in here."""
        theirs = [receipt for short, receipt in self.receipts.items() if short.startswith(f"{provider}.")]
        return bool(theirs) and not any(receipt.adopted for receipt in theirs)

    def receipt(self, name: ResourceName) -> Receipt | None:
        """Return the receipt of one of its resources."""
        return self.receipts.get(name.short)


def remembered(value: Value) -> Value:
    """Return the form in which the ledger and digests keep a value: long or many-lined text as its SHA-256."""
    if isinstance(value, str) and (len(value) > _LONG or "\n" in value):
        return "sha256:" + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    if isinstance(value, tuple):
        return tuple(remembered(item) for item in value)
    return value


def remembered_fields(fields: Fields) -> dict[str, Value]:
    """Return the fields in the form the ledger keeps."""
    return {name: remembered(value) for name, value in fields.items()}
