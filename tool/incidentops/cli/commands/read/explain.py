"""`incident explain`: the documentation of a rule, or the list of all rules."""

import sys

import click

from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option, on_terminal, print_json
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted
from incidentops.render.table import aligned
from incidentops.rules.engine.catalogue import ALL, BY_CODE
from incidentops.rules.engine.documentation import rule_document
from incidentops.rules.engine.rule import Rule
from incidentops.rules.engine.wording import did_you_mean

_EXAMPLES = """\b
Examples:
  incident explain
  incident explain OWN001
  incident explain resolved-by-non-owner
"""


def complete_rule(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Complete the code or the name of a rule; without a letter, codes alone."""
    codes = [rule.code for rule in ALL if rule.code.startswith(typed.upper())]
    return codes + [rule.name for rule in ALL if typed and rule.name.startswith(typed.lower())]


@click.command(epilog=_EXAMPLES)
@click.argument("rule", required=False, shell_complete=complete_rule)
@format_option()
def command(rule: str | None, form: str) -> int:
    """Show why a rule exists and how to satisfy it; without RULE, list all rules.

    RULE is a code such as OWN001, or the name of a rule.
    """
    if rule is None:
        if form == "json":
            print_json({"rules": [_value(r) for r in ALL]})
        else:
            click.echo(aligned([(r.code, r.level, r.name, r.summary) for r in ALL]), nl=False)
        return Exit.DONE
    found = _find(rule)
    if form == "json":
        print_json({**_value(found), "documentation": rule_document(found.code)})
    else:
        _print(rule_document(found.code))
    return Exit.DONE


def _find(word: str) -> Rule:
    """Find a rule by code or name, in any case. Raises WrongUse with similar ones."""
    by_name = {rule.name: rule for rule in ALL}
    found = BY_CODE.get(word.upper()) or by_name.get(word.lower())
    if found:
        return found
    meant = did_you_mean(word, (*BY_CODE, *by_name)) or "see all of them with: incident explain"
    raise WrongUse(f"there is no rule {quoted(word)}", meant)


def _value(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "level": rule.level.value,
        "kinds": [kind.value for kind in rule.kinds],
        "waivable": rule.waivable,
        "since": rule.since,
    }


def _print(text: str) -> None:
    if not on_terminal(sys.stdout):
        click.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
