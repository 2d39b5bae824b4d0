"""None"""

import copy
import difflib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from incidentops.core.errors import Refused, WrongUse
from incidentops.store.yaml import roundtrip
from incidentops.store.yaml.edit import (
    add_member,
    append_entry,
    indented,
    insert_item,
    new_record,
    set_value,
    written,
)
from incidentops.store.yaml.reader import Shape, read_bytes
from make import a_record
from paths import RECORDS

GOOD = RECORDS / "good"
FILES = sorted(path for path in GOOD.glob("*.yaml") if not path.name.startswith("handbook"))
ENTRY = {"at": "2026-11-21T15:30:00Z", "by": "bo", "note": "All is well"}
TEXT = """\
# yaml-language-server: $schema=../../schemas/incident.schema.json
kind: incident   # a comment
title:   'Odd   spacing'

services: [ registry,web ]
timeline:        # oldest first
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2}   # declared
  - at: 2026-11-21T14:05:00Z
    by: "ana"
    publish: |
      A text that is much longer than any line ought to be, and that nobody may ever wrap, since it was written so.

      # not a comment
  # a comment at the end

review: {owner: ana}
# the end
"""
TEXTS = st.text(max_size=30).filter(str.strip) | st.sampled_from([
    "plain", "with: colon", "# hash", "@ana", "- dash", "a\nb", "a\nb\n", "a\n\n  b\n", "trailing \n", " leading",
    "tab\t", "'", '"', "{a}", "[a]", "a, b", "\\", "null", "12", "on", "é\u2028🚒", "a\r\nb", "\ufeff", "\x00\x1b",
])  # fmt: skip


def data(text: str) -> dict[str, object]:
    read = read_bytes(text.encode(), "x", Shape.INCIDENT)
    assert read.findings == ()
    return copy.deepcopy(dict(read.document.data))


def changed(before: str, after: str) -> list[str]:
    """The lines taken out and put in."""
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in lines if line[0] in "+-"]


