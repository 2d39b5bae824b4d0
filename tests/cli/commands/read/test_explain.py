"""`incident explain`: pages, the list, near names."""

import json

import click
import pytest
from click.testing import CliRunner

from incidentops.cli.commands.read import explain as module
from incidentops.cli.main import main
from incidentops.cli.support.exits import Exit, guarded
from incidentops.rules.engine.catalogue import ALL
from incidentops.rules.engine.documentation import rule_document


def run(*arguments: str) -> int:
    return guarded(main, ["explain", *arguments])


@pytest.mark.parametrize("word", ["OWN001", "own001", "resolved-by-non-owner", "Resolved-By-Non-Owner"])
def test_a_rule_by_code_or_name(word: str, capsys: pytest.CaptureFixture[str]):
    assert (Exit.DONE, rule_document("OWN001")) == (run(word), capsys.readouterr().out)


def test_without_a_rule_all_are_listed(capsys: pytest.CaptureFixture[str]):
    assert Exit.DONE == run()
    lines = capsys.readouterr().out.splitlines()
    assert [rule.code for rule in ALL] == [line[:6] for line in lines]
    assert "OWN002  advise  nobody-engaged " in lines[[rule.code for rule in ALL].index("OWN002")]


def test_json_for_programs(capsys: pytest.CaptureFixture[str]):
    assert Exit.DONE == run("--format", "json")
    assert len(ALL) == len(json.loads(capsys.readouterr().out)["rules"])
    assert Exit.DONE == run("OWN001", "--format", "json")
    value = json.loads(capsys.readouterr().out)
    assert rule_document("OWN001") == value.pop("documentation")
    assert 1 == value.pop("version")
    assert value == {
        "code": "OWN001", "name": "resolved-by-non-owner",
        "summary": "Resolved by somebody who does not own the incident", "level": "block", "kinds": ["incident"],
        "waivable": True, "since": "0.1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("OWN01", "did you mean 'OWN0"),
        ("resolved-by-nonowner", "did you mean 'resolved-by-non-owner'"),
        ("zzz\x1b[2J", "see all of them with: incident explain"),
    ],
)
def test_a_rule_that_does_not_exist(word: str, hint: str, capsys: pytest.CaptureFixture[str]):
    assert Exit.WRONG_USE == run(word)
    err = capsys.readouterr().err
    assert hint in err
    assert "\x1b" not in err


def test_on_a_terminal_the_documentation_is_laid_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "on_terminal", lambda _: True)
    output = CliRunner().invoke(main, ["explain", "OWN001"], standalone_mode=False).output
    assert "Why" in [line.strip() for line in output.splitlines()]
    assert "## Why" not in output


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("own", ["OWN001", "OWN002", "OWN003", "OWN004", "OWN005"]),
        ("resolved-", ["resolved-by-non-owner", "resolved-not-operational"]),
        ("", [rule.code for rule in ALL]),
    ],
)
def test_codes_and_names_are_completed(typed: str, completed: list[str]):
    context = click.Context(module.command)
    assert completed == [item.value for item in module.command.params[0].shell_complete(context, typed)]
