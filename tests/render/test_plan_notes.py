"""The one comment on a merge request: a mark that no record can write, everything in it inert, never too long."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec import structs
from msgspec.structs import replace

from incidentops.core.finding import Finding, Level, Location
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.plan.resource import LedgerEntry, Receipt
from incidentops.render import plan_notes
from incidentops.render.plan_notes import NoteSubject
from incidentops.sandbox.gitlab.text import extract, mentions, references
from render.test_plans import ID, a_plan, an_effect, hostile_plans, texts

SUBJECT = NoteSubject("0123456789abcdef" * 2)
FINDING = Finding(
    "OWN001", Level.BLOCK, Location("incidents/2026/a.yaml", 14, 5), "resolved by 'ana', but 'bo' owns it"
)
ADVICE = structs.replace(FINDING, code="OWN002", level=Level.ADVISE, message="nobody engaged")


def planned(merge_request: int, *parts: Any) -> str:
    return plan_notes.signed(merge_request, plan_notes.planned(*parts))


def done(merge_request: int, *parts: Any) -> str:
    return plan_notes.signed(merge_request, plan_notes.done(*parts))


def an_outcome(effect: Effect, status: OutcomeStatus = OutcomeStatus.DONE, detail: str = "", url: str = "") -> Outcome:
    return Outcome(effect, status, detail, url)


def test_it_begins_with_a_mark_that_says_for_what_and_what_it_says() -> None:
    body = planned(7, a_plan(), SUBJECT)
    mark = plan_notes.marked(body)
    assert mark is not None
    assert mark[0] == 7
    assert plan_notes.intact(body)
    assert plan_notes.marked(planned(8, a_plan(), SUBJECT)) != mark
    assert planned(7, a_plan(), SUBJECT) == body


def test_blanks_that_gitlab_strips_are_no_edit_and_a_word_is_one() -> None:
    body = planned(7, a_plan(), SUBJECT)
    assert plan_notes.intact(body.replace("\n", "\r\n") + "\n\n")
    assert not plan_notes.intact(body.replace("failing", "fine"))
    assert not plan_notes.intact(body + "\n\nApproved")


@pytest.mark.parametrize(
    "body",
    ["", "plain", "x <!-- incidentops:plan merge-request 7 " + "0" * 64 + " -->", " <!-- incidentops:plan -->",
     "> <!-- incidentops:plan merge-request 7 " + "0" * 64 + " -->", plan_notes.COPY],
)  # fmt: skip
def test_anything_else_has_no_mark(body: str) -> None:
    assert plan_notes.marked(body) is None
    assert not plan_notes.intact(body)


def test_it_tells_verdict_customers_text_what_is_skipped_what_is_by_hand_and_what_it_was_made_for() -> None:
    subject = NoteSubject("0123456789abcdef", (ADVICE, FINDING), 2)
    body = planned(7, a_plan(), subject)
    assert "**Rules:** 2 records, 1 blocking, 1 advice" in body
    assert body.index("OWN001") < body.index("OWN002"), "what blocks comes first"
    assert "incidents/2026/a.yaml:14:5: OWN001 block: resolved by 'ana', but 'bo' owns it" in body
    assert "customers will read:\n\n```\nSome image pushes are failing.\nWe are investigating. Ref" in body
    assert "### Skipped\n\n- post " in body
    assert "older than 2h" in body.partition("### Skipped")[2].partition("<details>")[0]
    assert "### Unresolved" in body
    assert "### For a person\n\n- manual " in body
    assert "For commit `0123456789ab`" in body
    assert f"plan `{a_plan().digest[:16]}`" in body
    assert "STATUSIO\\_API\\_ID is not set" in body.replace("STATUSIO_API_ID", "STATUSIO\\_API\\_ID")


def test_a_text_that_is_skipped_is_not_shown_as_if_it_were_sent() -> None:
    body = planned(7, a_plan(), SUBJECT)
    assert "A fix is in place" not in body.partition("### Skipped")[0]


def test_many_findings_are_counted() -> None:
    body = planned(7, Plan(()), NoteSubject("", (FINDING,) * 60, 60))
    assert body.count("OWN001") == 50
    assert "and 10 more, in the report of the pipeline" in body


def test_what_a_person_must_set_is_named() -> None:
    plan = Plan((an_effect("statusio.incident", Verb.MANUAL, {"name": "New"}, {"name": "Old"}),))
    assert "set name" in planned(7, plan, SUBJECT)


def test_others_with_our_mark_are_warned_of() -> None:
    body = planned(7, Plan(()), SUBJECT, ((12, "mallory"), (13, "@all")))
    assert "Comment 12 by mallory has the mark of this one and is not kept up to date: do not rely on it." in body
    assert mentions(body) == ()


def test_too_long_a_plan_is_cut_at_whole_parts_and_says_so() -> None:
    long = [
        an_effect(
            "statusio.incident", Verb.CREATE, {"details": f"text {number} " * 20_000}, incident=f"{ID}-{number:02}"
        )
        for number in range(10)
    ]
    body = planned(7, Plan(tuple(long)), SUBJECT)
    assert len(body) <= plan_notes.LIMIT
    assert "parts left out** because a comment cannot be longer" in body
    assert "too long to be shown here" in body
    assert "text 0 text 0" in body
    assert body.count("<details>") == body.count("</details>")
    assert "For commit" in body.rpartition("---")[2]


@pytest.mark.no_cover
def test_so_many_skipped_texts_that_there_is_no_room_are_counted() -> None:
    skipped = [
        an_effect("statusio.update/a", Verb.POST, {}, skip_reason="x" * 300, incident=f"i{n}") for n in range(4000)
    ]
    body = planned(7, Plan(tuple(skipped)), SUBJECT)
    assert len(body) <= plan_notes.LIMIT
    assert "4000, too many to be shown here" in body


def test_after_the_merge_it_tells_what_was_done_with_links() -> None:
    issue, update = an_effect("gitlab.issue", Verb.CREATE, {"title": "x"}), an_effect("statusio.update/1", Verb.POST)
    receipt = Receipt("3", "https://gitlab.example.com/a/b/-/issues/3", {}, datetime(2026, 11, 21, tzinfo=UTC), "run")
    pages = {
        ID: LedgerEntry(
            ID, receipts={"gitlab.review": receipt, "gitlab.issue": receipt, "gitlab.label/x": replace(receipt, url="")}
        )
    }
    body = done(
        7,
        [
            an_outcome(issue, url="https://gitlab.example.com/a/b/-/issues/2"),
            an_outcome(update, OutcomeStatus.SKIPPED, "too late"),
        ],
        pages,
    )
    assert "1 done, 1 skipped" in body
    assert f"- done: create {ID} gitlab.issue ([open](https://gitlab.example.com/a/b/-/issues/2))" in body
    assert "- skipped: post" in body
    assert "too late" in body
    assert f"Also there:\n\n- {ID} gitlab.review ([open](https://gitlab.example.com/a/b/-/issues/3))" in body
    assert body.count("gitlab.issue") == 1
    assert plan_notes.intact(body)


def test_what_is_no_plain_address_is_no_link() -> None:
    body = done(7, [an_outcome(an_effect("gitlab.issue", Verb.CREATE), url="javascript:alert(1)")], {})
    assert "javascript" not in body


def test_so_many_outcomes_that_there_is_no_room_are_counted() -> None:
    body = done(7, [an_outcome(an_effect("gitlab.issue", Verb.CREATE), detail="x" * 1000)] * 1500, {})
    assert len(body) <= plan_notes.LIMIT
    assert "1500 effects, too many to be shown here" in body


RENDERER = MarkdownIt("commonmark").enable("table")


def check_inert(body: str, merge_request: int) -> None:
    stored, commands = extract(body)
    assert commands == ()
    assert stored == body.rstrip()
    assert mentions(body) == ()
    assert references(body) == ()
    assert not [line for line in body.replace("\r", "").split("\n") if line.startswith("/")]
    assert (plan_notes.marked(body) or (0,))[0] == merge_request
    assert plan_notes.intact(stored)
    html = RENDERER.render(body)
    assert html.count("<details>") == html.count("</details>")
    assert "<script" not in html


findings = st.builds(
    Finding, st.just("OWN001"), st.sampled_from(Level), st.builds(Location, texts), texts, texts, st.just(()), texts
)


@given(
    hostile_plans(), st.lists(findings, max_size=3).map(tuple), st.lists(st.tuples(st.integers(0), texts), max_size=2)
)
def test_no_record_can_do_anything_with_the_comment_but_be_read(
    plan: Plan, found: tuple[Finding, ...], others: list
) -> None:  # type: ignore[type-arg]
    check_inert(planned(7, plan, NoteSubject("0" * 40, found, len(found)), others), 7)


@given(hostile_plans(), texts, texts)
def test_no_outcome_can_do_anything_with_the_comment_but_be_read(plan: Plan, text: str, url: str) -> None:
    ended = [Outcome(effect, status, text, url) for effect in plan.effects for status in OutcomeStatus]
    entry = LedgerEntry(text, receipts={url: Receipt("1", url, {}, datetime(2026, 11, 21, tzinfo=UTC), "run")})
    check_inert(done(7, ended, {text: entry}), 7)
