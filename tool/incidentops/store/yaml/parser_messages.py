"""What the parser's complaints mean for a person, and how to mend them (YML001)."""

from incidentops.core.text import quoted, visible

_TAB = "use spaces: YAML does not allow tabs there"
_BACKSLASH = "inside double quotes a backslash is written twice"
_INDENTATION = "check the indentation: it fits no line above"
_HINTS = (
    ("mapping values are not allowed", "a text with ': ' in it must stand in quotes; also check the indentation"),
    ("found a tab character", _TAB),
    ("expected ',' or '}'", "close the mapping with }, and put texts with , or } in quotes"),
    ("expected ',' or ']'", "close the list with ], and put texts with , or ] in quotes"),
    ("unexpected end of stream", "the quotes are opened but never closed"),
    ("expected the node content", "something is missing here, or the text must stand in quotes"),
    ("could not find expected ':'", "a key needs a colon and a space, and texts over several lines an indentation"),
    ("expected <block end>", _INDENTATION),
    ("block sequence entries are not allowed", "begin the list on a line of its own"),
    ("unknown escape character", _BACKSLASH),
    ("hexdecimal number", _BACKSLASH),
    ("expected '-' indicator", _INDENTATION),
    ("expected key", _INDENTATION),
)
_NO_ANSWER = "check quotes, colons and indentation at this place"


def about(problem: str, character: str) -> tuple[str, str]:
    """Return message and hint for a parser's complaint about the place where `character` stands."""
    if "cannot start any token" in problem:
        if character == "\t":
            return "a tab as separation or indentation", _TAB
        return f"a plain text may not begin with {quoted(character)}", "put the text in quotes"
    lowered = problem[:1].lower() + problem[1:]
    message = f"cannot be read as YAML: {visible(lowered)}"
    return message, next((hint for sign, hint in _HINTS if sign in problem), _NO_ANSWER)


def about_character(character: str) -> tuple[str, str]:
    """Return message and hint for a character that may not stand in the file as it is."""
    if character == "\r":
        return (
            "carriage return without a line feed",
            "end lines with a line feed, or with carriage return and line feed",
        )
    code = ord(character)
    escape = f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
    return (
        f"character {quoted(character)} may not stand in a YAML file as it is",
        f"take it out, or write it as {escape} in a text in double quotes",
    )
