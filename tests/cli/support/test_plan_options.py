"""Options of plan and reconcile."""

from datetime import timedelta

import click
import pytest
from click.testing import CliRunner

from incidentops.cli.support.plan_options import DurationType, choices


def test_a_span_is_read_as_the_handbook_writes_it() -> None:
    assert DurationType().convert("1h30m", None, None) == timedelta(minutes=90)
    assert DurationType().convert(timedelta(minutes=2), None, None) == timedelta(minutes=2)
    with pytest.raises(click.BadParameter, match="write it as 90s, 2m or 1h30m"):
        DurationType().convert("soon", None, None)


def test_the_choices_have_defaults_and_bounds() -> None:
    @click.command()
    @choices
    def command(ids: tuple[str, ...], everything: bool, late: bool, max_creates: int) -> None:
        click.echo(f"{ids} {everything} {late} {max_creates}")

    assert CliRunner().invoke(command, []).output == "() False False 5\n"
    told = CliRunner().invoke(command, ["a", "b", "--all", "--late", "--max-creates", "0"])
    assert told.output == "('a', 'b') True True 0\n"
    assert CliRunner().invoke(command, ["--max-creates", "-1"]).exit_code == 2
