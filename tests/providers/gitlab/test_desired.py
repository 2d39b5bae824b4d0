"""What a record wants on GitLab."""

import pytest

from incidentops.model.vocabulary import Severity
from incidentops.plan.nature import Nature
from incidentops.providers.gitlab import desired
from incidentops.providers.gitlab.section import section
from make import a_handbook, a_near_miss, an_entry, an_incident

HANDBOOK = a_handbook()
RESOLVED = an_entry("15:10", state="resolved", status="operational")


def wanted(incident, handbook=HANDBOOK):
    return {resource.name.short: resource for resource in desired.desired(incident, handbook)}


def live(*more, **changes):
    return an_incident(an_entry("14:02", severity="S2"), *more, **changes)


def test_a_live_incident_wants_its_issue_alone():
    assert ["gitlab.issue"] == list(wanted(live()))


def test_what_is_wanted_comes_in_the_order_in_which_it_is_made():
    incident = live(RESOLVED, corrective_actions=[{"key": "a", "title": "A"}, {"key": "b", "title": "B"}])
    assert [
        "gitlab.issue", "gitlab.review", "gitlab.action/a", "gitlab.action/b",
        "gitlab.link/review", "gitlab.link/action/a", "gitlab.link/action/b",
    ] == list(wanted(incident))  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "label"),
    [
        ((), "Incident::Active"),
        ((an_entry("14:05", state="identified"),), "Incident::Active"),
        ((an_entry("14:05", state="monitoring"),), "Incident::Mitigated"),
        ((RESOLVED,), "Incident::Resolved"),
    ],
)
def test_the_state_is_a_label(entries, label):
    labels = wanted(live(*entries))["gitlab.issue"].fields["labels"]
    assert [label] == [name for name in labels if name.startswith("Incident::")]


@pytest.mark.parametrize(("severity", "word"), list(zip(Severity, ("critical", "high", "medium", "low"), strict=True)))
def test_the_severity_is_a_label_and_gitlabs_own(severity, word):
    fields = wanted(an_incident(an_entry("14:02", severity=severity.value)))["gitlab.issue"].fields
    assert word == fields["severity"]
    assert f"severity::{severity.rank}" in fields["labels"]


def test_without_a_severity_there_is_neither():
    fields = wanted(an_incident(an_entry("14:02")))["gitlab.issue"].fields
    assert "severity" not in fields
    assert not [name for name in fields["labels"] if name.startswith("severity")]


def test_nobody_engaged_means_that_the_declarer_is_assigned():
    assert ("ana",) == wanted(live())["gitlab.issue"].fields["assignees"]


def test_everybody_engaged_is_assigned_the_owner_first():
    incident = live(
        an_entry("14:03", engage="eoc"),
        an_entry("14:04", by="cy", engage="cmoc"),
        an_entry("14:05", by="bo", engage="imoc"),
    )
    assert ("ana", "bo", "cy") == wanted(incident)["gitlab.issue"].fields["assignees"]
    assert ("cy", "ana", "bo") == desired.issue_assignees(incident, HANDBOOK)


def test_one_person_in_two_roles_is_assigned_once_by_their_name_on_gitlab():
    handbook = a_handbook(people={"ana": {"name": "Ana", "gitlab": "asilva"}})
    incident = live(an_entry("14:03", engage="eoc"), an_entry("14:04", engage="imoc"))
    assert ("asilva",) == wanted(incident, handbook)["gitlab.issue"].fields["assignees"]


def test_somebody_the_handbook_does_not_know_is_not_assigned():
    assert () == wanted(an_incident(an_entry("14:02", by="zed", severity="S2")))["gitlab.issue"].fields["assignees"]


@pytest.mark.parametrize(
    ("audience", "public", "confidential"),
    [
        ("public", False, False), ("internal", False, False), ("confidential", False, True),
        ("public", True, False), ("internal", True, True), ("confidential", True, True),
    ],
)  # fmt: skip
def test_confidentiality_is_kept_when_wanted_and_only_begun_with_otherwise(audience, public, confidential):
    handbook = a_handbook(gitlab={"url": "https://gitlab.example.com", "project": "a/b", "public": public})
    incident = live(RESOLVED, audience=audience, corrective_actions=[{"key": "a", "title": "A"}])
    for short in ("gitlab.issue", "gitlab.review", "gitlab.action/a"):
        resource = wanted(incident, handbook)[short]
        assert (confidential or None) == resource.fields.get("confidential")
        assert (None if confidential else False) == resource.initial.get("confidential")


@pytest.mark.parametrize(
    ("severity", "review", "is_wanted"),
    [("S2", None, True), ("S3", None, False), ("S3", {"owner": "ana"}, True)],
)
def test_a_review_is_wanted_for_the_serious_and_for_who_asks(severity, review, is_wanted):
    incident = an_incident(an_entry("14:02", severity=severity), RESOLVED, review=review)
    assert is_wanted == ("gitlab.review" in wanted(incident))
    assert "gitlab.review" not in wanted(an_incident(an_entry("14:02", severity=severity), review=review))


def test_a_review_is_wanted_for_the_worst_that_it_was():
    incident = an_incident(an_entry("14:02", severity="S1"), an_entry("14:10", severity="S4", why="no"), RESOLVED)
    assert "gitlab.review" in wanted(incident)


