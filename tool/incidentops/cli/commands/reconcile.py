"""`incident reconcile`: make every service agree with what landed."""

import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from incidentops.cli.composition.environment import Settings, repository_root, settings
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.plan_options import DurationType, choices

if TYPE_CHECKING:
    from incidentops.cli.composition.wiring import Workspace
    from incidentops.flows.reconcile.reconcile import ReconcileReport, ReconcileTask
    from incidentops.plan.outcome import Outcome

_BY_HAND = (
    "look at what is left (incident plan --report json=plan.json) and approve it: "
    "incident reconcile --approved plan.json"
)


@click.command(
    epilog="Exit: 0 all done or skipped, 4 something failed or is unresolved and the rest was done, 5 refused."
)
@choices
@click.option("--approved", type=click.Path(path_type=Path), help="Refuse effects that are not in this plan (JSON).")
@click.option(
    "--reviewed",
    type=click.Choice(["if-any", "always"]),
    is_flag=False,
    flag_value="if-any",
    help="Refuse effects that the plan on their merge request did not show; always: also those without a review.",
)
@click.option(
    "--lease",
    type=DurationType(),
    default="2m",
    show_default=True,
    help="Treat a run as dead after this long without a heartbeat.",
)
@click.option(
    "--wait",
    type=DurationType(),
    default="15m",
    show_default=True,
    help="Wait at most this long for another run to end.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For programs."
)
def command(
    ids: tuple[str, ...],
    everything: bool,
    late: bool,
    max_creates: int,
    approved: Path | None,
    reviewed: str | None,
    lease: timedelta,
    wait: timedelta,
    form: str,
) -> int:
    """Make every service agree with the records that landed on the default branch.

    Records are taken from the commit that is checked out, which must be the newest of the default branch; an older
    one is superseded and nothing is done. Everything done is remembered in the branch incident-ledger, so nothing is
    ever posted twice, whatever dies on the way.
    """
    from incidentops.cli.composition import wiring
    from incidentops.cli.support.merge_requests import MergeRequestReport
    from incidentops.flows.reconcile.reconcile import ReconcileTask
    from incidentops.flows.reconcile.scope import ScopeOptions

    _one_guard(approved, reviewed)
    root, config = repository_root(), settings()
    work = wiring.workspace(root, config)
    branch = config.ci.get("CI_DEFAULT_BRANCH") or work.repository.default_branch(work.remote)
    commit = _landed_commit(work, branch)
    if commit is None:
        click.echo("superseded: the default branch has moved on; the run for its newest commit does the work")
        return Exit.DONE
    source, merge_requests = wiring.landed(work, commit), MergeRequestReport(work, commit, branch)
    inputs = wiring.question(source, config, ScopeOptions(ids, everything, late), writable=True, most=max_creates)
    task = ReconcileTask(
        inputs=inputs,
        ledger=work.ledger,
        run=wiring.run_name(config),
        wait=wiring.patience(config, lease, wait),
        clock=lambda: settings().now,
        report=_printer(form, config),
        approved=_read(approved) if approved else None,
    )
    if reviewed:
        task = replace(task, review=merge_requests.reviewer(strict=reviewed == "always").review)
    report = _carry_out(task, form, config)
    merge_requests.write(source, report)
    return _exit_code(report)


def _printer(form: str, config: Settings) -> "Callable[[Outcome], None]":
    """What prints each outcome at once; nothing does when the output is for a program."""
    from incidentops.cli.composition.wiring import secret_free
    from incidentops.render.outcomes import line

    def report(outcome: "Outcome") -> None:
        if form == "text":
            click.echo(secret_free(line(outcome), config.secrets))

    return report


def _carry_out(task: "ReconcileTask", form: str, config: Settings) -> "ReconcileReport":
    from incidentops.cli.composition.wiring import secret_free
    from incidentops.flows.reconcile.reconcile import reconcile
    from incidentops.render import outcomes

    signal.signal(signal.SIGTERM, _interrupted)
    report = reconcile(task)
    render = outcomes.as_json if form == "json" else outcomes.summary
    click.echo(secret_free(render(report.plan, report.outcomes), config.secrets))
    return report


def _exit_code(report: "ReconcileReport") -> int:
    """What was refused weighs most, for no later run will do it by itself."""
    if report.refused:
        click.echo(f"error: {len(report.refused)} effects were refused, since nobody reviewed them", err=True)
        click.echo(f"  hint: {_BY_HAND}", err=True)
        return Exit.REFUSED
    return Exit.DONE if report.complete else Exit.INCOMPLETE


def _one_guard(approved: Path | None, reviewed: str | None) -> None:
    from incidentops.core.errors import WrongUse

    if approved and reviewed:
        raise WrongUse(
            "--approved and --reviewed exclude each other", "use --approved for a plan that you approve by hand"
        )


def _landed_commit(work: "Workspace", branch: str) -> str | None:
    """Return the commit to carry out; None when it is superseded. Raises Refused when it never landed."""
    from incidentops.core.errors import Refused
    from incidentops.flows.reconcile.tip import TipState, tip_state

    commit = work.repository.head()
    where = tip_state(work.repository, work.remote, branch, commit) if commit else TipState.NOT_LANDED
    if where is TipState.NOT_LANDED:
        raise Refused(
            f"what is checked out has not landed on {branch!r}; nothing was done",
            f"land it first (merge request, or git push), then run it on the tip of {branch!r}",
        )
    return commit if where is TipState.TIP else None


def _read(path: Path) -> frozenset[str]:
    """The digests of an approved plan."""
    from incidentops.core.errors import Refused
    from incidentops.core.text import quoted
    from incidentops.render.plan_json import read_approved

    try:
        return read_approved(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"the approved plan {quoted(path, 200)} cannot be read", "it is the plan.json of the review"
        ) from error


def _interrupted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """A job that is cancelled ends like one that is interrupted: what was done is written down first."""
    raise KeyboardInterrupt
