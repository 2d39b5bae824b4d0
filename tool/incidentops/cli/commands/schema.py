"""`incident schema`: what editors complete and check by, with the words of the handbook."""

import click

from incidentops.cli.composition import environment
from incidentops.cli.support.exits import Exit
from incidentops.core.errors import WrongUse
from incidentops.core.text import visible
from incidentops.flows.read.archive import open_archive
from incidentops.flows.setup import editor

_EXAMPLES = """\b
Examples:
  incident schema --write     after a change of the handbook, or a new version of incidentops
  incident schema --check     whether that is needed
  incident schema > incident.schema.json
"""


@click.command("schema", epilog=_EXAMPLES)
@click.option("--write", is_flag=True, help="Write schemas/ where it is not up to date.")
@click.option("--check", is_flag=True, help="Only tell what is not; ends with 1 then.")
def command(*, write: bool, check: bool) -> int:
    """Print the schema of records as editors use it: with the services, people and severities of the handbook.

    The first line of a record leads editors to schemas/incident.schema.json. Records are judged without that file.
    """
    if write and check:
        raise WrongUse("--write and --check do not go together", "--write says what it wrote")
    root = environment.repository_root()
    handbook = open_archive(root).handbook
    if write:
        for path in editor.renew(root, handbook):
            click.echo(f"written: {visible(path)}")
    elif check:
        for path in (old := editor.stale(root, handbook)):
            click.echo(f"not up to date: {visible(path)}")
        return Exit.BLOCKED if old else Exit.DONE
    else:
        click.echo(editor.schemas(handbook)[editor.RECORD], nl=False)
    return Exit.DONE
