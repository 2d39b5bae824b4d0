"""Asking people, on a terminal only. Without one a missing answer is wrong use that names the option."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import click

from incidentops.cli.support.params import WordType
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted, visible

_Answer = TypeVar("_Answer")


def interactive() -> bool:
    """Whether somebody is there to ask."""
    return sys.stdin.isatty()


def need(value: _Answer | None, option: str, ask: Callable[[], _Answer]) -> _Answer:
    """Return what was given, else ask for it. Raises WrongUse that names the option when nobody can be asked."""
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
        raise click.UsageError("it may not be empty")
    return answer


def ask_maybe(question: str) -> str:
    """Ask for a text that may be left out with Enter."""
    return str(click.prompt(f"{question} (Enter: none)", default="", show_default=False, err=True)).strip()


def ask_one(question: str, words: Iterable[str], default: str | None = None) -> str:
    """Ask for one of some words; the beginning of one is enough."""
    word = WordType([str(word) for word in words])
    shown = f"{question} ({', '.join(map(visible, word.choices))})"
    return str(click.prompt(shown, type=word, default=default, show_choices=False, err=True))


def ask_one_maybe(question: str, words: Iterable[str]) -> str | None:
    """Ask for one of some words, or none with Enter."""
    word = WordType([str(word) for word in words])

    def known(answer: str) -> str:
        return word.convert(answer, None, None) if answer.strip() else ""

    shown = f"{question} ({', '.join(map(visible, word.choices))}; Enter: none)"
    return str(click.prompt(shown, default="", show_default=False, err=True, value_proc=known)) or None


def ask_some(question: str, words: Sequence[str]) -> tuple[str, ...]:
    """Ask for at least one of some words, separated by commas or blanks."""

    def known(answer: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(answer.replace(",", " ").split()))
        wrong = [word for word in chosen if word not in words]
        if wrong or not chosen:
            raise click.UsageError(f"{quoted(wrong[0])} is none of them" if wrong else "at least one is needed")
        return chosen

    answer: tuple[str, ...] = click.prompt(f"{question} ({', '.join(map(visible, words))})", err=True, value_proc=known)
    return answer


def agree(question: str) -> bool:
    """Ask whether something may be done; Enter means no."""
    return click.confirm(question, default=False, err=True)
