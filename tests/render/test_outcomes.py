"""How a run ended, in words."""

import json

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import Ending, Outcome
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Resource, ResourceName
from incidentops.render import outcomes

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
EFFECT = Effect(NAME, Verb.CREATE, {}, {"title": "a"}, Resource(NAME, {"title": "a"}))
SHARED = ResourceName("", "gitlab", "label", "incident")


def test_an_outcome_is_one_line_with_what_was_made_and_why_not() -> None:
    done = Outcome(EFFECT, Ending.DONE, url="https://gitlab.example.com/1")
    assert outcomes.line(done) == "done           create 2026-11-21-a  gitlab.issue  https://gitlab.example.com/1"
    failed = Outcome(EFFECT, Ending.FAILED, "no\x1b[31m\nway")
    assert outcomes.line(failed) == "failed         create 2026-11-21-a  gitlab.issue  (no\\x1b[31m\\nway)"
    label = Outcome(Effect(SHARED, Verb.ADOPT, {}, {}, Resource(SHARED, {})), Ending.DONE)
    assert outcomes.line(label) == "done           adopt  gitlab.label/incident"


def test_the_summary_counts_every_ending_once() -> None:
    ended = [Outcome(EFFECT, ending) for ending in Ending] + [Outcome(EFFECT, Ending.DONE)]
    assert outcomes.summary(Plan(()), ended) == (
        "2 done, 1 held back, 1 for a person, 1 failed, 1 needs a person, 1 refused, 1 waiting"
    )


def test_the_summary_of_nothing_says_that_all_agrees() -> None:
    assert outcomes.summary(Plan(()), []) == "nothing to do: every service agrees with the records"


def test_the_summary_names_what_stood_in_the_way() -> None:
    plan = Plan(
        (), off={"statusio": "KEY is not set"}, down={"gitlab": "no\nanswer"}, unfit={"i": "SCH001"}, notes=("n",)
    )
    assert outcomes.summary(plan, []).split("\n")[1:] == [
        "statusio is off: KEY is not set",
        "gitlab could not be read: no\\nanswer",
        "left alone: i: SCH001",
        "note: n",
    ]


def test_the_json_holds_everything_in_the_order_of_the_run() -> None:
    plan = Plan((EFFECT,), off={"statusio": "x"}, down={"a": "b"}, unfit={"i": "w"}, notes=("n",))
    value = json.loads(outcomes.as_json(plan, [Outcome(EFFECT, Ending.UNKNOWN, "why", "u")]))
    assert value == {
        "version": 1,
        "outcomes": [
            {
                "incident": "2026-11-21-a",
                "resource": "gitlab.issue",
                "verb": "create",
                "digest": EFFECT.digest,
                "ending": "unknown",
                "said": "why",
                "url": "u",
            }
        ],
        "off": {"statusio": "x"},
        "down": {"a": "b"},
        "unfit": {"i": "w"},
        "notes": ["n"],
    }
