"""How GitLab reads text: quick actions, mentions, references (docs/services.md: Text). Pure."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

COMMANDS = frozenset(
    """
    approve assign assign_reviewer award blocked_by blocks board_move cc clear_health_status clear_weight clone close
    confidential convert_to_ticket copy_metadata copy_metadata_to create_merge_request done draft due duplicate epic
    estimate health_status invite_email iteration label labels link lock merge milestone move page promote
    promote_to promote_to_incident publish react ready reassign reassign_reviewer rebase relabel relate
    remove_contacts remove_due_date remove_email remove_epic remove_estimate remove_iteration remove_label
    remove_milestone remove_parent remove_time_spent remove_zoom reopen request_changes set_parent severity shrug
    spend spend_time status submit_review subscribe summarize_diff tableflip tag target_branch timeline title todo
    type unapprove unassign unassign_reviewer unlabel unlink unlock unsubscribe weight zoom
    """.split()  # noqa: SIM905 - ninety names as a list would be ninety lines
)
"""The names of GitLab's quick actions. Any other line that starts with `/` is text."""

_PARTS = re.compile(
    r"(?P<code>`[^`]+?`)"
    r"|(?P<html>^<[^>\n]+>\n.+?\n</[^>\n]+>[ \t]*$)"
    r"|(?P<command>^/(?P<name>[a-z_]+)(?:[ \t]+(?P<argument>[^\n]*?))?[ \t]*(?:\n|\Z))",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_MENTION = re.compile(r"(?<![\w/`.@-])@([A-Za-z0-9_](?:[\w.-]*[\w])?(?:/[\w.-]*\w)*)", re.ASCII)
_REFERENCE = re.compile(r"(?<![\w&/])(?P<project>[\w.-]+(?:/[\w.-]+)+)?(?P<mark>[#!])(?P<iid>\d{1,9})(?!\w)", re.ASCII)
_URL = re.compile(r"(?P<base>https?://[^\s<>()]+?)/-/(?P<what>issues|work_items|merge_requests)/(?P<iid>\d{1,9})")
_TAGS = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)

_REMEMBERED = 64
"""Each text is parsed several times, and again when another field of its issue changes."""


class QuickAction(Struct, frozen=True):
    """One quick action: its name in lower case and the rest of its line."""

    name: str
    argument: str


class Reference(Struct, frozen=True):
    """A reference in text: `project` is a path, a URL up to `/-/`, or empty for the project the text is in."""

    project: str
    kind: str
    iid: int


def normalise(text: str) -> str:
    """The form in which GitLab stores a text: no `\\r`, no white space at the end."""
    return text.replace("\r", "").rstrip()


def extract(text: str) -> tuple[str, tuple[QuickAction, ...]]:
    """Split a text into the stored text and the quick actions.

    Only lines of top-level paragraphs count, from the first column, outside code and HTML blocks.
    """
    clean = text.replace("\r", "")
    lines = clean.split("\n")
    commands: list[QuickAction] = []
    kept: list[str] = []
    position = 0
    for first, last in _paragraphs(clean):
        kept.extend(lines[position:first])
        rest = _strip("\n".join(lines[first:last]), commands)
        kept.extend(rest.split("\n") if rest else ())
        position = last
    kept.extend(lines[position:])
    return ("\n".join(kept) if commands else clean).rstrip(), tuple(commands)


def mentions(text: str) -> tuple[str, ...]:
    """The names after `@`, each once, in order; not those in code and in `\\@name`."""
    return tuple(dict.fromkeys(match[1] for part in _visible(text) for match in _MENTION.finditer(part)))


def references(text: str) -> tuple[Reference, ...]:
    """The issues and merge requests a text refers to, as `#1`, `group/project!2` or a URL, each once, in order."""
    found = [
        Reference(match["project"] or "", "Issue" if match["mark"] == "#" else "MergeRequest", int(match["iid"]))
        for part in _visible(text)
        for match in _REFERENCE.finditer(_URL.sub(" ", part))
    ]
    found += [
        Reference(match["base"], "MergeRequest" if match["what"] == "merge_requests" else "Issue", int(match["iid"]))
        for part in _visible(text)
        for match in _URL.finditer(part)
    ]
    return tuple(dict.fromkeys(found))


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables; a backslash escape stays a separate token, so that `\\@name` is not `@name`."""
    return MarkdownIt("commonmark").enable("table").disable("text_join")


@lru_cache(_REMEMBERED)
def _paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """First line and the line after the last of every top-level paragraph."""
    return tuple(
        (token.map[0], token.map[1])
        for token in _parser().parse(text)
        if token.type == "paragraph_open" and token.level == 0 and token.map
    )


def _strip(paragraph: str, commands: list[QuickAction]) -> str:
    """Take the commands out of one paragraph and add them to the list."""

    def take(match: re.Match[str]) -> str:
        if match["command"] is None or match["name"].lower() not in COMMANDS:
            return match[0]
        commands.append(QuickAction(match["name"].lower(), (match["argument"] or "").strip()))
        return ""

    return _PARTS.sub(take, paragraph).removesuffix("\n")


@lru_cache(_REMEMBERED)
def _visible(text: str) -> tuple[str, ...]:
    """The text to search for references: no code, no comments, escaped characters blanked out."""
    return tuple(_parts(normalise(text)))


def _parts(text: str) -> Iterator[str]:
    for token in _parser().parse(text):
        if token.type == "inline":
            yield "".join(_shown(child) for child in token.children or ())
        elif token.type == "html_block":
            yield _TAGS.sub(" ", token.content)


def _shown(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "text_special" and token.info != "entity":
        return "\ufffc"
    if token.type in ("text", "text_special"):
        return token.content
    if token.type == "link_open":
        return f" {token.attrGet('href')} "
    return "" if token.type == "html_inline" else "\ufffc"
