"""`incident plan`: what reconcile would do, with the customers' text in full. Nothing is sent."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from incidentops.cli.composition import wiring
from incidentops.cli.composition.environment import Settings, repository_root, settings
from incidentops.cli.support import merge_requests, report_formats
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.plan_options import choices
from incidentops.core.errors import WrongUse
from incidentops.flows.reconcile.plan import make_plan
from incidentops.flows.reconcile.scope import ScopeOptions
from incidentops.plan.plan import Plan
from incidentops.render import plan_json, plans
from incidentops.store.ledger.branch import LedgerState
from incidentops.store.sources import WorkTreeRecords

_FORMS = ("text", "json", "markdown")


@click.command(epilog="Exit: 0 done, 3 with --check when there is something to do, 4 when a service is unreachable.")
@choices
@click.option("--check", is_flag=True, help="End with 3 when the plan is not empty.")
@click.option("--note", is_flag=True, help="Write it on the merge request of this pipeline too, as one comment.")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True, help="Output format.")
@click.option("--report", "reports", multiple=True, metavar="FORMAT=FILE", help="Also write it to a file; repeatable.")
def command(
    ids: tuple[str, ...],
    everything: bool,
    late: bool,
    max_creates: int,
    check: bool,
    note: bool,
    form: str,
    reports: tuple[str, ...],
) -> int:
    """Show what reconcile would do now, for the records as they lie in the folder.

    The effects of a provider that is not configured are shown against what the ledger remembers.
    """
    root, config = repository_root(), settings()
    files = [report_formats.report_of(report, _FORMS) for report in reports]
    options = ScopeOptions(ids, everything, late)
    inputs = wiring.plan_inputs(WorkTreeRecords(root), config, options, max_creates, writable=False)
    plan = make_plan(inputs, _ledger(root, config)).plan
    commit = merge_requests.commit_of(root, config)
    renderers: dict[str, Callable[[Plan], str]] = {
        "text": plans.text,
        "json": partial(plan_json.as_json, commit=commit),
        "markdown": plans.markdown,
    }
    for kind, path in files:
        report_formats.write(Path(path), config.redacted(renderers[kind](plan)) + "\n")
    click.echo(config.redacted(renderers[form](plan)))
    if note:
        merge_requests.write_plan(root, config, plan)
    if plan.unreachable:
        return Exit.INCOMPLETE
    return Exit.PLAN_NOT_EMPTY if check and plan.effects else Exit.DONE


def _ledger(root: Path, config: Settings) -> LedgerState:
    """Return the ledger to compare with; without a remote an empty one, with a message."""
    try:
        return wiring.read_ledger(wiring.workspace(root, config))
    except WrongUse as error:
        wiring.say(f"there is no ledger to compare with: {error.message}")
        return LedgerState(None)
