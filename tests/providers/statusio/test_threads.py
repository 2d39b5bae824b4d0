"""Which texts may reach customers, and which belong together on the status page."""

import re

from hypothesis import given
from hypothesis import strategies as st

from incidentops.plan.resource import Intent, LedgerEntry, Receipt
from incidentops.providers.statusio.threads import publications, reference, thread_mark, threads
from make import NOW, a_near_miss, an_entry, an_incident

OPEN = an_entry("14:02", severity="S2", engage="eoc", state="investigating", publish="It is broken.")
NEWS = an_entry("14:10", publish="It is still broken.")
OVER = an_entry("14:30", state="resolved", status="operational", publish="It works.")
BACK = an_entry("14:40", state="investigating", why="It is back", publish="It is broken again.")
DONE = an_entry("14:50", state="resolved", status="operational", publish="It works again.")


def public(*entries, **changes):
    return an_incident(*entries, **{"audience": "public", **changes})


def sent(incident, *positions):
    """A ledger with receipts for these publications."""
    keys = [publications(incident)[position].key for position in positions]
    return LedgerEntry(incident.id, receipts={f"statusio.update/{key}": Receipt("x", "", {}, NOW, "r") for key in keys})


def texts(incident, memory=None):
    found = threads(incident, memory or LedgerEntry(incident.id))
    return [[publication.entry.publish for publication in thread.publications] for thread in found]


def test_only_what_was_public_at_its_moment_is_published():
    incident = an_incident(
        OPEN, an_entry("14:05", audience="public", why="Customers see it"), NEWS, audience="internal"
    )
    assert [p.entry.publish for p in publications(incident)] == ["It is still broken."]


def test_a_near_miss_tells_nobody():
    assert publications(a_near_miss(audience="public")) == ()


def test_a_security_record_is_silent_without_and_before_its_disclosure():
    assert publications(public(OPEN, NEWS, security={"class": "abuse"})) == ()
    disclosed = {"class": "abuse", "disclosure": {"approved_by": "ana", "at": "2026-11-21T14:10:00Z"}}
    assert [p.entry.publish for p in publications(public(OPEN, NEWS, security=disclosed))] == ["It is still broken."]


def test_blank_texts_are_none_and_the_same_entry_twice_is_one():
    assert publications(public({**OPEN, "publish": "  "})) == ()
    assert len(publications(public(OPEN, NEWS, NEWS))) == 2


def test_one_run_is_one_thread():
    incident = public(OPEN, NEWS, OVER)
    [thread] = threads(incident, LedgerEntry(incident.id))
    assert thread.name.short == "statusio.incident"
    assert [thread.message(p).short.partition("/")[0] for p in thread.publications] == ["statusio.update"] * 3


def test_a_reopened_record_goes_on_in_a_thread_named_after_the_reopen():
    incident = public(OPEN, OVER, BACK, DONE)
    first, second = threads(incident, sent(incident, 0, 1))
    assert second.name.short == f"statusio.incident/{incident.timeline[2].key}"
    assert texts(incident, sent(incident, 0, 1)) == [
        ["It is broken.", "It works."],
        ["It is broken again.", "It works again."],
    ]
    assert first.key == ""


def test_the_key_is_that_of_the_reopen_also_when_it_says_nothing():
    silent = {key: value for key, value in BACK.items() if key != "publish"}
    incident = public(OPEN, OVER, silent, an_entry("14:45", publish="More."))
    assert threads(incident, sent(incident, 1))[1].key == incident.timeline[2].key


def test_a_resolve_that_was_not_sent_before_the_reopen_is_left_out():
    incident = public(OPEN, OVER, BACK)
    assert texts(incident) == [["It is broken.", "It is broken again."]]
    intended = LedgerEntry(
        incident.id, intents={f"statusio.update/{publications(incident)[1].key}": Intent("d", NOW, "r")}
    )
    assert texts(incident, intended) == [["It is broken.", "It works."], ["It is broken again."]]


def test_news_about_what_is_over_is_left_out():
    incident = public(OPEN, OVER, an_entry("14:35", publish="Thank you for waiting."))
    assert texts(incident) == [["It is broken.", "It works."]]


def test_a_reference_tells_nothing_and_differs_with_message_thread_and_record():
    one = reference("2026-11-21-payroll-leak", "", "3f2a9c1b77d0")
    assert re.fullmatch(r"Ref [0-9a-f]{8}-3f2a9c", one)
    assert "payroll" not in one
    assert len({thread_mark("a", ""), thread_mark("b", ""), thread_mark("a", "3f2a9c1b77d0")}) == 3


@given(st.text(), st.text(), st.text(min_size=6))
def test_every_reference_has_the_same_form(incident, thread, entry):
    assert len(reference(incident, thread, entry)) == 19
