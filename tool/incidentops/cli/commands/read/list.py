"""`incident list`: records by state, severity, service, owner and time."""

import sys

import click
import msgspec
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table
from rich.text import Text

from incidentops.cli.composition import environment
from incidentops.cli.support import complete
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option, on_terminal, print_json
from incidentops.cli.support.params import packed, word_of
from incidentops.cli.support.times import moment_option
from incidentops.core.text import quoted, visible
from incidentops.flows.read.archive import Archive, open_archive
from incidentops.flows.read.listing import ListFilter, ListResult, listing
from incidentops.model.vocabulary import Kind, Severity, State
from incidentops.render import incidents
from incidentops.render.table import aligned
from incidentops.rules.engine.wording import did_you_mean

_STYLES = {"S1": "bold red", "S2": "red", "S3": "yellow", "S4": "dim"}
_EXAMPLES = """\b
Examples:
  incident list --live
  incident list --severity S1 --severity S2 --since 30d
  incident list --service registry --all --format json
"""


@click.command(epilog=_EXAMPLES)
@packed(
    "wanted",
    ListFilter,
    click.option("--live", is_flag=True, help="Only incidents that are not resolved."),
    click.option("--state", "states", multiple=True, type=word_of(State), help="Repeatable."),
    click.option("--severity", "severities", multiple=True, type=word_of(Severity), help="Repeatable."),
    click.option("--service", "services", multiple=True, shell_complete=complete.services, help="Repeatable."),
    click.option("--owner", shell_complete=complete.people, help="Who owns it now."),
    click.option("--kind", "kinds", multiple=True, type=word_of(Kind), help="Incidents, near misses."),
    moment_option("--since", "Declared then or later: 2026-11-01, 30d (ago)."),
    moment_option("--until", "Declared then or earlier."),
    click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, help="Most records to list."),
)
@click.option("--all", "everything", is_flag=True, help="No limit.")
@format_option()
def command(*, wanted: ListFilter, everything: bool, form: str) -> int:
    """List records, newest first. A repeated option widens the list, different options narrow it."""
    if everything:
        wanted = replace(wanted, limit=None)
    archive = open_archive(environment.repository_root())
    found = listing(archive, wanted)
    if form == "json":
        listed, unreadable = msgspec.to_builtins(found.incidents), [opened.file for opened in found.unreadable]
        print_json({"incidents": listed, "unreadable": unreadable, "more": found.more})
    elif on_terminal(sys.stdout):
        _print_table(found)
    elif found.incidents:
        click.echo(aligned([incidents.COLUMNS, *map(incidents.row, found.incidents)]), nl=False)
    _say_what_is_missing(found)
    if not found.incidents:
        _say_what_is_unknown(archive, wanted)
    return Exit.DONE


def _print_table(found: ListResult) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    rows = [incidents.row(incident) for incident in found.incidents]
    for column, *below in zip(incidents.COLUMNS, *rows, strict=True):
        widest = None if column == "title" else max(map(len, (column, *below)))
        table.add_column(column, no_wrap=True, overflow="ellipsis", min_width=widest)
    for incident, cells in zip(found.incidents, rows, strict=True):
        style = _STYLES.get(cells[1], "") if incident.live else "dim"
        table.add_row(*(Text(cell) for cell in cells), style=style)
    Console().print(table)


def _say_what_is_unknown(archive: Archive, wanted: ListFilter) -> None:
    """Old records may name people and services that are gone, so an unknown word is worth a hint and no more."""
    owners = (wanted.owner,) if wanted.owner else ()
    for words, known in ((wanted.services, archive.handbook.services), (owners, archive.handbook.people)):
        for word in words:
            if word not in known:
                meant = did_you_mean(word, known)
                click.echo(f"  hint: {quoted(word)} is not in the handbook" + (f"; {meant}" if meant else ""), err=True)


def _say_what_is_missing(found: ListResult) -> None:
    if not found.incidents:
        click.echo("no record matches", err=True)
    if found.more:
        click.echo(f"the {len(found.incidents)} newest are shown; see more with --limit N or --all", err=True)
    for opened in found.unreadable:
        click.echo(f"cannot be read: {visible(opened.file)} (incident validate says why)", err=True)
    if found.unreadable:
        click.echo(f"{len(found.unreadable)} of the records looked at could not be read", err=True)
