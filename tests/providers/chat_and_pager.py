"""A chat and a pager of forty lines each: both kinds of provider that are not about state."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.plan.effect import Verb
from incidentops.plan.nature import Nature
from incidentops.plan.resource import Absent, News, Observed, Ref, Resource, ResourceName, Sighting
from incidentops.providers.base import Applied, ApplyRequest, Check, Query, RecordContext

# A chat: messages in a thread, the first of which is kept true


@dataclass
class Room:
    """A channel. Every post has an id; `by` is who wrote it, `marker` what our own posts carry unseen."""

    posts: dict[str, dict[str, object]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=partial(count, 1))

    def post(self, by: str, marker: str, content: Mapping[str, object]) -> str:
        identity = str(next(self.numbers))
        self.posts[identity] = {"by": by, "marker": marker, **content}
        return identity


class Chat:
    """A provider of messages: once, in order, in a thread."""

    name, not_configured, rings = "chat", "", False

    def __init__(self, room: Room) -> None:
        self.room = room

    def shared(self, handbook: Handbook) -> Sequence[Resource]:
        return ()

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        first = ResourceName(incident.id, self.name, "message", "announce")
        begun = any(short.startswith(f"{self.name}.") for short in (*context.entry.receipts, *context.entry.intents))
        over = not incident.live and not begun
        state = {"state": str(incident.now.state)}
        wanted = [Resource(first, state, {}, Nature.MESSAGE, news=News(incident.declared, over))]
        for entry in incident.timeline:
            if entry.publish:
                name, before = ResourceName(incident.id, self.name, "message", entry.key), (wanted[-1].name,)
                text = {"text": entry.publish, "thread": Ref(first)}
                wanted.append(Resource(name, {}, text, Nature.MESSAGE, depends_on=before, news=News(entry.at, over)))
        return wanted

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        return {query.resource.name: self.look(query) for query in queries}

    def look(self, query: Query) -> Sighting:
        for identity, post in self.room.posts.items():
            if identity == (query.receipt and query.receipt.id) or post["marker"] == str(query.resource.name):
                return Observed(identity, "", {name: str(post.get(name)) for name in query.resource.fields})
        return Absent()

    def apply(self, request: ApplyRequest) -> Applied:
        content = dict(request.effect.after)
        if "thread" in content:
            content["thread"] = request.id_of(content["thread"])
        if request.effect.verb is Verb.UPDATE and request.receipt:
            self.room.posts[request.receipt.id].update(content)
            return Applied(request.receipt.id, "")
        return Applied(self.room.post("bot", str(request.effect.name), content), "")

    def check(self, handbook: Handbook) -> Sequence[Check]:
        return ()


# A pager: rings people, and knows by a key what it rang


@dataclass
class Bell:
    """What rings. The same key does not ring again."""

    calls: dict[str, str] = field(default_factory=dict)


class Pager:
    """A provider of pages."""

    name, not_configured, rings = "pager", "", True

    def __init__(self, bell: Bell) -> None:
        self.bell = bell

    def shared(self, handbook: Handbook) -> Sequence[Resource]:
        return ()

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        wanted = []
        for entry in incident.timeline:
            if entry.page:
                name = ResourceName(incident.id, self.name, "page", f"{entry.page}/{entry.key}")
                engaged = incident.now.engaged(entry.page)
                why = "" if incident.live else "the incident is over"
                why = why or (f"{engaged} is there already" if engaged else "")
                call = {"summary": f"{incident.title}: {entry.page} is asked for"}
                page = Resource(name, {}, call, Nature.PAGE, news=News(entry.at), skip_reason=why)
                wanted.append(page)
        return wanted

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        return {query.resource.name: self.look(str(query.resource.name)) for query in queries}

    def look(self, key: str) -> Sighting:
        return Observed(key, "", {}) if key in self.bell.calls else Absent()

    def apply(self, request: ApplyRequest) -> Applied:
        self.bell.calls.setdefault(str(request.effect.name), str(request.effect.after["summary"]))
        return Applied(str(request.effect.name), "")

    def check(self, handbook: Handbook) -> Sequence[Check]:
        return ()
