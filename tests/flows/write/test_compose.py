"""A text gets the data it is to hold, with the smallest edits."""

import json

import pytest
from hypothesis import given, settings

from branches_drawn import Branches, branches
from examples import examples
from incidentops.core.errors import Refused, WrongUse
from incidentops.flows.write.compose import compose, data_of
from incidentops.model.merge import merge_data
from incidentops.store.yaml.edit import new_record

FIRST = {"at": "2026-11-21T14:02:00Z", "by": "ana", "severity": "S2"}
TEXT = """\
kind: incident
title: One   # as the alert had it
services: [web]
timeline:
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2}   # declared
related: [{to: x, as: follows}]
corrective_actions:
  # the first
  - key: pin
    title: Pin it
# the end
"""
DATA = data_of(TEXT)
NOTE = {"at": "2026-11-21T14:05:00Z", "by": "bo", "note": "Looked at the chart"}
SOURCE = TEXT.replace(
    "# declared\n",
    '# declared\n  # by phone\n  - {at: 2026-11-21T14:05:00Z, by: "bo",\n     note: Looked at the chart}\n',
)


@settings(max_examples=examples(30))
@given(branches())
def test_a_text_is_brought_to_what_was_joined(drawn: Branches):
    merged = merge_data(drawn.base, drawn.ours, drawn.theirs)
    if not merged.conflicts and set(drawn.ours) <= set(merged.data):
        text = compose(new_record(drawn.ours), merged.data, [new_record(drawn.theirs)])
        assert merged.data == data_of(text)


def test_a_text_that_holds_it_stays_as_it_is():
    assert TEXT == compose(TEXT, DATA, [])


def test_an_entry_comes_in_the_words_of_who_wrote_it():
    wanted = {**DATA, "timeline": [FIRST, NOTE]}
    assert SOURCE == compose(TEXT, wanted, [SOURCE])
    assert "# declared\n  - {at: 2026-11-21T14:05:00Z, by: bo, note: Looked" in compose(TEXT, wanted, [])


def test_an_entry_goes_between_and_before_others():
    early = {**NOTE, "at": "2026-11-21T14:00:00Z"}
    text = compose(SOURCE, {**DATA, "timeline": [early, FIRST, NOTE]}, [])
    assert "timeline:\n  - {at: 2026-11-21T14:00:00Z, by: bo, note: Looked at the chart}\n  - {at: 2026" in text


def test_what_was_written_in_another_layout_is_written_anew():
    source = TEXT.replace("timeline:\n  - {at", "timeline: [{at").replace("S2}   # declared", "S2}, " + str(NOTE) + "]")
    assert compose(TEXT, {**DATA, "timeline": [FIRST, NOTE]}, [source]).count("Looked at the chart") == 1


def test_what_is_written_so_that_it_cannot_be_taken_over_is_written_anew():
    """Another library does not read this tab; whoever wrote it wrote it by hand."""
    note = {**NOTE, "note": "Looked\tat it"}
    source = SOURCE.replace("Looked at the chart", "Looked\tat it")
    assert 'note: "Looked\\tat it"}' in compose(TEXT, {**DATA, "timeline": [FIRST, note]}, [source])


def test_a_record_that_is_json_stays_json():
    wanted = {**DATA, "timeline": [FIRST, NOTE], "review": {"owner": "ana"}}
    text = compose(json.dumps(DATA), wanted, [SOURCE + "review: {owner: ana}\n"])
    assert (wanted, 1) == (data_of(text), text.count("\n") + 1)


def test_an_item_goes_into_a_list_on_one_line():
    related = [{"to": "a", "as": "follows"}, {"to": "x", "as": "follows"}]
    assert "related: [{to: a, as: follows}, {to: x, as: follows}]\n" in compose(TEXT, {**DATA, "related": related}, [])


def test_a_field_of_an_item_is_changed_where_it_stands():
    action = {"key": "pin", "title": "Pin it", "owner": "ana"}
    text = compose(TEXT, {**DATA, "corrective_actions": [action]}, [])
    assert "  # the first\n  - key: pin\n    title: Pin it\n    owner: ana\n# the end\n" in text


def test_a_key_comes_in_the_words_of_who_wrote_it():
    source = TEXT.replace("# the end", "# for later\nreview: {  owner: ana }  # ana it is\n# the end")
    assert source == compose(TEXT, {**DATA, "review": {"owner": "ana"}}, [source])


def test_an_item_that_goes_takes_no_comment_with_it():
    with pytest.raises(Refused, match="would lose the comment '# the chart'"):
        compose(TEXT.replace("key: pin", "key: pin  # the chart"), {**DATA, "corrective_actions": []}, [])
    assert "related: []\n" in compose(TEXT, {**DATA, "related": []}, [])


def test_a_key_is_not_taken_out():
    with pytest.raises(Refused, match="a key would have to be removed"):
        compose(TEXT, {key: value for key, value in DATA.items() if key != "related"}, [])


def test_entries_are_not_moved():
    with pytest.raises(Refused, match="another order"):
        compose(SOURCE, {**DATA, "timeline": [NOTE, FIRST]}, [])


def test_what_is_no_record_is_not_brought_anywhere():
    with pytest.raises(WrongUse, match="the text is not a record"):
        compose("<<<<<<< ours\n", DATA, [])
