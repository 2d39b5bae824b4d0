"""The status page from landing to landing, over HTTP: what customers read, how often, and what is never sent."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import pytest

from incidentops.core.errors import BadConfiguration, Failed, Unknown
from incidentops.core.variable import values_of
from incidentops.flows.reconcile.receipts import RunStamp, with_intents
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import OutcomeStatus
from incidentops.plan.resource import LedgerEntry, Receipt
from incidentops.providers.base import ApplyRequest, CheckStatus, Query, RecordContext
from incidentops.providers.statusio.provider import StatusIo, build
from incidentops.providers.statusio.variables import VARIABLES
from incidentops.sandbox import seed
from make import a_handbook, a_time, an_entry, an_incident
from providers.memory import Death, Killed
from providers.statusio.scene import (
    ALL,
    FIRST,
    GIT,
    ID,
    LAST,
    OTHER,
    REGISTRY,
    SECOND,
    THIRD,
    WEB,
    Scene,
    a_client,
    a_page_handbook,
    statuses,
    what,
)

FLAGS_ON = {"notify_email", "social"}


def test_the_first_publish_opens_an_incident_that_carries_it(scene):
    scene.land(FIRST)
    report = scene.run()
    assert report.complete
    assert statuses(report) == ["done create statusio.incident"]
    [shown] = scene.box.statusio_incidents()
    assert (shown["name"], shown["infrastructure_affected"]) == ("Registry pushes fail with HTTP 503", [REGISTRY])
    assert scene.messages() == [("Some image pushes are failing. We are investigating.", 100, 400)]
    assert scene.status(REGISTRY) == 400


def test_later_publishes_update_and_the_last_one_resolves(scene):
    for count in range(1, 5):
        scene.land(*ALL[:count])
        assert scene.run().complete
    assert scene.messages() == [
        ("Some image pushes are failing. We are investigating.", 100, 400),
        ("We found the cause and prepare a fix.", 200, 400),
        ("A fix is in place.", 300, 300),
        ("Image pushes work again.", 400, 100),
    ]
    assert [row.path.rpartition("/")[2] for row in scene.box.writes()] == ["create", "update", "update", "resolve"]
    assert [shown["resolved"] for shown in scene.box.statusio_incidents()] == [True]
    assert scene.status(REGISTRY) == 100


def test_everything_that_landed_at_once_goes_out_in_order(scene):
    scene.land(*ALL[:3])
    assert scene.run().complete
    assert scene.texts() == [str(entry["publish"]) for entry in ALL[:3]]


def test_flags_are_texts_and_codes_are_numbers(scene):
    scene.land(FIRST)
    scene.run()
    scene.land(FIRST, SECOND)
    scene.run()
    scene.land(FIRST, SECOND, LAST)
    scene.run()
    for row in scene.box.writes():
        body = json.loads(row.body)
        flags = {name: body[name] for name in body if name.startswith("notify_")} | {
            name: body[name] for name in ("social", "irc", "msteams", "slack")
        }
        assert {name for name, value in flags.items() if value == "1"} == FLAGS_ON
        assert {name for name, value in flags.items() if value == "0"} == set(flags) - FLAGS_ON
        assert all(isinstance(body[name], int) for name in ("current_status", "current_state") if name in body)


def test_a_second_run_sends_nothing_and_reads_once(scene):
    scene.land(*ALL[:2])
    scene.run()
    seen = len(scene.box.requests())
    report = scene.run()
    assert report.plan.empty
    assert [(row.method, row.path.partition("/v2/")[2]) for row in scene.box.requests()[seen:]] == [
        ("GET", f"incident/list/active/{seed.STATUSIO_PAGE}")
    ]


def test_one_landed_update_is_one_request(scene):
    scene.land(FIRST)
    scene.run()
    seen = len(scene.box.requests())
    scene.land(FIRST, SECOND)
    scene.run()
    assert [row.method for row in scene.box.requests()[seen:]] == ["POST"]


def test_twenty_live_incidents_are_one_request(scene):
    for number in range(3):
        scene.land(FIRST, name=f"2026-11-21-number-{number}")
    scene.run()
    seen = len(scene.box.requests())
    assert scene.run().plan.empty
    assert len(scene.box.requests()) == seen + 1


def test_every_text_ends_with_a_reference_that_tells_nothing(scene):
    scene.land(*ALL)
    scene.run(late=True)
    references = [row["details"].rpartition(" Ref ")[2] for row in scene.box.statusio_messages()]
    assert len(set(references)) == 4
    assert len({reference.partition("-")[0] for reference in references}) == 1
    assert all("registry" not in reference for reference in references)


# Lost answers and death


@pytest.mark.parametrize("number", range(1, 5))
def test_a_lost_answer_is_looked_up_and_nothing_is_published_twice(scene, number):
    scene.box.faults.lose_reply_of(number)
    scene.land(*ALL[:3])
    assert scene.run().complete
    scene.land(*ALL)
    assert scene.run().complete
    assert scene.texts() == [str(entry["publish"]) for entry in ALL]
    assert len(scene.box.statusio_incidents()) == 1


@pytest.mark.parametrize("fault", ["503:2", "429:2", "lost-reply:1", "slow"])
def test_with_a_fault_on_each_message_is_posted_once(scene, fault):
    scene.box.faults.slow_seconds = 0.01
    scene.box.faults.switch([f"statusio/{fault}"])
    scene.land(*ALL[:3])
    scene.run()
    scene.land(*ALL)
    scene.run()
    assert scene.texts() == [str(entry["publish"]) for entry in ALL]
    assert len(scene.box.statusio_incidents()) == 1


@pytest.mark.parametrize("texts", [1, 2, 3])
def test_a_run_that_died_before_its_receipts_is_taken_up_where_it_was(scene, texts):
    """The intents are in the ledger, some of the messages on the page, no receipt anywhere."""
    scene.land(*ALL[:3])
    entries = with_intents(scene.plan(), RunStamp("the dead one", scene.now))
    scene.ledger.write(scene.ledger.read(), entries, None, "begin")
    half = Scene(scene.box, ledger=type(scene.ledger)())
    half.land(*ALL[:texts])
    half.run()
    report = scene.run()
    assert report.complete
    assert scene.texts() == [str(entry["publish"]) for entry in ALL[:3]]
    assert len(scene.box.statusio_incidents()) == 1
    assert scene.run().plan.empty


@pytest.mark.no_cover
def test_killed_while_answers_are_lost_and_run_again_it_ends_the_same(sandbox):
    """One sandbox, a record for every moment of death; the ledger dies with the process, what it pushed stays.

    Each for itself is in the contract: killed after any call, the answer of any write lost.
    """
    for steps in range(1, 60):
        scene = Scene(sandbox)
        title = f"Death after {steps}"
        sandbox.faults.switch(off=sandbox.faults.active())
        sandbox.faults.switch(["statusio/429:1", "statusio/lost-reply:1"])
        scene.ledger.death = death = Death(steps)
        done = 0
        for count in (2, 3, 4):
            scene.land(*ALL[:count], name=f"2026-11-21-death-{steps}", title=title)
            with suppress(Killed):
                scene.run()
                done += 1
            if death.dead:
                death.dead, death.after = False, None
                scene.run()
                scene.run()
        [shown] = [one for one in sandbox.statusio_incidents() if one["name"] == title]
        texts = [message["details"].rpartition(" Ref ")[0] for message in shown["messages"]]
        assert texts == [entry["publish"] for entry in ALL], f"died after {steps}"
        assert shown["resolved"]
        assert scene.status(REGISTRY) == 100
        if done == 3:
            break
    assert steps > 10


def test_killed_with_empty_lists_nothing_is_published_twice_and_all_is_published_when_they_are_back(sandbox):
    for steps in range(1, 60):
        scene = Scene(sandbox)
        title = f"Death after {steps}"
        sandbox.faults.switch(["statusio/empty-list"])
        scene.ledger.death = death = Death(steps)
        for landed in (ALL[:3], ALL):
            scene.land(*landed, name=f"2026-11-21-death-{steps}", title=title)
            with suppress(Killed):
                scene.run()
            if death.dead:
                death.dead, death.after = False, None
                scene.run()
        sandbox.faults.switch(off=["empty-list"])
        scene.run()
        [shown] = [one for one in sandbox.statusio_incidents() if one["name"] == title]
        texts = [message["details"].rpartition(" Ref ")[0] for message in shown["messages"]]
        assert texts == [entry["publish"] for entry in ALL], f"died after {steps}"
        if death.after is not None:
            break
    assert steps > 10


# Empty lists


def test_nothing_is_created_when_the_lists_hide_what_is_known_to_be_open(scene):
    scene.land(FIRST)
    scene.run()
    scene.box.faults.switch(["statusio/empty-list"])
    scene.land(FIRST, name=OTHER)
    report = scene.run()
    assert len(scene.box.statusio_incidents()) == 1
    assert OutcomeStatus.UNRESOLVED in {outcome.status for outcome in report.outcomes}
    assert any("incident adopt" in detail for detail in what(report))


def test_nothing_is_created_when_the_summary_shows_what_the_lists_hide(scene):
    scene.land(FIRST)
    scene.run()
    fresh = Scene(scene.box)
    fresh.land(FIRST, name=OTHER)
    scene.box.faults.switch(["statusio/empty-list"])
    report = fresh.run()
    assert len(scene.box.statusio_incidents()) == 1
    assert [outcome.status for outcome in report.outcomes] == [OutcomeStatus.UNRESOLVED]


def test_with_empty_lists_a_lost_create_is_found_all_the_same(scene):
    scene.box.faults.switch(["statusio/empty-list"])
    scene.box.faults.lose_reply_of(1)
    scene.land(FIRST)
    report = scene.run()
    assert report.complete
    assert len(scene.box.statusio_incidents()) == 1


# People at the dashboard


def test_an_incident_that_a_person_resolved_is_unresolved_and_not_made_again(scene, session_post):
    scene.land(FIRST)
    scene.run()
    [shown] = scene.box.statusio_incidents()
    session_post("incident/resolve", incident_id=shown["_id"], incident_details="Closed by hand", social="0")
    report = scene.run()
    assert [outcome.status for outcome in report.outcomes] == [OutcomeStatus.UNRESOLVED]
    assert "by a person" in report.outcomes[0].detail
    assert len(scene.box.statusio_incidents()) == 1


def test_an_incident_that_a_person_deleted_is_not_made_again(scene, session_post):
    scene.land(FIRST)
    scene.run()
    [shown] = scene.box.statusio_incidents()
    session_post("incident/delete", incident_id=shown["_id"])
    report = scene.run()
    assert [outcome.status for outcome in report.outcomes] == [OutcomeStatus.UNRESOLVED]
    assert scene.box.statusio_incidents() == []


def test_a_title_that_changed_is_for_a_person(scene):
    scene.land(FIRST)
    scene.run()
    scene.land(FIRST, title="Registry pulls fail too")
    report = scene.run()
    [outcome] = report.outcomes
    assert (outcome.status, outcome.effect.verb) == (OutcomeStatus.MANUAL, Verb.MANUAL)
    assert dict(outcome.effect.after) == {"name": "Registry pulls fail too"}


def test_an_incident_opened_by_hand_keeps_its_worse_component(scene, session_post):
    scene.land(*ALL[:3])
    scene.run()
    session_post(
        "incident/create", incident_name="By hand", incident_details="By hand.", current_status=500, current_state=100,
        all_infrastructure_affected="0", infrastructure_affected=[REGISTRY], social="0",
    )  # fmt: skip
    scene.land(*ALL)
    scene.run()
    assert scene.status(REGISTRY) == 500
    receipt = scene.memory().receipts[f"statusio.component/{REGISTRY}"]
    assert receipt.normalised == {"status": "service_disruption"}


# Components


def test_a_resolve_leaves_a_shared_component_at_what_is_still_open(scene):
    scene.land(*ALL[:3])
    scene.land(FIRST, name=OTHER, services=["web"])
    scene.run()
    scene.land(*ALL)
    assert scene.run().complete
    assert (scene.status(REGISTRY), scene.status(WEB)) == (400, 400)
    assert scene.run().plan.empty
    scene.land(FIRST, LAST, name=OTHER, services=["web"])
    scene.run()
    assert (scene.status(REGISTRY), scene.status(WEB)) == (100, 100)
    assert scene.run().plan.empty
    assert scene.run(everything=True).plan.empty


def test_a_milder_update_leaves_a_shared_component_at_the_worse_status(scene):
    worse = an_entry("14:03", severity="S1", status="service_disruption", publish="Everything is down.")
    scene.land(worse, name=OTHER, services=["web"])
    scene.land(*ALL[:2])
    scene.run()
    assert scene.status(REGISTRY) == 500
    scene.land(*ALL[:3])
    scene.run()
    assert scene.status(REGISTRY) == 500
    assert scene.run().plan.empty


def test_components_do_not_move_when_the_message_was_not_sent(scene):
    scene.land(*ALL[:3])
    scene.land(FIRST, name=OTHER, services=["web"])
    scene.run()
    [first, _] = scene.box.statusio_incidents()
    scene.land(*ALL)
    scene.box.faults.switch(["statusio/429:always"])
    report = scene.run()
    assert scene.status(REGISTRY) != 100
    assert not report.complete
    assert first["resolved"] is False


# Reopened


def test_a_reopened_record_goes_on_in_a_new_incident(scene):
    scene.land(*ALL)
    scene.run(late=True)
    again = an_entry("15:25", by="ana", state="investigating", status="degraded_performance", why="It is back",
                     publish="Pushes fail again.")  # fmt: skip
    over = an_entry("15:28", state="resolved", status="operational", publish="Pushes work again, this time for good.")
    scene.land(*ALL, again)
    assert scene.run().complete
    scene.land(*ALL, again, over)
    assert scene.run().complete
    assert [shown["resolved"] for shown in scene.box.statusio_incidents()] == [True, True]
    assert [len(shown["messages"]) for shown in scene.box.statusio_incidents()] == [4, 2]
    assert scene.run().plan.empty


def test_a_resolve_that_was_not_sent_before_the_reopen_is_no_news(scene):
    again = an_entry("15:25", state="investigating", status="degraded_performance", why="It is back",
                     publish="Pushes fail again.")  # fmt: skip
    scene.land(*ALL[:3])
    scene.run()
    scene.land(*ALL, again)
    scene.run()
    assert scene.texts() == [*(str(entry["publish"]) for entry in ALL[:3]), "Pushes fail again."]
    assert len(scene.box.statusio_incidents()) == 1


# What is skipped, and what is never sent


def test_an_old_publish_is_held_and_late_sends_it(scene):
    scene.now = a_time("17:00")
    scene.land(FIRST)
    report = scene.run()
    assert [outcome.status for outcome in report.outcomes] == [OutcomeStatus.SKIPPED]
    assert "older than 2h" in report.outcomes[0].detail
    assert scene.texts() == []
    scene.run(late=True)
    assert scene.texts() == [FIRST["publish"]]


def test_a_fresh_publish_after_an_old_one_opens_the_incident_and_the_old_one_is_passed(scene):
    scene.now = a_time("16:10")
    scene.land(FIRST, SECOND)
    report = scene.run()
    assert statuses(report) == ["done create statusio.incident", "skipped post statusio.update"]
    assert scene.texts() == [SECOND["publish"]]
    assert scene.run().plan.empty
    assert scene.run(late=True).plan.empty


def test_an_incident_that_was_over_when_it_was_first_seen_is_not_published(scene):
    scene.land(*ALL)
    report = scene.run()
    assert {outcome.status for outcome in report.outcomes} == {OutcomeStatus.SKIPPED}
    assert scene.box.requests() == ()


def test_late_publishes_the_whole_of_it_in_order(scene):
    scene.now = a_time("15:30") + timedelta(days=400)
    scene.land(*ALL)
    assert scene.run(late=True).complete
    assert scene.texts() == [str(entry["publish"]) for entry in ALL]
    assert scene.status(REGISTRY) == 100


def test_late_news_that_is_only_the_end_opens_and_closes_and_tells_people_once(scene):
    silent = an_entry("14:02", severity="S3", engage="eoc", state="investigating")
    scene.land(silent, LAST)
    assert scene.run(late=True).complete
    [opened, closed] = scene.box.statusio_messages()
    assert (opened["state"], closed["state"]) == (300, 400)
    assert opened["flags"]["notify_email"] == "1"
    assert set(closed["flags"].values()) == {"0"}
    assert scene.run().plan.empty


@pytest.mark.parametrize("audience", ["internal", "confidential", None])
def test_a_record_that_is_not_public_asks_for_nothing(scene, audience):
    scene.land(*ALL[:3], audience=audience)
    assert scene.run().plan.empty
    assert scene.box.requests() == ()


def test_a_security_record_is_silent_before_its_disclosure(scene):
    scene.land(FIRST, security={"class": "vulnerability"})
    assert scene.run().plan.empty
    disclosed = {"class": "vulnerability", "disclosure": {"approved_by": "ana", "at": "2026-11-21T14:10:00Z"}}
    scene.land(FIRST, SECOND, security=disclosed)
    scene.run()
    assert scene.texts() == [SECOND["publish"]]


def test_a_record_that_was_narrowed_before_it_was_sent_is_skipped(scene):
    narrowed = an_entry("14:05", audience="confidential", why="It names a customer")
    scene.land(FIRST, narrowed)
    report = scene.run()
    assert [outcome.status for outcome in report.outcomes] == [OutcomeStatus.SKIPPED]
    assert scene.run(late=True).outcomes[0].status is OutcomeStatus.SKIPPED
    assert scene.texts() == []


def test_a_record_that_was_narrowed_afterwards_asks_a_person_to_close_the_incident(scene, session_post):
    scene.land(FIRST)
    scene.run()
    scene.land(FIRST, an_entry("14:05", audience="confidential", why="It names a customer"))
    report = scene.run()
    [outcome] = report.outcomes
    assert (outcome.effect.verb, dict(outcome.effect.after)) == (Verb.MANUAL, {"open": False})
    [shown] = scene.box.statusio_incidents()
    session_post("incident/resolve", incident_id=shown["_id"], incident_details="Closed by hand", social="0")
    assert scene.run().plan.empty


def test_the_adapter_itself_refuses_what_is_not_public(scene):
    scene.land(FIRST)
    planned = scene.plan()
    [effect] = planned.plan.effects
    hidden = an_incident(FIRST, audience="internal")
    with pytest.raises(Failed, match="not public"):
        scene.provider().apply(ApplyRequest(effect, hidden, scene.handbook, None))
    assert scene.box.writes() == ()


def test_services_without_a_place_hold_the_news_and_name_the_key(scene):
    scene.land(FIRST, services=["backup"])
    report = scene.run()
    assert {outcome.status for outcome in report.outcomes} == {OutcomeStatus.SKIPPED}
    assert "services.<key>.statusio" in report.outcomes[0].detail


def test_a_plan_run_cannot_write(scene):
    scene.writable = False
    scene.land(FIRST)
    planned = scene.plan()
    assert [effect.verb for effect in planned.plan.effects] == [Verb.CREATE]
    assert scene.box.writes() == ()


# One effect at a time


def effect_of(scene, *entries, kind="incident", **changes):
    """The effect and the record of a resource of this kind, as a plan has it."""
    incident = an_incident(*entries, audience="public", **changes)
    memory = LedgerEntry(incident.id, receipts={"statusio.incident": opened_by(incident)})
    situation = RecordContext(scene.handbook, scene.now, memory if kind != "incident" else LedgerEntry(incident.id))
    resource = next(r for r in scene.provider().desired(incident, situation) if r.name.kind == kind)
    after = {**resource.initial, **resource.fields}
    return Effect(resource.name, Verb.POST if resource.continues_thread else Verb.CREATE, {}, after, resource), incident


def opened_by(incident, identity="5f5f5f5f5f5f5f5f5f5f5f5f"):
    return Receipt(identity, "", {"first": incident.timeline[0].key}, a_time("14:05"), "r")


def applied(scene, made, *, opened=False, provider=None):
    """Carry one effect out; `opened`: the incident that it belongs to has a receipt."""
    effect, incident = made
    known = {ref: opened_by(incident).id for ref in effect.resource.refs if opened}
    return (provider or scene.provider()).apply(ApplyRequest(effect, incident, scene.handbook, None, known))


def test_a_message_needs_its_incident(scene):
    with pytest.raises(Failed, match=r"needs statusio\.incident, which is not there"):
        applied(scene, effect_of(scene, FIRST, SECOND, kind="update"))
    assert scene.box.writes() == ()


def test_a_message_to_an_incident_that_is_gone_says_where_to_look(scene):
    with pytest.raises(Failed, match="Incident not found") as caught:
        applied(scene, effect_of(scene, FIRST, SECOND, kind="update"), opened=True)
    assert "a person may have resolved or deleted it" in caught.value.hint


def test_a_component_stays_as_it_is_when_the_message_that_says_so_was_not_sent(scene, session_post):
    scene.land(FIRST)
    scene.run()
    [shown] = scene.box.statusio_incidents()
    session_post("incident/resolve", incident_id=shown["_id"], incident_details="Closed by hand", social="0")
    before = len(scene.box.writes())
    scene.land(FIRST, LAST)
    report = scene.run()
    assert statuses(report) == ["failed post statusio.update", "blocked create statusio.component"]
    assert f"it depends on {report.outcomes[0].effect.name.short}" in report.outcomes[1].detail
    assert [row.path.rpartition("/")[2] for row in scene.box.writes()[before:]] == ["resolve"]


def test_a_component_under_planned_maintenance_is_left_to_people(scene, session_post):
    component, _, container = REGISTRY.partition("-")
    session_post("component/status/update", component=component, container=container, details="x", current_status=200)
    before = len(scene.box.writes())
    done = applied(scene, effect_of(scene, FIRST, LAST, kind="component"), opened=True)
    assert done.normalised == {"status": "planned_maintenance"}
    assert len(scene.box.writes()) == before


def test_a_component_that_is_not_on_the_page_names_the_handbook_key(scene):
    scene.handbook = a_page_handbook(services={"registry": {"name": "Registry", "statusio": ["aa-bb"]}})
    with pytest.raises(Failed, match="'aa-bb' is not on the status page") as caught:
        applied(scene, effect_of(scene, FIRST, LAST, kind="component"), opened=True)
    assert "services.<key>.statusio" in caught.value.hint


def test_an_incident_without_an_id_in_the_answer_is_unknown(scene):
    class Vague:
        page = "p"

        def post(self, path, body):
            return None

    with pytest.raises(Unknown, match="did not return its id"):
        applied(scene, effect_of(scene, FIRST), provider=StatusIo(Vague))


def test_looking_at_components_alone_asks_nothing(scene):
    effect, _ = effect_of(scene, FIRST, LAST, kind="component")
    assert scene.provider().observe([Query(effect.resource, None, None, scene.now)]) == {}
    assert scene.box.requests() == ()


# Off


def test_without_variables_it_still_tells_what_it_would_want(scene):
    provider = StatusIo(scene.provider, "STATUSIO_API_ID is not set")
    incident = an_incident(FIRST, audience="public")
    [resource] = provider.desired(incident, RecordContext(scene.handbook, scene.now, LedgerEntry(incident.id)))
    assert provider.shared(scene.handbook) == ()
    with pytest.raises(BadConfiguration, match="STATUSIO_API_ID is not set"):
        provider.observe([Query(resource, None, None, scene.now)])


@pytest.mark.parametrize(("page", "hint"), [(seed.STATUSIO_PAGE, "set it to have public messages sent"), ("", "")])
def test_without_variables_the_check_is_skipped_with_a_hint_where_the_handbook_names_a_page(scene, page, hint):
    handbook = a_page_handbook(statusio={"page": page}, services={"web": {"name": "Web"}})
    [check] = StatusIo(scene.provider, "STATUSIO_API_ID is not set").check(handbook)
    assert (check.message, check.hint) == ("not configured: STATUSIO_API_ID is not set", hint)
    assert check.status is CheckStatus.SKIPPED


# Configuration


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key": "wrong"}, "STATUSIO_API_ID and STATUSIO_API_KEY are not accepted"),
        ({"page": "5f5f5f5f5f5f5f5f5f5f5f5f"}, "Status.io knows no page '5f5f5f5f5f5f5f5f5f5f5f5f'"),
    ],
)
def test_wrong_configuration_is_one_clear_line(scene, changes, message):
    [check] = StatusIo(lambda: a_client(scene.box, **changes)).check(scene.handbook)
    assert check.status is not CheckStatus.OK
    assert check.message.startswith(message)
    assert "wrong" not in check.message + check.hint


def test_a_page_that_is_set_up_passes_all_checks(scene):
    assert all(check.status is CheckStatus.OK for check in scene.provider().check(scene.handbook))


def test_a_pair_that_does_not_exist_names_the_handbook_key(scene):
    handbook = a_page_handbook(services={"registry": {"name": "Registry", "statusio": ["aa-bb"]}})
    messages = [check.message for check in scene.provider().check(handbook) if check.status is not CheckStatus.OK]
    assert messages == [f"services.registry.statusio names 'aa-bb', which is not on the page '{seed.STATUSIO_PAGE}'"]


def test_the_services_changed_so_a_person_must_change_the_incident(scene):
    scene.land(FIRST)
    scene.run()
    scene.land(FIRST, {**SECOND, "services": ["registry", "git"]})
    scene.run()
    report = scene.run()
    [outcome] = report.outcomes
    assert (outcome.status, set(outcome.effect.after["infrastructure"])) == (OutcomeStatus.MANUAL, {REGISTRY, GIT})
    scene.land(FIRST, {**SECOND, "services": ["registry", "git"]}, LAST)
    scene.run()
    assert ID in scene.memory().incident
    assert (scene.status(REGISTRY), scene.status(GIT)) == (100, 100)


def test_no_credential_is_in_the_ledger_or_the_plan(scene):
    scene.land(*ALL[:3])
    planned = scene.plan()
    scene.run()
    everything = repr(planned) + repr(scene.ledger.files)
    assert seed.STATUSIO_KEY not in everything
    assert seed.STATUSIO_ID not in everything


def test_messages_wait_for_their_incident(scene):
    scene.land(FIRST, SECOND, THIRD)
    scene.box.faults.switch(["statusio/429:always"])
    report = scene.run()
    assert not report.complete
    assert scene.texts() == []


FULL = {"STATUSIO_API_ID": "i", "STATUSIO_API_KEY": "k"}


def test_the_page_is_the_handbooks():
    asked = []
    provider = build(values_of(FULL, VARIABLES), a_handbook(statusio={"page": "p"}), asked.append)
    provider._connect()
    assert ("", "p") == (provider.not_configured, asked[0].page)


def test_without_its_variables_it_says_which():
    assert (
        "STATUSIO_API_ID is not set"
        == build(values_of({}, VARIABLES), a_handbook(), lambda account: None).not_configured
    )


# What doctor checks

COMPONENTS = [
    {"_id": "c1", "name": "API", "containers": [{"_id": "k1", "name": "Europe"}]},
    {"_id": "c2", "name": "\x1b[31mWeb", "containers": [{"_id": "k1", "name": "Europe"}]},
]


class FakePage:
    page = "p1"

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def get(self, path: str, **query: str | int) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def post(self, path: str, body: Mapping[str, object]) -> object:
        raise AssertionError("a check writes nothing")


def examined(answer: object, **services: list[str]) -> list[tuple[str, bool, str, str]]:
    named = {key: {"name": key.title(), "statusio": pairs} for key, pairs in services.items()}
    handbook = a_handbook(services=named or {"web": {"name": "Web"}})
    found = StatusIo(lambda: FakePage(answer)).check(handbook)
    return [(check.name, check.status is CheckStatus.OK, check.message, check.hint) for check in found]


def test_a_page_that_is_set_up_is_three_checks():
    assert [(name, ok) for name, ok, _, _ in examined(COMPONENTS, api=["c1-k1"], web=["c1-k1", "c2-k1"])] == [
        ("statusio credentials", True), ("statusio page", True), ("statusio services", True),
    ]  # fmt: skip


def test_every_wrong_pair_is_a_line_with_its_key_and_what_there_is():
    wrong = [found for found in examined(COMPONENTS, api=["c1-k9"], web=["c2-k1", "x-y"]) if not found[1]]
    assert [message for _, _, message, _ in wrong] == [
        "services.api.statusio names 'c1-k9', which is not on the page 'p1'",
        "services.web.statusio names 'x-y', which is not on the page 'p1'",
    ]
    assert wrong[0][3] == "the page has: c2-k1 (\\x1b[31mWeb / Europe), c1-k1 (API / Europe)"


def test_a_page_with_many_pairs_is_not_listed_whole():
    many = [{"_id": f"c{n}", "name": f"C{n}", "containers": [{"_id": "k", "name": "K"}]} for n in range(30)]
    assert examined(many, api=["x-y"])[2][3].endswith(" ...")


def test_no_service_on_the_page_fails():
    assert examined(COMPONENTS)[-1][1:3] == (
        False,
        "no service has a place on the page, so no public message can be sent",
    )


def test_an_error_is_a_failed_check():
    error = BadConfiguration("STATUSIO_API_ID and STATUSIO_API_KEY are not accepted", "copy both")
    assert examined(error) == [
        ("statusio page", False, "STATUSIO_API_ID and STATUSIO_API_KEY are not accepted", "copy both")
    ]


def test_an_answer_that_is_not_understood_is_a_failed_check():
    assert "cannot be read" in examined({"x": 1})[0][2]
