"""Two versions of a record that went on from a third, drawn at random: well-shaped, timelines in order, never fewer
entries than before. What they say may well contradict.
"""

import copy
from dataclasses import dataclass

from hypothesis import strategies as st

from make import a_moment, a_record

Data = dict[str, object]

TIMES = [a_moment(text) for text in ("14:02", "14:05", "14:05:30", "14:10", "14:20")]
PEOPLE = st.sampled_from(["ana", "bo"])
WORDS = st.sampled_from(["one", "two: three", "four\nfive\n", "- six", "#seven"])
DECISIONS = st.fixed_dictionaries(
    {},
    optional={
        "severity": st.sampled_from(["S2", "S3"]),
        "state": st.sampled_from(["investigating", "identified"]),
        "status": st.sampled_from(["degraded_performance", "operational"]),
        "services": st.sampled_from([["web"], ["web", "git"]]),
        "engage": st.sampled_from(["eoc", "imoc"]),
        "page": st.just("imoc"),
        "publish": WORDS,
    },
)
NOTES = st.fixed_dictionaries({"note": WORDS})


@st.composite
def entries(draw, content=NOTES | DECISIONS) -> Data:
    chosen = draw(content) or {"note": "nothing new"}
    return {"at": draw(st.sampled_from(TIMES)), "by": draw(PEOPLE), **chosen}


@st.composite
def actions(draw) -> Data:
    key = draw(st.sampled_from(["a", "b", "c"]))
    more = draw(st.fixed_dictionaries({}, optional={"owner": PEOPLE, "due": st.sampled_from(["2026-12-05"])}))
    return {"key": key, "title": draw(WORDS), **more}


def lists_of(items, name):
    return st.lists(items, max_size=3, unique_by=lambda item: item[name])


OTHERS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["One", "Two"]),
        "impact": st.dictionaries(st.sampled_from(["started", "ended"]), st.sampled_from(TIMES), min_size=1),
        "review": st.dictionaries(st.sampled_from(["owner", "lessons", "why"]), WORDS, min_size=1),
        "corrective_actions": lists_of(actions(), "key") | st.just({"none_because": "seven"}),
        "related": lists_of(st.fixed_dictionaries({"to": WORDS, "as": st.just("follows")}), "to"),
        "links": st.dictionaries(st.sampled_from(["doc", "log"]), st.just("https://example.com/a"), max_size=2),
    },
)


@dataclass(frozen=True)
class Branches:
    base: Data
    ours: Data
    theirs: Data


def with_entries(data: Data, more: list[Data]) -> Data:
    """The record with entries more, each behind those of its time."""
    return {**data, "timeline": sorted([*data["timeline"], *more], key=lambda entry: entry["at"])}


@st.composite
def branches(draw, content=NOTES | DECISIONS, others=OTHERS) -> Branches:
    first = {"at": a_moment("14:00"), "by": "ana", "severity": "S2"}
    base = with_entries(a_record(first, **draw(others)), draw(st.lists(entries(content), max_size=2)))
    both = with_entries(base, draw(st.lists(entries(content), max_size=1)))
    sides = []
    for _ in range(2):
        side = with_entries(copy.deepcopy(both), draw(st.lists(entries(content), max_size=3)))
        if draw(st.booleans()):
            side |= draw(others)
        gone = draw(st.sampled_from(["impact", "review", "links", ""]))
        side.pop(gone if draw(st.booleans()) else "", None)
        sides.append(side)
    return Branches(base, *sides)
