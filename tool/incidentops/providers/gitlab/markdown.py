"""Templates that cannot leak: whatever a template prints is escaped unless it was made as Markdown by us."""

import functools
from collections.abc import Mapping

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from incidentops.render import escape


class Markdown(str):
    """Text that is Markdown already: every value in it was escaped when it was put together."""

    __slots__ = ()


def prose(text: str) -> Markdown:
    """Return a text of several lines, escaped."""
    return Markdown(escape.markdown(text))


def cell(text: str) -> Markdown:
    """Return a text as one line, escaped."""
    return Markdown(escape.markdown_cell(text))


def quote(text: str) -> Markdown:
    """Return a text as a block quote, escaped."""
    return Markdown("\n".join(f"> {line}".rstrip() for line in escape.markdown(text).split("\n")))


def indented(text: Markdown, by: int = 2) -> Markdown:
    """Return Markdown moved to the right, so that it belongs to the list item above it."""
    pad = " " * by
    return Markdown("\n".join(f"{pad}{line}" if line else "" for line in text.split("\n")))


def render(template: str, values: Mapping[str, object]) -> str:
    """Render one of our templates: no `\\r`, no blanks at the end of it, as GitLab stores a description."""
    return _environment().get_template(template).render(values).rstrip()


@functools.cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=PackageLoader("incidentops.providers.gitlab", "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # what is made here is Markdown: `_finalize` escapes every value for it
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalize(value: object) -> object:
    """Escape everything that a template prints and that is not Markdown of ours."""
    return value if isinstance(value, Markdown) else escape.markdown_cell(str(value))
