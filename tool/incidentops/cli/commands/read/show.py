"""`incident show`: a record as it stands, or stood at a moment."""

from datetime import datetime

import click

from incidentops.cli.composition import environment
from incidentops.cli.support import complete
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option, print_findings, print_json
from incidentops.cli.support.times import moment_option
from incidentops.core import moment
from incidentops.core.errors import WrongUse
from incidentops.flows.read.archive import as_of, find, only_live, open_archive
from incidentops.render import incidents

_EXAMPLES = """\b
Examples:
  incident show                          the one that is live
  incident show registry                 any part of an id that only one has
  incident show registry --at 14:20      as it stood at 14:20 UTC
"""


@click.command(epilog=_EXAMPLES)
@complete.RECORD
@moment_option("--at", "As it was then: 14:02, 2026-11-21T14:02:00Z, 30m (ago).")
@format_option()
def command(record: str | None, at: datetime | None, form: str) -> int:
    """Show an incident: who owns it, who acts, what happened and what is due."""
    archive = open_archive(environment.repository_root())
    opened = archive.read(find(archive, record) if record else only_live(archive))
    incident = opened.incident
    if incident is None:
        print_findings(opened.findings)
        return Exit.BLOCKED
    now = at or environment.settings().now
    if at is not None:
        declared = f"{incident.id} was declared at {moment.show(incident.declared)}"
        incident = as_of(incident, now)
        if incident is None:
            raise WrongUse(f"{declared}, after {moment.show(now)}")
    if form == "json":
        print_json(incidents.as_json(incident, archive.handbook, now))
    else:
        click.echo(incidents.as_text(incident, archive.handbook, now, past=at is not None), nl=False)
    return Exit.DONE
