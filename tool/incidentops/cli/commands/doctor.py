"""`incident doctor`: what works, what is missing, and what to do about it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from incidentops.cli.composition.environment import repository_root, settings, variables_set
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import as_json, format_option

if TYPE_CHECKING:
    from incidentops.cli.composition.wiring import Workspace
    from incidentops.flows.setup.doctor import DoctorReport

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
    from incidentops.flows.setup import editor
    from incidentops.flows.setup.doctor import DoctorInputs, Variable, examine
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
    report = examine(inputs, [Variable(name, name in names, about) for name, about in _ABOUT.items()])
    shown = as_json(_values(report)) if form == "json" else "\n".join(_lines(report))
    click.echo(wiring.secret_free(shown, values.secrets))
    return Exit.INCOMPLETE if report.failed else Exit.DONE


def _lines(report: "DoctorReport") -> Iterator[str]:
    from incidentops.core.text import visible

    yield "variables"
    for variable in report.variables:
        yield f"  {'set' if variable.is_set else 'not set':<9}{variable.name:<25}{variable.about}"
    yield "checks"
    for check in report.checks:
        yield f"  {check.status:<9}{visible(check.name)}: {visible(check.message)}"
        if check.hint:
            yield f"           hint: {visible(check.hint)}"
    yield "not in this version"
    yield from (f"  {feature}" for feature in report.absent)
    yield _summary(report)


def _summary(report: "DoctorReport") -> str:
    """Return how many checks had which outcome, as in `12 ok, 1 warning`."""
    return ", ".join(
        f"{count} {status}{'s' if status == 'warning' and count > 1 else ''}"
        for status, count in report.counts.items()
        if count
    )


def _values(report: "DoctorReport") -> dict[str, object]:
    return {
        "ok": not report.failed,
        "counts": dict(report.counts),
        "variables": {variable.name: variable.is_set for variable in report.variables},
        "checks": [
            {"name": check.name, "status": check.status, "message": check.message, "hint": check.hint}
            for check in report.checks
        ],
        "not_in_this_version": list(report.absent),
    }
