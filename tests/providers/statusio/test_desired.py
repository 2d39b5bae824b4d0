"""What a record wants on the status page: pure, so every case is a table."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.model.incident import Incident
from incidentops.plan.nature import Nature
from incidentops.plan.resource import Intent, LedgerEntry, Receipt, Ref, Resource, ResourceName, skip_reason
from incidentops.providers.base import RecordContext
from incidentops.providers.statusio.desired import desired, pairs_of, plain
from incidentops.providers.statusio.mapping import IncidentField
from make import NOW, a_handbook, a_time, an_entry, an_incident
from render.test_escape import texts

HANDBOOK = a_handbook(
    services={
        "registry": {"name": "Registry", "statusio": ["r-1"]},
        "web": {"name": "Web", "statusio": ["w-1", "r-1"]},
        "git": {"name": "Git", "statusio": ["g-1"]},
        "backup": {"name": "Backup"},
    },
    statusio={"page": "p", "notify": {"email": True, "irc": True}},
)
OPEN = an_entry("14:02", severity="S2", engage="eoc", state="investigating", status="partial_service_disruption",
                publish="It is broken.")  # fmt: skip
NEWS = an_entry("14:20", state="identified", publish="We know why.")
OVER = an_entry("15:00", state="resolved", status="operational", publish="It works.")


def public(*entries: object, file: str = "incidents/2026/2026-11-21-registry-503.yaml", **changes: object) -> Incident:
    return an_incident(*entries, file=file, **{"audience": "public", **changes})  # type: ignore[arg-type]


def other(status: str, at: str = "14:03", services: tuple[str, ...] = ("web",), **changes: object) -> Incident:
    opened = an_entry(at, severity="S2", state="investigating", status=status, publish="Other.")
    return public(opened, file="incidents/2026/2026-11-21-other.yaml", services=list(services), **changes)


def wanted_by(
    incident: Incident,
    memory: LedgerEntry | None = None,
    now: str = "15:05",
    late: bool = False,
    live: tuple[Incident, ...] = (),
) -> tuple[Resource, ...]:
    context = RecordContext(HANDBOOK, a_time(now), memory or LedgerEntry(incident.id), live, late)
    return tuple(unless_late(resource, context) for resource in desired(incident, context))


def unless_late(resource: Resource, context: RecordContext) -> Resource:
    """What the plan makes of it: late news is skipped there, for all providers."""
    if resource.news is None or context.entry.receipt(resource.name) or resource.skip_reason:
        return resource
    return replace(resource, skip_reason=skip_reason(resource.news, context.news_policy))


def receipts(incident: Incident, *sent: int, first: str | None = "", **fields: object) -> LedgerEntry:
    """A ledger in which the incident was opened with its first publish and these entries were sent."""
    opened = incident.timeline[0].key if first == "" else first
    page_fields = {IncidentField.FIRST: opened, **fields} if opened else fields
    found = {"statusio.incident": Receipt("i1", "", page_fields, NOW, "r")}
    found |= {f"statusio.update/{incident.timeline[n].key}": Receipt("m", "", {}, NOW, "r") for n in sent}
    return LedgerEntry(incident.id, receipts=found)


def shorts(resources: tuple[Resource, ...]) -> list[str]:
    """Names with the positions of entries in place of their keys, skipped ones in brackets."""
    return [f"({r.name.kind})" if r.skip_reason else r.name.kind for r in resources]


def test_the_first_publish_is_the_incident():
    [resource] = wanted_by(public(OPEN))
    assert resource.fields == {"name": "Registry pushes fail with HTTP 503", "infrastructure": ("r-1",)}
    assert resource.fixed == {"name", "infrastructure"}
    assert str(resource.initial["details"]).startswith("It is broken. Ref ")
    assert {key: resource.initial[key] for key in ("state", "status", "notify", "first", "subject")} == {
        "state": "investigating", "status": "partial_service_disruption", "notify": ("email", "irc"),
        "first": public(OPEN).timeline[0].key, "subject": "Registry pushes fail with HTTP 503",
    }  # fmt: skip


def test_an_incident_without_state_is_being_investigated():
    [resource] = wanted_by(public(an_entry("14:02", severity="S2", publish="It is broken.")))
    assert (resource.initial["state"], resource.initial["status"]) == ("investigating", "operational")


def test_later_publishes_are_messages_in_order():
    incident = public(OPEN, NEWS, OVER)
    resources = wanted_by(incident, receipts(incident))
    assert shorts(resources) == ["incident", "update", "update", "component"]
    first, second = resources[1], resources[2]
    assert (first.nature, first.watched, first.fields) == (Nature.MESSAGE, False, {})
    assert (first.initial["state"], second.initial["state"], second.initial["status"]) == (
        "identified", "resolved", "operational",
    )  # fmt: skip
    assert first.initial["incident"] == Ref(ResourceName(incident.id, "statusio", "incident"))


def test_each_message_depends_on_the_one_before_it_and_components_on_the_last():
    incident = public(OPEN, NEWS, OVER)
    page, news, over, component = wanted_by(incident, late=True)
    assert (page.depends_on, news.depends_on, over.depends_on) == ((), (page.name,), (news.name,))
    assert component.depends_on == (over.name,)
    assert [page.news.at, over.news.at] == [a_time("14:02"), a_time("15:00")]


def test_a_component_depends_on_the_incident_when_that_carries_the_only_message():
    incident = public(OPEN)
    page, component = wanted_by(incident, live=(other("service_disruption"),))
    assert component.depends_on == (page.name,)


def test_the_thread_after_a_reopen_depends_on_the_last_message_of_the_one_before():
    again = an_entry("15:30", state="investigating", why="it came back", publish="It is back.")
    incident = public(OPEN, OVER, again)
    second = next(r for r in wanted_by(incident, receipts(incident, 1)) if r.name.kind == "incident" and r.name.key)
    assert [name.kind for name in second.depends_on] == ["update"]


def test_the_same_record_wants_the_same_words_before_and_after_it_was_sent():
    """Receipts, intents and digests go by them."""
    incident = public(OPEN, NEWS)
    before = {r.name: r.initial for r in wanted_by(incident) if r.continues_thread}
    after = {r.name: r.initial for r in wanted_by(incident, receipts(incident, 1)) if r.continues_thread}
    assert before == after


def test_a_run_with_news_does_not_look_around():
    incident = public(OPEN, NEWS)
    [page, _] = wanted_by(incident, receipts(incident))
    assert (page.watched, page.fields) == (False, {})


def test_a_run_without_news_looks_at_title_and_services():
    incident = public(OPEN, NEWS)
    [page, _] = wanted_by(incident, receipts(incident, 1))
    assert (page.watched, set(page.fields)) == (True, {"name", "infrastructure"})


def test_a_run_with_an_intent_looks():
    incident = public(OPEN, NEWS)
    memory = receipts(incident)
    intended = replace(memory, intents={f"statusio.update/{incident.timeline[1].key}": Intent("d", NOW, "r")})
    assert wanted_by(incident, intended)[0].watched


def test_what_is_resolved_and_published_wants_nothing_more():
    incident = public(OPEN, OVER)
    resources = wanted_by(incident, receipts(incident, 1))
    assert (resources[0].watched, resources[0].fields) == (False, {})


def test_the_services_are_those_of_the_latest_text():
    incident = public(OPEN, {**NEWS, "services": ["web"]})
    assert wanted_by(incident)[0].fields["infrastructure"] == ("r-1", "w-1")


def test_services_that_are_unknown_or_not_on_the_page_have_no_pairs():
    assert pairs_of(HANDBOOK, ("backup", "nowhere", "web", "registry")) == ("r-1", "w-1")


def test_a_title_over_several_lines_is_one_line():
    [resource] = wanted_by(public(OPEN, title="Pushes\n <b>fail"))
    assert resource.fields["name"] == "Pushes ‹b>fail"


# Late


@pytest.mark.parametrize(("now", "skipped"), [("16:02", False), ("16:02:01", True)])
def test_the_oldest_age_is_still_news(now, skipped):
    assert bool(wanted_by(public(OPEN), now=now)[0].skip_reason) is skipped


def test_late_news_is_skipped_with_its_time_and_the_way_out():
    assert wanted_by(public(OPEN), now="18:00")[0].skip_reason == (
        "it is from 2026-11-21T14:02:00Z, older than 2h; send it all the same with --late"
    )
    assert wanted_by(public(OPEN), now="18:00", late=True)[0].skip_reason == ""


def test_a_skipped_first_publish_does_not_stop_a_fresh_one():
    incident = public(OPEN, an_entry("16:00", publish="More."))
    page, old = wanted_by(incident, now="16:30")
    assert (page.initial["first"], page.skip_reason) == (incident.timeline[1].key, "")
    assert old.skip_reason


def test_an_unsent_text_before_a_sent_one_is_not_spoken_of():
    incident = public(OPEN, NEWS, an_entry("14:30", publish="More."))
    assert shorts(wanted_by(incident, receipts(incident, 2))) == ["incident", "update"]
    assert shorts(wanted_by(incident, receipts(incident, 2), late=True)) == ["incident", "update"]


def test_an_unsent_text_with_an_intent_is_looked_up_and_never_sent_out_of_order():
    incident = public(OPEN, NEWS, an_entry("14:30", publish="More."))
    memory = receipts(incident, 2)
    intended = replace(memory, intents={f"statusio.update/{incident.timeline[1].key}": Intent("d", NOW, "r")})
    assert [r.skip_reason for r in wanted_by(incident, intended)][1] == "a later message was sent already"


def test_what_was_over_when_first_seen_is_skipped():
    incident = public(OPEN, OVER)
    assert shorts(wanted_by(incident)) == ["(incident)", "(update)"]
    assert shorts(wanted_by(incident, late=True)) == ["incident", "update", "component"]


def test_what_was_resolved_with_an_intent_is_not_first_seen():
    incident = public(OPEN, OVER)
    intended = LedgerEntry(incident.id, intents={"statusio.incident": Intent("d", NOW, "r")})
    assert shorts(wanted_by(incident, intended)) == ["incident", "update", "component"]


def test_an_incident_that_a_person_opened_carries_the_oldest_text():
    incident = public(OPEN, NEWS)
    page, news = wanted_by(incident, receipts(incident, first=None))
    assert (page.name.kind, news.name.key) == ("incident", incident.timeline[1].key)


def test_the_beginning_of_a_key_is_enough_to_know_the_first_text():
    incident = public(OPEN, NEWS, an_entry("14:30", publish="More."))
    memory = receipts(incident, first=incident.timeline[1].key[:6])
    assert [r.name.key for r in wanted_by(incident, memory)][1:] == [incident.timeline[2].key]


# Not public


def test_a_record_narrowed_since_is_skipped_whatever_is_asked_for():
    narrowed = public(OPEN, an_entry("14:05", audience="internal", why="Names"))
    for late in (False, True):
        assert wanted_by(narrowed, late=late)[0].skip_reason == "the record is not public any more"


def test_an_open_incident_of_a_record_that_was_narrowed_must_be_closed_by_a_person():
    narrowed = public(OPEN, an_entry("14:05", audience="internal", why="Names"))
    [page] = wanted_by(narrowed, receipts(narrowed))
    assert (page.fields, page.fixed) == ({"open": False}, {"open"})


def test_an_open_incident_whose_end_is_skipped_must_be_closed_by_a_person():
    incident = public(OPEN, OVER)
    assert wanted_by(incident, receipts(incident), now="23:00")[0].fields == {"open": False}
    assert wanted_by(incident, receipts(incident), now="23:00", late=True)[0].fields == {}


def test_services_without_place_have_no_news():
    reason = wanted_by(public(OPEN, services=["backup"]), late=True)[0].skip_reason
    assert "services.<key>.statusio" in reason


# Components


def components(resources: tuple[Resource, ...]) -> dict[str, object]:
    return {r.name.key: r.fields["status"] for r in resources if r.name.kind == "component"}


@pytest.mark.parametrize(
    ("live", "status"),
    [
        ((), "operational"),
        ((other("degraded_performance"),), "degraded_performance"),
        ((other("service_disruption", services=("git",)),), "operational"),
        ((other("service_disruption", audience="internal"),), "operational"),
    ],
)
def test_a_resolve_leaves_the_worst_that_is_still_open(live, status):
    incident = public(OPEN, OVER)
    assert components(wanted_by(incident, receipts(incident), live=(incident, *live))) == {"r-1": status}


def test_a_milder_update_leaves_the_worse_of_another():
    incident = public(OPEN, NEWS)
    for status, expected in (
        ("degraded_performance", {}),
        ("partial_service_disruption", {}),
        ("security_issue", {"r-1": "security_issue"}),
    ):
        assert components(wanted_by(incident, receipts(incident), live=(other(status),))) == expected


def test_a_status_that_was_set_after_a_message_stays_until_the_next():
    incident = public(OPEN, OVER)
    memory = receipts(incident, 1)
    receipt = Receipt(
        "r-1",
        "",
        {IncidentField.STATUS: "degraded_performance", IncidentField.AFTER: incident.timeline[1].key},
        NOW,
        "r",
    )
    memory = replace(memory, receipts={**memory.receipts, "statusio.component/r-1": receipt})
    assert components(wanted_by(incident, memory)) == {"r-1": "degraded_performance"}


def test_a_resolve_covers_every_pair_that_the_incident_ever_had():
    incident = public(OPEN, {**NEWS, "services": ["git"]}, OVER)
    assert set(components(wanted_by(incident, receipts(incident, 1)))) == {"r-1", "g-1"}


def test_skipped_news_moves_no_component():
    assert components(wanted_by(public(OPEN, OVER))) == {}


# Any record


entries = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "state": st.sampled_from(["investigating", "identified", "monitoring", "resolved"]),
            "status": st.sampled_from(["operational", "degraded_performance", "service_disruption"]),
            "audience": st.sampled_from(["public", "internal", "confidential"]),
            "services": st.lists(st.sampled_from(["registry", "web", "git", "backup"]), min_size=1, max_size=2),
            "publish": st.text(min_size=1, max_size=20),
            "note": st.text(min_size=1, max_size=5),
        },
    ),
    min_size=1,
    max_size=8,
)


@given(entries, st.booleans(), st.sampled_from(["public", "internal"]))
def test_any_record_wants_each_thing_once_and_settles(actions, late, audience):
    """Sent as wanted, it wants the same again and nothing new; and only public texts are ever wanted."""
    timeline = [an_entry(f"14:{index:02d}", **{"note": "x", **action}) for index, action in enumerate(actions)]
    incident = public(*timeline, audience=audience)
    first = wanted_by(incident, late=late)
    assert len({r.name for r in first}) == len(first)
    allowed = {e.key for e, s in zip(incident.timeline, incident.snapshots, strict=True) if s.audience == "public"}
    assert {r.name.key for r in first if r.continues_thread} <= allowed
    done = {r.name.short: Receipt("x", "", {**r.initial, **r.fields}, NOW, "r") for r in first if not r.skip_reason}
    again = wanted_by(incident, LedgerEntry(incident.id, receipts=done), late=late)
    assert not [r for r in again if r.name.short not in done and not r.skip_reason]
    later = wanted_by(incident, LedgerEntry(incident.id, receipts=done), now="23:59")
    assert {r.name.short for r in later if not r.skip_reason} <= set(done)


def test_time_at_the_edge_of_the_calendar_skips():
    context = RecordContext(HANDBOOK, NOW + timedelta(days=365 * 1000), LedgerEntry("x"))
    [resource] = desired(public(OPEN), context)
    assert unless_late(resource, context).skip_reason


@given(texts)
def test_the_status_page_gets_plain_text(text):
    sent = plain(text)
    assert not re.search(r"<[A-Za-z/!?]", sent)
    assert sent == plain(sent)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", sent)
