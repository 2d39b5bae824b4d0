"""A plan on paper: what customers will read stands there in full, and no record can write itself into the frame."""

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from incidentops.core.text import visible
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.plan import Plan
from incidentops.plan.resource import SHARED, Resource, ResourceName
from incidentops.render import plan_json, plans
from incidentops.sandbox.gitlab.text import extract, mentions, references
from paths import GOLDEN

ID = "2026-11-21-registry-503"
RENDERER = MarkdownIt("commonmark").enable("table")
NASTY = (
    "/close", "\n/close\n", "\r/assign @ana", "@all", "#12", "!3", "~bug", "| a | b |", "```", "````\n/close", "~~~",
    "<!-- incidentops:end -->", "</details>", "<script>", "# head", "---", "\u202e", "\x1b[2J", "\ud800",
    "\u2028/close",
    "plan: 0 to do", "**Plan:** nothing", "[x](javascript:1)", "\n\n| --- |\n", "group/project#1", "> quote",
)  # fmt: skip
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=10), max_size=5).map("".join)
values = st.one_of(texts, st.none(), st.booleans(), st.integers(), st.lists(texts, max_size=3).map(tuple))
fields = st.dictionaries(texts | st.sampled_from(["details", "name"]), values, max_size=3)


@st.composite
def effects(draw: st.DrawFn) -> Effect:
    name = ResourceName(draw(texts), draw(st.sampled_from(["gitlab", "statusio"])), "issue", draw(texts))
    return Effect(
        name, draw(st.sampled_from(Verb)), draw(fields), draw(fields), Resource(name, {}), draw(texts), draw(texts),
        draw(texts),
    )  # fmt: skip


@st.composite
def hostile_plans(draw: st.DrawFn) -> Plan:
    found = sorted(draw(st.lists(effects(), max_size=4)), key=lambda effect: effect.name.incident)
    pairs = st.dictionaries(texts, texts, max_size=2)
    return Plan(tuple(found), draw(pairs), draw(pairs), draw(pairs), tuple(draw(st.lists(texts, max_size=2))))


def an_effect(short: str, verb: Verb, after: object = None, before: object = None, **changes: object) -> Effect:
    provider, _, rest = short.partition(".")
    kind, _, key = rest.partition("/")
    name = ResourceName(str(changes.pop("incident", ID)), provider, kind, key)
    public = frozenset({"details", "name", "subject"} if provider == "statusio" else ())
    resource = Resource(name, {}, customers_read=public)
    return Effect(name, verb, before or {}, after or {}, resource, **changes)  # type: ignore[arg-type]


def a_plan() -> Plan:
    old = "# Registry\n\n| severity | S3 |\n| state | investigating |\n\nKept by incidentops."
    new = old.replace("S3", "S2").replace("investigating", "identified")
    return Plan(
        effects=(
            an_effect("gitlab.label/incident", Verb.CREATE, {"color": "#e24329"}, incident=SHARED),
            an_effect(
                "gitlab.issue", Verb.UPDATE,
                {"description": new, "labels": ("incident", "severity::2"), "confidential": True},
                {"description": old, "labels": ("incident", "severity::3"), "confidential": False},
                remark="restored: a person had moved it", restored=("confidential",),
            ),
            an_effect("gitlab.review", Verb.CREATE, {"title": "Incident review", "description": "line\n" * 34}),
            an_effect("gitlab.user/bo", Verb.MANUAL, remark="there is no gitlab.user/bo"),
            an_effect(
                "statusio.incident", Verb.CREATE,
                {
                    "details": "Some image pushes are failing.\nWe are investigating. Ref 5c1e09ab-3f2a9c",
                    "state": "investigating", "status": "partial_service_disruption", "notify": ("email", "social"),
                    "name": "Registry pushes fail with HTTP 503", "infrastructure": ("5a-5b",),
                },
            ),
            an_effect(
                "statusio.update/3f2a9c1b77d0", Verb.POST, {"details": "A fix is in place. Ref 5c1e09ab-77d012"},
                skip_reason="it is from 2026-11-21T10:00:00Z, older than 2h; send it all the same with --late",
            ),
            an_effect(
                "gitlab.issue", Verb.ADOPT, {"id": "12"}, incident="2026-11-21-web-slow", remark="it already exists"
            ),
            an_effect(
                "statusio.incident", Verb.CREATE, {"details": "Slow."}, incident="2026-11-21-web-slow",
                unresolved="it was not found, but the lists do not show all incidents that there are",
            ),
        ),
        not_configured={"statusio": "STATUSIO_API_ID is not set"},
        invalid_records={"2026-11-21-broken": "incidents/2026/2026-11-21-broken.yaml:3:1: SCH001 block: 'x' is no key"},
        notes=("the record '2026-01-01-old' is gone; what it made at the services stays",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "render"), [("plan.txt", plans.text), ("plan.md", plans.markdown), ("plan.json", plan_json.as_json)]
)
def test_a_plan_reads_as_it_was_reviewed(file, render):
    """`make golden` rewrites the file; the difference is for the reviewer."""
    made = render(a_plan()) + "\n"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / file).write_text(made, encoding="utf-8")
    assert (GOLDEN / file).read_text(encoding="utf-8") == made


