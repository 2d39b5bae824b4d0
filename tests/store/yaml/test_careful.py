"""The careful reader has an answer to every file: a tree with places, or what is wrong and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.finding import Finding, Location
from incidentops.store import safe_read
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml import careful, positions
from incidentops.store.yaml.careful import disagreement
from incidentops.store.yaml.positions import NodeTree
from make import FILE

FINE = b"""kind: incident
title: It fails
services: [web]
timeline:
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S3}
"""


def read(content: bytes) -> NodeTree | tuple[Finding, ...]:
    return careful.read(content, FILE, Shape.INCIDENT)


def wrong(content: bytes) -> list[tuple[str, Location]]:
    found = read(content)
    assert isinstance(found, tuple)
    return [(finding.code, finding.location) for finding in found]


def test_a_file_that_is_fine_has_a_tree_with_places():
    tree = read(FINE)
    assert isinstance(tree, NodeTree)
    assert "It fails" == tree.data["title"]
    assert (5, 6) == tree.place(("timeline", 0, "at"))


def test_what_is_wrong_is_reported_in_the_order_of_the_file():
    found = wrong(FINE.replace(b"It fails", b"12").replace(b"severity", b"svrty"))
    assert [("SCH001", 2), ("SCH001", 5), ("SCH001", 5)] == [(code, place.line) for code, place in found]


def test_yaml_that_cannot_be_read_comes_before_shape():
    assert ["YML002"] == [code for code, _ in wrong(FINE + b"title: Twice\nsurplus: 1\n")]


def test_bytes_that_are_no_text_have_a_place():
    assert [("YML005", Location(FILE, 2, 12))] == wrong(FINE.replace(b"fails", b"\xc3\xa9\xff"))


def test_too_large_is_reported_without_reading():
    assert ["YML004"] == [code for code, _ in wrong(b"a" * (safe_read.LARGEST + 1))]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_has_neither_tree_nor_findings(content):
    found = read(content)
    assert isinstance(found, NodeTree) or found


@pytest.mark.parametrize(
    "text", ["a: b\nc: [d, {e: f}]\n", "a: 1_000\nb: 0b11\n", "a: ~\nb: true\n", "a: |\n  no newline", "{}\n"]
)
def test_two_readers_agree_on_plain_files(text):
    assert disagreement(positions.read(text), text) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "place"),
    [
        ("a: b\nc: d\n", "a: b\nc: e\n", (2, 1)),
        ("a: b\nc: [d, e]\n", "a: b\nc: [d]\n", (2, 1)),
        ("a: b\nc: [d, e]\n", "a: b\nc: [d, f]\n", (2, 8)),
        ("a: b\nc: d\n", "a: b\ne: d\n", (1, 1)),
        ("a: b\nc: d\n", "a: b\nc: [d]\n", (2, 1)),
        ("a: b\nc: d\n", "a: b\nc: ~\n", (2, 1)),
    ],
)
def test_a_difference_is_reported_at_the_node_that_differs(ours, theirs, place):
    fault = disagreement(positions.read(ours), theirs)
    assert (fault.code, fault.place) == ("YML001", place)


def test_a_text_that_only_we_can_read_is_reported_at_its_place():
    fault = disagreement(positions.read("a: b\n"), "a: b\nc: [\n")
    assert (fault.code, fault.place) == ("YML001", (2, 4))
    assert fault.message.startswith("cannot be read as YAML 1.2: ")


def test_keys_that_only_the_other_reader_cannot_hold_are_reported_as_well():
    assert disagreement(positions.read("a: b\n"), "? [a]\n: b\n").place == (1, 1)
