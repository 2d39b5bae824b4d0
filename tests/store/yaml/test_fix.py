"""Fixes of a text: other words in the same place, parts in another order, and nothing else touched."""

import pytest

from incidentops.core.errors import Refused
from incidentops.store.yaml import roundtrip
from incidentops.store.yaml.fix import arrange_items, arrange_members, parsed, rename, reword, with_modeline

LIST = """\
# top
timeline:   # oldest first
  # about all of them
  - {at: 2, by: b}   # two
  # above one
  - at: 1
    by: |
      a

      # not a comment

    # behind one

  - at: 3   # three
# below
after: x
"""


def test_items_move_with_their_comments_and_the_first_comment_stays():
    assert arrange_items(LIST, ("timeline",), [1, 0, 2]) == (
        "# top\n"
        "timeline:   # oldest first\n"
        "  # about all of them\n"
        "  # above one\n"
        "  - at: 1\n"
        "    by: |\n"
        "      a\n"
        "\n"
        "      # not a comment\n"
        "\n"
        "    # behind one\n"
        "  - {at: 2, by: b}   # two\n"
        "\n"
        "  - at: 3   # three\n"
        "# below\n"
        "after: x\n"
    )


def test_the_last_line_may_have_no_end():
    assert "t:\n- b\n- a" == arrange_items("t:\n- a\n- b", ("t",), [1, 0])
    assert "t:\r\n- b\r\n- a" == arrange_items("t:\r\n- a\r\n- b", ("t",), [1, 0])


def test_items_of_a_list_in_brackets_change_places():
    assert "t: [ {b: 2},\n  {a: 1}  ]  # c\n" == arrange_items("t: [ {a: 1},\n  {b: 2}  ]  # c\n", ("t",), [1, 0])


def test_an_item_may_begin_below_its_dash():
    text = "t:\n  -\n    a: 1\n  - # why\n    b: 2\n"
    assert "t:\n  - # why\n    b: 2\n  -\n    a: 1\n" == arrange_items(text, ("t",), [1, 0])


def test_members_move_with_their_comments():
    text = "# top\nb: [1,\n  2]   # bee\n\n# above a\na: |\n  x\n  # in a\nc: 3"
    assert "# top\n\n# above a\na: |\n  x\n  # in a\nb: [1,\n  2]   # bee\nc: 3" == arrange_members(
        text, (), ["a", "b", "c"]
    )


def test_members_of_an_item_move_behind_its_dash():
    text = "t:\n  - by: a   # who\n    note: >\n      x\n    # behind\n    at: 1\n"
    with pytest.raises(Refused, match="laid out in a way"):  # the comment would stand before the dash
        arrange_members(text, ("t", 0), ["at", "by", "note"])
    assert "t:\n  - by: a   # who\n    # behind\n    at: 1\n    note: >\n      x\n" == arrange_members(
        text, ("t", 0), ["by", "at", "note"]
    )


def test_members_in_braces_change_places():
    text = 't: [{"by" : "a", at: 1 , note: "x, y"}]\n'
    assert 't: [{at: 1, "by" : "a" , note: "x, y"}]\n' == arrange_members(text, ("t", 0), ["at", "by", "note"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a: [x, old]  # c\n", "a: [x, new]  # c\n"),
        ("a: [x, 'old']\n", "a: [x, 'new']\n"),
        ('\ufeffa: [x, "old"]\r\n', '\ufeffa: [x, "new"]\r\n'),
        ("a:\n- x\n- old\n", "a:\n- x\n- new\n"),
    ],
)
def test_a_word_keeps_its_quotes_and_its_place(text: str, shown: str):
    assert shown == reword(text, ("a", 1), "old", "new")


def test_a_key_keeps_its_place():
    assert '"new" : 1 # c\nb: 2\n' == rename('"old" : 1 # c\nb: 2\n', ("old",), "new")
    assert "a: [{new: 1}]\n" == rename("a: [{old: 1}]\n", ("a", 0, "old"), "new")


@pytest.mark.parametrize("text", ["a: other\n", "a: |\n  old\n", "a: [old]\n", "b: old\n", "a: ol\\\n d\n"])
def test_a_word_that_is_not_there_as_it_should_be_is_not_replaced(text: str):
    with pytest.raises(Refused):
        reword(text, ("a",), "old", "new")


def test_what_would_mean_something_else_is_refused():
    with pytest.raises(Refused, match="laid out in a way"):
        reword("a: 'old'\n", ("a",), "old", "it's")
    with pytest.raises(Refused, match="laid out in a way"):
        arrange_members("? b\n: 1\n? a\n: 2\n", (), ["a", "b"])


def test_a_second_reader_is_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(roundtrip, "load", lambda text: None)
    with pytest.raises(Refused, match=r"ruamel\.yaml"):
        reword("a: old\n", ("a",), "old", "new")


def test_data_that_are_no_texts_do_not_stand_in_the_way():
    assert "a: new\nb: 12\nc: null\nd: ~\n" == reword("a: old\nb: 12\nc: null\nd: ~\n", ("a",), "old", "new")


def test_what_is_no_yaml_has_no_data():
    assert None is parsed("a: [")
    assert None is parsed("a: 1\na: 2\n")
    assert {"a": 1} == parsed("\ufeffa: 1\n")


@pytest.mark.parametrize("text", ["kind: x\n", "\ufeffkind: x\n", "# about it\n---\nkind: x\n"])
def test_the_line_for_editors_stands_on_top(text: str):
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    line = "# yaml-language-server: $schema=../s.json\n"
    assert mark + line + text.removeprefix(mark) == with_modeline(text, "../s.json")
    assert with_modeline(text, "../s.json") == with_modeline(with_modeline(text, "../s.json"), "x")


def test_the_line_for_editors_ends_as_the_others_do():
    assert "# yaml-language-server: $schema=s\r\nkind: x\r\n" == with_modeline("kind: x\r\n", "s")


def test_a_list_inside_a_list_is_left_alone():
    with pytest.raises(Refused, match="laid out in a way"):
        arrange_items("- - b\n  - a\n", (0,), [1, 0])
