"""`incident doctor`: what works, what is missing, and what to do about it."""

from collections.abc import Iterator, Mapping

import click
from msgspec.structs import asdict

from incidentops.cli.composition import wiring
from incidentops.cli.composition.environment import declared, repository_root, settings, variables_set
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import as_json, format_option
from incidentops.core.text import visible
from incidentops.flows.setup import editor
from incidentops.flows.setup.doctor import ABSENT, DoctorInputs, DoctorReport, VariableStatus, examine
from incidentops.providers.registry import build
from incidentops.store.git import merge
from incidentops.store.git.repository import Repository
from incidentops.store.ledger.branch import Ledger
from incidentops.store.sources import WorkTreeRecords


@click.command(epilog="Exit: 0 when no check failed, 4 when one did.")
@format_option()
def command(form: str) -> int:
    """Check variables, git, ledger, handbook, schemas and every service, and say what to do. Only reads.

    Values of variables are never shown.
    """
    root, values = repository_root(), settings()

    def git() -> tuple[Repository, str, Ledger]:
        work = wiring.workspace(root, values)
        return work.repository, work.remote, work.ledger

    inputs = DoctorInputs(
        git=git,
        merge_driver=lambda: (merge.used(root), merge.installed(root)),
        handbook=lambda: wiring.handbook_from(WorkTreeRecords(root).handbook()),
        schemas=lambda handbook: editor.checks(root, handbook),
        providers=lambda handbook: build(values.values, handbook, values.pauses, writable=False),
    )
    names = variables_set()
    statuses = [VariableStatus(v.name, v.name in names, v.meaning) for v in declared() if not v.family]
    report = examine(inputs, statuses)
    shown = as_json(report_values(report)) if form == "json" else "\n".join(report_lines(report))
    click.echo(values.redacted(shown))
    return Exit.INCOMPLETE if report.failed else Exit.DONE


def report_lines(report: DoctorReport) -> Iterator[str]:
    """Yield the report line by line for people; the last line counts the outcomes."""
    yield "variables"
    for variable in report.variables:
        yield f"  {'set' if variable.is_set else 'not set':<9}{variable.name:<25}{variable.about}"
    yield "checks"
    for check in report.checks:
        yield f"  {check.status:<9}{visible(check.name)}: {visible(check.message)}"
        if check.hint:
            yield f"           hint: {visible(check.hint)}"
    yield "not in this version"
    yield from (f"  {feature}" for feature in ABSENT)
    yield _summary(report)


def _summary(report: DoctorReport) -> str:
    """Return how many checks had which outcome, as in `12 ok, 1 warning`."""
    return ", ".join(
        f"{count} {status}{'s' if status == 'warning' and count > 1 else ''}"
        for status, count in report.counts.items()
        if count
    )


def report_values(report: DoctorReport) -> Mapping[str, object]:
    """Return the report as plain values for JSON."""
    return {
        "ok": not report.failed,
        "counts": dict(report.counts),
        "variables": {variable.name: variable.is_set for variable in report.variables},
        "checks": [asdict(check) for check in report.checks],
        "not_in_this_version": list(ABSENT),
    }
