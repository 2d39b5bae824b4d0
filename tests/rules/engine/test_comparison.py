"""How two verdicts on the same records differ."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.core.commit import Commit
from incidentops.core.finding import Finding, Level, Location
from incidentops.rules.engine.comparison import CommitResult, VerdictDifference, differences, differences_by_commit
from make import FILE, NOW

ADVICE = Finding("COM002", Level.ADVISE, Location(FILE, 3, 5), "too rare", "", ("timeline", 0))
BLOCK = replace(ADVICE, level=Level.BLOCK)
WAIVED = replace(BLOCK, waived="until then")
ELSEWHERE = replace(ADVICE, pointer=("timeline", 1), location=Location(FILE, 9, 5))
COMMIT = Commit("a" * 40, NOW, "Ana")
LATER = Commit("b" * 40, NOW, "Bo")

findings = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["COM002", "OWN002"]),
        st.sampled_from(Level),
        st.builds(Location, st.sampled_from(["a", "b"])),
        st.sampled_from(["x", "y"]),
        pointer=st.sampled_from([(), ("timeline", 0)]),
        waived=st.sampled_from(["", "w"]),
    ),
    max_size=6,
)


def words(found: tuple[VerdictDifference, ...]) -> list[tuple[str, str]]:
    return [(one.before, one.after) for one in found]


def test_a_finding_that_is_new_gone_or_at_another_level_is_a_difference():
    assert [("-", "advise")] == words(differences((), (ADVICE,)))
    assert [("block", "-")] == words(differences((BLOCK,), ()))
    assert [("advise", "block")] == words(differences((ADVICE,), (BLOCK,)))
    assert [("block", "waived")] == words(differences((BLOCK,), (WAIVED,)))


def test_other_words_for_the_same_are_no_difference():
    assert () == differences((ADVICE,), (replace(ADVICE, message="more than 20m", hint="hurry"),))


def test_the_finding_shown_is_that_of_the_later_handbook_if_it_has_one():
    assert BLOCK == differences((ADVICE,), (BLOCK,))[0].finding
    assert ADVICE == differences((ADVICE,), ())[0].finding


def test_findings_of_one_rule_at_different_nodes_are_different():
    assert [("advise", "-"), ("-", "advise")] == words(differences((ADVICE,), (ELSEWHERE,)))


def test_several_findings_at_one_node_are_counted():
    assert [("-", "advise")] == words(differences((ADVICE,), (ADVICE, replace(ADVICE, message="again"))))


def test_verdicts_are_compared_landing_by_landing():
    before = (CommitResult(0, COMMIT, (ADVICE,)), CommitResult(3, LATER, (ADVICE, ELSEWHERE)))
    after = (CommitResult(2, COMMIT, (BLOCK,)), CommitResult(3, LATER, (ADVICE,)))
    assert [
        VerdictDifference(ADVICE, "advise", "-", COMMIT),
        VerdictDifference(BLOCK, "-", "block", COMMIT),
        VerdictDifference(ELSEWHERE, "advise", "-", LATER),
    ] == list(differences_by_commit(before, after))


@given(findings)
def test_a_verdict_does_not_differ_from_itself(found):
    assert () == differences(found, found)


@given(findings, findings)
def test_what_differs_one_way_differs_the_other_way(one, other):
    there, back = differences(one, other), differences(other, one)
    assert sorted(words(there)) == sorted((after, before) for before, after in words(back))
