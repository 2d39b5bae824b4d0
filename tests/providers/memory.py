"""An honest service in memory, its provider, and a ledger in memory: for tests of the flows.

The service does what it is asked exactly as often as it is asked. It can lose an answer, refuse, or be the moment at
which the process dies: then nothing of ours runs any more, as after SIGKILL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from incidentops.core.errors import Failed, Unknown
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import State
from incidentops.plan.effect import Verb
from incidentops.plan.nature import Nature
from incidentops.plan.resource import (
    SHARED,
    Absent,
    LedgerEntry,
    News,
    Observed,
    Resource,
    ResourceName,
    Sighting,
    Unclear,
)
from incidentops.providers.base import Applied, ApplyRequest, Check, Query, RecordContext
from incidentops.store.ledger import format as ledger_format
from incidentops.store.ledger.branch import Ledger, LedgerMoved, LedgerState
from incidentops.store.ledger.format import RunMark


class Killed(BaseException):
    """The process is dead. Not an Exception, so that nothing of ours catches it."""


@dataclass
class Death:
    """The moment of death: after so many steps that leave a trace (requests, pushes). None: never."""

    after: int | None = None
    steps: int = 0
    dead: bool = False

    def step(self) -> None:
        """Count one step, before it is done; raise when it is the last one and was done, or the process is dead."""
        if self.dead:
            raise Killed

    def done(self) -> None:
        self.steps += 1
        if self.after is not None and self.steps >= self.after:
            self.dead = True
            raise Killed


@dataclass
class Thing:
    marker: str
    fields: dict[str, object]


@dataclass
class World:
    """What is at the service. `writes` tells every request that changed it, in order."""

    things: dict[str, Thing] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    reads: int = 0
    death: Death = field(default_factory=Death)
    lose: set[int] = field(default_factory=set)
    refuse: set[str] = field(default_factory=set)
    outage: bool = False
    blind: bool = False
    keeps: dict[str, object] = field(default_factory=dict)
    half: dict[str, object] = field(default_factory=dict)
    """How a thing is made at first: the rest would have come with a second request."""

    def write(self, what: str) -> None:
        self.death.step()
        if self.outage:
            raise Failed("the service is out of reach", outage=True)
        if what in self.refuse:
            raise Failed(f"the service says no to {what}")
        self.writes.append(what)

    def answer(self) -> None:
        self.death.done()
        if len(self.writes) in self.lose:
            raise Unknown("the answer was lost")

    def made(self, marker: str) -> list[Thing]:
        return [thing for thing in self.things.values() if thing.marker == marker]


class MemoryProvider:
    """A provider with an issue, messages, a label, and a note that belongs to people once it is there."""

    rings = False

    def __init__(self, world: World, name: str = "memory", not_configured: str = "") -> None:
        self._world = world
        self._name = name
        self._not_configured = not_configured

    @property
    def name(self) -> str:
        return self._name

    @property
    def not_configured(self) -> str:
        return self._not_configured

    def shared(self, handbook: Handbook) -> Sequence[Resource]:
        name = ResourceName(SHARED, self._name, "label", "incident")
        return (Resource(name, {"color": "#fff"}, idempotent=True),)

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        def named(kind: str, key: str = "") -> ResourceName:
            return ResourceName(incident.id, self._name, kind, key)

        state = "closed" if incident.now.state is State.RESOLVED else "opened"
        wanted = [
            Resource(
                named("issue"),
                {"title": incident.title, "state": state, "people": (incident.now.owner,)},
                initial={"by": incident.declarer},
                fixed=frozenset({"title"}),
                depends_on=(ResourceName(SHARED, self._name, "label", "incident"),),
            )
        ]
        for entry in incident.timeline:
            if entry.publish:
                name, before = named("message", entry.key), (wanted[-1].name,)
                text = {"text": entry.publish}
                message = Resource(name, {}, text, Nature.MESSAGE, depends_on=before, news=News(entry.at))
                wanted.append(message)
        if incident.now.state is State.RESOLVED:
            title = {"title": "Review"}
            wanted.append(Resource(named("review"), {}, title, depends_on=(named("issue"),), handed_over=True))
        return wanted

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        self._world.death.step()
        self._world.reads += 1
        if self._world.outage:
            raise Failed("the service is out of reach", outage=True)
        return {query.resource.name: self._sight(query) for query in queries if not query.resource.idempotent}

    def _sight(self, query: Query) -> Sighting:
        if query.receipt is not None:
            thing = self._world.things.get(query.receipt.id)
            return Absent() if thing is None else Observed(query.receipt.id, "", thing.fields)  # type: ignore[arg-type]
        if self._world.blind:
            return Unclear("the list is empty, and that cannot be true")
        found = [(i, t) for i, t in self._world.things.items() if t.marker == str(query.resource.name)]
        if not found:
            return Absent()
        return Observed(found[0][0], "", found[0][1].fields)  # type: ignore[arg-type]

    def apply(self, request: ApplyRequest) -> Applied:
        effect, world = request.effect, self._world
        world.write(f"{effect.verb} {effect.name.short}")
        if effect.verb is Verb.UPDATE and request.receipt is not None:
            world.things[request.receipt.id].fields.update({**effect.after, **world.keeps})
            identity = request.receipt.id
        else:
            copies = [i for i, thing in world.things.items() if thing.marker == str(effect.name)]
            again = effect.resource.idempotent and copies
            identity = copies[0] if again else str(len(world.things) + 1)
            world.things[identity] = Thing(str(effect.name), {**effect.after, **world.keeps, **world.half})
        world.answer()
        return Applied(identity, f"https://memory/{identity}", normalised=dict(world.keeps))  # type: ignore[arg-type]

    def check(self, handbook: Handbook) -> Sequence[Check]:
        return ()


class MemoryLedger(Ledger):
    """A ledger in memory that moves by compare and swap, as a fast-forward push does."""

    def __init__(self, death: Death | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.count = 0
        self.pushes = 0
        self.death = death or Death()

    def tip(self) -> str | None:
        self.death.step()
        return str(self.count) if self.count else None

    def read(self) -> LedgerState:
        return LedgerState(self.tip(), dict(self.files))

    def write(
        self, state: LedgerState, entries: Mapping[str, LedgerEntry], mark: RunMark | None, message: str
    ) -> LedgerState | LedgerMoved:
        self.death.step()
        if state.tip != self.tip():
            return LedgerMoved()
        for name, entry in entries.items():
            self.files[f"incidents/{name[:4]}/{name}.json" if name else "shared.json"] = ledger_format.write(entry)
        self.files.pop("run.json", None)
        if mark is not None:
            self.files["run.json"] = ledger_format.write_mark(mark)
        self.count += 1
        self.pushes += 1
        self.death.done()
        return LedgerState(str(self.count), dict(self.files))


class MemoryRecords:
    """Records as bytes, by path."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)

    def blobs(self) -> Mapping[str, str]:
        from incidentops.core.source import blob

        return {file: blob(content) for file, content in self.files.items()}

    def contents(self, files: Sequence[str]):  # type: ignore[no-untyped-def]
        return ((file, self.files[file]) for file in files)

    def handbook(self) -> bytes | None:
        return None


@dataclass
class Clock:
    """A clock that moves only when somebody sleeps."""

    now: datetime
    slept: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def monotonic(self) -> float:
        return self.slept
