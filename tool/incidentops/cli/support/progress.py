"""A line that counts, for long runs."""

import sys
from collections.abc import Callable
from typing import TextIO

import click

_FROM = 2000


def on_terminal(stream: TextIO) -> bool:
    """Return whether a person looks at a stream."""
    return stream.isatty()


def progress(noun: str) -> Callable[[int, int], None] | None:
    """Return what shows how far a run is, on a terminal and for long runs only; it is wiped when the run is over."""
    if not on_terminal(sys.stderr):
        return None

    def show(done: int, total: int) -> None:
        if total >= _FROM:
            shown = f"\r{done:,} of {total:,} {noun}"
            click.echo("\r" + " " * len(shown) + "\r" if done == total else shown, nl=False, err=True)

    return show
