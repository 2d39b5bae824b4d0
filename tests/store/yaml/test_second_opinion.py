import pytest

from incidentops.store.yaml.positions import read
from incidentops.store.yaml.second_opinion import disagreement


@pytest.mark.parametrize(
    "text", ["a: b\nc: [d, {e: f}]\n", "a: 1_000\nb: 0b11\n", "a: ~\nb: true\n", "a: |\n  no newline", "{}\n"]
)
def test_two_readers_agree_on_plain_files(text):
    assert disagreement(read(text), text) is None


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
def test_a_difference_is_told_at_the_node_that_differs(ours, theirs, place):
    fault = disagreement(read(ours), theirs)
    assert (fault.code, fault.place) == ("YML001", place)


def test_a_text_that_only_we_can_read_is_told_at_its_place():
    fault = disagreement(read("a: b\n"), "a: b\nc: [\n")
    assert (fault.code, fault.place) == ("YML001", (2, 4))
    assert fault.message.startswith("cannot be read as YAML 1.2: ")


def test_keys_that_only_the_other_reader_cannot_hold_are_told_as_well():
    assert disagreement(read("a: b\n"), "? [a]\n: b\n").place == (1, 1)
