"""OWN004 and DIF004: whose commit a decision is in, and who grants an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.model.change import ChangeAuthors, CommitAuthor
from incidentops.model.merge_timelines import entry_marks
from make import a_handbook, a_handbook_data, a_near_miss, a_timeline, an_entry, an_incident
from rules.changes import ANA, BO, CY, STRANGER, a_change, a_change_by, codes, findings_of

DECLARED = an_entry("14:02", by="ana", severity="S2", engage="eoc")
RESOLVED = an_entry("14:40", by="ana", state="resolved", status="operational")


@pytest.mark.parametrize(
    "actions",
    [
        {"engage": "imoc"}, {"release": "eoc", "why": "x"}, {"state": "resolved"}, {"severity": "S3", "why": "x"},
        {"publish": "All is well again."}, {"engage": "imoc", "who": "bo"},
    ],
)  # fmt: skip
def test_a_decision_is_committed_by_who_made_it(actions: dict[str, object]):
    after = [DECLARED, an_entry("14:10", by="ana", **actions)]
    assert [] == codes(a_change([DECLARED], after, ANA))
    assert ["OWN004 block timeline.1.by"] == codes(a_change([DECLARED], after, BO))
    assert ["OWN004 advise timeline.1.by"] == codes(a_change([DECLARED], after, STRANGER))


@pytest.mark.parametrize(
    "actions",
    [
        {"note": "Seen"}, {"page": "imoc"}, {"state": "identified"}, {"severity": "S1"}, {"severity": "S2"},
        {"status": "degraded_performance"}, {"services": ["web"]}, {"audience": "public", "why": "x"},
    ],
)  # fmt: skip
def test_what_is_no_decision_of_one_person_may_be_committed_by_anybody(actions: dict[str, object]):
    assert [] == codes(a_change([DECLARED], [DECLARED, an_entry("14:10", by="ana", **actions)], BO))


def test_a_reopen_is_a_decision():
    reopened = an_entry("15:00", by="ana", state="investigating", why="It is back")
    assert ["OWN004 block timeline.2.by"] == codes(a_change([DECLARED, RESOLVED], [DECLARED, RESOLVED, reopened], BO))


def test_what_landed_is_not_checked_again():
    after = [DECLARED, an_entry("14:10", by="ana", engage="imoc"), an_entry("14:20", by="bo", note="Seen")]
    assert [] == codes(a_change(after[:2], after, BO))


def test_the_message_says_who_and_with_which_address():
    (finding,) = findings_of(a_change([DECLARED], [DECLARED, RESOLVED], BO))
    assert "'ana' resolves here, but 'bo' committed it ('bo@example.com')" == finding.message
    (finding,) = findings_of(a_change([DECLARED], [DECLARED, RESOLVED], STRANGER))
    assert (
        "'ana' resolves here, but it was committed with 'ana@elsewhere.example', which is nobody's in the handbook"
        == finding.message
    )


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        pytest.param(CommitAuthor("ana", "ANA@Example.COM"), [], id="letter case does not count"),
        pytest.param(CommitAuthor("bo", "bo@example.com", signer="ana@example.com"), [], id="a good signature wins"),
        pytest.param(
            CommitAuthor("ana", "ana@example.com", signer="bo@example.com"), ["OWN004 block timeline.1.by"],
            id="also when it tells on somebody",
        ),
        pytest.param(CommitAuthor("ana", ""), ["OWN004 advise timeline.1.by"], id="no address"),
    ],
)  # fmt: skip
def test_the_address_counts(author: CommitAuthor, expected: list[str]):
    assert expected == codes(a_change([DECLARED], [DECLARED, RESOLVED], author))


def test_a_person_may_have_several_addresses_and_the_name_of_the_commit_is_none():
    people = {**a_handbook_data()["people"], "ana": {"name": "Ana Silva", "email": ["a@x.example", "Ana@Home.example"]}}
    handbook = a_handbook(people=people)
    assert [] == codes(
        a_change([DECLARED], [DECLARED, RESOLVED], CommitAuthor("whoever", "ana@home.example")), handbook
    )
    named = CommitAuthor("Ana Silva", "ana@example.com")
    assert ["OWN004 advise timeline.1.by"] == codes(a_change([DECLARED], [DECLARED, RESOLVED], named), handbook)


def test_where_several_may_have_written_it_one_that_fits_is_enough():
    after = [DECLARED, RESOLVED]
    assert [] == codes(a_change([DECLARED], after, ANA, BO))
    assert ["OWN004 block timeline.1.by"] == codes(a_change([DECLARED], after, CY, BO))
    assert ["OWN004 advise timeline.1.by"] == codes(a_change([DECLARED], after, STRANGER, BO))


def test_a_change_without_known_authors_has_no_finding():
    assert [] == codes(a_change_by(ChangeAuthors(), [DECLARED], [DECLARED, RESOLVED]))


def test_a_new_record_blocks_while_it_is_live_and_advises_when_it_is_over():
    assert ["OWN004 block timeline.0.by"] == codes(a_change(None, [DECLARED], BO))
    over = codes(a_change(None, a_timeline(), BO))
    assert ["OWN004 advise timeline.0.by", "OWN004 advise timeline.3.by"] == over
    assert ["OWN004 block timeline.1.by"] == codes(a_change([DECLARED], [DECLARED, RESOLVED], BO))


def test_a_decision_of_a_near_miss_is_committed_by_who_made_it():
    near_miss = a_near_miss(an_entry("14:02", severity="S2", engage="eoc"))
    assert ["OWN004 block timeline.0.by"] == codes(a_change(None, near_miss, BO))


# DIF004

RELEASED = an_entry("14:10", by="ana", release="eoc", why="My shift is over")  # OWN005, about ana


def a_waiver(by: str, rule: str = "OWN005", until: str = "2026-12-31") -> dict[str, str]:
    return {"rule": rule, "reason": "Nobody else is awake", "until": until, "by": by}


def granted(
    waiver: dict[str, str], author: CommitAuthor, *, before=None, entries=(DECLARED, RELEASED), rest: CommitAuthor = ANA
):
    after = an_incident(*entries, waivers=[waiver])
    authors = ChangeAuthors({entry_marks([waiver])[0]: (author,)}, rest=(rest,))
    return [code for code in codes(a_change_by(authors, before or [DECLARED], after)) if code.startswith("DIF004")]


@pytest.mark.parametrize(
    ("by", "author", "refused"),
    [
        pytest.param("bo", BO, False, id="somebody else"),
        pytest.param("bo", STRANGER, False, id="somebody else, from an address nobody knows"),
        pytest.param("ana", BO, True, id="by the person"),
        pytest.param("bo", ANA, True, id="committed by the person"),
        pytest.param("ana", ANA, True, id="both"),
    ],
)
def test_nobody_waives_what_is_about_themselves(by: str, author: CommitAuthor, refused: bool):
    assert (["DIF004 block waivers.0.by"] if refused else []) == granted(a_waiver(by), author)


def test_a_waiver_that_covers_nothing_is_not_looked_at():
    assert [] == granted(a_waiver("ana", rule="OWN001"), ANA)
    assert [] == granted(a_waiver("ana", until="2026-11-20"), ANA)
    assert [] == granted(a_waiver("ana", rule="REC002"), ANA, entries=[{**DECLARED, "services": ["gone"]}, RELEASED])


def test_what_landed_waived_stays_waived_until_it_covers_something_new():
    waiver = a_waiver("ana")
    landed = an_incident(DECLARED, RELEASED, waivers=[waiver])
    note = an_entry("14:30", note="Seen")
    again = an_entry("14:30", by="ana", release="eoc", why="Once more")
    assert [] == granted(waiver, ANA, before=landed, entries=(DECLARED, RELEASED, note))
    assert ["DIF004 block waivers.0.by"] == granted(waiver, ANA, before=landed, entries=(DECLARED, RELEASED, again))
    granted_by_bo = an_incident(DECLARED, RELEASED, waivers=[a_waiver("bo")])
    assert [] == granted(a_waiver("bo"), ANA, before=granted_by_bo, entries=(DECLARED, RELEASED, again))


def test_a_finding_about_an_action_is_about_its_owner():
    action = {"key": "k", "title": "T", "owner": "bo", "due": "2026-12-05", "done": "2026-11-20"}
    after = an_incident(DECLARED, corrective_actions=[action], waivers=[a_waiver("bo", "ACT004")])
    assert ["ACT004 waivers.0.by"] == [
        c.replace("DIF004 block", "ACT004") for c in codes(a_change([DECLARED], after, CY))
    ]
    after = an_incident(DECLARED, corrective_actions=[action], waivers=[a_waiver("ana", "ACT004")])
    assert [] == codes(a_change([DECLARED], after, ANA)), "ana has nothing to do with that action"


def test_a_finding_about_a_decision_for_another_is_about_both():
    for by, author in (("ana", CY), ("bo", CY), ("cy", BO), ("cy", ANA)):
        waiver = a_waiver(by, "OWN004")
        assert ["DIF004 block waivers.0.by"] == granted(waiver, author, entries=(DECLARED, RESOLVED), rest=BO)
    assert [] == granted(a_waiver("cy", "OWN004"), CY, entries=(DECLARED, RESOLVED), rest=BO)


def test_one_sentence_for_each_waiver():
    twice = an_entry("14:12", by="ana", release="eoc", why="Again")
    after = an_incident(DECLARED, RELEASED, twice, waivers=[a_waiver("ana")])
    found = [f for f in findings_of(a_change([DECLARED], after)) if f.code == "DIF004"]
    assert ["the waiver for OWN005 is by 'ana', whom the finding is about"] == [f.message for f in found]
    after = an_incident(DECLARED, RELEASED, waivers=[a_waiver("bo")])
    (found,) = [f for f in findings_of(a_change([DECLARED], after)) if f.code == "DIF004"]
    assert "the waiver for OWN005 is committed by 'ana', whom the finding is about" == found.message


@given(st.sampled_from([ANA, BO, CY, STRANGER]), st.sampled_from(["ana", "bo", "cy"]))
def test_ones_own_decision_is_no_finding(author: CommitAuthor, by: str):
    found = codes(a_change([DECLARED], [DECLARED, {**RESOLVED, "by": by}], author))
    own = author.email == f"{by}@example.com"
    assert own == ("OWN004" not in "".join(found))
