"""`incident doctor`: what works, what is missing, and what to do about it."""

from typing import TYPE_CHECKING

import click

from incidentops.cli.composition.environment import repository_root, settings, variables_set
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import as_json, format_option

if TYPE_CHECKING:
    from incidentops.cli.composition.wiring import Workspace

_ABOUT = {
    "INCIDENT_GITLAB_URL": "address of GitLab; in a pipeline CI_SERVER_URL",
    "INCIDENT_GITLAB_TOKEN": "token with the scope api",
    "INCIDENT_GITLAB_PROJECT": "project of the issues; default: that of the handbook, then of the pipeline",
    "STATUSIO_API_URL": "address of the Status.io API; default: https://api.status.io/v2",
    "STATUSIO_API_ID": "Status.io API id",
    "STATUSIO_API_KEY": "Status.io API key",
    "GITLAB_USER_LOGIN": "who writes; default for --by",
    "INCIDENT_NOW": "the moment to use as now, for tests and replays",
}


@click.command(epilog="Exit: 0 when no check failed, 4 when one did.")
@format_option
def command(form: str) -> int:
    """Check variables, git, ledger, handbook, schemas, GitLab and Status.io, and say what to do. Only reads.

    Values of variables are never shown.
    """
    from incidentops.cli.composition import wiring
    from incidentops.cli.support.doctor_output import report_lines, report_values
    from incidentops.flows.setup import editor
    from incidentops.flows.setup.doctor import DoctorInputs, VariableStatus, examine
    from incidentops.store.git import merge
    from incidentops.store.git.repository import Repository
    from incidentops.store.ledger.branch import Ledger

    root, values = repository_root(), settings()

    def git() -> tuple[Repository, str, Ledger]:
        work: Workspace = wiring.workspace(root, values)
        return work.repository, work.remote, work.ledger

    inputs = DoctorInputs(
        git=git,
        merge_driver=lambda: (merge.used(root), merge.installed(root)),
        handbook=lambda: wiring.the_handbook(wiring.work_tree(root).handbook()),
        schemas=lambda handbook: editor.checks(root, handbook),
        providers=lambda handbook: wiring.providers(values, handbook, writable=False),
    )
    names = variables_set()
    report = examine(inputs, [VariableStatus(name, name in names, about) for name, about in _ABOUT.items()])
    shown = as_json(report_values(report)) if form == "json" else "\n".join(report_lines(report))
    click.echo(wiring.secret_free(shown, values.secrets))
    return Exit.INCOMPLETE if report.failed else Exit.DONE
