import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.store.schema import errors as schema_errors
from incidentops.store.schema.errors import Rename, Reword, schema_fixes
from incidentops.store.schema.shape import Shape, validator
from make import a_record, an_entry

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "kind",
    "title",
    "services",
    "audience",
    "security",
    "alerts",
    "impact",
    "timeline",
    "review",
    "corrective_actions",
    "links",
    "related",
    "waivers",
    "not_published",
)


def errors_of(data: object) -> list[tuple[object, ...]]:
    return [(pointer, message, hint) for pointer, message, hint in schema_errors.errors(Shape.INCIDENT, data, {})]


def test_a_well_shaped_record_has_no_errors():
    assert errors_of(a_record()) == []


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_there_is_an_error_for_whatever_is_misshapen_and_for_nothing_else(changes):
    data = {**a_record(), **copy.deepcopy(changes)}
    assert bool(errors_of(data)) == (not validator(Shape.INCIDENT).is_valid(data))


@given(st.dictionaries(st.sampled_from(("gitlab", "severities", "services", "people", "timers", "rules")), JSON))
def test_a_handbook_has_errors_in_the_same_way(changes):
    data = {"organisation": "x", "services": {"a": {}}, "people": {"b": {}}, **changes}
    errors = list(schema_errors.errors(Shape.HANDBOOK, data, {}))
    assert bool(errors) == (not validator(Shape.HANDBOOK).is_valid(data))


def test_each_missing_and_each_surplus_key_is_an_error_of_its_own():
    data = a_record({"at": "2026-11-21T14:02:00Z", "note": "x", "bye": "ana", "x": 1})
    assert errors_of(data) == [
        (("timeline", 0, "by"), "key 'by' is missing", "by: who says or decided this: a key of the handbook's people"),
        (("timeline", 0, "bye"), "unknown key 'bye'", "did you mean 'by'?"),
        (("timeline", 0, "x"), "unknown key 'x'", f"allowed here: {', '.join(ENTRY)}"),
    ]


ENTRY = (
    "at", "by", "severity", "state", "status", "services", "audience", "engage", "release", "page", "who", "why",
    "note", "publish",
)  # fmt: skip


def test_a_value_has_one_error():
    assert len(errors_of(a_record(an_entry("x")))) == 1


def test_a_value_is_shown_as_it_was_written():
    errors = list(schema_errors.errors(Shape.INCIDENT, a_record(title=31), {("title",): "0x1F"}))
    assert errors == [
        (("title",), "expected one line of 1 to 200 characters, found the number '0x1F'", 'put it in quotes: "0x1F"')
    ]


def test_a_very_long_word_is_not_compared():
    (error,) = errors_of(a_record(kind="incident" * 1000))
    assert error[2] == ""


def test_after_a_hundred_errors_the_rest_is_left_out():
    errors = errors_of(a_record(*[an_entry("x")] * 150))
    assert len(errors) == 101
    assert errors[-1][1] == "more than 100 things are wrong with the shape"


def test_a_record_that_is_no_mapping_gets_a_beginning():
    assert errors_of(None) == [((), "expected a mapping, found nothing", "begin with a key, such as 'kind: ...'")]


def test_words_and_times_are_found_wherever_they_stand():
    data = a_record(
        an_entry("2026-11-21T15:02:00+01:00", severity="s3", state="investigate"),
        impact={"started": "2026-11-21T14:00Z"},
        audience="publik",
    )
    assert {
        Reword(("timeline", 0, "at"), "2026-11-21T15:02:00+01:00", "2026-11-21T14:02:00Z"),
        Reword(("timeline", 0, "severity"), "s3", "S3"),
        Reword(("timeline", 0, "state"), "investigate", "investigating"),
        Reword(("impact", "started"), "2026-11-21T14:00Z", "2026-11-21T14:00:00Z"),
        Reword(("audience",), "publik", "public"),
    } == set(schema_fixes(data))


def test_a_key_takes_a_name_that_is_free_and_meant_by_no_other():
    assert [Rename(("timeline", 0, "severty"), "severity")] == list(
        schema_fixes(a_record(an_entry(severty="S3", note="x")))
    )
    assert [] == list(schema_fixes(a_record(titlle="x")))  # there is a title
    assert [] == list(schema_fixes(a_record(reviews={}, reviewed={})))


@pytest.mark.parametrize("data", [a_record(), None, [], "x", a_record(audience=3), a_record(an_entry(severity="S7"))])
def test_what_has_no_one_answer_is_left_alone(data: object):
    assert [] == list(schema_fixes(data))
