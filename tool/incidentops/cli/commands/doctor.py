"""`incident doctor`: what is set, what works, what is missing, and what to do about it."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from incidentops.cli.composition.environment import declared, repository_root, settings, variables_set
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option

if TYPE_CHECKING:
    from incidentops.cli.composition.wiring import Workspace
    from incidentops.flows.setup.doctor import DoctorReport


@click.command(epilog="Exit: 0 all is well, 4 something has to be mended.")
@format_option
def command(form: str) -> int:
    """Check variables, git, ledger, handbook, schemas and every service, and say what to do. Nothing is written.

    Variables are named and never shown.
    """
    from incidentops.cli.composition import wiring
    from incidentops.flows.setup import editor
    from incidentops.flows.setup.doctor import DoctorInputs, VariableStatus, examine
    from incidentops.store.git import merge
    from incidentops.store.git.repository import Repository
    from incidentops.store.ledger.branch import Ledger

    root, told = repository_root(), settings()

    def git() -> tuple[Repository, str, Ledger]:
        work: Workspace = wiring.workspace(root, told)
        return work.repository, work.remote, work.ledger

    patient = DoctorInputs(
        git=git,
        joins=lambda: (merge.used(root), merge.installed(root)),
        handbook=lambda: wiring.the_handbook(wiring.work_tree(root).handbook()),
        schemas=lambda handbook: editor.checks(root, handbook),
        providers=lambda handbook: wiring.providers(told, handbook, writable=False),
    )
    named = variables_set()
    shown = [VariableStatus(v.name, v.name in named, v.meaning) for v in declared() if not v.family]
    diagnosis = examine(patient, shown)
    text = json.dumps(_json(diagnosis), indent=2) if form == "json" else "\n".join(_lines(diagnosis))
    click.echo(wiring.secret_free(text, told.secrets))
    return Exit.DONE if diagnosis.well else Exit.INCOMPLETE


def _lines(diagnosis: "DoctorReport") -> Iterator[str]:
    from incidentops.core.text import visible

    yield "variables"
    for variable in diagnosis.variables:
        yield f"  {'set' if variable.is_set else 'not set':<9}{variable.name:<25}{variable.about}"
    yield "checks"
    for check in diagnosis.checks:
        yield f"  {'well' if check.well else 'WRONG':<9}{visible(check.what)}: {visible(check.said)}"
        if check.hint:
            yield f"           hint: {visible(check.hint)}"
    yield "not in this version"
    yield from (f"  {what}" for what in diagnosis.absent)
    wrong = sum(1 for check in diagnosis.checks if not check.well)
    yield "all is well" if not wrong else f"{wrong} to mend"


def _json(diagnosis: "DoctorReport") -> dict[str, object]:
    return {
        "version": 1,
        "well": diagnosis.well,
        "variables": {variable.name: variable.is_set for variable in diagnosis.variables},
        "checks": [
            {"what": check.what, "well": check.well, "said": check.said, "hint": check.hint}
            for check in diagnosis.checks
        ],
        "not_in_this_version": list(diagnosis.absent),
    }
