"""STA: state and status, and what must be true before a resolve."""

import pytest

from incidentops.core.finding import Level
from incidentops.rules import state
from make import a_time, an_entry, an_incident
from rules.asked import messages, places, problems

DOWN = "partial_service_disruption"


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (an_entry("14:05", state="resolved"), True),
        (an_entry("14:05", state="resolved", status="operational"), False),
        (an_entry("14:05", state="resolved", status="service_disruption"), True),
    ],
)
def test_a_resolved_incident_is_operational(last: dict[str, object], found: bool):
    incident = an_incident(an_entry("14:02", severity="S3", status="degraded_performance"), last)
    assert (["timeline.1.state"] if found else []) == places(state.resolved_not_operational, incident)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (an_entry("15:00", note="the graphs look fine"), []),
        (an_entry("15:00", release="eoc", why="it is over"), []),
        (an_entry("15:00", audience="internal", why="names a customer"), []),
        (an_entry("15:00", severity="S2"), ["severity set after the incident was resolved (14:05Z)"]),
        (
            an_entry("15:00", status="operational", publish="fine"),
            ["status and publish set after the incident was resolved (14:05Z)"],
        ),
        (an_entry("15:00", services=["web"]), ["services set after the incident was resolved (14:05Z)"]),
        (an_entry("15:00", engage="imoc"), ["engage set after the incident was resolved (14:05Z)"]),
        (an_entry("15:00", page="imoc"), ["page set after the incident was resolved (14:05Z)"]),
        (an_entry("15:00", state="resolved"), ["state set after the incident was resolved (14:05Z)"]),
        (an_entry("15:00", state="investigating"), ["reopened as investigating without a reason"]),
        (an_entry("15:00", state="investigating", severity="S2", status=DOWN, why="pushes fail again"), []),
    ],
)
def test_after_the_resolve_only_notes_releases_and_reopens(entry: dict[str, object], found: list[str]):
    incident = an_incident(an_entry("14:02", severity="S3", engage="eoc"), an_entry("14:05", state="resolved"), entry)
    assert found == messages(state.changed_after_resolve, incident)


def test_after_a_reopen_everything_may_change_again():
    reopened = an_entry("15:00", state="investigating", why="pushes fail again")
    incident = an_incident(
        an_entry("14:02", severity="S3", state="resolved"), reopened, an_entry("15:10", severity="S2")
    )
    assert [] == messages(state.changed_after_resolve, incident)


def test_the_finding_stands_at_what_was_changed():
    incident = an_incident(
        an_entry("14:02", severity="S3", state="resolved"), an_entry("14:05", severity="S2", publish="still broken")
    )
    assert ["timeline.1.severity"] == places(state.changed_after_resolve, incident)


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        pytest.param(
            [an_entry("14:10", state="monitoring"), an_entry("14:40", state="resolved")],
            ["resolved after 30m of monitoring (since 14:10Z); after a disruption it takes more than 30m"],
            id="exactly the time is not more",
        ),
        pytest.param([an_entry("14:10", state="monitoring"), an_entry("14:40:01", state="resolved")], [], id="more"),
        pytest.param(
            [
                an_entry("14:10", state="monitoring"),
                an_entry("14:30", state="monitoring"),
                an_entry("14:41", state="resolved"),
            ],
            [], id="repeating the state does not start the time again",
        ),
        pytest.param(
            [
                an_entry("14:10", state="monitoring"),
                an_entry("14:30", state="identified"),
                an_entry("14:31", state="monitoring"),
                an_entry("14:50", state="resolved"),
            ],
            ["resolved after 19m of monitoring (since 14:31Z); after a disruption it takes more than 30m"],
            id="monitoring was broken",
        ),
        pytest.param(
            [an_entry("15:00", state="resolved")],
            ["resolved without monitoring before it; after a disruption it takes more than 30m"], id="never monitored",
        ),
        pytest.param(
            [
                an_entry("14:10", state="monitoring"),
                an_entry("14:50", state="resolved", status="operational"),
                an_entry("15:00", state="investigating", why="again"),
                an_entry("15:05", state="resolved"),
            ],
            [], id="the run after the reopen saw no disruption",
        ),
    ],
)  # fmt: skip
def test_a_disruption_is_watched_before_it_is_resolved(entries: list[dict[str, object]], found: list[str]):
    incident = an_incident(an_entry("14:02", severity="S3", status=DOWN, state="investigating"), *entries)
    assert found == messages(state.monitoring_too_short, incident)


def test_without_a_disruption_no_monitoring_is_needed():
    incident = an_incident(an_entry("14:02", severity="S3", status="degraded_performance", state="resolved"))
    assert [] == places(state.monitoring_too_short, incident)


def test_a_disruption_declared_and_resolved_in_one_entry_was_not_watched():
    incident = an_incident(an_entry("14:02", severity="S3", status=DOWN, state="resolved"))
    assert ["timeline.0.state"] == places(state.monitoring_too_short, incident)


A, B = "timeline.0.status", "timeline.1.state"


