"""What options take: a text, or one word of a closed list."""

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import click

from incidentops.core.text import one_of, quoted

Command = TypeVar("Command", bound=Callable[..., object])
"""What a decorator of options takes and gives back."""


class TextType(click.ParamType[str]):
    """A text; `-` reads it from standard input."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text. Fails for one that is empty or is not Unicode."""
        text = str(value)
        try:
            # Where the locale is not UTF-8, Python keeps an argument's bytes as lone surrogates.
            content = sys.stdin.buffer.read() if text == "-" else text.encode("utf-8", "surrogateescape")
            text = content.decode("utf-8")
        except UnicodeError:
            self.fail("is not UTF-8", param, ctx)
        if not text.strip():
            self.fail("is empty", param, ctx)
        return text.rstrip("\r\n")


class WordType(click.Choice[str]):
    """One of some words. The beginning of a word is enough when no other begins so, in either case."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the whole word."""
        begun = str(value).strip().lower()
        near = [word for word in self.choices if word.lower().startswith(begun)] if begun else []
        exact = [word for word in near if word.lower() == begun]
        if len(exact or near) != 1:
            self.fail(f"{quoted(value)} is not {one_of(near or list(self.choices))}", param, ctx)
        return (exact or near)[0]


TEXT = TextType()


def word_of(words: type[StrEnum], *, without: str = "") -> WordType:
    """Return the type of an option that takes a word of the process."""
    return WordType([word.value for word in words if word.value != without])
