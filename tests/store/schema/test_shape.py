import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from incidentops.core import moment
from incidentops.store.schema.shape import Shape, entry_keys, record_keys, schema, schema_text, screen, validator
from make import a_handbook_data, a_record, an_entry
from paths import RECORDS, ROOT

checker = FormatChecker(formats=())
checker.checks("date-time", raises=ValueError)(lambda value: not isinstance(value, str) or moment.parse(value))
checker.checks("date", raises=ValueError)(lambda value: not isinstance(value, str) or moment.parse_day(value))


def other_opinion(shape: Shape) -> Draft202012Validator:
    """The reference implementation, with dates as Python sees them."""
    return Draft202012Validator(schema(shape), format_checker=checker)


def nodes(value: object) -> list[dict[str, object]]:
    """Every mapping inside a schema."""
    if isinstance(value, list):
        return [node for item in value for node in nodes(item)]
    if isinstance(value, dict):
        return [value, *(node for item in value.values() for node in nodes(item))]
    return []


@pytest.mark.parametrize("shape", Shape)
def test_the_schema_is_a_schema(shape):
    assert [] == list(Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema(shape)))


@pytest.mark.parametrize("shape", Shape)
def test_every_property_has_a_description(shape):
    named = [(name, node) for parent in nodes(schema(shape)) for name, node in parent.get("properties", {}).items()]
    assert [] == [name for name, node in named if not node.get("description")]


@pytest.mark.parametrize("shape", Shape)
def test_every_pattern_tells_editors_what_it_wants(shape):
    assert [] == [node for node in nodes(schema(shape)) if "pattern" in node and "patternErrorMessage" not in node]


@pytest.mark.parametrize("shape", Shape)
def test_every_mapping_is_closed(shape):
    open_ones = [node for node in nodes(schema(shape)) if "properties" in node and "additionalProperties" not in node]
    assert [] == open_ones


def test_the_shipped_text_is_the_one_at_the_root_of_the_repository():
    for shape in Shape:
        assert schema_text(shape) == (ROOT / "schemas" / f"{shape.value}.schema.json").read_text(encoding="utf-8")


def test_a_shape_has_a_word_for_messages():
    assert [shape.noun for shape in Shape] == ["record", "handbook"]


def readable(path: Path) -> bool:
    try:
        yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)
    except yaml.YAMLError:
        return False
    return True


@pytest.mark.parametrize("path", sorted(filter(readable, RECORDS.glob("*/*.yaml"))), ids=lambda path: path.stem)
def test_two_validators_agree_on_the_example_files(path):
    data = yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)
    shape = Shape.HANDBOOK if path.name.startswith("handbook") else Shape.INCIDENT
    assert validator(shape).is_valid(data) == other_opinion(shape).is_valid(data)


TIMES = {
    "2026-11-21T14:02:00Z": True,
    "2026-11-21T14:02:00.1Z": True,
    "2026-11-21T14:02:00.123456Z": True,
    "0001-01-01T00:00:00Z": True,
    "9999-12-31T23:59:59Z": True,
    "2024-02-29T00:00:00Z": True,
    "2023-02-29T00:00:00Z": False,
    "2026-02-30T00:00:00Z": False,
    "0000-01-01T00:00:00Z": False,
    "2026-11-21T23:59:60Z": False,
    "2026-11-21T24:00:00Z": False,
    "2026-11-21T14:60:00Z": False,
    "2026-11-21t14:02:00Z": False,
    "2026-11-21T14:02:00z": False,
    "2026-11-21T14:02:00+00:00": False,
    "2026-11-21T14:02:00.1234567Z": False,
    "2026-11-21T14:02:00.Z": False,
    "2026-11-21T14:02Z": False,
    "2026-11-21 14:02:00Z": False,
    "2026-11-21T14:02:00Z\n": False,
    " 2026-11-21T14:02:00Z": False,
    "２026-11-21T14:02:00Z": False,
    "2026-00-01T00:00:00Z": False,
    "2026-01-00T00:00:00Z": False,
    "": False,
}


@pytest.mark.parametrize(("text", "right"), TIMES.items())
def test_times_are_real_moments_in_utc(text, right):
    assert validator(Shape.INCIDENT).is_valid(a_record(an_entry(text))) == right
    assert not right or moment.parse(text).tzinfo


