"""Plain scalars as the core schema of YAML 1.2 reads them: `on`, `NO` and timestamps are texts."""

import re

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
_MAYBE = frozenset("+-.0123456789~nNtTfF")
_LONGEST = 300  # more digits than any float holds; longer ones would only cost time

Scalar = str | int | float | bool | None


def resolve(text: str) -> Scalar:
    """Return what a plain scalar means (YAML 1.2.2, 10.3.2)."""
    if text and text[0] not in _MAYBE:
        return text
    if text in _NULL:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    return _number(text)


def _number(text: str) -> Scalar:
    if len(text) <= _LONGEST:
        if _INT.fullmatch(text):
            return int(text)
        if _BASED.fullmatch(text):
            return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float("nan") if text in _NAN else text
