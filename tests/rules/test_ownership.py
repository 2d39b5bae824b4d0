"""OWN: one owner at every moment, and what only the owner may do."""

import pytest

from incidentops.rules import ownership
from make import a_time, an_entry, an_incident
from rules.asked import messages, places, problems


def test_the_declarer_owns_while_nobody_is_engaged():
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry("14:05", state="resolved"))
    assert [] == places(ownership.resolved_by_non_owner, incident)


def test_who_engages_in_the_same_entry_resolves_as_the_owner():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc"), an_entry("14:05", by="bo", engage="imoc", state="resolved")
    )
    assert [] == places(ownership.resolved_by_non_owner, incident)


def test_an_imoc_who_engages_before_any_eoc_owns():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:05", by="bo", engage="imoc"),
        an_entry("14:06", by="cy", engage="eoc"),
        an_entry("14:09", by="cy", state="resolved"),
    )
    (problem,) = problems(ownership.resolved_by_non_owner, incident)
    assert problem.pointer == ("timeline", 3, "state")
    assert problem.message == "resolved by 'cy', but 'bo' owns the incident since 14:05Z"
    assert problem.hint == "'bo' resolves it, or 'cy' takes over first: engage: imoc"
    assert problem.about == "cy"


def test_naming_somebody_with_who_does_not_make_the_author_the_owner():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc"),
        an_entry("14:05", by="dee", engage="imoc", who="bo", state="resolved"),
    )
    assert ["resolved by 'dee', but 'bo' owns the incident since 14:05Z"] == messages(
        ownership.resolved_by_non_owner, incident
    )


def test_after_a_release_the_one_below_owns_again():
    entries = [
        an_entry("14:02", by="dee", severity="S3"),
        an_entry("14:03", engage="eoc"),
        an_entry("14:05", by="bo", engage="imoc"),
        an_entry("14:08", by="bo", release="imoc", why="not needed"),
    ]
    assert [] == places(ownership.resolved_by_non_owner, an_incident(*entries, an_entry("14:09", state="resolved")))
    late = an_incident(*entries, an_entry("2026-11-22T14:09:00Z", by="bo", state="resolved"))
    assert ["resolved by 'bo', but 'ana' owns the incident since 2026-11-21T14:08:00Z"] == messages(
        ownership.resolved_by_non_owner, late
    )


def test_without_any_role_the_hint_offers_the_lowest():
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry("14:05", by="bo", state="resolved"))
    assert problems(ownership.resolved_by_non_owner, incident)[0].hint.endswith("takes over first: engage: eoc")


@pytest.mark.parametrize(
    ("entries", "now", "late"),
    [
        pytest.param([], "14:17", False, id="live, exactly when the time runs out"),
        pytest.param([], "14:17:01", True, id="live, a second later"),
        pytest.param([an_entry("14:17", by="bo", engage="eoc")], "15:00", False, id="engaged at the last second"),
        pytest.param([an_entry("14:17:01", by="bo", engage="eoc")], "15:00", True, id="engaged a second too late"),
        pytest.param([an_entry("14:10", by="bo", engage="cmoc")], "15:00", False, id="somebody else is enough"),
        pytest.param([an_entry("14:17", state="resolved")], "15:00", False, id="over when the time ran out"),
        pytest.param([an_entry("14:17:01", state="resolved")], "14:17:01", True, id="over a second later"),
        pytest.param(
            [an_entry("14:05", state="resolved"), an_entry("15:00", state="investigating", why="again")],
            "15:50", False, id="over when the time ran out, reopened later",
        ),
        pytest.param(
            [an_entry("14:05", state="resolved"), an_entry("14:10", state="investigating", why="again")],
            "15:50", True, id="reopened before the time ran out",
        ),
    ],
)  # fmt: skip
def test_somebody_is_engaged_within_a_quarter_of_an_hour(entries: list[dict[str, object]], now: str, late: bool):
    incident = an_incident(an_entry("14:02", severity="S3"), *entries)
    assert (["timeline.0"] if late else []) == places(ownership.nobody_engaged, incident, now=a_time(now))


def test_who_declares_and_engages_in_one_entry_is_engaged():
    assert [] == places(ownership.nobody_engaged, an_incident(an_entry("14:02", severity="S3", engage="eoc")))


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([an_entry("14:05", by="cy", engage="cmoc")], True),
        ([an_entry("14:04", page="imoc"), an_entry("14:05", by="cy", engage="cmoc")], False),
        ([an_entry("14:05", by="cy", engage="cmoc", page="imoc")], False),
        ([an_entry("14:05", by="cy", engage="cmoc"), an_entry("14:05", page="imoc")], False),
        ([an_entry("14:05", by="cy", engage="cmoc"), an_entry("14:05:01", page="imoc")], True),
        ([an_entry("14:04", by="bo", engage="imoc"), an_entry("14:05", by="cy", engage="cmoc")], False),
    ],
)
def test_the_imoc_is_called_before_a_cmoc_engages(entries: list[dict[str, object]], found: bool):
    incident = an_incident(an_entry("14:02", severity="S3", engage="eoc"), *entries)
    assert found == bool(places(ownership.cmoc_before_imoc, incident))


def test_the_message_names_who_engages_and_when():
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry("14:05", by="ana", engage="cmoc", who="cy"))
    assert ["'cy' engages as cmoc at 14:05Z, and no imoc was paged or engaged"] == messages(
        ownership.cmoc_before_imoc, incident
    )


def released(*entries: dict[str, object]) -> list[str]:
    return messages(ownership.impossible_release, an_incident(an_entry("14:02", severity="S3", engage="eoc"), *entries))


def test_only_who_holds_a_role_can_release_it():
    two = an_entry("14:03", by="bo", engage="imoc")
    assert ["'bo' does not hold eoc at 14:05Z, 'ana' does"] == released(
        two, an_entry("14:05", by="bo", release="eoc", why="late")
    )
    assert ["'bo' does not hold cmoc at 14:05Z, nobody does"] == released(
        two, an_entry("14:05", by="bo", release="cmoc", why="late")
    )
    assert [] == released(two, an_entry("14:05", by="bo", release="eoc", who="ana", why="asleep"))


def test_a_role_cannot_be_released_before_anybody_engaged():
    incident = an_incident(an_entry("14:02", severity="S3", release="eoc", why="?"))
    assert ["'ana' does not hold eoc at 14:02Z, nobody does"] == messages(ownership.impossible_release, incident)


def test_the_last_role_is_handed_over_not_released():
    assert ["eoc is the last engaged role, and the incident is not resolved"] == released(
        an_entry("14:05", release="eoc", why="shift is over")
    )


def test_after_the_resolve_the_last_role_may_be_released():
    resolved = an_entry("14:05", state="resolved")
    assert [] == released(resolved, an_entry("14:06", release="eoc", why="it is over"))


def test_an_engagement_of_the_same_entry_counts_before_its_release():
    assert [] == released(an_entry("14:05", by="ana", engage="imoc", release="eoc", why="only one is needed"))
    assert ["'ana' does not hold eoc at 14:05Z, 'bo' does"] == released(
        an_entry("14:05", by="bo", engage="eoc"), an_entry("14:05", by="ana", release="eoc", why="handed over")
    )
