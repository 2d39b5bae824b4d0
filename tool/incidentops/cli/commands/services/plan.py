"""`incident plan`: what reconcile would do, with the customers' text in full. Nothing is sent."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from incidentops.cli.composition import merge_requests, wiring
from incidentops.cli.composition.environment import repository_root, settings
from incidentops.cli.support import plan_options, report_formats
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option
from incidentops.flows.reconcile.plan import make_plan
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.plan.plan import Plan
from incidentops.render import plan_json, plans
from incidentops.store.sources import WorkTreeRecords

_FORMS = ("text", "json", "markdown")


@click.command(epilog="Exit: 0 done, 3 with --check when there is something to do, 4 when a service is unreachable.")
@plan_options.options
@click.option("--check", is_flag=True, help="Exit with 3 when the plan is not empty.")
@click.option("--note", is_flag=True, help="Also write it as a comment on the merge request of this pipeline.")
@format_option(*_FORMS)
@click.option("--report", "reports", multiple=True, metavar="FORMAT=FILE", help="Also write it to a file; repeatable.")
def command(*, options: PlanOptions, check: bool, note: bool, form: str, reports: tuple[str, ...]) -> int:
    """Show what reconcile would do now, for the records in the working tree.

    A provider that is not configured is compared with what the ledger has.
    """
    root, config = repository_root(), settings()
    files = [report_formats.report_of(report, _FORMS) for report in reports]
    inputs = wiring.plan_inputs(WorkTreeRecords(root), config, options, writable=False)
    plan = make_plan(inputs, wiring.read_ledger(root, config)).plan
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
