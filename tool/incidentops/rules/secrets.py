"""Finding what looks like a secret (REC006).

Nearly no file has one, so files are first looked through for `SIGNS`. Every expression begins with plain letters, which
makes a search that finds nothing quick; what may not stand before them is therefore asked right after them. Each is
linear in the length of the text, whoever wrote it, and compiled when a file has a sign.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from incidentops.core.finding import Pointer


class SecretMatch(Struct, frozen=True):
    """What was found, never the thing itself: its kind, and where: line and column of the file, or the node."""

    kind: str
    place: tuple[int, int] | None
    pointer: Pointer = ()


_KINDS: tuple[tuple[str, str], ...] = (
    ("a GitLab token", r"gl(?<![A-Za-z0-9]gl)(?:pat|dt|rtr?|ft|cbt|ptt|soat|imt|agent|oas|ffct)-[\w.-]{20,}"),
    ("a GitLab token", r"GR1348941[\w-]{20}"),
    ("an AWS access key", r"A(?<![A-Za-z0-9]A)(?:KIA|SIA|BIA|CCA|3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ("a Slack token", r"xox(?<![A-Za-z0-9]xox)[a-z](?:\.xox[a-z])?-[\w-]{10,}"),
    ("a Slack token", r"xapp-(?<![A-Za-z0-9]xapp-)[\w-]{10,}"),
    ("a Slack webhook", r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{20,}"),
    ("a GitHub token", r"gh(?<![A-Za-z0-9]gh)[pousr]_[A-Za-z0-9]{36,}"),
    ("a GitHub token", r"github_pat_\w{22,}"),
    ("a private key", r"-----BEGIN[ A-Z0-9]* PRIVATE KEY(?: BLOCK)?-----"),
    ("a JSON web token", r"eyJ(?<![\w-]eyJ)[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"),
    ("a password in a URL", r"://[^\s/:@\"'<>]*:(?P<value>[^\s/:@\"'<>]{3,})@"),
    *(
        (
            "a password",
            rf"{word}:\s{{0,9}}[\"']?(?P<value>(?=[^\s\"']{{0,40}}[0-9])(?=[^\s\"']{{0,40}}[a-z])[^\s\"',;)]{{6,}})",
        )
        for word in ("ass(?:word|wd|phrase)", "ASS(?:WORD|WD|PHRASE)")
    ),
)
SIGNS = "|".join(
    (
        "gl(?:pat|dt|rt|ft|cbt|ptt|soat|imt|agent|oas|ffct)", "GR1348941", "A(?:KIA|SIA|BIA|CCA|3T)",
        "xox[a-z]", "xapp-", "hooks[.]slack", "gh[pousr]_", "github_pat_", "-----BEGIN", "eyJ", "://[^ /@]*:",
        "ass(?:word|wd|phrase):", "ASS(?:WORD|WD|PHRASE):",
    )
)  # fmt: skip
"""Whatever any expression above matches has one of these in it. Without looking around, for engines that cannot."""

_ASSIGNED = re.compile(r"=\s{0,9}[\"']?(?P<value>[^\s\"'&,;)]{3,})")
_PASSWORD = re.compile(r"(?:pass(?:word|wd|phrase)|pwd)[\"']?\s{0,9}\Z", re.IGNORECASE)
_KEY = re.compile(r"(?:token|api[_-]?key|(?:secret|access)[_-]?key|client[_-]?secret)[\"']?\s{0,9}\Z", re.IGNORECASE)
# What people write instead of a secret.
_PLACEHOLDER = re.compile(r"[*<$%{\[(.…]|x{3,}|redacted|removed|hidden|masked|filtered|secret|null|none", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_LONG = 8


def secrets_in(text: str, data: Mapping[str, object], *, signs: bool = True) -> Iterator[SecretMatch]:
    """Return what looks like a secret in a file: `text` as written, comments included, `data` as read.

    `signs` tells whether the text has any of `SIGNS`. The values are looked at only when the file has escapes, which
    could hide one from the text.
    """
    seen: set[str] = set()
    for kind, match in _matches(text) if signs else _assigned(text):
        seen.add(match[0])
        before = text[: match.start()].replace("\r\n", "\n").replace("\r", "\n")
        yield SecretMatch(kind, (before.count("\n") + 1, len(before) - before.rfind("\n")))
    if "\\" in text:
        for pointer, value in _texts(data, ()):
            for kind, match in _matches(value):
                if match[0] not in seen:
                    yield SecretMatch(kind, None, pointer)


def _matches(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for kind, pattern in _KINDS:
        for match in re.finditer(pattern, text):
            if not match.re.groups or not _PLACEHOLDER.match(match["value"]):
                yield kind, match
    yield from _assigned(text)


def _assigned(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """`password=...` and the like: by the name before the sign, and by the look of the value."""
    for match in _ASSIGNED.finditer(text):
        value = match["value"]
        start = max(0, match.start() - 40)
        if _PLACEHOLDER.match(value):
            continue
        if _PASSWORD.search(text, start, match.start()):
            yield "a password", match
        elif len(value) >= _LONG and _DIGIT.search(value) and _KEY.search(text, start, match.start()):
            yield "a token", match


def _texts(node: object, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(node, str):
        yield pointer, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield (*pointer, key), key
            yield from _texts(value, (*pointer, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, (*pointer, index))
