"""Showing foreign text safely: nothing read from a file can forge a line, move the cursor or turn the reading order."""

import unicodedata

_CUT = 80
# Cc control, Cf format (bidirectional and zero-width marks), Zl/Zp separators, Cs lone surrogates, Co private use.
_UNSAFE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape(character: str) -> str:
    """Return a character as an escape, in the form that Python and YAML share."""
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str) -> str:
    """Return the text with every control, format and separator character shown as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(escape(c) if unicodedata.category(c) in _UNSAFE else c for c in text)


def visible_lines(text: str) -> str:
    """Return the text escaped like `visible`, its line breaks kept."""
    return "\n".join(visible(line) for line in text.split("\n"))


def quoted(value: object, limit: int = _CUT) -> str:
    """Return a value in single quotes for a message: escaped, and cut after `limit` characters."""
    text = str(value)
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return f"'{visible(cut)}'"


def one_of(words: tuple[str, ...] | list[str]) -> str:
    """Return the words as `a, b or c`, escaped, for a message that says what is allowed."""
    shown = [visible(word) for word in words]
    if len(shown) < 2:
        return "".join(shown)
    return ", ".join(shown[:-1]) + " or " + shown[-1]


def numbered(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 record`, `2 records`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