@pytest.mark.parametrize("render", [plans.text, plans.markdown])
def test_what_customers_will_read_is_there_in_full(render):
    shown = render(a_plan())
    assert "customers will read" in shown
    for line in ("Some image pushes are failing.", "We are investigating. Ref 5c1e09ab-3f2a9c", "A fix is in place."):
        assert line in shown


def test_long_customer_text_is_never_cut():
    long = "word " * 500 + "end"
    plan = Plan((an_effect("statusio.update/a", Verb.POST, {"details": long}),))
    assert long in plans.text(plan)
    assert long in plans.markdown(plan)


def test_a_plan_with_nothing_in_it_is_one_line():
    assert plans.text(Plan(())) == "nothing to do: every service agrees with the records"


def test_the_last_line_sums_up():
    assert plans.text(a_plan()).splitlines()[-1] == (
        "plan: 5 to do, 1 skipped, 1 unresolved, 1 for a person, 1 invalid record"
    )
    assert plans.markdown(a_plan()).splitlines()[-1].startswith("**Plan:** 5 to do")


def test_a_provider_that_is_unreachable_is_named_with_its_reason():
    plan = Plan((), unreachable={"gitlab": "INCIDENT_GITLAB_TOKEN is not accepted"})
    assert "gitlab is unreachable: INCIDENT_GITLAB_TOKEN is not accepted" in plans.text(plan)
    assert plans.text(plan).splitlines()[-1] == "gitlab is unreachable"


# Hostile texts


@given(hostile_plans())
def test_markdown_runs_nothing_and_reaches_nobody(plan):
    made = plans.markdown(plan)
    _, commands = extract(made)
    assert not [*commands, *mentions(made), *references(made)]
    assert not any(line.startswith("/") for line in made.replace("\r", "").split("\n"))


@given(hostile_plans())
def test_markdown_has_no_rows_headings_or_details_but_ours(plan):
    made = plans.markdown(plan)
    rendered = RENDERER.render(made)
    providers = len(re.findall(r"(?m)^### ", made))
    assert rendered.count("<h2>") == 1
    assert rendered.count("<h3>") == providers
    assert rendered.count("<h1>") == 0
    incidents = len({effect.name.incident for effect in plan.effects})
    assert (rendered.count("<details>"), rendered.count("</details>")) == (incidents, incidents)
    rows = sum(1 for effect in plan.effects for change in plans.changes(effect) if not change.lines)
    assert rendered.count("<tr>") == rows + rendered.count("<table>")


@given(hostile_plans())
def test_text_has_no_line_that_is_not_ours(plan):
    made = plans.text(plan)
    assert all(line == visible(line) for line in made.split("\n"))
    last = made.split("\n")[-1]
    assert last == ("plan: " if plan.effects else "") + visible(plans.summary(plan))
    forged = [line for line in made.split("\n")[:-1] if line.startswith("plan: ")]
    allowed = [i for i in {e.name.incident for e in plan.effects} if i.startswith("plan: ")]
    assert len(forged) <= len(allowed) + len(plan.not_configured) + len(plan.unreachable)
