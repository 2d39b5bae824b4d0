"""Options of plan and reconcile."""

from datetime import timedelta

import click
import pytest
from click.testing import CliRunner

from incidentops.cli.support import plan_options
from incidentops.cli.support.plan_options import duration_of
from incidentops.flows.reconcile.scope import PlanOptions


def test_a_duration_is_read_as_the_handbook_writes_it() -> None:
    assert duration_of("1h30m") == timedelta(minutes=90)
    with pytest.raises(click.BadParameter, match="'soon' is not a valid duration; write 90s, 2m or 1h30m"):
        duration_of("soon")


def test_the_choices_have_defaults_and_bounds() -> None:
    @click.command()
    @plan_options.options
    def command(options: PlanOptions) -> None:
        click.echo(f"{options.ids} {options.everything} {options.late} {options.max_creates}")

    assert CliRunner().invoke(command, []).output == "() False False 5\n"
    ran = CliRunner().invoke(command, ["a", "b", "--all", "--late", "--max-creates", "0"])
    assert ran.output == "('a', 'b') True True 0\n"
    assert CliRunner().invoke(command, ["--max-creates", "-1"]).exit_code == 2
