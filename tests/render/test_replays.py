"""What landed and which findings differ, as people and programs read it."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.core.commit import Commit
from incidentops.core.finding import Finding, Level, Location
from incidentops.core.moment import EARLIEST, LATEST
from incidentops.render.replays import as_json, difference_counts, difference_table, differences_as_json, text
from incidentops.rules.engine.comparison import CommitResult, VerdictDifference
from make import FILE, NOW

COMMIT = Commit("0123456789abcdef" * 2 + "01234567", NOW, "Ana Silva")
LATER = Commit("f" * 40, NOW, "Bo")
ADVICE = Finding("COM002", Level.ADVISE, Location(FILE, 3, 5), "no update for 31m", "tell them", ("timeline", 0))
BLOCK = replace(ADVICE, code="OWN001", level=Level.BLOCK, hint="")
RESULTS = [CommitResult(0, COMMIT, (ADVICE, BLOCK)), CommitResult(4, LATER, (BLOCK,))]
DIFFERENCES = [
    VerdictDifference(ADVICE, "-", "advise"),
    VerdictDifference(BLOCK, "advise", "block"),
    VerdictDifference(BLOCK, "block", "waived"),
]


def test_findings_stand_below_the_commit_that_landed_them():
    assert text(RESULTS) == (
        f"commit 0123456789ab, 2026-11-21T16:00:00Z, by 'Ana Silva'\n"
        f"{FILE}:3:5: COM002 advise: no update for 31m\n"
        f"  hint: tell them\n"
        f"{FILE}:3:5: OWN001 block: no update for 31m\n"
        f"\n"
        f"commit ffffffffffff, 2026-11-21T16:00:00Z, by 'Bo'\n"
        f"{FILE}:3:5: OWN001 block: no update for 31m\n"
    )


def test_without_results_there_is_no_text():
    assert "" == text([])


def test_times_at_the_edge_of_the_calendar_can_be_shown():
    for moment in (EARLIEST, LATEST):
        commit = replace(COMMIT, at=moment)
        assert text([CommitResult(0, commit, (ADVICE,))])
        assert difference_table([VerdictDifference(ADVICE, "-", "advise", commit)])


def test_programs_get_the_whole_commit_and_the_keys_of_a_finding():
    output = json.loads(as_json(RESULTS, {"versions": 7, "records": 3}))
    assert {"versions": 7, "records": 3, "blocking": 2, "advice": 1, "waived": 0} == output["summary"]
    first = output["findings"][0]
    assert {"sha": COMMIT.sha, "at": "2026-11-21T16:00:00Z", "author": "Ana Silva"} == first["commit"]
    assert ("COM002", "updates-too-rare", 3, ["timeline", 0]) == (
        first["code"], first["name"], first["line"], first["pointer"],
    )  # fmt: skip


def test_differences_are_a_table():
    assert difference_table(DIFFERENCES) == (
        "rule    before  after   finding\n"
        f"COM002  -       advise  {FILE}:3:5: no update for 31m\n"
        f"OWN001  advise  block   {FILE}:3:5: no update for 31m\n"
        f"OWN001  block   waived  {FILE}:3:5: no update for 31m\n"
    )


def test_of_the_history_each_row_names_its_commit():
    assert difference_table([VerdictDifference(ADVICE, "-", "advise", COMMIT)]) == (
        "commit        landed      rule    before  after   finding\n"
        f"0123456789ab  2026-11-21  COM002  -       advise  {FILE}:3:5: no update for 31m\n"
    )


def test_without_a_difference_the_table_says_so():
    assert "no finding would change\n" == difference_table([])


def test_differences_are_counted_by_what_they_mean_for_the_pipeline():
    assert {"differences": 3, "blocking_now": 1, "blocking_no_longer": 1} == difference_counts(DIFFERENCES)


def test_programs_get_the_differences_with_their_commit_if_there_is_one():
    output = json.loads(
        differences_as_json([*DIFFERENCES, VerdictDifference(ADVICE, "-", "advise", LATER)], {"records": 3})
    )
    assert {"records": 3, "differences": 4, "blocking_now": 1, "blocking_no_longer": 1} == output["summary"]
    first, *_, last = output["differences"]
    assert {
        "before": "-", "after": "advise", "code": "COM002", "name": "updates-too-rare", "file": FILE, "line": 3,
        "column": 5, "pointer": ["timeline", 0], "message": "no update for 31m", "commit": None,
    } == first  # fmt: skip
    assert {"sha": "f" * 40, "at": "2026-11-21T16:00:00Z", "author": "Bo"} == last["commit"]


@given(st.text(), st.text())
def test_no_author_and_no_file_name_can_forge_a_line(author, file):
    commit = replace(COMMIT, author=author)
    finding = replace(ADVICE, location=Location(file), hint="")
    for shown, lines in (
        (text([CommitResult(0, commit, (finding,))]), 2),
        (difference_table([VerdictDifference(finding, "-", "advise", commit)]), 2),
    ):
        assert lines == shown.count("\n")
        assert not {unicodedata.category(c) for c in shown.replace("\n", "")} & {"Cc", "Cf", "Zl", "Zp"}
    assert as_json([CommitResult(0, commit, (finding,))], {}).isascii()
