"""`incident schema`: the schemas that editors use, with the people and services of the handbook."""

import click

from incidentops.cli.composition import environment
from incidentops.cli.support.exits import Exit
from incidentops.core.errors import WrongUse
from incidentops.core.text import visible
from incidentops.flows.read.archive import open_archive
from incidentops.flows.setup import editor

_EXAMPLES = """\b
Examples:
  incident schema --write     after the handbook or the version of incidentops has changed
  incident schema --check     whether that is necessary
  incident schema > incident.schema.json
"""


@click.command(epilog=_EXAMPLES)
@click.option("--write", is_flag=True, help="Write the schemas that are missing or not up to date.")
@click.option("--check", is_flag=True, help="List the schemas that are not up to date; exit 1 if there are any.")
def command(*, write: bool, check: bool) -> int:
    """Print the schema of records for editors, with the services, people and severities of the handbook.

    Editors find schemas/incident.schema.json by the first line of a record. validate does not use that file.
    """
    if write and check:
        raise WrongUse("--write and --check exclude each other", "--write lists what it wrote")
    root = environment.repository_root()
    handbook = open_archive(root).handbook
    if write:
        for path in editor.renew(root, handbook):
            click.echo(f"wrote {visible(path)}")
    elif check:
        stale = editor.stale(root, handbook)
        for path in stale:
            click.echo(f"not up to date: {visible(path)}")
        return Exit.BLOCKED if stale else Exit.DONE
    else:
        click.echo(editor.schemas(handbook)[editor.RECORD], nl=False)
    return Exit.DONE
