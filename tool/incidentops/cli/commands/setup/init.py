"""`incident init`: a repository for incidents, ready to be pushed to GitLab."""

from pathlib import Path

import click

from incidentops.cli.composition import environment
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option, print_json
from incidentops.core.text import visible
from incidentops.flows.setup.init import InitResult, InitTarget, initialise

_EXAMPLES = """\b
Examples:
  incident init incidents
  incident init . --organisation "Example Ltd" --project example/production --commit
"""


@click.command(epilog=_EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--organisation", default="Example", show_default=True, help="Your organisation, for the handbook.")
@click.option("--project", default="group/production", show_default=True, help="GitLab project for the issues.")
@click.option("--url", help="GitLab instance.  [default: $INCIDENT_GITLAB_URL, else gitlab.com]")
@click.option("--commit", is_flag=True, help="Commit the new files.")
@format_option()
def command(*, folder: Path, organisation: str, project: str, url: str | None, commit: bool, form: str) -> int:
    """Create a repository for incidents: handbook, schemas, pipeline and an example. Files are never overwritten."""
    settings = environment.settings()
    target = InitTarget(organisation, url or settings.host.url or "https://gitlab.com", project)
    result = initialise(folder, target, commit=commit, secrets=settings.secrets)
    if form == "json":
        print_json(
            {
                "created": result.created,
                "existing": result.existing,
                "git": "created" if result.git_created else "existing",
                "inside": None if result.outer is None else str(result.outer),
                "commit": result.commit,
                "merge_driver": result.merge_driver,
            }
        )
    else:
        _show(folder, result)
    return Exit.DONE


def _show(folder: Path, result: InitResult) -> None:
    for path in result.created:
        click.echo(f"  created  {visible(path)}")
    for path in result.existing:
        click.echo(f"  exists   {visible(path)}")
    if result.git_created:
        click.echo("git repository created, on branch main")
    if result.outer is not None:
        click.echo(f"it is a repository of its own inside {visible(str(result.outer))}, where nothing was added")
    if result.commit:
        click.echo(f"committed as {result.commit[:12]}")
    if result.merge_driver:
        click.echo("git merges two branches of one record by time; configure new clones as incident doctor says")
    click.echo(
        f"next: cd {visible(str(folder))}; edit people and services in incidents/handbook.yaml; incident validate"
    )
