"""The handbook's schema is put together from the process's keys and the providers' parts; nobody edits it by hand."""

import json

import pytest

from incidentops import __version__
from incidentops.model.handbook import ANY, DEPRECATED, DeprecatedKey
from incidentops.providers.registry import ORDER
from paths import ROOT
from scripts.handbook_schema import handbook_schema, shown
from scripts.reference import the_handbook_schema

CORE = (ROOT / "schemas" / "handbook.core.json").read_text(encoding="utf-8")


def test_the_schema_is_what_its_parts_make():
    assert the_handbook_schema() == (ROOT / "schemas" / "handbook.schema.json").read_text(encoding="utf-8")


def test_each_provider_has_its_section_and_the_process_has_none_of_them():
    whole, core = json.loads(the_handbook_schema()), json.loads(CORE)
    assert set(ORDER) <= whole["properties"].keys()
    assert not set(ORDER) & core["properties"].keys()
    assert not [name for name in ORDER if name in CORE.lower()]


def test_a_part_adds_keys_where_it_may():
    part = {"section": {"type": "object"}, "person": {"x": {"type": "string"}}, "defs": {"y": {"type": "integer"}}}
    made = json.loads(handbook_schema(CORE, {"dummy": json.dumps(part)}))
    assert {"type": "object"} == made["properties"]["dummy"]
    assert {"type": "string"} == made["$defs"]["person"]["properties"]["x"]
    assert {"type": "integer"} == made["$defs"]["y"]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"service": {"name": {}}}, "the part of dummy defines 'name' once more"),
        ({"role": {}}, "the part of dummy has the key 'role'; allowed are defs, person, section, service, severity"),
    ],
)
def test_a_key_that_a_part_must_not_have_is_named(part, message):
    with pytest.raises(ValueError, match=message):
        handbook_schema(CORE, {"dummy": json.dumps(part)})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, "é"]}, '{"a": [1, "é"]}'),
        ([], "[]"),
        (["x" * 70, "y" * 70], f'[\n  "{"x" * 70}",\n  "{"y" * 70}"\n]'),
        ({"a": {"b": "x" * 120}}, f'{{\n  "a": {{\n    "b": "{"x" * 120}"\n  }}\n}}'),
    ],
)
def test_what_fits_on_a_line_stands_on_one(value, text):
    assert text == shown(value)
    assert value == json.loads(shown(value))


def test_handbook_keys_of_every_kind_are_still_taken():
    """A handbook that uses every key: generating the schema in another order accepts what was accepted before."""
    schema = json.loads(the_handbook_schema())
    assert {"gitlab", "statusio", "slack", "pagerduty", "google", "services", "people", "rules"} <= set(
        schema["properties"]
    )
    assert {"name", "label", "statusio", "slo", "queries"} == set(schema["$defs"]["service"]["properties"])
    assert {"name", "gitlab", "email", "slack", "pagerduty", "timezone", "day_ends"} == set(
        schema["$defs"]["person"]["properties"]
    )


def test_a_deprecated_key_is_marked_in_the_schema_and_goes_after_two_minor_versions():
    schema = json.loads(the_handbook_schema())
    assert [] == list(deprecation_faults(schema, DEPRECATED, __version__))


@pytest.mark.parametrize(
    ("since", "node", "version", "faults"),
    [
        ("0.2", {"deprecated": True}, "0.3.1", []),
        ("0.2", {"deprecated": True}, "0.4.0", ["services.*.old: two minor versions are over"]),
        ("0.2", {}, "0.2.0", ["services.*.old: not marked in the schema"]),
        ("0.2", None, "0.2.0", ["services.*.old: not in the schema"]),
    ],
)
def test_the_rules_for_deprecated_keys_hold_for_a_made_up_one(since, node, version, faults):
    services = {"additionalProperties": {"properties": {} if node is None else {"old": node}}}
    key = DeprecatedKey(("services", ANY, "old"), since, "new")
    assert faults == list(deprecation_faults({"properties": {"services": services}}, [key], version))


def deprecation_faults(schema, known, version):
    for key in known:
        node, name = schema, ".".join(key.path)
        for part in key.path:
            node = node and (node.get("additionalProperties") if part == ANY else node.get("properties", {}).get(part))
            if node and "$ref" in node:
                node = schema["$defs"][node["$ref"].rpartition("/")[2]] | node
        if node is None:
            yield f"{name}: not in the schema"
        elif not node.get("deprecated"):
            yield f"{name}: not marked in the schema"
        if int(version.split(".")[1]) - int(key.since.split(".")[1]) >= 2:
            yield f"{name}: two minor versions are over"
