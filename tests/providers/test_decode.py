"""Answers as values: an error names the key and what stands there."""

import msgspec
import pytest

from incidentops.core.errors import Failed
from incidentops.providers.decode import Decoder, json_object


class Inner(msgspec.Struct):
    number: int


class Outer(msgspec.Struct):
    name: str
    inner: list[Inner]


def test_what_is_as_it_has_to_be_is_read_and_the_rest_left_out():
    read = Decoder("It").read(Outer, {"name": "x", "inner": [{"number": 1, "more": 2}], "other": None})
    assert Outer("x", [Inner(1)]) == read


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"name": 5, "inner": []}, "expected `str`, got `int` at `name`"),
        ({"name": "x", "inner": [{"number": "1"}]}, "expected `int`, got `str` at `inner[0].number`"),
        ({"name": "x", "inner": [{"number": True}]}, "expected `int`, got `bool` at `inner[0].number`"),
        ({"inner": []}, "object missing required field `name` at `the answer`"),
        ([1], "expected `object`, got `array` at `the answer`"),
    ],
)
def test_an_unexpected_value_is_an_outage_that_names_its_key_and_type(value, problem):
    with pytest.raises(Failed) as caught:
        Decoder("It", outage=True).read(Outer, value)
    assert (f"It's answer cannot be read: {problem}", True) == (caught.value.message, caught.value.outage)


def test_foreign_words_are_escaped_and_cut():
    error = Decoder("It").unreadable("k\n" * 500, "odd word '\u202e'")
    assert ("\n" not in error.message, "\\u202e" in error.message, len(error.message) < 450) == (True, True, True)
    assert not error.outage


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"[1]", None),
        (b"", None),
        (b"<html>", None),
        (b'{"a": NaN}', None),
        (b'{"a": "\xff"}', None),
        (b'{"a":' * 5000, None),
    ],
)
def test_an_answer_is_a_json_object_or_nothing(content, value):
    assert value == json_object(content)
