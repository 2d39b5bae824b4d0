"""None"""

import pytest

from incidentops.store.yaml import characters
from incidentops.store.yaml.positions import read


@pytest.mark.parametrize(
    "character", ["\0", "\x1b", "\x7f", "\x80", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff"]
)
def test_characters_that_readers_take_differently_may_not_stand_in_a_file(character):
    code, place, message, _ = characters.fault(f"a: b\nc: d{character}\n")
    assert (code, place) == ("YML001", (2, 5))
    assert "may not stand in a YAML file" in message


@pytest.mark.parametrize("text", ["a: b\n", "a: b\r\n", "a: é\u00a0🚒\ud7ff\ue000\ufffd\U0010ffff\n", "# \t\n", ""])
def test_ordinary_characters_may(text):
    assert characters.fault(text) is None


def test_a_carriage_return_alone_is_reported_by_name():
    assert characters.fault("a: b\rc: d")[1:3] == ((1, 5), "carriage return without a line feed")


@pytest.mark.parametrize("text", ["%YAML 1.2\n---\n", "# x\n\n  # y\r\n%TAG ! x\n---\n", "%\n"])
def test_a_directive_is_found_before_the_document(text):
    assert characters.fault(text)[0] == "YML003"


def test_a_percent_sign_elsewhere_is_no_directive():
    assert characters.fault("a: 12%\nb: |\n  x\n  %y\n") is None


STRAY = {
    "a:\tb\n": (1, 3),
    "a: b\t# c\n": (1, 5),
    "a: {b: c,\td: e}\n": (1, 10),
    "a: 'b\n\t c'\n": (2, 1),
    "a: b\n \tc\n": (2, 2),
    'a: "b\t\n  c"\n': (1, 6),
    "a: |\t\n  b\n": (1, 5),
    "-\ta\n": (1, 2),
}


@pytest.mark.parametrize(("text", "place"), STRAY.items())
def test_a_tab_that_separates_or_indents_is_found(text, place):
    (fault,) = read(text).faults
    assert (fault.code, fault.place) == ("YML001", place)


@pytest.mark.parametrize(
    "text", ["a: b\tc\n", "a: 'b\tc'\n", "a: |\n  c\td\n  \tb\n", "a: b # \t\n", "a: b\n#\t\n", "a: > #\t\n  b\n"]
)
def test_a_tab_inside_a_text_or_a_comment_is_fine(text):
    assert read(text).faults == ()


def test_places_count_from_one():
    assert characters.place("ab\ncd", 0) == (1, 1)
    assert characters.place("ab\ncd", 4) == (2, 2)


@pytest.mark.parametrize(
    ("problem", "character", "message", "hint"),
    [
        ("mapping values are not allowed in this context", ":", "cannot be read as YAML: mapping values", "in quotes"),
        ("found character that cannot start any token", "@", "a plain text may not begin with '@'", "in quotes"),
        ("found character that cannot start any token", "\t", "a tab as separation", "spaces"),
        ("found unknown escape character", "q", "cannot be read as YAML: found unknown escape", "backslash"),
        ("Something new", "", "cannot be read as YAML: something new", "check quotes"),
    ],
)
def test_a_complaint_becomes_a_message_and_a_way_to_mend_it(problem, character, message, hint):
    found = characters.about_problem(problem, character)
    assert found[0].startswith(message)
    assert hint in found[1]


def test_a_character_is_shown_as_it_would_be_escaped():
    assert characters.about_character("\x1b") == (
        "character '\\x1b' may not stand in a YAML file as it is",
        "take it out, or write it as \\x1b in a text in double quotes",
    )
    assert "\\u2028" in characters.about_character("\u2028")[1]
