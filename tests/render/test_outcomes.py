"""What came of a run, in words."""

import json

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Resource, ResourceName
from incidentops.render import outcomes

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
EFFECT = Effect(NAME, Verb.CREATE, {}, {"title": "a"}, Resource(NAME, {"title": "a"}))
SHARED = ResourceName("", "gitlab", "label", "incident")


def test_an_outcome_is_one_line_with_what_was_made_and_why_not() -> None:
    done = Outcome(EFFECT, OutcomeStatus.DONE, url="https://gitlab.example.com/1")
    assert outcomes.line(done) == "done           create 2026-11-21-a  gitlab.issue  https://gitlab.example.com/1"
    failed = Outcome(EFFECT, OutcomeStatus.FAILED, "no\x1b[31m\nway")
    assert outcomes.line(failed) == "failed         create 2026-11-21-a  gitlab.issue  (no\\x1b[31m\\nway)"
    label = Outcome(Effect(SHARED, Verb.ADOPT, {}, {}, Resource(SHARED, {})), OutcomeStatus.DONE)
    assert outcomes.line(label) == "done           adopt  gitlab.label/incident"


def test_a_detail_is_printed_once_where_lines_repeat_it() -> None:
    failed = Outcome(EFFECT, OutcomeStatus.FAILED, "no answer")
    assert outcomes.line(failed, "no answer") == "failed         create 2026-11-21-a  gitlab.issue  (as above)"
    assert outcomes.line(failed, "another").endswith("(no answer)")
    done = Outcome(EFFECT, OutcomeStatus.DONE)
    assert outcomes.line(done, "") == "done           create 2026-11-21-a  gitlab.issue"


def test_the_summary_counts_every_status_once() -> None:
    ended = [Outcome(EFFECT, status) for status in OutcomeStatus] + [Outcome(EFFECT, OutcomeStatus.DONE)]
    assert outcomes.summary(Plan(()), ended) == (
        "2 done, 1 skipped, 1 for a person, 1 failed, 1 unresolved, 1 refused, 1 blocked"
    )


def test_the_summary_of_nothing_says_that_all_agrees() -> None:
    assert outcomes.summary(Plan(()), []) == "nothing to do: every service agrees with the records"


def test_the_summary_of_a_run_without_any_service_says_that_nothing_was_checked() -> None:
    assert outcomes.summary(Plan((), unchecked=True), []) == "no service is configured: nothing was checked"


def test_the_summary_names_what_stood_in_the_way() -> None:
    plan = Plan(
        (),
        not_configured={"statusio": "KEY is not set"},
        unreachable={"gitlab": "no\nanswer"},
        invalid_records={"i": "SCH001"},
        notes=("n",),
    )
    assert outcomes.summary(plan, []).split("\n")[1:] == [
        "statusio is not configured: KEY is not set",
        "gitlab is unreachable: no\\nanswer",
        "invalid record i: SCH001",
        "note: n",
    ]


def test_the_json_holds_everything_in_the_order_of_the_run() -> None:
    plan = Plan(
        (EFFECT,), not_configured={"statusio": "x"}, unreachable={"a": "b"}, invalid_records={"i": "w"}, notes=("n",)
    )
    value = json.loads(outcomes.as_json(plan, [Outcome(EFFECT, OutcomeStatus.UNRESOLVED, "why", "u")]))
    assert value == {
        "version": 2,
        "outcomes": [
            {
                "incident": "2026-11-21-a",
                "resource": "gitlab.issue",
                "verb": "create",
                "digest": EFFECT.digest,
                "status": "unresolved",
                "detail": "why",
                "url": "u",
            }
        ],
        "not_configured": {"statusio": "x"},
        "unreachable": {"a": "b"},
        "invalid_records": {"i": "w"},
        "notes": ["n"],
    }
