"""Options of plan and reconcile."""

import click
from click.testing import CliRunner

from incidentops.cli.support import plan_options
from incidentops.flows.reconcile.scope import PlanOptions


def test_the_choices_have_defaults_and_bounds() -> None:
    @click.command()
    @plan_options.options
    def command(options: PlanOptions) -> None:
        click.echo(f"{options.ids} {options.everything} {options.late} {options.max_creates}")

    assert CliRunner().invoke(command, []).output == "() False False 5\n"
    ran = CliRunner().invoke(command, ["a", "b", "--all", "--late", "--max-creates", "0"])
    assert ran.output == "('a', 'b') True True 0\n"
    assert CliRunner().invoke(command, ["--max-creates", "-1"]).exit_code == 2