@pytest.mark.parametrize(
    ("entries", "now", "found"),
    [
        pytest.param([], "14:17", [], id="live, exactly when the time runs out"),
        pytest.param([], "14:17:01", [A], id="live, a second later"),
        pytest.param([an_entry("14:17", by="bo", engage="imoc")], "15:00", [], id="engaged at the last second"),
        pytest.param([an_entry("14:17:01", by="bo", engage="imoc")], "15:00", [A], id="engaged too late"),
        pytest.param([an_entry("14:05", page="imoc")], "15:00", [A], id="a page is not enough"),
        pytest.param([an_entry("14:17", state="resolved")], "15:00", [B], id="over in time, without any"),
        pytest.param([an_entry("14:40", state="resolved")], "15:00", [A, B], id="over too late, without any"),
        pytest.param(
            [an_entry("14:40", state="resolved", by="bo", engage="imoc")], "15:00", [A], id="engages and resolves"
        ),
        pytest.param([an_entry("14:40", state="resolved"), an_entry("14:40", by="bo", engage="imoc")], "15:00", [A],
                     id="a later entry of the same second counts"),
    ],
)  # fmt: skip
def test_a_disruption_has_an_imoc(entries: list[dict[str, object]], now: str, found: list[str]):
    incident = an_incident(an_entry("14:02", severity="S3", status=DOWN, engage="eoc"), *entries)
    assert found == places(state.disruption_without_imoc, incident, now=a_time(now))


def test_late_is_an_advice_and_never_is_a_block():
    incident = an_incident(an_entry("14:02", severity="S3", status=DOWN), an_entry("14:40", state="resolved"))
    late, never = problems(state.disruption_without_imoc, incident)
    assert (None, Level.BLOCK) == (late.level, never.level)
    assert never.message == f"resolved, and no imoc engaged since the {DOWN} at 14:02Z"


def test_an_imoc_who_was_engaged_before_counts():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:03", by="bo", engage="imoc"),
        an_entry("14:10", status="service_disruption"),
        an_entry("15:00", by="bo", state="resolved"),
    )
    assert [] == places(state.disruption_without_imoc, incident)


def test_an_imoc_who_left_before_the_disruption_does_not_count():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc"),
        an_entry("14:03", by="bo", engage="imoc"),
        an_entry("14:05", by="bo", release="imoc", why="harmless"),
        an_entry("14:10", status="service_disruption"),
        an_entry("15:00", state="resolved"),
    )
    assert ["timeline.3.status", "timeline.4.state"] == places(state.disruption_without_imoc, incident)


def test_every_entry_that_sets_such_a_status_is_looked_at():
    incident = an_incident(
        an_entry("14:02", severity="S3", status=DOWN), an_entry("14:30", status="service_disruption")
    )
    assert ["timeline.0.status", "timeline.1.status"] == places(state.disruption_without_imoc, incident)


def test_a_run_answers_for_its_own_disruptions():
    incident = an_incident(
        an_entry("14:02", severity="S3", status=DOWN),
        an_entry("14:05", by="bo", engage="imoc", state="resolved", status="operational"),
        an_entry("14:06", by="bo", release="imoc", why="over"),
        an_entry("15:00", state="investigating", why="again"),
        an_entry("15:05", state="resolved"),
    )
    assert [] == places(state.disruption_without_imoc, incident)


@pytest.mark.parametrize(
    ("entries", "now", "found"),
    [
        pytest.param([], "14:32", [], id="live, exactly when the time runs out"),
        pytest.param([], "14:32:01", ["timeline.0.state"], id="live, a second later"),
        pytest.param([an_entry("14:32", page="imoc")], "15:00", [], id="paged at the last second"),
        pytest.param([an_entry("14:32:01", page="imoc")], "15:00", ["timeline.0.state"], id="paged too late"),
        pytest.param([an_entry("14:32", state="identified")], "15:00", [], id="identified in time"),
        pytest.param([an_entry("14:33", state="resolved")], "15:00", ["timeline.0.state"], id="over too late"),
        pytest.param(
            [an_entry("14:20", state="identified"), an_entry("14:21", state="investigating")],
            "14:51", [], id="two stretches, each short enough",
        ),
    ],
)  # fmt: skip
def test_investigating_for_long_calls_the_imoc(entries: list[dict[str, object]], now: str, found: list[str]):
    incident = an_incident(an_entry("14:02", severity="S3", engage="eoc", state="investigating"), *entries)
    assert found == places(state.investigating_too_long, incident, now=a_time(now))


def test_the_time_counts_from_when_the_eoc_engaged():
    entries = [an_entry("14:02", severity="S3", state="investigating"), an_entry("14:12", engage="eoc")]
    assert [] == places(state.investigating_too_long, an_incident(*entries), now=a_time("14:42"))
    assert ["investigating since 14:02Z, and no imoc was paged or engaged within 30m of 14:12Z"] == messages(
        state.investigating_too_long, an_incident(*entries), now=a_time("14:42:01")
    )


def test_without_an_eoc_the_time_does_not_count():
    incident = an_incident(an_entry("14:02", severity="S3", state="investigating"))
    assert [] == places(state.investigating_too_long, incident)


@pytest.mark.parametrize(
    ("security", "found"),
    [
        (None, ["status security_issue at 14:05Z, but there is no security.disclosure"]),
        ({"class": "abuse"}, ["status security_issue at 14:05Z, but there is no security.disclosure"]),
        ("2026-11-21T14:05:00Z", []),
        (
            "2026-11-21T14:05:01Z",
            ["status security_issue at 14:05Z, but the disclosure is at 2026-11-21T14:05:01Z"],
        ),
    ],
)
def test_security_issue_waits_for_the_disclosure(security: object, found: list[str]):
    if isinstance(security, str):
        security = {"class": "abuse", "disclosure": {"approved_by": "cy", "at": security}}
    incident = an_incident(
        an_entry("14:02", severity="S3"), an_entry("14:05", status="security_issue"), security=security
    )
    assert found == messages(state.security_issue_undisclosed, incident)
