"""REC: where the record lies, what it names, and that it gives no secret away."""

import pytest

from incidentops.rules import records
from make import a_near_miss, an_entry, an_incident
from rules.asked import messages, places, problems


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("incidents/2026/2026-11-21-registry-503.yaml", None),
        ("incidents/2026/2026-11-21-r.yaml", None),
        ("incidents/2026/2026-11-21-registry-503.yml", "is not a valid path for a record"),
        ("incidents/2026/2026-11-21.yaml", "is not a valid path for a record"),
        ("incidents/2026/2026-11-21-Registry.yaml", "is not a valid path for a record"),
        ("incidents/2026/2026-11-21-registry--503.yaml", "is not a valid path for a record"),
        ("incidents/2026/2026-11-21-registry-.yaml", "is not a valid path for a record"),
        ("incidents/2026/2026-11-21-régistry.yaml", "is not a valid path for a record"),
        ("incidents/2026/٢٠٢٦-11-21-registry.yaml", "is not a valid path for a record"),
        ("incidents/2026/11/2026-11-21-registry.yaml", "is not a valid path for a record"),
        ("incidents/2026-11-21-registry.yaml", "is not a valid path for a record"),
        ("incidents/2025/2026-11-21-registry.yaml", "a record of 2026 lies in the folder 2025"),
        (
            "incidents/2026/2026-11-20-registry.yaml",
            "the file is dated 2026-11-20, but the first entry is of 2026-11-21",
        ),
        (
            "incidents/2026/2026-13-45-registry.yaml",
            "the file is dated 2026-13-45, but the first entry is of 2026-11-21",
        ),
    ],
)
def test_the_path_fits_the_record(file: str, found: str | None):
    found_messages = messages(records.misplaced_record, an_incident(file=file))
    assert [] == found_messages if found is None else found in found_messages[0]


def test_the_day_of_the_first_entry_counts_in_utc_and_the_hint_says_where_to():
    incident = an_incident(an_entry("2026-11-22T00:00:00Z", severity="S3"))
    (problem,) = problems(records.misplaced_record, incident)
    assert problem.pointer == ("timeline", 0, "at")
    assert "incidents/2026/2026-11-22-<slug>.yaml" in problem.hint


def test_a_year_of_few_digits_has_four_in_the_path():
    incident = an_incident(an_entry("0001-02-03T00:00:00Z", severity="S3"), file="incidents/0001/0001-02-03-x.yaml")
    assert [] == places(records.misplaced_record, incident)


def test_services_are_those_of_the_handbook():
    incident = an_incident(
        an_entry("14:02", severity="S3", services=["web", "mail"]), services=["registri", "registry"]
    )
    first, second = problems(records.unknown_service, incident)
    assert (("services", 0), "did you mean 'registry'?") == (first.pointer, first.hint)
    assert (("timeline", 0, "services", 1), "service 'mail' is not in the handbook") == (second.pointer, second.message)


def test_people_are_those_of_the_handbook_wherever_they_stand():
    incident = an_incident(
        an_entry("14:02", by="x", severity="S3"),
        an_entry("14:03", engage="eoc", who="x"),
        review={"owner": "x"},
        corrective_actions=[{"key": "a", "title": "A", "owner": "x"}, {"key": "b", "title": "B"}],
        alerts=[
            {"source": "p", "id": "1", "fired": "2026-11-21T14:00:00Z",
             "change": {"at": "2026-11-21T14:01:00Z", "by": "x", "why": "y", "told": "x"}},
            {"source": "p", "id": "2", "fired": "2026-11-21T14:00:00Z",
             "change": {"at": "2026-11-21T14:01:00Z", "by": "ana", "why": "y"}},
            {"source": "p", "id": "3", "fired": "2026-11-21T14:00:00Z"},
        ],
        security={"class": "abuse", "disclosure": {"approved_by": "x", "at": "2026-11-21T14:00:00Z"}},
        waivers=[{"rule": "OWN002", "reason": "r", "until": "2026-12-01", "by": "x"}],
    )  # fmt: skip
    assert [
        "timeline.0.by", "timeline.1.who", "waivers.0.by", "review.owner", "corrective_actions.0.owner",
        "alerts.0.change.by", "alerts.0.change.told", "security.disclosure.approved_by",
    ] == places(records.unknown_person, incident)  # fmt: skip


def test_a_person_is_written_as_in_the_handbook():
    assert ["'Ana' is not a person of the handbook"] == messages(
        records.unknown_person, a_near_miss(an_entry("14:02", by="Ana", severity="S2"))
    )


def test_a_security_record_without_a_disclosure_names_nobody():
    assert [] == places(records.unknown_person, an_incident(security={"class": "abuse"}, review={"why": "x"}))


def test_keys_of_corrective_actions_are_unique():
    actions = [{"key": key, "title": "T"} for key in ("a", "b", "a", "a")]
    assert [
        "the key 'a' is that of action 1 already", "the key 'a' is that of action 1 already",
    ] == messages(records.duplicate_id, an_incident(corrective_actions=actions))  # fmt: skip


def test_a_secret_is_placed_and_never_repeated():
    text = "kind: incident\n# password=hunter2\n"
    (problem,) = problems(records.secret_in_record, an_incident(), text=text)
    assert (problem.pointer, problem.place) == ((), (2, 11))
    assert "hunter2" not in problem.message + problem.hint


def test_a_secret_behind_escapes_stands_at_its_node():
    incident = an_incident(an_entry("14:02", severity="S3", note="password=hunter2"))
    (problem,) = problems(records.secret_in_record, incident, text='note: "password\\x3dhunter2"')
    assert (problem.pointer, problem.place) == (("timeline", 0, "note"), None)


def test_a_file_full_of_secrets_is_one_problem_not_thousands():
    assert 20 == len(places(records.secret_in_record, an_incident(), text="password=hunter2\n" * 5000))
