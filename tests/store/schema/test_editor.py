"""The schema that editors use: the shipped one with a handbook's words, and still a JSON Schema."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from incidentops.store.schema.editor import HandbookWords, editor_schema, fault
from incidentops.store.schema.shape import Shape, schema
from make import a_record, an_entry

WORDS = HandbookWords({"registry": "Registry"}, {"ana": "Ana Silva", "bo": "Bo"}, {"S1": "All is down", "S2": "Bad"})
meanings = st.dictionaries(st.text(min_size=1), st.text(), max_size=4)


def validator(words: HandbookWords) -> Draft202012Validator:
    return Draft202012Validator(json.loads(editor_schema(words)))


def test_the_words_are_closed_lists_with_their_meanings():
    person = json.loads(editor_schema(WORDS))["$defs"]["person"]
    assert (["ana", "bo"], ["Ana Silva", "Bo"]) == (person["enum"], person["enumDescriptions"])


def test_it_knows_services_people_and_severities_wherever_they_stand():
    fine = a_record(an_entry("14:02", severity="S2", who="bo"), review={"owner": "ana"})
    assert [] == list(validator(WORDS).iter_errors(fine))
    for wrong in (
        {**fine, "services": ["web"]},
        {**fine, "review": {"owner": "zoe"}},
        a_record(an_entry("14:02", severity="S3")),
        a_record(an_entry("14:02", severity="S2", who="zoe")),
        a_record(an_entry("14:02", services=["web"])),
        a_record(an_entry("14:02"), alerts=[{"source": "x", "id": "y", "fired": "2026-11-21T14:02:00Z",
            "change": {"at": "2026-11-21T14:02:00Z", "by": "ana", "why": "x", "told": "zoe"}}]),
    ):  # fmt: skip
        assert 1 == len(list(validator(WORDS).iter_errors(wrong)))


def test_without_words_it_takes_what_the_shipped_one_takes():
    bare = json.loads(editor_schema(HandbookWords({}, {}, {})))
    assert schema(Shape.INCIDENT)["$defs"] == bare["$defs"]


def test_the_shipped_schema_stays_as_it_is():
    before = json.dumps(schema(Shape.INCIDENT))
    editor_schema(WORDS)
    assert before == json.dumps(schema(Shape.INCIDENT))


def test_it_says_where_it_comes_from_before_anything_else():
    assert ["$schema", "$id", "$comment"] == list(json.loads(editor_schema(WORDS)))[:3]


@given(meanings, meanings, meanings)
def test_it_is_always_a_json_schema(services, people, severities):
    assert "" == fault(editor_schema(HandbookWords(services, people, severities)))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "it is not JSON"),
        ('{"type": "texts"}', "it is not a JSON Schema: 'texts' is not valid"),
        ('{"properties": {"a": {"enum": 3}}}', "at properties/a/enum"),
        ("3", "it is not a JSON Schema: 3 is not of type"),
        ("true", ""),
    ],
)
def test_the_fault_of_a_schema_is_named(text: str, wrong: str):
    found = fault(text)
    assert wrong in found
    assert bool(wrong) == bool(found)
