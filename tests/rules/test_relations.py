"""Over all records: ids that exist twice, relations that lead nowhere or in a circle."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.rules.relations import RelationSummary, circles, id_problems, relation_problems, summary, twice
from make import an_incident

A, B, C = "2026-11-21-a", "2026-11-21-b", "2026-11-21-c"


def a_summary(key: str, *related: tuple[str, str]) -> RelationSummary:
    return RelationSummary(key, f"incidents/2026/{key}.yaml", related)


def found(*summaries: RelationSummary) -> list[tuple[str, str, str]]:
    known = {s.id: s for s in summaries}
    ids, circle = frozenset(known), circles(known, known.get)
    return [
        (one.id, rule.code, problem.message)
        for one in summaries
        for rule, problem in relation_problems(one, ids, circle)
    ]


def test_a_record_without_relations_needs_no_summary():
    assert summary(an_incident()) is None
    related = summary(an_incident(related=[{"to": A, "as": "follows"}]))
    assert related == RelationSummary(
        "2026-11-21-registry-503", "incidents/2026/2026-11-21-registry-503.yaml", ((A, "follows"),)
    )


def test_files_of_one_stem_have_one_id():
    same = twice(["incidents/2026/a.yaml", "incidents/2025/a.yaml", "incidents/2026/b.yaml", "incidents/2026/a.yml"])
    assert ["a"] == list(same)
    assert ["the id 'a' is that of incidents/2025/a.yaml too", "the id 'a' is that of incidents/2026/a.yml too"] == [
        problem.message for _, problem in id_problems("incidents/2026/a.yaml", same)
    ]
    assert [] == list(id_problems("incidents/2026/b.yaml", same))


def test_ids_that_no_two_files_have_are_not_named():
    assert {} == twice(["incidents/2026/a.yaml", "incidents/2026/b.yaml"])


def test_relations_point_to_records():
    assert [
        (A, "REC004", "follows points to the record itself"),
        (A, "REC004", "there is no record '2026-11-21-gone'"),
    ] == found(a_summary(A, (A, "follows"), ("2026-11-21-gone", "caused_by"), (B, "follows")), a_summary(B))


@pytest.mark.parametrize(
    ("to", "hint"),
    [
        ("2026-11-21-bb", f"did you mean '{B}'?"),
        ("elsewhere", "an id is the name of the file without .yaml"),
    ],
)
def test_near_ids_of_the_same_day_are_offered(to: str, hint: str):
    one = a_summary(A, (to, "follows"))
    ((_, problem),) = relation_problems(one, frozenset({A, B}), {})
    assert hint == problem.hint


def test_two_duplicates_of_each_other_are_a_circle():
    assert [
        (A, "REC004", f"duplicate_of '{B}' leads in a circle back to this record"),
        (B, "REC004", f"caused_by '{A}' leads in a circle back to this record"),
    ] == found(a_summary(A, (B, "duplicate_of")), a_summary(B, (A, "caused_by")))


def test_other_relations_may_go_round():
    assert [] == found(a_summary(A, (B, "follows")), a_summary(B, (A, "recurrence_of")))
    assert [] == found(a_summary(A, (B, "caused_by")), a_summary(B, (A, "near_miss_of")))


def test_only_what_is_on_the_circle_is_named():
    assert {A, B} == {
        key
        for key, _, _ in found(
            a_summary(A, (B, "caused_by"), (C, "caused_by")), a_summary(B, (A, "caused_by")),
            a_summary(C), a_summary("d", (A, "duplicate_of")),
        )
    }  # fmt: skip


@pytest.mark.no_cover
def test_a_chain_of_many_records_is_no_trouble():
    keys = [f"r{i}" for i in range(20_000)]
    chain = [a_summary(a, (b, "caused_by")) for a, b in itertools.pairwise(keys)]
    assert [] == found(*chain, a_summary(keys[-1]))
    assert 20_000 == len(found(*chain, a_summary(keys[-1], (keys[0], "caused_by"))))


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_a_circle_is_found_exactly_where_there_is_a_way_back(edges: list[tuple[int, int]]):
    points = {a: [b for start, b in edges if start == a] for a in range(8)}

    def reaches(start: int, goal: int) -> bool:
        seen, waiting = set(), [start]
        while waiting:
            here = waiting.pop()
            if here == goal:
                return True
            if here not in seen:
                seen.add(here)
                waiting += points[here]
        return False

    summaries = [a_summary(str(a), *((str(b), "caused_by") for b in to)) for a, to in points.items()]
    expected = {str(a) for a, to in points.items() if any(b == a or reaches(b, a) for b in to)}
    assert expected == {key for key, _, _ in found(*summaries)}
