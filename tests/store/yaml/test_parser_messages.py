import pytest

from incidentops.store.yaml import parser_messages


@pytest.mark.parametrize(
    ("problem", "character", "message", "hint"),
    [
        ("mapping values are not allowed in this context", ":", "cannot be read as YAML: mapping values", "in quotes"),
        ("found character that cannot start any token", "@", "a plain text may not begin with '@'", "in quotes"),
        ("found character that cannot start any token", "\t", "a tab as separation", "spaces"),
        ("found unknown escape character", "q", "cannot be read as YAML: found unknown escape", "backslash"),
        ("Something new", "", "cannot be read as YAML: something new", "check quotes"),
    ],
)
def test_a_complaint_becomes_a_message_and_a_way_to_mend_it(problem, character, message, hint):
    told = parser_messages.about(problem, character)
    assert told[0].startswith(message)
    assert hint in told[1]


def test_a_character_is_shown_as_it_would_be_escaped():
    assert parser_messages.about_character("\x1b") == (
        "character '\\x1b' may not stand in a YAML file as it is",
        "take it out, or write it as \\x1b in a text in double quotes",
    )
    assert "\\u2028" in parser_messages.about_character("\u2028")[1]
