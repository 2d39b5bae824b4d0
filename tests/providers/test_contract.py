"""Every provider keeps every promise of the contract, and the contract notices each promise that is broken.

A scenario test: it has no module of its own. A chat and a pager of forty lines each show that both kinds fit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from incidentops.core.errors import Failed
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.plan.effect import Verb
from incidentops.plan.resource import Absent, Observed, Resource, ResourceName, Sighting
from incidentops.providers.base import Applied, ApplyRequest, Provider, Query, RecordContext
from incidentops.providers.gitlab.provider import GitLab
from incidentops.providers.gitlab.section import section
from incidentops.providers.statusio.provider import StatusIo
from incidentops.sandbox import seed
from incidentops.sandbox.app import SandboxOptions
from make import a_handbook
from providers.chat_and_pager import Bell, Chat, Pager, Room
from providers.contract import (
    PROMISES,
    CallFaults,
    MakeSetting,
    Setting,
    Wire,
    a_ledger_that_is_lost_makes_nothing_twice,
    a_lost_answer_leads_to_a_look_and_not_to_a_second_object,
    a_message_that_fails_is_not_overtaken,
    a_second_run_changes_nothing,
    killed_after_any_call_the_next_run_ends_in_the_same_world,
    late_news_reaches_nobody,
    nothing_is_there_twice,
    nothing_secret_is_in_a_plan_an_outcome_or_the_ledger,
    what_may_be_repeated_is_the_same_when_it_is_done_twice,
    what_others_made_is_left_alone,
    what_was_planned_is_done_and_then_there_is_nothing_to_do,
)
from providers.gitlab.driver import a_client as a_gitlab_client
from providers.memory import MemoryProvider, Thing, World
from providers.statusio.scene import a_client as a_statusio_client
from providers.statusio.scene import a_page_handbook
from sandboxes import Sandbox

OURS = "2026-11-21-registry-503"
TOKEN = "s3cret-t0ken"


# The real ones, on their sandboxes


@dataclass
class GitLabSetting:
    """GitLab on its sandbox. Labels are there already, as in any project that has seen an incident."""

    box: Sandbox
    handbook: Handbook = field(default_factory=lambda: a_handbook(people={"ana": {"name": "A"}, "bo": {"name": "B"}}))
    faults: CallFaults = field(default_factory=CallFaults)
    secrets: tuple[str, ...] = (seed.TOKEN,)

    def __post_init__(self) -> None:
        labels = section(self.handbook)
        self.box.plant_labels(label for label in labels.labels() if label != labels.review)

    def provider(self) -> Provider:
        writes = {"create_issue", "update_issue", "set_severity", "create_label", "update_label", "link"}
        return GitLab(self.handbook, lambda: Wire(a_gitlab_client(self.box), self.faults, frozenset(writes)))

    def world(self) -> object:
        ours = {issue["iid"]: issue for issue in self.box.issues() if issue["author"]["username"] != "fay"}
        shown = ("title", "state", "labels", "severity", "confidential", "due_date", "issue_type", "description")
        issues = sorted(
            [*(str(issue[name]) for name in shown), *sorted(who["username"] for who in issue["assignees"])]
            for issue in ours.values()
        )
        links = sorted(sorted(str(ours[iid]["title"]) for iid in pair) for pair in self.box.links())
        return issues, links, [label["name"] for label in self.box.labels()]

    def objects(self) -> list[str]:
        return [issue["title"] for issue in self.box.issues()] + list(map(str, self.box.links()))

    def plant_foreign(self) -> None:
        """The same title and label, and the marker of another record."""
        other = "<!-- incidentops:begin 2026-11-21-other gitlab.issue -->\nTheirs\n<!-- incidentops:end -->"
        for description in ("By hand", other):
            title = "Registry pushes fail with HTTP 503"
            values = {"title": title, "description": description, "labels": [section(self.handbook).managed.name]}
            a_gitlab_client(self.box, "sandbox-fay").create_issue(values)

    def foreign(self) -> object:
        return [issue for issue in self.box.issues() if issue["author"]["username"] == "fay"]


@dataclass
class StatusIoSetting:
    """Status.io on its sandbox, without its pause between calls."""

    box: Sandbox
    handbook: Handbook = field(default_factory=a_page_handbook)
    faults: CallFaults = field(default_factory=CallFaults)
    secrets: tuple[str, ...] = (seed.STATUSIO_KEY, seed.STATUSIO_ID)

    def provider(self) -> Provider:
        return StatusIo(lambda: Wire(a_statusio_client(self.box), self.faults, frozenset({"post"})))

    def world(self) -> object:
        ours = [one for one in self.box.statusio_incidents() if "By hand" not in str(one["messages"])]
        messages = [[(m["state"], m["status"], m["details"]) for m in one["messages"]] for one in ours]
        return [one["name"] for one in ours], messages, self.box.component_statuses()

    def objects(self) -> list[str]:
        messages = [row["details"] for row in self.box.statusio_messages()]
        return [one["name"] for one in self.box.statusio_incidents()] + messages

    def plant_foreign(self) -> None:
        """The same title, on a component that is not ours."""
        body = {
            "statuspage_id": seed.STATUSIO_PAGE, "incident_name": "Registry pushes fail with HTTP 503",
            "incident_details": "By hand", "infrastructure_affected": [seed.PAIRS["Git Operations"]],
            "current_status": 100, "current_state": 100, "all_infrastructure_affected": "0", "social": "0",
        }  # fmt: skip
        a_statusio_client(self.box).post("incident/create", body)

    def foreign(self) -> object:
        return [one for one in self.box.statusio_incidents() if "By hand" in str(one["messages"])]


# Services in memory


@dataclass
class MemorySetting:
    """A service in memory: the honest one, or a provider for it that breaks a promise."""

    kind: Callable[[World], Any] = MemoryProvider
    service: World = field(default_factory=World)
    handbook: Handbook = field(default_factory=a_handbook)
    faults: CallFaults = field(default_factory=CallFaults)
    secrets: tuple[str, ...] = (TOKEN,)

    def provider(self) -> Provider:
        return Wire(self.kind(self.service), self.faults, frozenset({"apply"}))

    def world(self) -> object:
        things = (thing for thing in self.service.things.values() if "by hand" not in thing.fields)
        return sorted((thing.marker, sorted(map(str, thing.fields.items()))) for thing in things)

    def objects(self) -> list[str]:
        return [thing.marker for thing in self.service.things.values()]

    def plant_foreign(self) -> None:
        self.service.things["by hand"] = Thing("", {"title": "Registry pushes fail with HTTP 503", "by hand": True})
        self.service.things["other"] = Thing("2026-11-21-other memory.issue", {"title": "Other", "by hand": True})

    def foreign(self) -> object:
        return [str(thing) for thing in self.service.things.values() if "by hand" in thing.fields]


@dataclass
class ChatSetting:
    """A channel in which others write too."""

    kind: Callable[[Room], Any] = Chat
    room: Room = field(default_factory=Room)
    handbook: Handbook = field(default_factory=a_handbook)
    faults: CallFaults = field(default_factory=CallFaults)
    secrets: tuple[str, ...] = (TOKEN,)

    def provider(self) -> Provider:
        return Wire(self.kind(self.room), self.faults, frozenset({"apply"}))

    def world(self) -> object:
        """The posts in order, without ids: of a thread, only whether there is one."""
        ours = (post for post in self.room.posts.values() if post["by"] == "bot")
        return [{name: value if name != "thread" else True for name, value in post.items()} for post in ours]

    def objects(self) -> list[str]:
        return [str(post["marker"]) for post in self.room.posts.values()]

    def plant_foreign(self) -> None:
        self.room.post("fay", "", {"text": "Some image pushes are failing.", "state": "investigating"})

    def foreign(self) -> object:
        return [dict(post) for post in self.room.posts.values() if post["by"] == "fay"]


@dataclass
class PagerSetting:
    """A pager that others ring too."""

    kind: Callable[[Bell], Any] = Pager
    bell: Bell = field(default_factory=Bell)
    handbook: Handbook = field(default_factory=a_handbook)
    faults: CallFaults = field(default_factory=CallFaults)
    secrets: tuple[str, ...] = (TOKEN,)

    def provider(self) -> Provider:
        return Wire(self.kind(self.bell), self.faults, frozenset({"apply"}))

    def world(self) -> object:
        return sorted((key, call) for key, call in self.bell.calls.items() if key.startswith(OURS))

    def objects(self) -> list[str]:
        return list(self.bell.calls.values())

    def plant_foreign(self) -> None:
        self.bell.calls["alertmanager"] = "Registry pushes fail with HTTP 503"

    def foreign(self) -> object:
        return [call for key, call in self.bell.calls.items() if not key.startswith(OURS)]


@contextmanager
def on_a_sandbox(kind: Callable[[Sandbox], Setting]) -> Iterator[Setting]:
    with Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0)) as box:
        yield kind(box)


@contextmanager
def in_memory(kind: Callable[[], Setting]) -> Iterator[Setting]:
    yield kind()


SETTINGS: Mapping[str, MakeSetting] = {
    "gitlab": partial(on_a_sandbox, GitLabSetting),
    "statusio": partial(on_a_sandbox, StatusIoSetting),
    "memory": partial(in_memory, MemorySetting),
    "chat": partial(in_memory, ChatSetting),
    "pager": partial(in_memory, PagerSetting),
}


@pytest.mark.no_cover
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("service", SETTINGS)
def test_every_provider_keeps_every_promise(service: str, promise: Callable[[MakeSetting], None]) -> None:
    promise(SETTINGS[service])


# Each promise broken on purpose


class LooksAway(MemoryProvider):
    """Finds nothing that the ledger does not know."""

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        seen = super().observe(queries)
        return {query.resource.name: seen[query.resource.name] if query.receipt else Absent() for query in queries}


class MakesAnotherWhenItLooks(MemoryProvider):
    """Makes sure that there is something to be found."""

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        for query in queries:
            self._world.things[str(len(self._world.things) + 1)] = Thing(str(query.resource.name), {})
        return super().observe(queries)


class ForgetsItsMarker(MemoryProvider):
    """Makes things that nobody can find again."""

    def apply(self, request: ApplyRequest) -> Applied:
        applied = super().apply(request)
        self._world.things[applied.id].marker = ""
        return applied


class TakesWhatLooksLikeIt(MemoryProvider):
    """Goes by the title, whoever made it."""

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        seen = dict(super().observe(queries))
        for query in queries:
            for identity, thing in self._world.things.items():
                if query.resource.fields.get("title") and thing.fields.get("title") == query.resource.fields["title"]:
                    seen[query.resource.name] = Observed(identity, "", thing.fields)  # type: ignore[arg-type]
        return seen


class TidiesUp(MemoryProvider):
    """Changes everything that is there, not only what is ours."""

    def apply(self, request: ApplyRequest) -> Applied:
        for thing in self._world.things.values():
            thing.fields["tidy"] = True
        return super().apply(request)


class ShowsItsTokenInAField(MemoryProvider):
    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        name = ResourceName(incident.id, self.name, "hook")
        return (*super().desired(incident, context), Resource(name, {"url": f"https://x/?token={TOKEN}"}))


class ShowsItsTokenInAnError(MemoryProvider):
    """The service is never there, and it says where it looked."""

    def apply(self, request: ApplyRequest) -> Applied:
        if request.effect.name.kind == "message":
            raise Failed(f"no answer from https://bot:{TOKEN}@memory/")
        return super().apply(request)


class ShowsItsTokenInAnAddress(MemoryProvider):
    def apply(self, request: ApplyRequest) -> Applied:
        return Applied(super().apply(request).id, f"https://memory/?token={TOKEN}")


class ClaimsToHaveDoneIt(MemoryProvider):
    """Does nothing, and says that it is done."""

    def apply(self, request: ApplyRequest) -> Applied:
        return Applied(request.receipt.id if request.receipt else "1", "")


class ClaimsToHaveChangedIt(MemoryProvider):
    """Makes things and never changes them."""

    def apply(self, request: ApplyRequest) -> Applied:
        return Applied(request.receipt.id, "") if request.receipt else super().apply(request)


class AddsInsteadOfSetting(MemoryProvider):
    """Each update comes on top of the one before."""

    def apply(self, request: ApplyRequest) -> Applied:
        applied = super().apply(request)
        if request.effect.verb is Verb.UPDATE:
            fields = self._world.things[applied.id].fields
            fields["by"] = f"{fields['by']}, and again"
        return applied


class SaysNoAfterDoingIt(MemoryProvider):
    """Takes a lost answer for a refusal."""

    def apply(self, request: ApplyRequest) -> Applied:
        applied = super().apply(request)
        if len(self._world.writes) == 3:
            raise Failed("no answer: it will not have been done")
        return applied


class NeverMeansTheSame(MemoryProvider):
    """Wants something else each time it is asked."""

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        self._world.reads += 1
        name = ResourceName(incident.id, self.name, "counter")
        return (*super().desired(incident, context), Resource(name, {"count": self._world.reads}))


class AllInOneCall(MemoryProvider):
    """Says everything at once, in no order."""

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        found = super().desired(incident, context)
        return [Resource(r.name, r.fields, r.initial, r.nature, r.fixed, (), r.news) for r in found]


class NeverTooLate(MemoryProvider):
    """Does not say when something was news."""

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        found = super().desired(incident, context)
        return [Resource(r.name, r.fields, r.initial, r.nature, r.fixed, r.depends_on) for r in found]


class Forgetful(Chat):
    """Posts without the marker that its look-up goes by."""

    def apply(self, request: ApplyRequest) -> Applied:
        applied = super().apply(request)
        self.room.posts[applied.id]["marker"] = ""
        return applied


class Insistent(Chat):
    """Posts again instead of editing."""

    def apply(self, request: ApplyRequest) -> Applied:
        if request.effect.verb is Verb.UPDATE:
            return Applied(self.room.post("bot", str(request.effect.name), request.effect.after), "")
        return super().apply(request)


class RingsWithoutAKey(Pager):
    """Every call is a new one."""

    def apply(self, request: ApplyRequest) -> Applied:
        self.bell.calls[f"{OURS} call {len(self.bell.calls)}"] = str(request.effect.after["summary"])
        return Applied("1", "")


PLANNED = what_was_planned_is_done_and_then_there_is_nothing_to_do
KILLED = killed_after_any_call_the_next_run_ends_in_the_same_world
LOST_ANSWER = a_lost_answer_leads_to_a_look_and_not_to_a_second_object
LOST_LEDGER = a_ledger_that_is_lost_makes_nothing_twice
SECRET = nothing_secret_is_in_a_plan_an_outcome_or_the_ledger

SABOTEURS: Sequence[tuple[Callable[[Any], Setting], Any, Callable[[MakeSetting], None], str]] = (
    (MemorySetting, LooksAway, LOST_ANSWER, "the answer to write 2 was lost"),
    (MemorySetting, LooksAway, KILLED, "killed after call"),
    (MemorySetting, MakesAnotherWhenItLooks, PLANNED, "a plan changed something"),
    (MemorySetting, ForgetsItsMarker, LOST_LEDGER, "cannot be found again"),
    (MemorySetting, TakesWhatLooksLikeIt, what_others_made_is_left_alone, "what others made was changed"),
    (MemorySetting, TidiesUp, what_others_made_is_left_alone, "what others made was changed"),
    (MemorySetting, ShowsItsTokenInAField, SECRET, "a secret is shown"),
    (MemorySetting, ShowsItsTokenInAnError, SECRET, "a secret is shown"),
    (MemorySetting, ShowsItsTokenInAnAddress, SECRET, "a secret is shown"),
    (MemorySetting, ClaimsToHaveDoneIt, PLANNED, "there is something to do after everything was done"),
    (MemorySetting, ClaimsToHaveDoneIt, LOST_LEDGER, "cannot be found again"),
    (MemorySetting, ClaimsToHaveChangedIt, PLANNED, "there is something to do after everything was done"),
    (MemorySetting, AddsInsteadOfSetting, what_may_be_repeated_is_the_same_when_it_is_done_twice, "done twice"),
    (MemorySetting, SaysNoAfterDoingIt, nothing_is_there_twice, "something is there twice"),
    (MemorySetting, NeverMeansTheSame, a_second_run_changes_nothing, "a second run has something to do"),
    (MemorySetting, AllInOneCall, a_message_that_fails_is_not_overtaken, "a later message went out"),
    (MemorySetting, NeverTooLate, late_news_reaches_nobody, "old news would be sent"),
    (ChatSetting, Forgetful, LOST_LEDGER, "cannot be found again"),
    (ChatSetting, Insistent, PLANNED, "there is something to do after everything was done"),
    (PagerSetting, RingsWithoutAKey, KILLED, "killed after call"),
)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("setting", "saboteur", "promise", "complaint"), SABOTEURS, ids=[f"{row[1].__name__}-{row[3]}" for row in SABOTEURS]
)
def test_the_contract_notices_a_broken_promise(
    setting: Callable[[Any], Setting], saboteur: Any, promise: Callable[[MakeSetting], None], complaint: str
) -> None:
    with pytest.raises(AssertionError, match=complaint):
        promise(partial(in_memory, partial(setting, saboteur)))


def test_every_promise_is_broken_by_somebody() -> None:
    assert {row[2] for row in SABOTEURS} == set(PROMISES)
