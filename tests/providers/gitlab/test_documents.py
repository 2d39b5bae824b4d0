"""The texts of issues: what stands in them, and that nothing in them is a command."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.providers.gitlab import documents, markers
from incidentops.sandbox.gitlab.text import extract, mentions, references
from make import a_handbook, a_near_miss, an_entry, an_incident
from paths import GOLDEN

HANDBOOK = a_handbook()
ACTIONS = [
    {"key": "pin-chart", "title": "Pin the registry | chart", "owner": "ana", "severity": "S2", "due": "2026-12-05"},
    {"key": "alert", "title": "Alert on `5xx`", "done": "2026-11-30", "evidence": "https://dash.example.com/d/1"},
    {"key": "rewrite", "title": "Rewrite it", "owner": "bo", "wont_do": "Too much for too little"},
]


def whole():
    return an_incident(
        an_entry("14:02", severity="S2", note="Paged by `RegistryErrorRatio`"),
        an_entry("14:03", engage="eoc"),
        an_entry(
            "14:05",
            state="investigating",
            status="partial_service_disruption",
            publish="Some image pushes are failing.\nWe are investigating.",
        ),
        an_entry("14:06", page="imoc"),
        an_entry("14:11", by="bo", engage="imoc"),
        an_entry("14:30", state="identified", note="/close\n\n- chart #4.2 dropped it\n- ask @ana"),
        an_entry("14:31", by="bo", severity="S3", why="pulls work"),
        an_entry("14:35", by="dee", note="Looked at the logs"),
        an_entry("14:41", state="monitoring", services=["registry", "web"]),
        an_entry("15:20:30", by="bo", state="resolved", status="operational", publish="Image pushes work again."),
        an_entry("2026-11-22T09:00:00Z", release="eoc", why="end of the shift"),
        audience="public",
        alerts=[
            {
                "source": "pagerduty",
                "id": "Q1ABC",
                "fired": "2026-11-21T14:00:10Z",
                "acknowledged": "2026-11-21T14:03:00Z",
            }
        ],
        impact={
            "started": "2026-11-21T13:58:00Z",
            "detected": "2026-11-21T14:00:10Z",
            "ended": "2026-11-21T15:20:00Z",
            "summary": "12% of pushes failed",
        },
        review={"owner": "ana", "severity": "S2", "root_cause": "The chart dropped a secret.", "lessons": "Pin it."},
        corrective_actions=ACTIONS,
        links={"graph": "https://dash.example.com/d/registry?from=1&to=2", "doc": "wanted"},
        related=[{"to": "2026-10-01-registry-slow", "as": "recurrence_of"}],
    )


def the(name):
    incident = whole()
    return {
        "issue": lambda: documents.issue_body(incident, HANDBOOK),
        "review": lambda: documents.review_body(incident, HANDBOOK),
        "action": lambda: documents.action_body(incident, incident.corrective_actions[1], HANDBOOK),
        "action_not_done": lambda: documents.action_body(incident, incident.corrective_actions[2], HANDBOOK),
        "issue_at_first": lambda: documents.issue_body(an_incident(an_entry("14:02", severity="S3")), HANDBOOK),
        "near_miss": lambda: documents.review_body(a_near_miss(corrective_actions=ACTIONS[:1]), HANDBOOK),
    }[name]()


@pytest.mark.parametrize("name", ["issue", "issue_at_first", "review", "near_miss", "action", "action_not_done"])
def test_the_document_is_as_it_was_reviewed(name):
    """`GOLDEN=write make test T=tests/render` writes them anew; the difference is for the reviewer."""
    file = GOLDEN / f"document_{name}.md"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(the(name) + "\n", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == the(name) + "\n"


@pytest.mark.parametrize("name", ["issue", "review", "near_miss", "action"])
def test_the_document_is_as_gitlab_stores_it(name):
    stored, commands = extract(the(name))
    assert (the(name), ()) == (stored, commands)


@pytest.mark.parametrize("name", ["issue", "review", "near_miss", "action"])
def test_the_document_begins_with_its_marker(name):
    assert 1 == len(markers.marks(the(name)))
    assert the(name).startswith(markers.marks(the(name))[0])


texts = st.lists(
    st.sampled_from(
        (
            "/close",
            "\r/assign @ana",
            "#12",
            "@all",
            "```",
            "<!-- incidentops:end -->",
            "<details>",
            "| x |",
            "- /close",
            "\n\n",
            "> ",
        )
    )
    | st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8),
    min_size=1,
    max_size=6,
).map(lambda parts: "x" + "\n".join(parts))


@given(texts, texts, texts)
def test_no_document_runs_anything_whatever_was_written(one, two, three):
    incident = an_incident(
        an_entry("14:02", severity="S1", note=one, publish=two, why=three),
        an_entry("15:10", state="resolved", note=three),
        title=" ".join(two.split()),
        impact={"summary": three},
        review={"root_cause": one, "detection": two, "lessons": three, "impact": one},
        corrective_actions=[{"key": "a", "title": " ".join(one.split()), "wont_do": two, "evidence": three}],
        alerts=[{"source": "x", "id": one, "fired": "2026-11-21T14:00:10Z"}],
        links={"a": "https://dash.example.com/#12"},
    )
    for text in (
        documents.issue_body(incident, HANDBOOK),
        documents.review_body(incident, HANDBOOK),
        documents.action_body(incident, incident.corrective_actions[0], HANDBOOK),
    ):
        assert ((), (), ()) == (extract(text)[1], mentions(text), references(text))
        assert not any(line.startswith("/") for line in text.split("\n"))
        assert text.count("\n<!-- incidentops:end -->") <= 1
        assert 1 == len(markers.marks(text))


def test_a_document_says_nothing_that_changes_by_itself():
    assert the("issue") == the("issue")


def test_a_review_names_roles_instead_of_people():
    timeline = the("review").partition("## Timeline")[2].partition("## Root cause")[0]
    assert "Ana" not in timeline
    assert "**14:05** Engineer on call: investigating" in timeline
    assert "**14:35** A responder" in timeline


def test_a_long_timeline_is_cut_at_its_beginning_and_says_so():
    entries = [an_entry("14:02", severity="S3")] + [
        an_entry("14:03", note=f"number {n} " + "x" * 900) for n in range(900)
    ]
    body = documents.issue_body(an_incident(*entries), HANDBOOK)
    assert len(body.encode()) < documents.LONGEST_BODY
    assert "earlier entries are left out here" in body
    assert "number 899 " in body
    assert "number 1 " not in body


def test_a_long_text_is_cut_and_says_so():
    body = documents.issue_body(an_incident(an_entry("14:02", severity="S3", note="<" * 300_000)), HANDBOOK)
    assert len(body.encode()) < documents.LONGEST_BODY
    assert "cut here; the whole text is in the record" in body


def test_no_document_is_longer_than_gitlab_takes():
    alerts = [{"source": "s", "id": "<" * 900, "fired": "2026-11-21T14:00:10Z"} for _ in range(900)]
    body = documents.issue_body(an_incident(an_entry("14:02", severity="S3"), alerts=alerts), HANDBOOK)
    assert len(body.encode()) < documents.LONGEST_BODY + 300
    assert body.endswith("(cut here for lack of room; the rest is in the record)\n\n<!-- incidentops:end -->")


def test_a_review_without_actions_says_why():
    review = documents.review_body(an_incident(corrective_actions={"none_because": "a supplier's fault"}), HANDBOOK)
    assert "None, because:\n\na supplier's fault" in review


def test_what_is_not_in_the_record_is_not_made_up():
    review = documents.review_body(
        an_incident(an_entry("14:02", severity="S2"), an_entry("15:00", state="resolved")), HANDBOOK
    )
    assert "| **Detected** | not recorded |" in review
    assert "Nobody engaged in a role." in review
    assert "No alert is in the record" in review


def test_a_record_without_a_severity_has_its_documents_too():
    bare = an_incident(an_entry("14:02"))
    assert "| **Severity** | none yet |" in documents.issue_body(bare, HANDBOOK)
    assert "| **Severity** | not recorded |" in documents.review_body(bare, HANDBOOK)


def test_the_issue_says_when_customers_have_read_nothing_yet():
    body = documents.issue_body(an_incident(audience="public"), HANDBOOK)
    assert "### What customers were told last\n\nNothing yet." in body
