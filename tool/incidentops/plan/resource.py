"""Resources: what a record wants at a provider, and what was seen there."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from msgspec import Struct, field

from incidentops.core import duration, moment
from incidentops.plan.nature import Nature

SHARED = ""
"""The incident of resources that belong to the whole repository, such as labels."""

_LONG = 160
_SEND = "send it all the same with --late"


class ResourceName(Struct, frozen=True, order=True):
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


class Ref(Struct, frozen=True):
    """A field's value that is another resource: its id is known once that is there.

    In digests, in the ledger and on paper it is the short name.
    """

    name: ResourceName


Value = str | int | bool | None | Ref | tuple["Value", ...]
Fields = Mapping[str, Value]

NOTHING: Fields = MappingProxyType({})


def resource_name(incident: str, short: str) -> ResourceName:
    """Read `provider.kind/key` back. Raises ValueError."""
    head, _, key = short.partition("/")
    provider, dot, kind = head.partition(".")
    if not (provider and dot and kind):
        raise ValueError(f"not a resource: {short!r}")
    return ResourceName(incident, provider, kind, key)


class News(Struct, frozen=True):
    """When something was news, and whether its incident was over already when nothing of it had been sent yet."""

    at: datetime
    over_when_first_seen: bool = False


class NewsPolicy(Struct, frozen=True):
    """What counts as late in a run: its present moment and the oldest age; `send_late` says that a person wants it."""

    now: datetime
    max_age: timedelta
    send_late: bool = False


class Resource(Struct, frozen=True):
    """What should be there. How it is treated follows from its `nature`.

    `fields` are ours and are kept; `initial` is sent when it is made and belongs to people afterwards. `fixed` names
    fields that the service cannot change once made: a person must. `depends_on` names what has to be done before: when
    that fails, is unresolved or is refused, this is blocked. A `Ref` in a field is a dependency as well.
    `customers_read` names the fields whose text customers read. `news` tells of a message or a page when it was news.
    `skip_reason` says why it must not be made now.

    Three facts do not follow from the nature:
    `idempotent`: to make it twice does no harm (a label, a link, a component's status), so it needs no intent, is not
    capped, and is compared with the ledger alone.
    `handed_over`: once made it belongs to people (a review), who may rewrite it, even its marker. It is not read again;
    what we still set in it is compared with the ledger.
    `joint`: several records decide it together (a component's status), so it needs no review of its own.
    """

    name: ResourceName
    fields: Fields
    initial: Fields = NOTHING
    nature: Nature = Nature.STATE
    fixed: frozenset[str] = frozenset()
    depends_on: tuple[ResourceName, ...] = ()
    customers_read: frozenset[str] = frozenset()
    news: News | None = None
    skip_reason: str = ""
    idempotent: bool = False
    handed_over: bool = False
    joint: bool = False

    @property
    def watched(self) -> bool:
        """Whether the service is asked how it looks now; without a field of ours there is nothing to ask about."""
        return bool(self.fields) and self.nature.treatment.watched and not (self.idempotent or self.handed_over)

    @property
    def continues_thread(self) -> bool:
        """Whether it is one of the later messages of a thread: the first one has fields that are kept true."""
        return self.nature is Nature.MESSAGE and not self.fields

    @property
    def refs(self) -> tuple[ResourceName, ...]:
        """The resources that its fields refer to, each once."""
        values = (*self.initial.values(), *self.fields.values())
        return tuple(dict.fromkeys(name for value in values for name in _referred(value)))

    @property
    def needs(self) -> tuple[ResourceName, ...]:
        """Everything that comes before it, each once."""
        return tuple(dict.fromkeys((*self.depends_on, *self.refs)))


def _referred(value: Value) -> Iterator[ResourceName]:
    if isinstance(value, Ref):
        yield value.name
    if isinstance(value, tuple):
        for item in value:
            yield from _referred(item)


class Observed(Struct, frozen=True):
    """What a service showed: the fields we asked about, in the shape `Resource.fields` has."""

    id: str
    url: str
    fields: Fields


class Absent(Struct, frozen=True):
    """The service was asked in more than one way and has no such thing."""


class Unclear(Struct, frozen=True):
    """The service's answers cannot be trusted, or do not tell: a person must decide. `reason` is for that person."""

    reason: str


Sighting = Observed | Absent | Unclear


class Receipt(Struct, frozen=True):
    """What the ledger remembers of a resource: its id and what we last made of it (long texts as digests).

    `normalised` are fields that the service is known to show otherwise than we asked (one assignee on the Free tier).
    `restored` counts how often a field that a person moved was restored. `at` and `run` tell when and by which run.
    `adopted` says that it was found and not made by a run that the ledger knows, so other things may be there too.
    """

    id: str
    url: str
    fields: Fields
    at: datetime
    run: str
    normalised: Fields = NOTHING
    restored: Mapping[str, int] = field(default_factory=dict)
    adopted: bool = False


class Intent(Struct, frozen=True):
    """Written before something that cannot be repeated is done; without a receipt it must be looked up."""

    digest: str
    at: datetime
    run: str


class LedgerEntry(Struct, frozen=True):
    """What the ledger holds of one incident, or of the repository (`incident` is SHARED).

    `blob` is the record that was last carried out in full; empty while something is still to do. `over` says that
    this record was no longer live. `skipped` names what was skipped on purpose, so that `--late` finds it again.
    """

    incident: str
    blob: str = ""
    over: bool = False
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)

    def knows_all_of(self, provider: str) -> bool:
        """Whether everything that was ever made at a provider for this incident must be in here."""
        theirs = [receipt for short, receipt in self.receipts.items() if short.startswith(f"{provider}.")]
        return bool(theirs) and not any(receipt.adopted for receipt in theirs)

    def receipt(self, name: ResourceName) -> Receipt | None:
        """Return the receipt of one of its resources."""
        return self.receipts.get(name.short)


def ids(names: Iterable[ResourceName], entries: Iterable[LedgerEntry]) -> dict[ResourceName, str]:
    """Return the ids of those resources that the entries have a receipt for."""
    by_incident = {entry.incident: entry for entry in entries}
    receipts = ((name, by_incident[name.incident].receipt(name)) for name in names if name.incident in by_incident)
    return {name: receipt.id for name, receipt in receipts if receipt}


def plain(value: Value) -> Value:
    """Return a value as it is written down: a reference as the name of what it refers to."""
    if isinstance(value, Ref):
        return value.name.short
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


def remembered(value: Value) -> Value:
    """Return the form in which the ledger and digests keep a value: long or many-lined text as its SHA-256."""
    value = plain(value)
    if isinstance(value, str) and (len(value) > _LONG or "\n" in value):
        return "sha256:" + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return tuple(map(remembered, value)) if isinstance(value, tuple) else value


def remembered_fields(fields: Fields) -> dict[str, Value]:
    """Return the fields in the form the ledger keeps."""
    return {name: remembered(value) for name, value in fields.items()}


def skip_reason(news: News, policy: NewsPolicy) -> str:
    """Return why news that was not sent yet is not to be sent now; empty when it may be."""
    if policy.send_late:
        return ""
    if news.over_when_first_seen:
        return f"the incident was over before anything of it was sent; {_SEND}"
    if policy.now - news.at > policy.max_age:
        return f"it is from {moment.show(news.at)}, older than {duration.show(policy.max_age)}; {_SEND}"
    return ""
