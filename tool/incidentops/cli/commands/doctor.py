"""`incident doctor`: what works, what is missing, and what to do about it."""

from typing import TYPE_CHECKING

import click

from incidentops.cli.composition.environment import declared, repository_root, settings, variables_set
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import as_json, format_option

if TYPE_CHECKING:
    from incidentops.cli.composition.wiring import Workspace


@click.command(epilog="Exit: 0 when no check failed, 4 when one did.")
@format_option
def command(form: str) -> int:
    """Check variables, git, ledger, handbook, schemas and every service, and say what to do. Only reads.

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
    statuses = [VariableStatus(v.name, v.name in names, v.meaning) for v in declared() if not v.family]
    report = examine(inputs, statuses)
    shown = as_json(report_values(report)) if form == "json" else "\n".join(report_lines(report))
    click.echo(wiring.secret_free(shown, values.secrets))
    return Exit.INCOMPLETE if report.failed else Exit.DONE
