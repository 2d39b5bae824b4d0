"""`incident init`: a repository for incidents, ready to be pushed to GitLab."""

from pathlib import Path

import click

from incidentops.cli.composition import environment
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option, print_json
from incidentops.core.text import visible
from incidentops.flows.setup.init import InitResult, InitTarget, start, starter
from incidentops.store.git import merge
from incidentops.store.git.repository import Repository
from incidentops.store.git.run import begin, surrounding

_EXAMPLES = """\b
Examples:
  incident init incidents
  incident init . --organisation "Example Ltd" --project example/production --commit
"""


@click.command("init", epilog=_EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--organisation", default="Example", show_default=True, help="Its name, for the handbook.")
@click.option("--project", default="group/production", show_default=True, help="The GitLab project of the issues.")
@click.option("--url", help="The GitLab instance.  [default: $INCIDENT_GITLAB_URL, else gitlab.com]")
@click.option("--commit", is_flag=True, help="Commit the new files.")
@format_option
def command(*, folder: Path, organisation: str, project: str, url: str | None, commit: bool, form: str) -> int:
    """Make a repository for incidents: handbook, schemas, pipeline, an example. No file is ever overwritten."""
    settings = environment.settings()
    place = InitTarget(organisation, url or settings.host.url or "https://gitlab.com", project)
    started = start(folder, starter(place))
    around = surrounding(folder)
    if around is None:
        begin(folder)
    committed = None
    if commit and started.made:
        committed = Repository(folder, settings.secrets).commit_files(started.made, "Start the incident repository\n")
    if around is None or committed:
        merge.install(folder)
    joins = merge.installed(folder)
    if form == "json":
        print_json(
            {
                "made": started.made,
                "kept": started.kept,
                "git": "begun" if around is None else "there",
                "commit": committed,
                "merge_driver": joins,
            }
        )
    else:
        _say(started, committed, begun=around is None)
        _say_next(folder, joins=joins)
    return Exit.DONE


def _say(started: InitResult, committed: str | None, *, begun: bool) -> None:
    for path in started.made:
        click.echo(f"  made  {visible(path)}")
    for path in started.kept:
        click.echo(f"  kept  {visible(path)} (it was there)")
    if begun:
        click.echo("git repository begun, on branch main")
    if committed:
        click.echo(f"committed as {committed[:12]}")


def _say_next(folder: Path, *, joins: bool) -> None:
    if joins:
        click.echo("git joins the branches of two responders by time; a new clone has to be told: incident doctor")
    click.echo(
        f"next: cd {visible(str(folder))}; put your people and services into incidents/handbook.yaml; incident validate"
    )
