"""Types of options (a text, or one word of a closed list), and options that arrive as one value."""

import sys
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from inspect import signature
from typing import TypeVar

import click

from incidentops.core.text import one_of, quoted

Word = TypeVar("Word", bound=str)
_Member = TypeVar("_Member", bound=StrEnum)
Decorator = Callable[[Callable[..., object]], Callable[..., object]]
"""What adds an option to a command."""


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


class WordType(click.Choice[Word]):
    """One of some words. Any unique beginning is enough, in upper or lower case."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Return a choice as it is typed: the value of an enum, not its name."""
        return str(choice)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Word:
        """Return the whole word."""
        beginning = str(value).strip().lower()
        matching = [word for word in self.choices if word.lower().startswith(beginning)] if beginning else []
        exact = [word for word in matching if word.lower() == beginning]
        if len(exact or matching) != 1:
            self.fail(f"{quoted(value)} is not {one_of([str(word) for word in matching or self.choices])}", param, ctx)
        return (exact or matching)[0]


TEXT = TextType()


def word_of(words: type[_Member], *, without: str = "") -> WordType[_Member]:
    """Return the type of an option that takes a word of the process."""
    return WordType([word for word in words if word != without])


def packed(name: str, make: Callable[..., object], *options: Decorator) -> Decorator:
    """Return a decorator that adds options to a command, which gets their values as one argument, made by `make`.

    All values that `make` has a parameter for go there; what was not given is left to its defaults.
    """
    taken = frozenset(signature(make).parameters)

    def add(command: Callable[..., object]) -> Callable[..., object]:
        @wraps(command)
        def called(**values: object) -> object:
            given = {key: value for key, value in values.items() if key in taken and value is not None}
            return command(**{key: values[key] for key in values.keys() - taken}, **{name: make(**given)})

        added: Callable[..., object] = called
        for option in reversed(options):
            added = option(added)
        return added

    return add
