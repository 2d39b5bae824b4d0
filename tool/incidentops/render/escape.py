"""Text from people, made harmless for where it goes: one pure function per sink.

To a host of repositories Markdown is code: a line that starts with `/` runs with the rights of whoever posts it,
`@name` sends mail, `#12` writes a note on another issue. What these functions return reads like the original and does
none of that.
"""

import html as html_module
import re
import unicodedata

TITLE_LIMIT = 255
"""Characters of a title."""

_JOINERS = "\u200c\u200d"  # parts of words and of emoji; every other format character only hides or turns text
_WORD_JOINER = "\u2060"  # seen by nobody, and no name or number begins with it

_BULLET = re.compile(r"[-*+][ ]+(\S.*)")
_BLOCK_START = re.compile(r"[-+=>:/]")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?= |$)", re.ASCII)
_PARTS = re.compile(
    r"(?<!`)`(?P<code>(?=\s*+[^`|\s])[^`|]++)`(?!`)"
    r"|(?P<url>https?://[^\s<>`\"'|\\]*[^\s<>`\"'|\\.,;:!?)\]}*_~])"
    r"|\b(?P<short>GL-\d+)",
    re.IGNORECASE,
)
_LINKABLE = re.compile(r"https?://[A-Za-z0-9\-._~:/?=&%+,]+", re.IGNORECASE)
_OBJECT = re.compile(r"/-/|/(?:issues|merge_requests|work_items|epics|milestones|snippets|commits?)/", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*\[<|#&~$^]|[@%!](?!\s)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_REFERENCE = re.compile(
    r"(?:(?<![A-Za-z0-9_])@|[#!&$%~^])(?=[\w\"'{])|(?<=GL)-(?=\d)|\[(?=\w+:)"
    r"|/(?:issues|merge_requests|work_items|epics|milestones|snippets)/(?=\d)",
    re.IGNORECASE,
)


def plain(text: str, kept: str = "\n") -> str:
    """Return the text without what cannot be seen: control characters but those `kept`, bidirectional marks."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if unified.isascii() and unified.isprintable():
        return unified
    return "".join(_plain(character, kept) for character in unified)


def _plain(character: str, kept: str) -> str:
    if character in kept or character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cf":
        return ""
    return "\N{REPLACEMENT CHARACTER}" if category == "Cs" else character


def markdown(text: str) -> str:
    """Return prose as Markdown that shows what was written.

    Line breaks, bullet lists, `code` and plain links stay what they are; commands, mentions, references, HTML and
    all other markup become the characters that were typed.
    """
    lines = [line.strip() for line in plain(text).strip().split("\n")]
    shown = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        bullet = _BULLET.fullmatch(line)
        escaped = f"- {_line(bullet[1])}" if bullet else _line(line)
        goes_on = line and following and not _BULLET.fullmatch(following)
        shown.append(f"{escaped}\\" if goes_on else escaped)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(shown))


def markdown_cell(text: str) -> str:
    """Return the text as one line of Markdown, fit for the cell of a table, a list item or a heading."""
    return _line(" ".join(plain(text).split()))


def markdown_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """Return the text as a title: one line of at most `limit` characters, with nothing in it that refers.

    A title is shown both as Markdown and as it is, so a backslash would be seen: an invisible character that no
    name or number can begin with keeps `@name` and `#12` from being found.
    """
    joined = _REFERENCE.sub(lambda match: match[0] + _WORD_JOINER, " ".join(plain(text).split()))
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + "…"


def markdown_fence(text: str) -> str:
    """Return the text as a fenced code block that nothing in the text can end."""
    body = plain(text, kept="\n\t").strip("\n")
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    inert = re.sub(r"(?m)^(?=/|<!--)", " ", body)
    return f"{fence}\n{inert}\n{fence}"


def html(text: str) -> str:
    """Return the text for the content of an HTML element or a quoted attribute."""
    return html_module.escape(plain(text), quote=True)


def _line(text: str) -> str:
    """Escape one line, so that it starts no block and no command."""
    numbered = _NUMBERED.match(text)
    if numbered:
        return f"{numbered[1]}\\{numbered[2]}{_inline(text[numbered.end() :])}"
    return ("\\" if _BLOCK_START.match(text) else "") + _inline(text)


def _inline(text: str) -> str:
    shown, position = [], 0
    for match in _PARTS.finditer(text):
        shown += [_SPECIAL.sub(_escaped, text[position : match.start()]), _part(match)]
        position = match.end()
    return "".join(shown) + _SPECIAL.sub(_escaped, text[position:])


def _part(match: re.Match[str]) -> str:
    url = match["url"]
    if url and _LINKABLE.fullmatch(url) and not _OBJECT.search(url):
        return f"<{url}>"
    return match[0] if match["code"] else f"`{match[0]}`"


def _escaped(match: re.Match[str]) -> str:
    return "&lt;" if match[0] == "<" else f"\\{match[0]}"
