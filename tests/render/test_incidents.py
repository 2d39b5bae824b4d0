"""Incidents as text and JSON: complete, and safe to print whatever the file says."""

import json

from hypothesis import given
from hypothesis import strategies as st

from incidentops.render import incidents
from incidentops.render.table import aligned
from make import NOW, a_handbook, a_moment, a_near_miss, a_time, an_entry, an_incident

BOOK = a_handbook()
WILD = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text.strip())
STEERING = {chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0), 0x202E, 0x2066, 0x2028, 0x2029)} - {"\n"}


def full() -> object:
    return an_incident(
        an_entry("14:02", severity="S2", note="Paged"),
        an_entry("14:03", engage="eoc"),
        an_entry("14:05", state="investigating", status="partial_service_disruption", publish="Two\n\nlines\n"),
        an_entry("14:06", page="imoc", services=["web"], audience="public", why="Customers ask"),
        an_entry("14:11", "ana", engage="imoc", who="bo"),
        an_entry("14:20", "bo", publish="Still looking."),
        an_entry("14:41", "ana", state="monitoring"),
        an_entry("15:20", "bo", state="resolved", status="operational", publish="Over."),
        an_entry("15:30", "bo", release="imoc", why="Done"),
        impact={"started": a_moment("13:58"), "ended": a_moment("15:20"), "summary": "12% failed"},
        review={"owner": "ana", "started": a_moment("16:00"), "completed": a_moment("17:00")},
        corrective_actions=[
            {"key": "a", "title": "A", "owner": "ana", "severity": "S2", "due": "2026-12-05"},
            {"key": "b", "title": "B", "done": "2026-12-01"},
            {"key": "c", "title": "C", "wont_do": "No"},
            {"key": "d", "title": "D"},
        ],
        links={"doc": "https://docs.example.com/1"},
        related=[{"to": "2026-11-20-x", "as": "caused_by"}],
    )


def test_everything_that_a_record_says_is_shown():
    assert """\
Registry pushes fail with HTTP 503
id        2026-11-21-registry-503
kind      incident
severity  S2
state     resolved since 2026-11-21T15:20:00Z
status    operational
owner     ana (eoc) since 2026-11-21T15:30:00Z
services  web
audience  public
declared  2026-11-21T14:02:00Z by ana

roles
  eoc   ana, engaged since 2026-11-21T14:03:00Z
  imoc  nobody engaged, ana acts
  cmoc  nobody engaged, ana acts
  eoc   ana for 1h17m, from 2026-11-21T14:03:00Z
  imoc  bo for 1h19m, from 2026-11-21T14:11:00Z to 2026-11-21T15:30:00Z

impact
  started   2026-11-21T13:58:00Z
  ended     2026-11-21T15:20:00Z
  lasted    1h22m
  summary: 12% failed

timeline
  2026-11-21T14:02:00Z  ana: severity S2
      note: Paged
  2026-11-21T14:03:00Z  ana: engage eoc
  2026-11-21T14:05:00Z  ana: state investigating, status partial_service_disruption
      publish: Two

        lines
  2026-11-21T14:06:00Z  ana: services web, audience public, page imoc
      why: Customers ask
  2026-11-21T14:11:00Z  ana: engage imoc bo
  2026-11-21T14:20:00Z  bo: publish
      publish: Still looking.
  2026-11-21T14:41:00Z  ana: state monitoring
  2026-11-21T15:20:00Z  bo: state resolved, status operational
      publish: Over.
  2026-11-21T15:30:00Z  bo: release imoc
      why: Done

review    ana, started 2026-11-21T16:00:00Z, completed 2026-11-21T17:00:00Z
corrective actions
  a: S2 A, ana, due 2026-12-05
  b: B, nobody, done 2026-12-01
  c: C, nobody, won't do: No
  d: D, nobody, no due date

links
  doc: https://docs.example.com/1
  caused by: 2026-11-20-x

next due
  2026-12-05T23:59:59Z  corrective action a (in 14d)
""" == incidents.as_text(full(), BOOK, NOW)


def test_a_near_miss_has_neither_state_nor_roles():
    shown = incidents.as_text(a_near_miss(review={}), BOOK, NOW)
    assert "severity  S2, if it had happened\n" in shown
    assert "roles" not in shown
    assert "review    nobody, not started\n" in shown


def test_a_severity_and_a_state_that_are_not_known_yet_are_shown_so():
    shown = incidents.as_text(an_incident(an_entry("14:02")), BOOK, NOW)
    assert "severity  none\nstate     none yet\n" in shown
    assert "impact" not in shown


def test_an_impact_without_anything_to_say_says_nothing():
    assert "impact" not in incidents.as_text(an_incident(impact={}), BOOK, NOW)


def test_that_nothing_is_to_be_done_is_shown():
    shown = incidents.as_text(an_incident(corrective_actions={"none_because": "A cable"}), BOOK, NOW)
    assert "no corrective actions: A cable\n" in shown


def test_the_past_leaves_out_what_has_no_moment():
    shown = incidents.as_text(full(), BOOK, NOW, past=True)
    assert not [word for word in ("impact", "review", "links", "next due") if f"\n{word}" in shown]


def test_json_holds_the_record_and_what_follows_from_it():
    output = json.loads(json.dumps(incidents.as_json(full(), BOOK, NOW)))
    assert ("S2", "resolved", "ana", False) == tuple(output[key] for key in ("severity", "state", "owner", "live"))
    assert 9 == len(output["timeline"])
    assert {"to": "2026-11-20-x", "as": "caused_by"} == output["related"][0]
    assert ["eoc", "imoc"] == [interval["role"] for interval in output["role_intervals"]]
    assert "corrective action a" == output["next_due"][0]["what"]


def test_the_line_of_now_is_one_line():
    assert "S2, resolved, operational, owner ana (eoc)" == incidents.now_line(full())
    assert "no severity, no state yet, operational, owner ana (declared it)" == incidents.now_line(
        an_incident(an_entry())
    )
    assert "near miss, S2 if it had happened, noticed by ana" == incidents.now_line(a_near_miss())


@given(WILD, WILD, WILD)
def test_no_text_can_steer_a_terminal_or_forge_a_line(title: str, note: str, publish: str):
    incident = an_incident(
        an_entry("14:02", severity="S2", note=note, publish=publish), title=title, impact={"summary": note},
        corrective_actions=[{"key": "a", "title": title, "wont_do": note}], links={title: publish},
    )  # fmt: skip
    shown = incidents.as_text(incident, BOOK, NOW)
    assert STEERING.isdisjoint(shown)
    assert 1 == sum(line.startswith("state ") for line in shown.split("\n"))
    table = aligned([incidents.COLUMNS, incidents.row(incidents.brief(incident))])
    assert 2 == table.count("\n")
    assert STEERING.isdisjoint(table)


def test_a_table_is_aligned():
    rows = [incidents.row(incidents.brief(i)) for i in (full(), a_near_miss(file="incidents/2026/2026-11-21-x.yaml"))]
    first, second, third = aligned([incidents.COLUMNS, *rows]).splitlines()
    assert first.index("severity") == second.index("S2") == third.index("S2")
    assert third.split()[:4] == ["2026-11-21-x", "S2", "near", "miss"]


def test_an_open_role_is_counted_to_now_while_the_incident_is_live():
    live = an_incident(an_entry("14:02", severity="S3", engage="eoc"))
    (interval,) = incidents.as_json(live, BOOK, a_time("14:32"))["role_intervals"]
    assert (1800, None) == (interval["seconds"], interval["until"])
