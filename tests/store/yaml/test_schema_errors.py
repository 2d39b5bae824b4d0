import copy

from hypothesis import given
from hypothesis import strategies as st

from incidentops.store.yaml import schema_errors
from incidentops.store.yaml.schema import Shape, validator
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


def told(data: object) -> list[tuple[object, ...]]:
    return [(pointer, message, hint) for pointer, message, hint in schema_errors.errors(Shape.INCIDENT, data, {})]


def test_a_well_shaped_record_has_no_errors():
    assert told(a_record()) == []


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_whatever_is_misshapen_is_told_and_nothing_else(changes):
    data = {**a_record(), **copy.deepcopy(changes)}
    assert bool(told(data)) == (not validator(Shape.INCIDENT).is_valid(data))


@given(st.dictionaries(st.sampled_from(("gitlab", "severities", "services", "people", "timers", "rules")), JSON))
def test_the_handbook_is_explained_as_well(changes):
    data = {"organisation": "x", "services": {"a": {}}, "people": {"b": {}}, **changes}
    errors = list(schema_errors.errors(Shape.HANDBOOK, data, {}))
    assert bool(errors) == (not validator(Shape.HANDBOOK).is_valid(data))


def test_each_missing_and_each_surplus_key_is_an_error_of_its_own():
    data = a_record({"at": "2026-11-21T14:02:00Z", "note": "x", "bye": "ana", "x": 1})
    assert told(data) == [
        (("timeline", 0, "by"), "key 'by' is missing", "by: who says or decided this: a key of the handbook's people"),
        (("timeline", 0, "bye"), "unknown key 'bye'", "did you mean 'by'?"),
        (("timeline", 0, "x"), "unknown key 'x'", f"allowed here: {', '.join(ENTRY)}"),
    ]


ENTRY = (
    "at", "by", "severity", "state", "status", "services", "audience", "engage", "release", "page", "who", "why",
    "note", "publish",
)  # fmt: skip


def test_one_value_is_told_once():
    assert len(told(a_record(an_entry("x")))) == 1


def test_a_value_is_shown_as_it_was_written():
    errors = list(schema_errors.errors(Shape.INCIDENT, a_record(title=31), {("title",): "0x1F"}))
    assert errors == [
        (("title",), "expected one line of 1 to 200 characters, found the number '0x1F'", 'put it in quotes: "0x1F"')
    ]


def test_a_very_long_word_is_not_compared():
    (error,) = told(a_record(kind="incident" * 1000))
    assert error[2] == ""


def test_nothing_is_told_without_end():
    errors = told(a_record(*[an_entry("x")] * 150))
    assert len(errors) == 101
    assert errors[-1][1] == "more than 100 things are wrong with the shape"


def test_a_record_that_is_no_mapping_gets_a_beginning():
    assert told(None) == [((), "expected a mapping, found nothing", "begin with a key, such as 'kind: ...'")]
