import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.store.yaml.scalars import resolve

MEANINGS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "nUll": "nUll",
    "none": "none",
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "tRue": "tRue",
    "on": "on",
    "off": "off",
    "yes": "yes",
    "no": "no",
    "NO": "NO",
    "y": "y",
    "n": "n",
    "0": 0,
    "-0": 0,
    "+1": 1,
    "-19": -19,
    "007": 7,
    "08": 8,
    "0o17": 15,
    "0o18": "0o18",
    "0x1F": 31,
    "0xfg": "0xfg",
    "-0x1F": "-0x1F",
    "+0o7": "+0o7",
    "0b11": "0b11",
    "1_000": "1_000",
    "1,000": "1,000",
    "12:30:45": "12:30:45",
    "0.": 0.0,
    "-0.0": 0.0,
    ".5": 0.5,
    "+.5": 0.5,
    "12e03": 12000.0,
    "-2E+05": -200000.0,
    "1.5e-3": 0.0015,
    "1e": "1e",
    ".": ".",
    "-": "-",
    "+": "+",
    "1.2.3": "1.2.3",
    "e3": "e3",
    ".e3": ".e3",
    "+-1": "+-1",
    ".inf": math.inf,
    "-.Inf": -math.inf,
    "+.INF": math.inf,
    ".iNf": ".iNf",
    "inf": "inf",
    "-.nan": "-.nan",
    "nan": "nan",
    "2026-11-21": "2026-11-21",
    "2026-11-21T14:02:00Z": "2026-11-21T14:02:00Z",
    "a": "a",
    "é": "é",
    "=": "=",
    "<<": "<<",
}


@pytest.mark.parametrize(("text", "meaning"), MEANINGS.items())
def test_plain_scalars_mean_what_the_core_schema_says(text, meaning):
    assert resolve(text) == meaning
    assert type(resolve(text)) is type(meaning)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_a_number(text):
    assert math.isnan(resolve(text))


def test_a_number_without_end_costs_nothing():
    assert resolve("9" * 1_000_000) == math.inf
    assert resolve("0x" + "f" * 1_000_000) == "0x" + "f" * 1_000_000


@given(st.text())
def test_a_text_stays_as_it_is_or_is_something_else_altogether(text):
    meaning = resolve(text)
    assert not isinstance(meaning, str) or meaning == text