@pytest.mark.parametrize(
    ("entries", "review", "owner"),
    [
        ((an_entry("14:03", by="bo", engage="eoc"), RESOLVED), None, "bo"),
        ((an_entry("14:03", by="bo", engage="eoc"), RESOLVED), {"owner": "cy"}, "cy"),
        ((RESOLVED,), None, "ana"),
        (
            (
                an_entry("14:03", by="bo", engage="eoc"),
                an_entry("14:04", by="cy", engage="imoc"),
                an_entry("14:05", by="bo", release="eoc", why="x"),
                RESOLVED,
            ),
            None,
            "bo",
        ),
        (
            (an_entry("14:03", by="bo", engage="eoc"), RESOLVED, an_entry("16:00", by="bo", release="eoc", why="x")),
            None,
            "bo",
        ),
    ],
)
def test_the_review_goes_to_who_was_on_call(entries, review, owner):
    assert (owner,) == wanted(live(*entries, review=review))["gitlab.review"].initial["assignees"]


def test_the_review_is_written_once_and_nothing_of_it_is_kept():
    resource = wanted(live(RESOLVED))["gitlab.review"]
    assert ({}, False) == (resource.fields, resource.watched)


@pytest.mark.parametrize(
    ("resolved", "due"),
    [("15:10", "2026-11-21"), ("17:00", "2026-11-21"), ("17:01", "2026-11-22"), ("23:30", "2026-11-22")],
)
def test_the_review_is_due_at_the_end_of_the_working_day_where_the_engineer_lives(resolved, due):
    end = an_entry(resolved, by="bo", state="resolved")
    incident = live(an_entry("14:03", by="bo", engage="eoc"), end)  # 18:00 in Stockholm is 17:00Z
    assert due == wanted(incident)["gitlab.review"].initial["due_date"]


def test_the_review_may_be_due_after_a_span():
    handbook = a_handbook(timers={"review_started": "3d"})
    assert "2026-11-24" == wanted(live(RESOLVED), handbook)["gitlab.review"].initial["due_date"]


def test_at_the_end_of_the_calendar_the_review_has_no_day():
    last = "9999-12-31T23:59:00Z"
    incident = an_incident(
        an_entry(last, by="bo", severity="S1"), an_entry(last, by="bo", engage="eoc", state="resolved")
    )
    assert "" == wanted(incident)["gitlab.review"].initial["due_date"]


def test_a_near_miss_wants_its_review_at_once_and_links_actions_to_it():
    resources = wanted(a_near_miss(corrective_actions=[{"key": "a", "title": "A"}]))
    assert ["gitlab.review", "gitlab.action/a", "gitlab.link/action/a"] == list(resources)
    review = resources["gitlab.review"].initial
    assert ("Near miss review: Registry pushes fail with HTTP 503", ("ana",)) == (review["title"], review["assignees"])
    assert {"Near Miss", "severity::2", "incident-review"} <= set(review["labels"])
    assert ["gitlab.review", "gitlab.action/a"] == [name.short for name in resources["gitlab.link/action/a"].refs]


def test_a_near_miss_goes_to_whom_the_record_says():
    resources = wanted(a_near_miss(review={"owner": "bo", "why": "knows the disk"}))
    assert ("bo",) == resources["gitlab.review"].initial["assignees"]


def test_an_action_keeps_only_what_the_record_says():
    fields = wanted(live(corrective_actions=[{"key": "a", "title": "A"}]))["gitlab.action/a"].fields
    assert {"title", "description", "labels"} == set(fields)
    assert ("corrective action", "incidentops", "severity::2") == fields["labels"]


@pytest.mark.parametrize("end", [{"done": "2026-11-30", "evidence": "x"}, {"wont_do": "no"}])
def test_an_action_is_closed_when_nothing_is_left_to_do(end):
    action = {"key": "a", "title": "A", "owner": "bo", "severity": "S4", "due": "2026-12-05", **end}
    fields = wanted(live(corrective_actions=[action]))["gitlab.action/a"].fields
    assert ("closed", ("bo",), "2026-12-05") == (fields["state"], fields["assignees"], fields["due_date"])
    assert "severity::4" in fields["labels"]


def test_titles_refer_to_nothing_and_fit():
    fields = wanted(live(title="Broken since #12, says @ana " + "x" * 170))["gitlab.issue"].fields
    assert "#12" not in fields["title"]
    assert "@ana" not in fields["title"]
    assert len(wanted(live(RESOLVED, title="x" * 200))["gitlab.review"].initial["title"]) <= 255


def test_a_title_of_which_nothing_is_left_is_the_name_of_the_record():
    assert "2026-11-21-registry-503" == wanted(live(title="\u200b"))["gitlab.issue"].fields["title"]


def test_what_is_wanted_does_not_change_by_itself():
    assert wanted(live(RESOLVED)) == wanted(live(RESOLVED))


def test_the_repository_wants_the_labels_and_knows_the_people():
    resources = list(desired.shared(HANDBOOK))
    labels = [r.name.key for r in resources if r.name.kind == "label"]
    users = [r.name.key for r in resources if r.name.kind == "user"]
    assert [label.name for label in section(HANDBOOK).labels()] == labels
    assert ["ana", "bo", "cy", "dee"] == users
    assert all(r.idempotent for r in resources if r.name.kind == "label")
    assert all(r.nature is Nature.LOOKUP for r in resources if r.name.kind == "user")


def test_the_look_of_a_label_is_kept_when_the_handbook_gives_it():
    handbook = a_handbook(services={"registry": {"name": "Registry", "label": {"name": "svc", "color": "#FF0000"}}})
    (label,) = [r for r in desired.shared(handbook) if r.name.key == "svc"]
    assert ({"color": "#ff0000"}, ["description"]) == (label.fields, list(label.initial))