@given(st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z\Z"))
def test_what_the_schema_takes_for_a_time_python_can_read(text):
    assert not validator(Shape.INCIDENT).is_valid(a_record(an_entry(text))) or moment.parse(text).tzinfo


@given(st.dates())
def test_every_day_there_is_may_be_written(day):
    record = a_record(corrective_actions=[{"key": "a", "title": "x", "due": day.isoformat()}])
    assert validator(Shape.INCIDENT).is_valid(record)


TITLES = {
    "x": True,
    "x" * 200: True,
    "é" * 200: True,
    " " * 50 + "x" * 200 + "\n": True,
    "x" * 201: False,
    "x\ny": False,
    "x\r\ny": False,
    "x\u2028y": False,
    "x\u0085y": False,
    "": False,
    " \n": False,
    "\u00a0": False,
}


@pytest.mark.parametrize(("title", "right"), TITLES.items())
def test_a_title_is_one_line_of_at_most_200_characters(title, right):
    assert validator(Shape.INCIDENT).is_valid(a_record(title=title)) == right


@given(st.text(max_size=5))
def test_blank_is_what_python_strips(text):
    assert validator(Shape.INCIDENT).is_valid(a_record(an_entry(note=text))) == bool(text.strip())


@given(st.text(alphabet=" x\n\t\u00a0\u2003", max_size=210))
def test_the_length_of_a_title_is_counted_without_outer_blanks(text):
    stripped = text.strip()
    right = 0 < len(stripped) <= 200 and not re.search(r"[\n\u2028]", stripped)
    assert validator(Shape.INCIDENT).is_valid(a_record(title=text)) == right


ACTIONS = ("severity", "state", "status", "services", "audience", "engage", "release", "page", "publish", "note")
VALUES = {
    "severity": "S1",
    "state": "monitoring",
    "status": "operational",
    "services": ["web"],
    "audience": "internal",
    "engage": "eoc",
    "release": "eoc",
    "page": "imoc",
    "publish": "x",
    "note": "x",
}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_entry_with_any_one_action_is_enough(action):
    assert validator(Shape.INCIDENT).is_valid(a_record(an_entry(why="x", **{action: VALUES[action]})))


def test_only_releasing_and_changing_the_audience_always_need_a_reason():
    alone = [
        name for name in ACTIONS if not validator(Shape.INCIDENT).is_valid(a_record(an_entry(**{name: VALUES[name]})))
    ]
    assert alone == ["audience", "release"]


@pytest.mark.parametrize("key", ["kind", "title", "services", "timeline"])
def test_a_record_needs_four_keys(key):
    assert not validator(Shape.INCIDENT).is_valid(a_record(**{key: None}))


def test_a_record_takes_corrective_actions_as_a_list_or_a_reason():
    right = ([], [{"key": "a-1", "title": "x"}], {"none_because": "x"})
    wrong = ({}, "none", [{"key": "A", "title": "x"}], {"none_because": ""}, [{"none_because": "x"}])
    assert all(validator(Shape.INCIDENT).is_valid(a_record(corrective_actions=value)) for value in right)
    assert not any(validator(Shape.INCIDENT).is_valid(a_record(corrective_actions=value)) for value in wrong)


def test_the_handbook_of_the_tests_is_well_shaped():
    assert validator(Shape.HANDBOOK).is_valid(a_handbook_data())


def test_people_read_an_entry_from_when_and_who_to_the_public_text():
    assert ("at", "by") == entry_keys()[:2]
    assert "publish" == entry_keys()[-1]
    assert ("kind", "title", "services") == record_keys()[:3]


@pytest.mark.parametrize("pattern", ["needle", "n[aeiou]{2}dle|thread", r"[\n ]:", "é|ß", r"\.internal"])
@pytest.mark.parametrize(
    "text", ["", "needle", "a noodle", "x :\n", "thread\n" * 2000, "Straße", "db.internal", "x" * 9000 + "needle"]
)
def test_a_screen_finds_what_re_finds(pattern, text):
    assert bool(re.search(pattern, text)) is screen(pattern)(text)
