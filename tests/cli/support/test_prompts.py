"""Asking: only where somebody can answer. (What is asked is in the tests of the commands.)"""

from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner

from incidentops.cli.support import prompts
from incidentops.core.errors import WrongUse


def asked(question: Callable[[], object], typed: str) -> tuple[object, str]:
    """What came of a question, and what was shown."""
    answers: list[object] = []
    command = click.Command("ask", callback=lambda: answers.append(question()))
    ran = CliRunner().invoke(command, input=typed)
    assert 0 == ran.exit_code, ran.output
    return answers[0], ran.output


def test_what_is_known_is_not_asked_for():
    assert "given" == prompts.need("given", "--x", lambda: pytest.fail("asked"))


def test_without_a_terminal_a_missing_answer_names_its_option(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompts, "interactive", lambda: False)
    with pytest.raises(WrongUse, match="--x is missing"):
        prompts.need(None, "--x", lambda: "asked")


def test_on_a_terminal_a_missing_answer_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompts, "interactive", lambda: True)
    assert "asked" == prompts.need("", "--x", lambda: "asked")


def test_a_text_is_asked_for_until_there_is_one():
    answer, shown = asked(lambda: prompts.ask_text("Why"), "  \n because \n")
    assert "because" == answer
    assert "it must not be empty" in shown


def test_a_text_may_be_left_out():
    assert "" == asked(lambda: prompts.ask_maybe("Note"), "\n")[0]
    assert "seen" == asked(lambda: prompts.ask_maybe("Note"), "seen\n")[0]


def test_one_word_of_some_is_asked_for():
    answer, shown = asked(lambda: prompts.ask_one("Which", ["ana", "bo"]), "zoe\nB\n")
    assert "bo" == answer
    assert "Which (ana, bo): " in shown
    assert "'zoe' is not ana or bo" in shown


def test_a_default_is_taken_with_enter():
    assert "ana" == asked(lambda: prompts.ask_one("Which", ["ana", "bo"], "ana"), "\n")[0]


def test_one_word_or_none():
    assert None is asked(lambda: prompts.ask_one_maybe("Which", ["ana", "bo"]), "\n")[0]
    assert "ana" == asked(lambda: prompts.ask_one_maybe("Which", ["ana", "bo"]), "x\na\n")[0]


def test_several_words_are_separated_by_commas_or_blanks_and_none_comes_twice():
    assert ("web", "git") == asked(lambda: prompts.ask_some("Which", ["web", "git"]), "web, git web\n")[0]


def test_several_words_are_at_least_one():
    answer, shown = asked(lambda: prompts.ask_some("Which", ["web"]), ",\nwebs\nweb\n")
    assert ("web",) == answer
    assert "at least one is required" in shown
    assert "'webs' is not one of them" in shown
