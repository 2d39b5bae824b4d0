"""What options take: a text, or one word of a closed list."""

import io
import sys

import click
import pytest

from incidentops.cli.support.params import TEXT, WordType, word_of
from incidentops.model.vocabulary import State, Status


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("degraded_performance", "degraded_performance"),
        ("deg", "degraded_performance"),
        ("SERVICE_disruption", "service_disruption"),
        ("ser", "service_disruption"),
        ("sec", "security_issue"),
    ],
)
def test_the_beginning_of_a_word_is_enough(typed: str, word: str):
    assert word == word_of(Status).convert(typed, None, None)


def test_a_word_is_the_value_that_it_stands_for():
    assert Status.SECURITY is word_of(Status).convert("sec", None, None)


def test_a_whole_word_wins_over_a_longer_one():
    assert "on" == WordType(["on", "once"]).convert("ON", None, None)


@pytest.mark.parametrize("typed", ["", " ", "se", "x", "operationally"])
def test_what_is_not_one_word_is_refused(typed: str):
    with pytest.raises(click.BadParameter, match="is not"):
        word_of(Status).convert(typed, None, None)


def test_two_words_that_could_be_meant_are_the_ones_named():
    with pytest.raises(click.BadParameter, match=r"'se' is not service_disruption or security_issue$"):
        word_of(Status).convert("se", None, None)


def test_a_word_can_be_left_out():
    assert ("investigating", "identified", "monitoring") == word_of(State, without="resolved").choices


def test_a_text_keeps_everything_but_the_last_line_breaks():
    assert " a: #b\n\n c " == TEXT.convert(" a: #b\n\n c \n", None, None)


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Zürich\nwird rot\n".encode())))
    assert "Zürich\nwird rot" == TEXT.convert("-", None, None)


@pytest.mark.parametrize(("given", "why"), [(b"", "is empty"), (b" \n", "is empty"), (b"\xff", "is not UTF-8")])
def test_standard_input_without_a_text_is_refused(given: bytes, why: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    with pytest.raises(click.BadParameter, match=why):
        TEXT.convert("-", None, None)


def test_an_argument_is_understood_in_any_locale():
    assert "ü" == TEXT.convert("\udcc3\udcbc", None, None)
    with pytest.raises(click.BadParameter, match="is not UTF-8"):
        TEXT.convert("\udcff", None, None)