def only_added(before: str, after: str) -> bool:
    """Whether the second text is the first one with something put in at one place."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    rest = len(before) - start
    return after.startswith(before[:start]) and (rest == 0 or after.endswith(before[start:]))


def test_an_entry_goes_below_the_last_one_and_nothing_else_changes():
    after = append_entry(TEXT, ENTRY)
    assert changed(TEXT, after) == ["+   - {at: 2026-11-21T15:30:00Z, by: bo, note: All is well}\n"]
    assert after.index("All is well") < after.index("# a comment at the end")


def test_an_entry_takes_the_style_of_the_others():
    block = TEXT.replace(
        "{at: 2026-11-21T14:02:00Z, by: ana, severity: S2}", "at: 2026-11-21T14:02:00Z\n    by: ana\n    severity: S2"
    )
    lines = ["+   - at: 2026-11-21T15:30:00Z\n", "+     by: bo\n", "+     note: All is well\n"]
    assert changed(block, append_entry(block, ENTRY)) == lines


def test_an_entry_goes_into_a_timeline_on_one_line():
    text = (
        "kind: incident\ntitle: x\nservices: [a]\ntimeline: [{at: 2026-11-21T14:02:00Z, by: ana, severity: S2}] # one\n"
    )
    assert append_entry(text, ENTRY).endswith(
        "severity: S2}, {at: 2026-11-21T15:30:00Z, by: bo, note: All is well}] # one\n"
    )


def test_an_entry_goes_into_a_record_that_is_json():
    text = json.dumps(a_record({**ENTRY, "note": "x"}), indent=1)
    assert data(append_entry(text, ENTRY))["timeline"][1] == ENTRY


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("form", ["as it is", "crlf", "no final newline", "byte order mark", "a comment at the end"])
@settings(max_examples=examples(12))
@given(text=TEXTS)
def test_an_entry_survives_exactly_and_so_does_every_other_byte(path, form, text):
    before = path.read_text(encoding="utf-8")
    before = {
        "as it is": before,
        "crlf": before.replace("\n", "\r\n"),
        "no final newline": before.removesuffix("\n"),
        "byte order mark": "\ufeff" + before,
        "a comment at the end": before + "\n\n  # the end\n#",
    }[form]
    intended = data(before)
    entry = {**ENTRY, "publish": text}
    intended["timeline"].append(entry)
    after = append_entry(before, entry)
    assert data(after) == intended
    assert only_added(before, after)
    if form == "crlf":
        assert after.count("\n") == after.count("\r\n")
    assert after.endswith("\n") or form in ("no final newline", "a comment at the end")


@settings(max_examples=examples(25))
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_entries_can_be_appended_again_and_again(texts):
    after = TEXT
    for text in texts:
        after = append_entry(after, {**ENTRY, "note": text})
    assert [entry.get("note") for entry in data(after)["timeline"][2:]] == texts
    assert only_added(TEXT, after)


@settings(max_examples=examples(25))
@given(TEXTS)
def test_a_value_is_set_where_one_stands_and_where_none_does(text):
    for pointer in (("review", "owner"), ("review", "lessons"), ("impact", "summary"), ("timeline", 1, "publish")):
        intended = data(TEXT)
        node = intended
        for step in pointer[:-1]:
            node = node[step] if isinstance(node, list) else node.setdefault(step, {})
        node[pointer[-1]] = text
        assert data(set_value(TEXT, pointer, text)) == intended


def test_a_replaced_value_keeps_its_comment():
    assert changed(TEXT, set_value(TEXT, ("kind",), "near_miss")) == [
        "- kind: incident   # a comment\n",
        "+ kind: near_miss   # a comment\n",
    ]


def test_a_replaced_text_of_several_lines_stays_a_block():
    after = set_value(TEXT, ("timeline", 1, "publish"), "One.\nTwo.\n")
    assert "    publish: |\n      One.\n      Two.\n  # a comment at the end\n" in after


def test_a_list_can_be_replaced_wherever_it_stands():
    text = TEXT.replace("services: [ registry,web ]", "services:\n- registry  # the first")
    assert "services: [web]  # the first\n" in set_value(text, ("services",), ["web"])
    assert set_value(TEXT, ("services", 1), "git").count("services: [ registry,git ]") == 1


def test_the_first_item_makes_the_list():
    after = insert_item(TEXT, ("related",), None, {"to": "x", "as": "follows"})
    assert changed(TEXT, after) == ["+ related:\n", "+   - {to: x, as: follows}\n"]
    assert "alerts: []" in (empty := set_value(TEXT, ("alerts",), []))
    alert = {"source": "x", "id": "1", "fired": "2026-11-21T14:00:00Z"}
    assert 'alerts: [{source: x, id: "1", fired: 2026-11-21T14:00:00Z}]\n' in insert_item(
        empty, ("alerts",), None, alert
    )


def test_an_item_goes_where_it_belongs_as_somebody_wrote_it():
    lines = ["# by phone", '- {at: 2026-11-21T14:03:00Z, by: "bo", note: Called}  # at home']
    entry = {"at": "2026-11-21T14:03:00Z", "by": "bo", "note": "Called"}
    after = insert_item(TEXT, ("timeline",), 1, entry, lines)
    assert changed(TEXT, after) == [f"+   {line}\n" for line in lines]
    assert data(after)["timeline"][1] == entry


def test_an_item_that_is_written_otherwise_than_it_is_meant_is_refused():
    with pytest.raises(Refused, match="cannot be edited safely"):
        insert_item(TEXT, ("timeline",), 1, ENTRY, ["- {at: 2026-11-21T15:30:00Z, by: bo, note: All is lost}"])


def test_the_first_item_of_a_list_that_is_not_there_makes_it():
    assert "related:\n  - {to: x, as: follows}\n" in insert_item(TEXT, ("related",), 0, {"to": "x", "as": "follows"})


def test_a_key_goes_to_the_end_as_somebody_wrote_it():
    after = add_member(TEXT, "links", {"doc": "wanted"}, ["# for the review", "links: {doc:   wanted}"])
    assert changed(TEXT, after) == ["+ # for the review\n", "+ links: {doc:   wanted}\n"]
    assert changed(TEXT, add_member(TEXT, "links", {"doc": "wanted"})) == ["+ links: {doc: wanted}\n"]


def test_an_entry_that_is_misshapen_is_refused_with_its_reason():
    with pytest.raises(WrongUse, match="expected S1, S2, S3 or S4, found 's2'") as caught:
        append_entry(TEXT, {**ENTRY, "severity": "s2"})
    assert caught.value.hint == "did you mean 'S2'?"


def test_a_file_that_is_not_right_is_not_edited():
    with pytest.raises(WrongUse, match="cannot be read as YAML"):
        append_entry("a: [", ENTRY)
    with pytest.raises(WrongUse, match="not valid Unicode"):
        append_entry(TEXT, {**ENTRY, "note": "\udc80"})


@pytest.mark.parametrize("pointer", [("title", "x"), ("services", 7), ("timeline", 9, "note")])
def test_a_value_has_no_place_in_a_text_or_past_the_end_of_a_list(pointer):
    with pytest.raises(WrongUse, match="has no place for"):
        set_value(TEXT, pointer, "x")


def test_a_layout_that_an_edit_would_break_is_refused():
    """The last text has no line break; one must come, and would become part of the text."""
    text = new_record(a_record({**ENTRY, "note": "no\nline break\n"})).removesuffix("\n")
    with pytest.raises(Refused, match="cannot be edited safely"):
        append_entry(text, ENTRY)


def test_an_edit_that_would_lose_a_comment_is_refused():
    text = TEXT.replace("[ registry,web ]", "\n- registry  # the first\n- web  # the second")
    with pytest.raises(Refused, match="the edit would lose the comment '# the first'"):
        set_value(text, ("services",), ["web"])


def test_a_comment_beside_what_is_replaced_stays_where_it_is():
    text = TEXT.replace("[ registry,web ]", "[ registry,  # the first\n  web ]  # the second")
    assert "[ registry,  # the first\n  git ]  # the second" in set_value(text, ("services", 1), "git")


def test_a_record_that_another_library_reads_differently_is_not_edited():
    with pytest.raises(Refused, match=r"another reader of YAML \(ruamel.yaml\) cannot read the record"):
        append_entry(TEXT.replace("'Odd   spacing'", "Odd\tspacing"), ENTRY)


def test_an_edit_that_another_library_reads_differently_is_refused(monkeypatch: pytest.MonkeyPatch):
    """Both read what we write alike, as far as anybody knows; so one of them is made to differ here."""
    was = roundtrip.load

    def differs(text: str) -> roundtrip.RoundTrip | None:
        return roundtrip.RoundTrip({}, ()) if "All is well" in text else was(text)

    monkeypatch.setattr(roundtrip, "load", differs)
    with pytest.raises(Refused, match="would not find in the edited record what was meant"):
        append_entry(TEXT, ENTRY)


def test_a_new_record_looks_as_a_person_would_write_it():
    entry = {"at": "2026-11-21T14:02:00Z", "by": "ana", "severity": "S2", "state": "investigating"}
    update = {**entry, "publish": "Pushes fail.\nWe look into it.\n"}
    assert new_record(
        {"kind": "incident", "title": "Pushes: HTTP 503", "services": ["registry"], "timeline": [entry, update]}
    ) == (
        "# yaml-language-server: $schema=../../schemas/incident.schema.json\n"
        "kind: incident\n"
        'title: "Pushes: HTTP 503"\n'
        "services: [registry]\n"
        "timeline:\n"
        "  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2, state: investigating}\n"
        "  - at: 2026-11-21T14:02:00Z\n"
        "    by: ana\n"
        "    severity: S2\n"
        "    state: investigating\n"
        "    publish: |\n"
        "      Pushes fail.\n"
        "      We look into it.\n"
    )


@given(TEXTS, TEXTS)
def test_a_new_record_holds_what_it_was_given(summary, note):
    record = a_record({**ENTRY, "note": note}, impact={"summary": summary})
    assert data(new_record(record)) == record


def test_a_new_record_must_be_well_shaped():
    with pytest.raises(WrongUse, match="key 'timeline' is missing"):
        new_record({"kind": "incident", "title": "x", "services": ["a"]})


COMMENTED = """\
kind: incident
# about the services
services: [a]  # behind
timeline:
    - {at: x, by: ana}
    # not about it

    # about the second
    # and more
    - at: y   # when
      # inside
      publish: |
        One

        # two
    # at the end
