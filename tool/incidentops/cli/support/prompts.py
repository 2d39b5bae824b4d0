"""Prompts, on a terminal only. Without a terminal a missing answer is wrong use that names the option."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import click

from incidentops.cli.support.params import Word, WordType
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted, visible

_Answer = TypeVar("_Answer")


def interactive() -> bool:
    """Whether standard input is a terminal, so that somebody can answer."""
    return sys.stdin.isatty()


def need(value: _Answer | None, option: str, ask: Callable[[], _Answer]) -> _Answer:
    """Return the given value, else prompt for it. Raises WrongUse that names the option without a terminal."""
    if value:
        return value
    if not interactive():
        raise WrongUse(f"{option} is missing", "give it, or run the command in a terminal to be asked")
    return ask()


def ask_text(question: str) -> str:
    """Ask for a text until there is one."""
    return str(click.prompt(question, err=True, value_proc=_not_empty)).strip()


def _not_empty(answer: str) -> str:
    if not answer.strip():
        raise click.UsageError("it must not be empty")
    return answer


def ask_maybe(question: str) -> str:
    """Ask for an optional text; Enter skips it."""
    return str(click.prompt(f"{question} (Enter to skip)", default="", show_default=False, err=True)).strip()


def ask_one(question: str, words: Iterable[Word], default: Word | None = None) -> Word:
    """Ask for one of some words; any unique beginning is enough."""
    word = WordType(list(words))
    shown = f"{question} ({', '.join(map(visible, word.choices))})"
    answer: Word = click.prompt(shown, type=word, default=default, show_choices=False, err=True)
    return answer


def ask_one_maybe(question: str, words: Iterable[Word]) -> Word | None:
    """Ask for one of some words; Enter skips it."""
    word = WordType(list(words))

    def convert(answer: str) -> Word | None:
        return word.convert(answer, None, None) if answer.strip() else None

    shown = f"{question} ({', '.join(map(visible, word.choices))}; Enter to skip)"
    answer: Word | None = click.prompt(shown, default="", show_default=False, err=True, value_proc=convert)
    return answer


def ask_some(question: str, words: Sequence[str]) -> tuple[str, ...]:
    """Ask for one or more of some words, separated by commas or spaces."""

    def convert(answer: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(answer.replace(",", " ").split()))
        wrong = [word for word in chosen if word not in words]
        if wrong or not chosen:
            raise click.UsageError(f"{quoted(wrong[0])} is not one of them" if wrong else "at least one is required")
        return chosen

    shown = f"{question} ({', '.join(map(visible, words))})"
    answer: tuple[str, ...] = click.prompt(shown, err=True, value_proc=convert)
    return answer
