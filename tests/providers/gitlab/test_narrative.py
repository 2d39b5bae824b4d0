"""The record as prose for people."""

from datetime import timedelta

from incidentops.providers.gitlab import narrative
from make import a_handbook, a_near_miss, a_time, an_entry, an_incident

HANDBOOK = a_handbook()


def shown_entries(incident, naming=None):
    shown = narrative.timeline(incident, HANDBOOK, naming or narrative.by_name(HANDBOOK))
    return [entry for entries in shown.days.values() for entry in entries]


def test_seconds_are_shown_when_there_are_any():
    assert "2026-11-21 14:02 UTC" == narrative.when(a_time("14:02"))
    assert "2026-11-21 14:02:10 UTC" == narrative.when(a_time("14:02:10"))


def test_what_is_not_known_took_no_time():
    assert "1h30m" == narrative.took(a_time("14:00"), a_time("15:30"))
    assert "not recorded" == narrative.took(None, a_time("15:30"))
    assert "not recorded" == narrative.took(a_time("15:30"), a_time("15:30") - timedelta(seconds=1))


def test_an_entry_tells_all_that_it_decides():
    incident = an_incident(
        an_entry("14:02", severity="S2", audience="public", services=["web", "git"], why="so it is"),
        an_entry("14:03", engage="eoc", who="bo"),
        an_entry("14:04", page="cmoc"),
        an_entry("14:05", by="bo", release="eoc", why="shift", state="identified", status="degraded_performance"),
    )
    assert [
        "- **14:02** Ana Silva: reports it, severity S2, audience public, services Web, Git\n\n  Why: so it is",
        "- **14:03** Ana Silva: engages as Engineer on call (Bo Lindqvist)",
        "- **14:04** Ana Silva: pages Communications manager on call",
        "- **14:05** Bo Lindqvist: releases Engineer on call, identified, status degraded performance\n\n  Why: shift",
    ] == shown_entries(incident)


def test_a_note_alone_needs_no_decision():
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry("14:03", by="cy", note="It is slow"))
    assert "- **14:03** Cy Okafor\n\n  It is slow" == shown_entries(incident)[1]


def test_each_day_has_its_own_entries():
    incident = an_incident(an_entry("23:59", severity="S3"), an_entry("2026-11-22T00:01:00Z", note="x"))
    days = narrative.timeline(incident, HANDBOOK, narrative.by_name(HANDBOOK)).days
    assert ["2026-11-21", "2026-11-22"] == list(days)


def test_by_role_people_are_what_they_were():
    incident = an_incident(
        an_entry("14:02", severity="S3"), an_entry("14:03", engage="eoc"), an_entry("14:04", by="bo")
    )
    roles = [
        entry.split("** ")[1].split("\n")[0] for entry in shown_entries(incident, narrative.by_role(incident, HANDBOOK))
    ]
    assert [
        "The person who declared: reports it, severity S3",
        "Engineer on call: engages as Engineer on call",
        "A responder",
    ] == roles


def test_who_noticed_a_near_miss_is_called_so():
    incident = a_near_miss()
    assert "The person who noticed" in shown_entries(incident, narrative.by_role(incident, HANDBOOK))[0]


def test_somebody_unknown_keeps_the_key():
    assert "zed" == narrative.person("zed", HANDBOOK)


def test_a_service_that_is_not_in_the_handbook_keeps_its_key():
    assert "Registry, other" == narrative.service_names(("registry", "other"), HANDBOOK)