review:
  owner: ana
"""


def test_an_item_comes_with_its_comments_at_the_left_edge():
    assert written(COMMENTED, ("timeline", 1)) == (
        "# about the second", "# and more",
        "- at: y   # when", "  # inside", "  publish: |", "    One", "", "    # two",
    )  # fmt: skip


def test_a_member_comes_with_its_comments():
    assert written(COMMENTED, ("services",)) == ("# about the services", "services: [a]  # behind")
    assert written(COMMENTED, ("review", "owner")) == ("owner: ana",)


def test_comments_that_are_known_there_stay_here():
    assert written(COMMENTED, ("timeline", 1), {"# about the second"})[0] == "# and more"
    assert written(COMMENTED, ("timeline", 1), {"# and more"})[0] == "- at: y   # when"


def test_what_looks_like_a_comment_in_a_text_is_none():
    assert written(COMMENTED, ("review",)) == ("# at the end", "review:", "  owner: ana")
    assert written(COMMENTED.replace("    # at the end\n", ""), ("review",)) == ("review:", "  owner: ana")


def test_the_first_node_comes_alone():
    assert written("# head\n" + COMMENTED, ("kind",)) == ("kind: incident",)
    assert written(COMMENTED, ("timeline", 0)) == ("- {at: x, by: ana}",)


def test_line_ends_and_a_byte_order_mark_do_not_come_along():
    other = "\ufeff" + COMMENTED.replace("\n", "\r\n")
    assert written(other, ("timeline", 1)) == written(COMMENTED, ("timeline", 1))


def test_a_file_may_end_without_a_line_break():
    assert written(COMMENTED.removesuffix("\n"), ("review",)) == written(COMMENTED, ("review",))


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("a: [{b: c}]\n", ("a", 0)),
        ("a: {b: c}\n", ("a", "b")),
        ("a:\n- - b\n", ("a", 0, 0)),
        ("a:\n-\n  b: c\n", ("a", 0)),
        ("? a\n: b\n", ("a",)),
        ('a:\n  b: "one\n two"\n', ("a", "b")),
        ("a: b\n", ("c",)),
        ("a: b\n", ("c", "d")),
    ],
)
def test_what_has_no_lines_of_its_own_is_nothing(text, pointer):
    assert written(text, pointer) is None


def test_lines_are_moved_to_a_column_and_empty_ones_stay_empty():
    assert indented(("- a: |", "", "    b"), 2) == ["  - a: |", "", "      b"]
