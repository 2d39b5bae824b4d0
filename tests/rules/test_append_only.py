"""TIM005 to TIM007 and DIF001 to DIF003: what landed stays, and what may be done to a record all the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.model.change import ChangeAuthors, CommitAuthor
from incidentops.model.handbook import RuleSetting
from incidentops.model.merge_timelines import entry_marks
from incidentops.rules.append_only import deleted
from incidentops.rules.engine.runner import prepare
from make import FILE, a_handbook, an_entry, an_incident
from rules.changes import ANA, BO, CY, STRANGER, a_change, a_change_by, a_context, codes, findings_of, in_another_layout
from rules.records_drawn import records

DECLARED = an_entry("14:02", severity="S3", engage="eoc")
NOTE = an_entry("14:10", note="Chart 4.2 dropped the storage secret")
STATE = an_entry("14:20", state="identified")
MORE = an_entry("14:30", note="The chart is rolled back")
LANDED = [DECLARED, NOTE, STATE]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(LANDED, [], id="nothing changed"),
        pytest.param([*LANDED, MORE], [], id="a note at the end"),
        pytest.param([DECLARED, an_entry("14:05", note="Seen"), NOTE, STATE], [], id="a note where its time belongs"),
        pytest.param(
            [an_entry("14:00", note="Seen before"), *LANDED], [], id="a note before the declaration"
        ),
        pytest.param([DECLARED, {**NOTE, "note": "Other"}, STATE], ["TIM005 block timeline.1"], id="another note"),
        pytest.param([{**DECLARED, "severity": "S2"}, NOTE, STATE], ["TIM005 block timeline.0"], id="another severity"),
        pytest.param([DECLARED, {**NOTE, "why": "x"}, STATE], ["TIM005 block timeline.1"], id="a key more"),
        pytest.param([DECLARED, NOTE, {**STATE, "by": "bo"}], ["TIM005 block timeline.2"], id="by somebody else"),
        pytest.param([DECLARED, STATE], ["TIM006 block timeline"], id="gone"),
        pytest.param([DECLARED], ["TIM006 block timeline", "TIM006 block timeline"], id="two are gone"),
        pytest.param(
            [DECLARED, an_entry("14:05", page="imoc"), NOTE, STATE], ["TIM007 block timeline.1"],
            id="a page before a decision",
        ),
        pytest.param(
            [DECLARED, NOTE, an_entry("14:20", services=["web"]), STATE], ["TIM007 block timeline.2"],
            id="at the same second, but before it",
        ),
        pytest.param([*LANDED, an_entry("14:20", services=["web"])], [], id="at the same second, and after it"),
        pytest.param(
            [DECLARED, an_entry("14:05", audience="public", why="Known", note="And a note"), NOTE, STATE],
            ["TIM007 block timeline.1"], id="a note does not cover an action",
        ),
        pytest.param(
            [DECLARED, an_entry("14:05", note="Seen", why="To explain"), NOTE, STATE], [], id="a note and its reason"
        ),
    ],
)  # fmt: skip
def test_landed_entries_stand(after: list[dict[str, object]], expected: list[str]):
    assert expected == codes(a_change(LANDED, after))


@pytest.mark.parametrize("last", ["severity", "state", "status", "engage", "release", "publish"])
def test_nothing_but_a_note_goes_before_what_decided(last: str):
    values = {
        "severity": "S2", "state": "identified", "status": "degraded_performance", "engage": "imoc", "release": "eoc",
        "publish": "We look into it.",
    }  # fmt: skip
    before = [DECLARED, an_entry("14:20", **{last: values[last], "why": "x"})]
    slipped = [DECLARED, an_entry("14:10", page="cmoc"), before[1]]
    assert ["TIM007 block timeline.1"] == codes(a_change(before, slipped))


@pytest.mark.parametrize("last", [{"page": "imoc"}, {"services": ["web"]}, {"note": "x"}, {"audience": "public"}])
def test_before_what_decided_nothing_anything_may_stand(last: dict[str, object]):
    before = [DECLARED, an_entry("14:20", **last)]
    assert [] == codes(a_change(before, [DECLARED, an_entry("14:10", page="cmoc"), before[1]]))


def test_a_page_before_a_decision_that_was_rewritten_is_a_finding_too():
    after = [DECLARED, NOTE, an_entry("14:15", page="imoc"), {**STATE, "why": "x"}]
    assert ["TIM005 block timeline.3", "TIM007 block timeline.2"] == codes(a_change(LANDED, after))


def test_the_message_names_the_other_place_and_never_what_was_taken_out():
    secret = an_entry("14:10", note="password=hunter2hunter2")
    (finding,) = findings_of(a_change([DECLARED, secret], [DECLARED, NOTE]))
    assert "entry 2 is not as it landed (14:10Z by 'ana'): note differs" == finding.message
    (finding,) = findings_of(a_change([DECLARED, secret], [DECLARED]))
    assert "the landed entry of 2026-11-21T14:10:00Z by 'ana' is gone (note)" == finding.message
    (finding,) = findings_of(a_change(LANDED, [DECLARED, an_entry("14:05", page="imoc"), NOTE, STATE]))
    assert "new entry 2 (page) stands before entry 4, which landed and decided (state)" == finding.message
    assert finding.other is not None


def test_decisions_of_one_second_keep_their_order():
    after = an_entry("14:20", status="degraded_performance")
    (finding,) = findings_of(a_change([*LANDED, after], [DECLARED, NOTE, after, STATE]))
    assert ("TIM005", "entry 4 stands behind entries that landed after it") == (finding.code, finding.message)


def test_what_is_outside_of_the_timeline_may_be_corrected():
    before = an_incident(*LANDED, title="Pushs fail", impact={"summary": "Some"}, services=["web"])
    after = an_incident(
        *LANDED, title="Pushes fail", impact={"summary": "12 %"}, related=[{"to": "x", "as": "follows"}]
    )
    assert [] == codes(a_change(before, after))


@given(records())
def test_layout_and_the_order_of_keys_are_free(record):
    assert [] == [
        found for found in codes(a_change(record, in_another_layout(record)))
        if found[:3] in ("TIM", "OWN", "DIF")
    ]  # fmt: skip


@given(records(), st.integers(0, 8))
def test_a_note_may_stand_anywhere(record, place: int):
    timeline = [dict(e.content) for e in record.timeline]
    data = {**record.source.data, "timeline": [*timeline[:place], an_entry("14:10", note="A note"), *timeline[place:]]}
    after = an_incident(**data)
    found = [f for f in codes(a_change(record, after)) if f[:3] in ("TIM", "OWN", "DIF")]
    if place == 0:  # then it is the declaration: what a waiver covers there is new, and nobody grants it to themselves
        found = [f for f in found if not f.startswith("DIF004 ")]
    assert [] == found


RENAMED = "incidents/2026/2026-11-20-registry-503.yaml"


def test_a_renamed_record_is_a_finding_at_its_new_path():
    (finding,) = findings_of(a_change(LANDED, an_incident(*LANDED, file=RENAMED), former=FILE))
    assert ("DIF001", RENAMED) == (finding.code, finding.location.file)
    assert f"this record landed as '{FILE}', and was renamed" == finding.message


@pytest.mark.parametrize(
    ("waiver", "renamed_by", "expected"),
    [
        pytest.param(("cy", CY), ANA, ["DIF001 waived"], id="by somebody else, in a commit of their own"),
        pytest.param(("cy", ANA), ANA, ["DIF001 waived", "DIF004 block waivers.0.by"], id="in the name of another"),
        pytest.param(("ana", CY), ANA, ["DIF001 waived", "DIF004 block waivers.0.by"], id="by who renames"),
        pytest.param(("cy", STRANGER), STRANGER, ["DIF001 waived"], id="nobody knows who renames"),
    ],
)
def test_a_date_is_corrected_with_a_waiver_by_somebody_else(
    waiver: tuple[str, CommitAuthor], renamed_by: CommitAuthor, expected: list[str]
):
    data = {"rule": "DIF001", "reason": "The day was wrong", "until": "2026-12-31", "by": waiver[0]}
    authors = ChangeAuthors({entry_marks([data])[0]: (waiver[1],)}, rest=(renamed_by,))
    moved = an_incident(*LANDED, file=RENAMED, waivers=[data])
    assert expected == codes(a_change_by(authors, LANDED, moved, FILE))


def test_a_deleted_record_is_a_finding_at_its_old_path_with_the_level_of_the_handbook():
    finding = deleted(FILE, "0123456789ab", None)
    assert finding
    assert (True, FILE, "the record was deleted") == (finding.blocks, finding.location.file, finding.message)
    assert f"git checkout 0123456789ab -- {FILE}" in finding.hint
    advised = deleted(FILE, "0", RuleSetting.ADVISE)
    assert advised
    assert not advised.blocks
    assert deleted(FILE, "0", RuleSetting.OFF) is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"audience": "internal"}, []),
        ({"audience": "internal"}, {}, []),
        ({}, {"audience": "public"}, ["DIF002 block audience"]),
        ({"audience": "confidential"}, {}, ["DIF002 block audience"]),
        ({"audience": "public"}, {"audience": "internal"}, ["DIF002 block audience"]),
    ],
)
def test_the_audience_of_the_declaration_stays(before: dict[str, str], after: dict[str, str], expected: list[str]):
    assert expected == codes(a_change(an_incident(DECLARED, **before), an_incident(DECLARED, **after)))


@pytest.mark.parametrize(
    ("entries", "changes", "expected"),
    [
        pytest.param([DECLARED], {}, ["DIF003 block kind"], id="without a word"),
        pytest.param([DECLARED, an_entry("14:10", page="imoc")], {}, ["DIF003 block kind"], id="no word about it"),
        pytest.param([DECLARED, MORE], {}, [], id="a new note"),
        pytest.param([DECLARED], {"related": [{"to": "x", "as": "near_miss_of"}]}, [], id="near miss of another"),
        pytest.param([DECLARED], {"related": [{"to": "x", "as": "follows"}]}, ["DIF003 block kind"], id="another tie"),
    ],
)
def test_the_kind_changes_with_a_reason(entries, changes: dict[str, object], expected: list[str]):
    before = an_incident(DECLARED, kind="near_miss")
    assert expected == codes(a_change(before, an_incident(*entries, **changes)))
    assert expected == codes(a_change(an_incident(DECLARED), an_incident(*entries, kind="near_miss", **changes)))


def test_an_old_note_is_no_reason_for_another_kind():
    before = an_incident(DECLARED, NOTE, kind="near_miss")
    assert ["DIF003 block kind"] == codes(a_change(before, an_incident(DECLARED, NOTE)))


def test_the_handbook_may_set_what_can_be_waived():
    handbook = a_handbook(rules={"TIM005": "advise", "TIM006": "off"})
    assert ["TIM005 advise timeline.1"] == codes(
        a_change([DECLARED, NOTE], [DECLARED, {**NOTE, "note": "x"}]), handbook
    )
    assert [] == codes(a_change([DECLARED, NOTE], [DECLARED]), handbook)


def test_a_waiver_for_such_a_rule_is_checked_in_the_change_that_adds_it_and_never_again():
    waiver = {"rule": "TIM005", "reason": "A name of a customer", "until": "2026-12-31", "by": "bo"}
    landed = an_incident(DECLARED, NOTE)
    corrected = an_incident(DECLARED, {**NOTE, "note": "Somebody's"}, waivers=[waiver])
    authors = ChangeAuthors({entry_marks([waiver])[0]: (BO,)}, rest=(ANA,))
    assert ["TIM005 waived timeline.1"] == codes(a_change_by(authors, landed, corrected))
    unused = an_incident(DECLARED, NOTE, waivers=[waiver])
    assert ["WAV002 advise waivers.0.rule"] == codes(a_change(landed, unused, BO))
    assert [] == codes(a_change(unused, an_incident(DECLARED, NOTE, MORE, waivers=[waiver])))


@given(records(), records(), st.sampled_from([ANA, BO, STRANGER]))
def test_whatever_became_of_a_record_no_rule_fails(before, after, author: CommitAuthor):
    assert () == prepare(a_context()).check(after, "", a_change(before, after, author)).bugs
