"""REC007 and REC008: incidents that may be one."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.moment import EARLIEST, LATEST
from incidentops.rules.possible_duplicates import OverlapIndex, Presence
from make import a_time, an_entry

COMPONENTS = {"registry": ("5a-5b",), "mirror": ("5a-5b",), "web": ()}
LIVE = [an_entry("14:02", severity="S3", engage="eoc")]


def one(key: str, at: str = "14:00", on: str = "registry", live: bool = False, related: str = "") -> Presence:
    return Presence(
        f"2026-11-21-{key}", f"incidents/2026/2026-11-21-{key}.yaml", a_time(at), (on,), (on,) if live else (),
        frozenset([f"2026-11-21-{related}"] if related else []),
    )  # fmt: skip


def found_in(*everybody: Presence) -> list[tuple[str, str]]:
    neighbours = OverlapIndex(everybody, COMPONENTS)
    found = [(each, rule) for each in everybody for rule, _ in neighbours.check(each)]
    assert {each.file for each, _ in found} <= neighbours.crowded(), "only these are looked at"
    return [(each.id[11:], rule.code) for each, rule in found]


def messages(*everybody: Presence) -> list[str]:
    neighbours = OverlapIndex(everybody, COMPONENTS)
    return [problem.message for each in everybody for _, problem in neighbours.check(each)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(one("a"), one("b", "14:10"), {"REC008"}, id="ten minutes are within"),
        pytest.param(one("a"), one("b", "14:10:01"), set(), id="more are not"),
        pytest.param(one("a"), one("b"), {"REC008"}, id="at the same second"),
        pytest.param(one("a"), one("b", on="web"), set(), id="on another service"),
        pytest.param(one("a"), one("b", on="mirror"), set(), id="a component is no service"),
        pytest.param(one("a"), one("b", related="a"), set(), id="one says how they are related"),
        pytest.param(one("a", related="b"), one("b"), set(), id="the other does"),
        pytest.param(one("a", related="c"), one("b"), {"REC008"}, id="related to a third"),
        pytest.param(one("a", live=True), one("b", "13:00", live=True), {"REC007"}, id="both live"),
        pytest.param(one("a", live=True), one("b", "13:00"), set(), id="one is over"),
        pytest.param(one("a", live=True), one("b", "13:00", "mirror", live=True), {"REC007"}, id="on one component"),
        pytest.param(one("a", live=True), one("b", "13:00", "web", live=True), set(), id="live elsewhere"),
        pytest.param(one("a", live=True), one("b", "13:00", live=True, related="a"), set(), id="live and related"),
        pytest.param(one("a", live=True), one("b", "14:01", live=True), {"REC008"}, id="both: one finding"),
        pytest.param(one("a"), one("a"), set(), id="an id that exists twice is another rule"),
    ],
)
def test_two_records_close_in_time_or_both_live_on_one_service_are_possible_duplicates(
    first: Presence, second: Presence, expected: set[str]
):
    keys = {first.id[11:], second.id[11:]}
    assert {(key, code) for key in keys for code in expected} == set(found_in(first, second))


def test_the_other_is_named_with_what_they_share():
    assert [
        "'2026-11-21-b' was declared on 'registry' too, 3m after this one",
        "'2026-11-21-a' was declared on 'registry' too, 3m before this one",
    ] == messages(one("a"), one("b", "14:03"))
    assert "'2026-11-21-b' was declared on 'registry' too, with this one" in messages(one("a"), one("b"))
    first, _ = messages(one("a", live=True), one("b", "13:00", "mirror", live=True))
    assert "'2026-11-21-b' is live on '5a-5b' too" == first


def test_of_many_a_few_are_named():
    crowd = [one(f"r{n:02}", "13:00", live=True) for n in range(40)]
    alone = one("z", "15:00", live=True)
    *_, last = messages(*crowd, alone)
    assert "'2026-11-21-r00', '2026-11-21-r01', '2026-11-21-r02' and more are live on 'registry' too" == last


def test_the_edges_of_the_calendar_are_no_trouble():
    ends = [Presence(str(n), str(n), at, ("web",), (), frozenset()) for n, at in enumerate((EARLIEST, LATEST) * 2)]
    assert 4 == len(found_in(*ends))


_drawn = st.builds(
    one,
    key=st.sampled_from("abcd"),
    at=st.integers(0, 40).map(lambda minute: f"14:{minute:02}"),
    on=st.sampled_from(["registry", "mirror", "web"]),
    live=st.booleans(),
    related=st.sampled_from(["", "a", "b"]),
)


@given(st.lists(_drawn, max_size=7, unique_by=lambda each: each.id), st.randoms())
def test_the_order_of_the_files_does_not_matter_and_both_of_a_pair_have_the_finding(everybody: list[Presence], chance):
    shuffled = list(everybody)
    chance.shuffle(shuffled)
    assert sorted(found_in(*everybody)) == sorted(found_in(*shuffled))
    expected = set()
    for first, second in itertools.permutations(everybody, 2):
        known = second.id in first.related or first.id in second.related
        near = abs(first.declared - second.declared) <= timedelta(minutes=10)
        if near and not known and first.declared_on == second.declared_on:
            expected.add((first.id[11:], "REC008"))
    assert expected == {(key, code) for key, code in found_in(*everybody) if code == "REC008"}
