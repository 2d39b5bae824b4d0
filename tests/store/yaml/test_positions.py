"""None"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.store.yaml.positions import MOST_FAULTS, read, resolve

TEXT = """a: 1
b:
  - c: d
    e: [f, {g: h}]
  -
    i: |
      text
"""


def test_every_node_has_its_place_members_at_the_key_and_items_at_their_beginning():
    assert read(TEXT).places == {
        (): (1, 1),
        ("a",): (1, 1),
        ("b",): (2, 1),
        ("b", 0): (3, 5),
        ("b", 0, "c"): (3, 5),
        ("b", 0, "e"): (4, 5),
        ("b", 0, "e", 0): (4, 9),
        ("b", 0, "e", 1): (4, 12),
        ("b", 0, "e", 1, "g"): (4, 13),
        ("b", 1): (6, 5),
        ("b", 1, "i"): (6, 5),
    }


def test_the_data_is_plain():
    assert read(TEXT).data == {"a": 1, "b": [{"c": "d", "e": ["f", {"g": "h"}]}, {"i": "text\n"}]}


def test_what_is_no_text_is_remembered_as_it_was_written():
    assert read("a: 0x1F\nb: '0x1F'\nc: ~\n").written == {("a",): "0x1F", ("c",): "~"}


def test_a_place_falls_back_to_the_nearest_parent():
    tree = read(TEXT)
    assert tree.place(("b", 0, "x", "y")) == (3, 5)
    assert tree.place(("x",)) == (1, 1)
    assert read("").place(("x",)) == (1, 1)


def test_several_faults_are_reported_at_once():
    faults = read("a: &x 1\nb: *x\nc: !t 2\n<<: {d: 1}\na: 3\n").faults
    assert [(fault.code, fault.place) for fault in faults] == [
        ("YML003", (1, 4)),
        ("YML003", (2, 4)),
        ("YML003", (3, 4)),
        ("YML003", (4, 1)),
        ("YML002", (5, 1)),
    ]


def test_a_quoted_merge_sign_is_a_key_like_any_other():
    assert read("'<<': a\n").data == {"<<": "a"}


@pytest.mark.parametrize("key", ["*x", "&x k", "!t k"])
def test_keys_have_no_anchors_aliases_or_tags_either(key):
    assert {fault.code for fault in read(f"? {key}\n: v\n").faults} == {"YML003"}


def test_reading_stops_after_many_faults():
    assert len(read("".join(f"- &a{i} x\n" for i in range(1000))).faults) == MOST_FAULTS


@pytest.mark.parametrize(("depth", "codes"), [(32, []), (33, ["YML004"])])
def test_thirty_two_collections_are_deep_enough(depth, codes):
    assert [fault.code for fault in read("[" * depth + "]" * depth).faults] == codes
    assert [fault.code for fault in read("- " * (depth - 1) + "{}").faults] == codes


def test_a_second_opening_of_the_same_place_is_reported_with_its_beginning():
    (fault,) = read("a: [b,\n  c\n").faults
    assert "(while parsing a flow sequence from 1:4)" in fault.message


MEANINGS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "nUll": "nUll",
    "none": "none",
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "tRue": "tRue",
    "on": "on",
    "off": "off",
    "yes": "yes",
    "no": "no",
    "NO": "NO",
    "y": "y",
    "n": "n",
    "0": 0,
    "-0": 0,
    "+1": 1,
    "-19": -19,
    "007": 7,
    "08": 8,
    "0o17": 15,
    "0o18": "0o18",
    "0x1F": 31,
    "0xfg": "0xfg",
    "-0x1F": "-0x1F",
    "+0o7": "+0o7",
    "0b11": "0b11",
    "1_000": "1_000",
    "1,000": "1,000",
    "12:30:45": "12:30:45",
    "0.": 0.0,
    "-0.0": 0.0,
    ".5": 0.5,
    "+.5": 0.5,
    "12e03": 12000.0,
    "-2E+05": -200000.0,
    "1.5e-3": 0.0015,
    "1e": "1e",
    ".": ".",
    "-": "-",
    "+": "+",
    "1.2.3": "1.2.3",
    "e3": "e3",
    ".e3": ".e3",
    "+-1": "+-1",
    ".inf": math.inf,
    "-.Inf": -math.inf,
    "+.INF": math.inf,
    ".iNf": ".iNf",
    "inf": "inf",
    "-.nan": "-.nan",
    "nan": "nan",
    "2026-11-21": "2026-11-21",
    "2026-11-21T14:02:00Z": "2026-11-21T14:02:00Z",
    "a": "a",
    "é": "é",
    "=": "=",
    "<<": "<<",
}


@pytest.mark.parametrize(("text", "meaning"), MEANINGS.items())
def test_plain_scalars_mean_what_the_core_schema_says(text, meaning):
    assert resolve(text) == meaning
    assert type(resolve(text)) is type(meaning)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_a_number(text):
    assert math.isnan(resolve(text))


def test_a_number_without_end_costs_nothing():
    assert resolve("9" * 1_000_000) == math.inf
    assert resolve("0x" + "f" * 1_000_000) == "0x" + "f" * 1_000_000


@given(st.text())
def test_a_text_stays_as_it_is_or_is_something_else_altogether(text):
    meaning = resolve(text)
    assert not isinstance(meaning, str) or meaning == text
