"""`incident review`: the incident review (RCA), filled in as far as the record knows."""

import click

from incidentops.cli.composition import environment
from incidentops.cli.support import complete
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option, print_findings, print_json
from incidentops.core.text import visible_lines
from incidentops.flows.read.archive import find, last_resolved, open_archive
from incidentops.providers.registry import review_text

_EXAMPLES = """\b
Examples:
  incident review                        of the incident that was resolved last
  incident review registry > review.md
"""


@click.command(epilog=_EXAMPLES)
@complete.RECORD
@format_option()
def command(record: str | None, form: str) -> int:
    """Print the incident review (RCA) as Markdown, rendered from the record as the review issue has it."""
    archive = open_archive(environment.repository_root())
    opened = archive.read(find(archive, record) if record else last_resolved(archive))
    if opened.incident is None:
        print_findings(opened.findings)
        return Exit.BLOCKED
    text = visible_lines(review_text(opened.incident, archive.handbook))
    if form == "json":
        print_json({"id": opened.incident.id, "file": opened.file, "markdown": text})
    else:
        click.echo(text)
    return Exit.DONE
