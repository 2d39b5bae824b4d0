"""Looking at the status page: what is found by its reference, and when something may be called absent."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from incidentops.core.errors import Failed
from incidentops.plan.nature import Nature
from incidentops.plan.resource import Absent, Intent, Observed, Receipt, Ref, Resource, ResourceName, Unclear
from incidentops.providers.base import Query
from incidentops.providers.statusio import lookup
from incidentops.providers.statusio.mapping import IncidentField, StatusIoRejected
from incidentops.providers.statusio.threads import reference
from make import NOW, a_time

ID = "2026-11-21-registry-503"
NAME = ResourceName(ID, "statusio", "incident")
FIELDS = {IncidentField.NAME: "Pushes fail", IncidentField.INFRASTRUCTURE: ("c-k",)}
WANTED = Resource(NAME, FIELDS, {IncidentField.FIRST: "aaaaaabbbbbb"})
KEY = "3f2a9c1b77d0"
MESSAGE = Resource(
    ResourceName(ID, "statusio", "update", KEY), {}, {IncidentField.INCIDENT: Ref(NAME)}, nature=Nature.MESSAGE
)
FIRST = reference(ID, "", "aaaaaabbbbbb")
LATER = reference(ID, "", KEY)


def a_message(text: str, at: datetime, state: int = 100) -> Mapping[str, object]:
    return {"details": text, "state": state, "status": 400, "datetime": at.isoformat()}


def shown(
    identity: str, *texts: str, at: datetime = NOW, resolved: bool = False, **changes: object
) -> dict[str, object]:
    messages = [a_message(text, at + timedelta(minutes=number)) for number, text in enumerate(texts)]
    if resolved:
        messages[-1] = {**messages[-1], "state": 400}
    return {
        "_id": identity, "name": "Pushes fail", "datetime_open": at.isoformat(), "messages": messages,
        "components_affected": [{"_id": "c"}], "containers_affected": [{"_id": "k"}],
        "infrastructure_affected": ["c-k"], **changes,
    }  # fmt: skip


class FakePage:
    """A status page in memory. Each of its lists can be made to hide something."""

    page = "p"

    def __init__(self, *incidents: dict[str, object], size: int = 2) -> None:
        self.incidents = list(incidents)
        self.size = size
        self.asked: list[str] = []
        self.unlisted: set[object] = set()
        self.unnamed: set[object] = set()
        self.unsummed: set[object] = set()
        self.gone: set[object] = set()
        self.endless = False
        self.components = True

    def split(self, *, resolved: bool) -> list[dict[str, object]]:
        return [one for one in self.incidents if (one["messages"][-1]["state"] == 400) is resolved]  # type: ignore[index]

    def get(self, path: str, **query: str | int) -> object:
        self.asked.append(path)
        kind = path.removesuffix("/p")
        if kind.startswith("incident/list/"):
            listed = [one for one in self.split(resolved=kind.endswith("resolved")) if one["_id"] not in self.unlisted]
            number = int(query["page"])
            if self.endless:
                return [shown(f"e{number}", "Other")]
            return listed[(number - 1) * self.size : number * self.size]
        if kind == "incidents":
            named = {
                key: self.split(resolved=key.startswith("resolved"))
                for key in ("active_incidents", "resolved_incidents")
            }
            return {key: [one["_id"] for one in some if one["_id"] not in self.unnamed] for key, some in named.items()}
        if kind == "component/list":
            return [{"_id": "c", "name": "C", "containers": [{"_id": "k", "name": "K"}]}] if self.components else []
        if kind == "status/summary":
            return {"status": [], "incidents": [o for o in self.split(resolved=False) if o["_id"] not in self.unsummed]}
        found = [one for one in self.incidents if path == f"incident/p/{one['_id']}" and one["_id"] not in self.gone]
        if not found:
            raise StatusIoRejected("Status.io rejected the request: 'Incident not found'")
        return found

    def post(self, path: str, body: Mapping[str, object]) -> object:
        raise AssertionError("a look writes nothing")


def look(page: FakePage, resource: Resource, identity: str = "", since: str = "14:00", known: str = "") -> object:
    receipt = Receipt(identity, "", {}, NOW, "r") if identity else None
    ask = Query(resource, receipt, None, a_time(since))
    return lookup.sightings(page, [ask], {NAME: known} if known else {})[resource.name]


# By its id


def test_a_known_incident_is_one_request():
    page = FakePage(shown("i1", f"Text. {FIRST}"))
    seen = look(page, WANTED, "i1")
    assert seen == Observed("i1", "", {**FIELDS, IncidentField.OPEN: True, IncidentField.FIRST: "aaaaaa"})
    assert page.asked == ["incident/list/active/p"]


def test_a_title_that_the_service_rewrote_is_the_same_title():
    page = FakePage(shown("i1", "Text", name=" Pushes &amp;  fail"))
    resource = Resource(NAME, {**FIELDS, IncidentField.NAME: "Pushes & fail"})
    assert look(page, resource, "i1").fields[IncidentField.NAME] == "Pushes & fail"


def test_what_a_person_changed_is_shown():
    page = FakePage(shown("i1", "Text", name="Other", infrastructure_affected=["c-k", "x-y"]))
    assert dict(look(page, WANTED, "i1").fields) == {
        IncidentField.NAME: "Other", IncidentField.INFRASTRUCTURE: ("c-k", "x-y"),
        IncidentField.OPEN: True, IncidentField.FIRST: "",
    }  # fmt: skip


def test_a_known_incident_on_a_later_page_is_found():
    page = FakePage(*(shown(f"i{number}", "Other") for number in range(4)), shown("i9", "Text"))
    assert isinstance(look(page, WANTED, "i9"), Observed)


def test_a_known_incident_that_a_person_resolved_needs_a_person():
    seen = look(FakePage(shown("i1", f"Text. {FIRST}", "Closed.", resolved=True)), WANTED, "i1")
    assert isinstance(seen, Unclear)
    assert "by a person" in seen.reason


def test_a_known_incident_that_our_own_message_resolved_needs_nothing():
    seen = look(FakePage(shown("i1", f"Text. {FIRST}", f"Over. {LATER}", resolved=True)), WANTED, "i1")
    assert isinstance(seen, Observed)
    assert seen.fields[IncidentField.OPEN] is False


def test_an_incident_that_a_person_was_to_close_may_be_closed():
    resource = Resource(NAME, {IncidentField.OPEN: False})
    assert isinstance(look(FakePage(shown("i1", "Closed.", resolved=True)), resource, "i1"), Observed)


def test_a_known_incident_that_is_nowhere_is_gone():
    assert look(FakePage(), WANTED, "i1") == Absent()


def test_a_known_incident_that_is_named_and_not_shown_is_unclear():
    page = FakePage(shown("i1", "Text"))
    page.unlisted, page.gone = {"i1"}, {"i1"}
    assert isinstance(look(page, WANTED, "i1"), Unclear)


# By its reference


def test_nothing_is_absent_when_all_ways_agree():
    page = FakePage(shown("i1", "Other"), shown("i2", "Other", resolved=True))
    assert look(page, WANTED) == Absent()
    assert {path.removesuffix("/p") for path in page.asked} == {
        "incident/list/active", "incident/list/resolved", "incidents", "status/summary",
    }  # fmt: skip


def test_an_open_incident_is_found_by_its_reference():
    page = FakePage(shown("i1", "Other"), shown("i2", f"Text. {FIRST}", "By hand"))
    seen = look(page, WANTED)
    assert (seen.id, seen.fields[IncidentField.FIRST]) == ("i2", "aaaaaa")


def test_a_reference_is_found_however_the_service_lays_it_out():
    page = FakePage(shown("i2", f"<p>Text.&nbsp;{FIRST.upper().replace(' ', '  ')}</p>"))
    assert look(page, WANTED).id == "i2"


def test_a_resolved_incident_is_found_by_its_reference():
    page = FakePage(shown("i1", "Other"), shown("i2", f"Text. {FIRST}", "Over.", resolved=True))
    assert look(page, WANTED).id == "i2"


def test_two_incidents_with_our_reference_need_a_person():
    page = FakePage(shown("i1", f"A. {FIRST}"), shown("i2", f"B. {LATER}"))
    seen = look(page, WANTED)
    assert isinstance(seen, Unclear)
    assert "'i1' and 'i2'" in seen.reason


def test_another_thread_of_the_record_is_another_incident():
    page = FakePage(shown("i1", f"Text. {reference(ID, 'ffffffffffff', KEY)}"))
    assert look(page, WANTED) == Absent()


def test_what_the_lists_hide_is_found_by_the_ids():
    page = FakePage(shown("i1", f"Text. {FIRST}"))
    page.unlisted = {"i1"}
    page.unsummed = {"i1"}
    assert look(page, WANTED).id == "i1"


def test_what_lists_and_ids_hide_is_found_in_the_summary():
    page = FakePage(shown("i1", f"Text. {FIRST}"))
    page.unlisted = page.unnamed = {"i1"}
    assert look(page, WANTED).id == "i1"


@pytest.mark.parametrize(
    ("shown_by", "reason"),
    [
        ("ids", "the lists do not show all incidents that there are"),
        ("summary", "the summary shows 'i1', which the lists do not show"),
        ("resolved ids", "the lists do not show all incidents that there are"),
    ],
)
def test_nothing_is_absent_when_the_lists_hide_anything(shown_by, reason):
    page = FakePage(shown("i1", "Other", resolved=shown_by == "resolved ids"))
    page.unlisted = {"i1"}
    if shown_by == "ids":
        page.unsummed = {"i1"}
    if shown_by == "summary":
        page.unnamed = {"i1"}
    seen = look(page, WANTED)
    assert isinstance(seen, Unclear)
    assert seen.reason.startswith(f"it was not found, but {reason}; ")
    assert seen.reason.endswith(" with: incident adopt")


def test_nothing_is_absent_when_a_known_open_incident_is_hidden():
    page = FakePage(shown("i1", "Other"))
    page.unlisted = page.unnamed = page.unsummed = {"i1"}
    other = Resource(ResourceName("2026-11-21-other", "statusio", "incident"), {})
    asks = [
        Query(other, Receipt("i1", "", {}, NOW, "r"), None, a_time("14:00")),
        Query(WANTED, None, None, a_time("14:00")),
    ]
    seen = lookup.sightings(page, asks, {})
    assert isinstance(seen[other.name], Observed)
    assert isinstance(seen[NAME], Unclear)


def test_nothing_is_absent_on_a_page_without_end():
    page = FakePage()
    page.endless = True
    assert isinstance(look(page, WANTED), Unclear)


def test_a_service_that_repeats_its_page_for_ever_ends():
    page = FakePage(shown("i1", "Other"), shown("i2", "Other", resolved=True))
    real = page.get
    page.get = lambda path, **query: real(path, **({"page": 1} if query else {}))  # type: ignore[method-assign]
    assert look(page, WANTED) == Absent()


def test_old_resolved_incidents_are_not_read():
    old = [shown(f"{number:08x}", "Old", at=NOW - timedelta(days=30 + number), resolved=True) for number in range(40)]
    page = FakePage(*old)
    assert look(page, WANTED) == Absent()
    assert page.asked.count("incident/list/resolved/p") == 1


def test_resolved_incidents_out_of_order_are_all_read():
    days = (3, 30, 2, 40, 1, 50)
    old = [
        shown(f"{number:08x}", "Old", at=NOW - timedelta(days=day), resolved=True) for number, day in enumerate(days)
    ]
    ours = shown("f" * 24, f"Text. {FIRST}", "Over.", resolved=True)
    page = FakePage(*reversed(old), ours, size=1)
    page.incidents.insert(0, shown("e" * 24, "New", resolved=True))
    page.incidents.insert(0, shown("d" * 24, "Old", at=NOW - timedelta(hours=20), resolved=True))
    assert look(page, WANTED).id == "f" * 24


def test_a_page_that_was_read_is_looked_at_whole_whatever_the_clocks_say():
    old = shown("i1", "Old", at=NOW - timedelta(days=30), resolved=True)
    ours = shown("i2", f"Text. {FIRST}", "Over.", at=NOW - timedelta(days=31), resolved=True)
    assert look(FakePage(old, ours), WANTED).id == "i2"


def test_too_many_hidden_incidents_are_not_read_one_by_one():
    page = FakePage(*(shown(f"h{number}", "Hidden") for number in range(50)))
    page.unlisted = {one["_id"] for one in page.incidents}
    assert isinstance(look(page, WANTED), Unclear)
    assert sum(path.startswith("incident/p/") for path in page.asked) == 40


def look_with_an_intent(page: FakePage, resource: Resource = WANTED) -> object:
    ask = Query(resource, None, Intent("d", NOW, "the dead one"), a_time("14:00"))
    return lookup.sightings(page, [ask], {})[resource.name]


def test_with_an_intent_it_is_absent_on_a_page_that_never_had_an_incident():
    assert look_with_an_intent(FakePage()) == Absent()


def test_with_an_intent_it_is_unclear_when_every_list_is_empty():
    page = FakePage(shown("i1", f"Text. {FIRST}", "Over.", resolved=True))
    page.unlisted = page.unnamed = {"i1"}
    page.components = False
    seen = look_with_an_intent(page)
    assert isinstance(seen, Unclear)
    assert "even the list of components is empty" in seen.reason


# Messages


def test_a_message_is_found_in_the_list():
    page = FakePage(shown("i1", f"Text. {FIRST}", f"More. {LATER}"))
    assert look(page, MESSAGE) == Observed(LATER.removeprefix("Ref "), "", {})


def test_a_message_is_absent_when_its_incident_is_read_without_it():
    page = FakePage(shown("i1", f"Text. {FIRST}"))
    assert look(page, MESSAGE) == Absent()
    assert page.asked[-1] == "incident/p/i1"


def test_a_message_of_a_known_incident_is_looked_for_there_alone():
    page = FakePage(shown("i1", "Opened by hand", f"More. {LATER}"))
    assert isinstance(look(page, MESSAGE, known="i1"), Observed)
    assert page.asked == ["incident/p/i1"]
    assert look(FakePage(shown("i1", "Opened by hand")), MESSAGE, known="i1") == Absent()


def test_a_message_of_a_known_incident_that_is_gone_is_unclear():
    assert isinstance(look(FakePage(), MESSAGE, known="i1"), Unclear)


def test_a_message_is_absent_when_nothing_of_its_thread_is_anywhere():
    assert look(FakePage(shown("i1", "Other")), MESSAGE) == Absent()


def test_a_message_whose_incident_is_listed_and_cannot_be_read_is_unclear():
    page = FakePage(shown("i1", f"Text. {FIRST}"))
    page.gone = {"i1"}
    assert isinstance(look(page, MESSAGE), Unclear)


def test_a_page_that_cannot_be_read_fails():
    class Down(FakePage):
        def get(self, path: str, **query: str | int) -> object:
            raise Failed("Status.io does not serve us now", outage=True)

    with pytest.raises(Failed):
        look(Down(), WANTED)


def test_components_are_not_looked_at():
    page = FakePage()
    resource = Resource(ResourceName(ID, "statusio", "component", "c-k"), {})
    assert lookup.sightings(page, [Query(resource, None, None, NOW)], {}) == {}
    assert page.asked == []


def test_messages_with_a_receipt_are_not_looked_at():
    page = FakePage()
    assert lookup.sightings(page, [Query(MESSAGE, Receipt("x", "", {}, NOW, "r"), None, NOW)], {}) == {}
    assert page.asked == []


def test_an_id_that_is_no_object_id_may_be_of_any_time():
    page = FakePage(*(shown(f"z{n}", "Old", at=NOW - timedelta(days=30 + n), resolved=True) for n in range(3)))
    assert look(page, WANTED) == Absent()
    assert page.asked.count("incident/p/z2") == 1
