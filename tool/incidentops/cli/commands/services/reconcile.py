"""`incident reconcile`: make every service agree with what landed."""

import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click

from incidentops.cli.composition import wiring
from incidentops.cli.composition.environment import Settings, repository_root, settings
from incidentops.cli.composition.merge_requests import MergeRequestReport
from incidentops.cli.support import plan_options
from incidentops.cli.support.exits import Exit, report
from incidentops.cli.support.output import format_option
from incidentops.cli.support.times import duration_option
from incidentops.core.errors import Refused, WrongUse
from incidentops.core.text import quoted
from incidentops.flows.reconcile.lease import LeaseTerms
from incidentops.flows.reconcile.reconcile import ReconcileReport, ReconcileTask, reconcile
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.flows.reconcile.tip import landed_commit
from incidentops.plan.outcome import Outcome
from incidentops.render import outcomes
from incidentops.render.plan_json import read_approved
from incidentops.store.sources import CommitRecords

_BY_HAND = (
    "look at what is left (incident plan --report json=plan.json) and approve it: "
    "incident reconcile --approved plan.json"
)


@click.command(
    epilog="Exit: 0 all done or skipped, 4 something failed or is unresolved and the rest was done, 5 refused."
)
@plan_options.options
@click.option("--approved", type=click.Path(path_type=Path), help="Refuse effects that are not in this plan (JSON).")
@click.option(
    "--reviewed",
    type=click.Choice(["if-any", "always"]),
    is_flag=False,
    flag_value="if-any",
    help="Refuse effects that the plan on their merge request did not show; always: also those without a review.",
)
@duration_option("--lease", "2m", "Treat a run as dead after this long without a heartbeat.")
@duration_option("--wait", "15m", "How long to wait for another run.")
@format_option()
def command(
    *,
    options: PlanOptions,
    approved: Path | None,
    reviewed: str | None,
    lease: timedelta,
    wait: timedelta,
    form: str,
) -> int:
    """Make every service agree with the records that landed on the default branch.

    Records are taken from the commit that is checked out, which must be the newest of the default branch; an older
    one is superseded and nothing is done. What was done is recorded in the branch incident-ledger, so that nothing is
    posted twice, even when a run is killed.
    """
    if approved and reviewed:
        raise WrongUse(
            "--approved and --reviewed exclude each other", "use --approved for a plan that you approve by hand"
        )
    root, config = repository_root(), settings()
    work = wiring.workspace(root, config)
    branch = config.ci.get("CI_DEFAULT_BRANCH") or work.repository.default_branch(work.remote)
    commit = landed_commit(work.repository, work.remote, branch)
    if commit is None:
        click.echo("superseded: the default branch has moved on; the run for its newest commit does the work")
        return Exit.DONE
    source, merge_requests = CommitRecords(work.repository, commit), MergeRequestReport(work, commit, branch)
    inputs = wiring.plan_inputs(source, config, options, writable=True)
    limits = wiring.wait_policy(config, lease, wait)
    task = ReconcileTask(
        inputs=inputs,
        terms=LeaseTerms(work.ledger, wiring.run_name(config), limits, lambda: settings().now),
        report=_printer(form, config),
        approved=_read(approved) if approved else None,
        review=merge_requests.reviewer(strict=reviewed == "always").review if reviewed else None,
    )
    # A job that is cancelled ends like one that is interrupted: what was done is written down first.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    done = reconcile(task)
    render = outcomes.as_json if form == "json" else outcomes.summary
    click.echo(config.redacted(render(done.plan, done.outcomes)))
    merge_requests.write(source, done)
    return _exit_code(done)


def _printer(form: str, config: Settings) -> Callable[[Outcome], None]:
    """Return what prints an outcome at once, unless the output is for a program."""
    before = ""

    def show(outcome: Outcome) -> None:
        nonlocal before
        if form == "text":
            click.echo(config.redacted(outcomes.line(outcome, before)))
            before = outcome.detail

    return show


def _exit_code(done: ReconcileReport) -> int:
    """Refusals come first: no later run carries those effects out by itself."""
    if done.refused:
        report(Refused(f"{len(done.refused)} effects were refused, since nobody reviewed them", _BY_HAND))
        return Exit.REFUSED
    return Exit.DONE if done.complete else Exit.INCOMPLETE


def _read(path: Path) -> frozenset[str]:
    """Return the digests of an approved plan. Raises Refused."""
    try:
        return read_approved(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"the approved plan {quoted(path, 200)} cannot be read",
            "name the file that incident plan --report json=FILE wrote",
        ) from error
