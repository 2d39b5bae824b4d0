import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.errors import WrongUse
from incidentops.store.yaml import emit
from incidentops.store.yaml.emit import WIDTH, flow, item, member
from incidentops.store.yaml.positions import read

TEXTS = st.text(max_size=40) | st.text(
    alphabet="ab:#-,[]{}'\"|>&*!%@`? \n\t\\=~01.\u00a0é\u2028\ufeff\x00\r", max_size=30
)
WORDS = [
    "on",
    "No",
    "y",
    "null",
    "~",
    "true",
    "12",
    "0x1F",
    "1.5",
    ".inf",
    "1_000",
    "2026-11-21",
    "2026-11-21T14:02:00Z",
    "",
    "a: b",
    "a #b",
    "a#b",
    "a:b",
    "#a",
    "- a",
    "-a",
    "@a",
    "`a",
    "%a",
    "?",
    ":",
    "[a]",
    "{a}",
    "a, b",
    "a]",
    "'a'",
    '"a"',
    "it's",
    " a",
    "a ",
    "a\n",
    "a\nb",
    "a\nb\n",
    "a\n\nb",
    "\na",
    "a\n\n",
    " a\nb",
    "a \nb",
    "a\n  b\n",
    "\n",
    "\t",
    "a\tb",
    "---",
    "--- a",
    "...",
    "<<",
    "=",
    "é",
    "🚒",
    "http://x/?a=b&c",
    "C:\\Users",
    "a\r\nb",
    "\x1b[31m",
    "\u202ea",
    "a\u0085b",
]
NODES = st.recursive(
    TEXTS | st.sampled_from(WORDS) | st.booleans() | st.integers(-999, 999),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def is_text(value: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in value)


def back(lines: list[str]) -> object:
    tree = read("\n".join(lines) + "\n")
    assert tree.faults == ()
    return tree.data


@pytest.mark.parametrize("text", WORDS)
def test_a_text_survives_in_every_position(text):
    assert back([f"k: {flow(text)}"]) == {"k": text}
    assert back([flow({"k": text, "l": [text]})]) == {"k": text, "l": [text]}
    assert back(member("k", text, 0)) == {"k": text}
    assert back(["l:", *member("k", text, 2), "m: n"]) == {"l": {"k": text}, "m": "n"}
    assert back(["l:", *item({"k": text}, 2, one_line=False), "m: n"]) == {"l": [{"k": text}], "m": "n"}


@given(NODES)
def test_any_value_survives(value):
    assert back([f"k: {flow(value)}"]) == {"k": value}
    assert back(member("k", value, 0)) == {"k": value}
    assert back(["l:", *item(value, 2), *item({"a": value}, 2)]) == {"l": [value, {"a": value}]}


@given(TEXTS)
def test_other_readers_of_yaml_take_a_text_for_a_text_too(text):
    """PyYAML is YAML 1.1: `yes` would be true there."""
    loaded = yaml.safe_load("\n".join(member("k", f"x{text}", 0)) + "\n")
    assert loaded == {"k": f"x{text}"}


@pytest.mark.parametrize("word", ["yes", "No", "ON", "y"])
def test_words_that_older_readers_take_for_truth_values_are_quoted(word):
    assert flow(word) == f'"{word}"'


@pytest.mark.parametrize(
    "text", ["S1", "ana", "2026-11-21T14:02:00Z", "Chart 4.2 dropped it", "12% lost", "https://x.y/z", "été"]
)
def test_ordinary_texts_stand_without_quotes(text):
    assert flow(text) == text


@pytest.mark.parametrize(("value", "written"), [(True, "true"), (False, "false"), (7, "7"), (1.5, "1.5")])
def test_what_is_no_text_is_written_as_yaml_has_it(value, written):
    assert written == flow(value)


def test_a_text_of_several_lines_becomes_a_block():
    assert member("publish", "One.\n\nTwo: it's\n", 4) == ["    publish: |", "      One.", "", "      Two: it's"]
    assert member("publish", "One.\nTwo", 0) == ["publish: |-", "  One.", "  Two"]


def test_an_item_is_one_line_where_it_fits_and_a_block_where_it_does_not():
    short = {"at": "2026-11-21T14:02:00Z", "by": "ana", "note": "x"}
    assert item(short, 2) == ["  - {at: 2026-11-21T14:02:00Z, by: ana, note: x}"]
    assert item(short, 2, one_line=False) == ["  - at: 2026-11-21T14:02:00Z", "    by: ana", "    note: x"]
    assert item({**short, "note": "x" * WIDTH}, 0)[0] == "- at: 2026-11-21T14:02:00Z"
    assert item({**short, "note": "x\ny"}, 0)[2:] == ["  note: |-", "    x", "    y"]


def test_a_collection_is_one_line_where_it_fits_unless_mappings_are_listed_in_it():
    assert member("services", ["a", "b"], 0) == ["services: [a, b]"]
    assert member("services", ["x" * 60, "y" * 60], 0) == ["services:", f"  - {'x' * 60}", f"  - {'y' * 60}"]
    assert member("impact", {"started": "x"}, 0) == ["impact: {started: x}"]
    assert member("impact", {"summary": "x\ny"}, 0) == ["impact:", "  summary: |-", "    x", "    y"]
    assert member("related", [{"to": "x"}], 0) == ["related:", "  - {to: x}"]
    assert member("waivers", [], 0) == ["waivers: []"]


def test_what_is_no_unicode_is_refused():
    with pytest.raises(WrongUse, match="not valid Unicode"):
        emit.flow("a\ud800")
