"""The schema that editors use: that of records, with the words of one handbook in it. Nothing is checked by it.

`validate` keeps to the shipped schema; rules report unknown people and services, since they can say more.
"""

import copy
import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from incidentops import __version__
from incidentops.store.schema.shape import Shape, schema

_NOTE = "Written by `incident schema --write` (incidentops {}). Change incidents/handbook.yaml, not this file."


class HandbookWords(Struct, frozen=True):
    """The words of a handbook, each with what an editor says about it. Where there are none, any text will do."""

    service: Mapping[str, str]
    person: Mapping[str, str]
    severity: Mapping[str, str]


def editor_schema(words: HandbookWords) -> str:
    """Return the text of the JSON Schema (2020-12) with these words as closed lists."""
    shaped: dict[str, Any] = copy.deepcopy(schema(Shape.INCIDENT))
    shaped["$id"] = f"{shaped['$id']}:with-handbook"
    for name, meanings in (("service", words.service), ("person", words.person), ("severity", words.severity)):
        if meanings:
            # `enumDescriptions` is no keyword of JSON Schema: the YAML language server shows it beside each word.
            shaped["$defs"][name] = {
                "description": shaped["$defs"][name]["description"],
                "enum": list(meanings),
                "enumDescriptions": list(meanings.values()),
            }
    head = {key: shaped.pop(key) for key in ("$schema", "$id")}
    return json.dumps({**head, "$comment": _NOTE.format(__version__), **shaped}, indent=2, ensure_ascii=False) + "\n"


def fault(text: str) -> str:
    """Return what is wrong with a text as JSON Schema 2020-12; empty when nothing is."""
    import jsonschema  # a third of a second to load, and only doctor asks

    try:
        parsed = json.loads(text)
    except ValueError:
        return "it is not JSON"
    try:
        jsonschema.Draft202012Validator.check_schema(parsed)
    except jsonschema.SchemaError as error:
        where = "/".join(map(str, error.absolute_path))
        return f"it is not a JSON Schema: {error.message}" + (f" at {where}" if where else "")
    return ""
