"""A first look at a text for what nearly no text has, by an engine that looks for all of it at once."""

from collections.abc import Callable


def screen(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a text has a match of a pattern.

    It is Rust's engine, through the library that holds records to their schema: 1 µs for a record where fourteen
    searches by `re` take 33. Patterns are those of both languages; no looking around, no going back.
    """
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        {"type": "string", "pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions()
    ).is_valid
