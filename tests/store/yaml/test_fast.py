"""Whatever the quick reader answers, the careful reader answers the same. Everything else about it is speed."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incidentops.store.schema.shape import Shape
from incidentops.store.yaml import fast, positions

RECORD = """\
# a comment
kind: incident
title: Registry pushes fail
services: [registry, web]
timeline:
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2, note: 'it''s "down"'}
  - at: 2026-11-21T14:05:00Z
    by: ana
    publish: |
      Some pushes fail.

      We look into it.
    note: plain text
      over two lines
  - at: 2026-11-21T14:06:00Z
    by: "bo"
    note: >-
      folded
      text
links:
  doc: wanted
  board: https://example.com/?a=b#c
"""
HANDBOOK = """\
organisation: Example
services:
  registry: {name: Registry, slo: {apdex: 0.75, error_ratio: 0.05}}
  web:
    name: Web
people:
  ana: {gitlab: ana}
gitlab:
  project: 42
  public: true
"""
PIECES = [
    "k: ",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "\n ",
    "\n- ",
    "\n  - ",
    "\nnote: ",
    "\n    note: ",
    "'",
    '"',
    "|",
    "|-",
    "|+",
    ">",
    ">-",
    ">+",
    "|2",
    "|1-",
    "#",
    " #",
    ":",
    " : ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    ",",
    ", ",
    "\\n",
    "\\",
    "\\\n",
    "''",
    '\\"',
    "---",
    "\n---\n",
    "--- ",
    "...",
    "\n...\n",
    "%",
    "@",
    "`",
    "!",
    "&",
    "*",
    "?",
    "? ",
    "-",
    " ",
    "  ",
    "~",
    "null",
    "é",
    "\u00a0",
    "🚒",
    "x y",
    "12",
    "1_0",
    "http://x",
    "a:b",
    "::",
    ":a",
    "?a",
    "#a",
    "\n\n",
    "\n\n\n",
    " \n",
    "   \n",
    "=",
    "<<",
    "\\u0041",
    "\\x41",
    "\\N",
    "\\ ",
    "\\t",
    "\\/",
    "\\0",
    "]:",
    "}:",
    "':",
    '":',
    "- - ",
    "- k: ",
    "{k: v}",
    "[v, w]",
    "{note: }",
    "{note}",
    "[]",
    "{}",
    "{? note : v}",
    "[k: v]",
    "\t",
    "\r\n",
    "\r",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\x00",
    "!!str ",
    "&a ",
    "*a",
    "%YAML",
]


def load(text: str) -> dict[str, object] | None:
    return fast.load(text.encode(), Shape.INCIDENT)


def assert_agreement(text: str, shape: Shape = Shape.INCIDENT) -> bool:
    """Whether the quick reader answered; then the careful one must answer the same."""
    quick = fast.load(text.encode(), shape)
    if quick is None:
        return False
    tree = positions.read(text)
    assert tree.faults == ()
    assert repr(tree.data) == repr(quick)  # 1, 1.0 and True are equal, and not the same
    return True


def test_the_quick_reader_answers_for_an_ordinary_record():
    assert assert_agreement(RECORD)


def test_the_quick_reader_answers_for_an_ordinary_handbook():
    assert assert_agreement(HANDBOOK, Shape.HANDBOOK)


@given(
    st.sampled_from(["apdex: 0.75", "project: 42", "name: Registry"]),
    st.text(alphabet="019afxob+-._eEXOBN~", min_size=1, max_size=8),
)
@example("project: 42", "1_000")
@example("project: 42", "0xf_f")
@example("project: 42", "+0o7")
@example("project: 42", "0b1")
@example("project: 42", "9" * 301)
@example("apdex: 0.75", "1._")
def test_both_readers_agree_on_any_number_in_a_handbook(line, number):
    key = line.partition(":")[0]
    assert_agreement(HANDBOOK.replace(line, f"{key}: {number}"), Shape.HANDBOOK)


@given(st.data())
def test_both_readers_agree_on_mangled_records(data):
    text = RECORD
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 3))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + cut :]
    assert_agreement(text)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("intact", "shape", "rounds", "least"),
    [(RECORD, Shape.INCIDENT, 6000, 500), (HANDBOOK, Shape.HANDBOOK, 4000, 100)],
    ids=["record", "handbook"],
)
def test_both_readers_agree_on_thousands_of_mangled_files(intact, shape, rounds, least):
    """The same as above without the bookkeeping, for numbers; the seed makes it repeatable."""
    dice = random.Random(20261121)
    pieces = [*PIECES, *"0123456789_.+-eEoxb"] if shape is Shape.HANDBOOK else PIECES
    answered = 0
    for _ in range(rounds):
        text = intact
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(text))
            text = text[:at] + dice.choice(pieces) + text[at + dice.randint(0, 3) :]
        answered += assert_agreement(text, shape)
    assert answered > least


@given(
    st.text(max_size=40), st.sampled_from(["{}", "'{}'", '"{}"', "|\n      {}", ">-\n      {}", "[{}]", "{{k: {}}}"])
)
@example("&a b", "{}")
@example("|", "[{}]")
def test_both_readers_agree_on_any_text_in_any_style(text, style):
    note = style.format(text)
    assert_agreement(f"{RECORD}  x: https://x.y\nimpact:\n  summary: {note}\n")
    assert_agreement(RECORD.replace("severity: S2", f"why: {note}"))


LEFT_ALONE = {
    "anchor": ("severity: S2", "severity: &s S2"),
    "alias": ("severity: S2", "severity: *s"),
    "tag": ("severity: S2", "severity: !!str S2"),
    "merge key": ("severity: S2", "<<: {severity: S2}"),
    "explicit key": ("  doc: wanted", "  ? doc\n  : wanted"),
    "tab": ("by: ana", "by:\tana"),
    "carriage return": ("\n", "\r\n"),
    "byte order mark": ("# a", "\ufeff# a"),
    "directive": ("# a comment\n", "%YAML 1.2\n---\n"),
    "end of document": ("links:", "...\nlinks:"),
    "pipe in a flow collection": ("severity: S2", "severity: S2, why: |"),
    "colon apart": ("by: ana", "by : ana"),
    "nested lists on one line": ("note: plain text", "note:\n    - - - x"),
    "no final newline": ("#c\n", "#c"),
    "next line": ("folded", "fol\u0085ded"),
    "line separator": ("folded", "fol\u2028ded"),
    "number": ('"bo"', "12"),
    "bad shape": ("kind: incident", "kind: nothing"),
    "duplicate key": ("by: ana", "by: ana, by: bo"),
    "not readable": ("[registry", "[[registry"),
    "a collection as a key": ("by: ana", "{a: b}: ana"),
    "a number as a key": ("doc: wanted", "12: https://x.y"),
    "an odd name of a link": ("board:", "my board:"),
}


@pytest.mark.parametrize(("old", "new"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_could_be_wrong_or_read_in_two_ways_is_left_alone(old, new):
    assert old in RECORD
    assert load(RECORD.replace(old, new)) is None


@pytest.mark.parametrize("text", ["R&D, A*B, Oops! 5 > 3 | 2 < 4", "why? 12% lost", "a -> b <- c"])
def test_such_characters_inside_a_text_do_not_slow_it_down(text):
    assert load(RECORD.replace("plain text", text)) is not None


def test_other_scripts_do_not_slow_it_down():
    assert assert_agreement(RECORD.replace("plain text", "レジストリ Größe 🚒"))


@pytest.mark.parametrize("number", ["1_000", "0x10", "+0x10", "0b1", "9" * 99])
def test_a_handbook_with_a_number_of_another_yaml_is_left_alone(number):
    assert fast.load(HANDBOOK.replace("42", number).encode(), Shape.HANDBOOK) is None


def test_a_large_file_is_left_alone():
    assert load(RECORD + "#" * 65536 + "\n") is None


def test_lists_nested_on_one_line_never_reach_the_parser():
    """Fifty thousand of them overflow its stack and take the process along."""
    for text in ("- " * 30000, "-   " * 16000, "? " * 30000, "- ? " * 16000):
        assert load(text + "\n") is None


@pytest.mark.parametrize("content", [b"", b"\n", b"- a\n", b"a\n", b"\xff\n", b"kind: \xc3\n"])
def test_what_is_no_record_is_left_alone(content):
    assert fast.load(content, Shape.INCIDENT) is None
