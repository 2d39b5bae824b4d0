"""`incident reconcile`: make GitLab and the status page agree with what landed."""

import signal
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from incidentops.cli.exits import Exit
from incidentops.cli.spine import Span, choices
from incidentops.cli.wiring import Settings, repository_root, settings

if TYPE_CHECKING:
    from incidentops.cli.assembly import Bench


@click.command(epilog="Exit: 0 all done or held, 4 something failed or is unknown and the rest was done, 5 refused.")
@choices
@click.option("--approved", type=click.Path(path_type=Path), help="Refuse effects that are not in this plan (JSON).")
@click.option("--lease", type=Span(), default="2m", show_default=True, help="A run that is silent for so long is dead.")
@click.option("--wait", type=Span(), default="15m", show_default=True, help="Wait so long for another run to end.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For programs."
)
def command(
    ids: tuple[str, ...],
    everything: bool,
    late: bool,
    max_creates: int,
    approved: Path | None,
    lease: timedelta,
    wait: timedelta,
    form: str,
) -> int:
    """Make GitLab and the status page agree with the records that landed on the default branch.

    Records are taken from the commit that is checked out, which must be the newest of the default branch; an older
    one is superseded and nothing is done. Everything done is remembered in the branch incident-ledger, so nothing is
    ever posted twice, whatever dies on the way.
    """
    from incidentops.cli import assembly
    from incidentops.flows.reconcile import Task, reconcile
    from incidentops.flows.scope import Choice
    from incidentops.plan.outcome import Outcome
    from incidentops.render import outcomes, plans

    root, told = repository_root(), settings()
    work = assembly.bench(root, told)
    commit = _landed_commit(work, told)
    if commit is None:
        click.echo("superseded: the default branch has moved on; the run for its newest commit does the work")
        return Exit.DONE
    digests = plans.read_approved(_read(approved)) if approved else None
    source = assembly.landed(work, commit)
    question = assembly.question(source, told, Choice(ids, everything, late), writable=True, most=max_creates)

    def say(outcome: Outcome) -> None:
        if form == "text":
            click.echo(assembly.secret_free(outcomes.line(outcome), told.secrets))

    task = Task(
        question=question,
        ledger=work.ledger,
        run=assembly.run_name(told),
        patience=assembly.patience(lease, wait, assembly.say),
        clock=lambda: settings().now,
        say=say,
        approved=digests,
    )
    signal.signal(signal.SIGTERM, _interrupted)
    report = reconcile(task)
    told_all = outcomes.as_json if form == "json" else outcomes.summary
    click.echo(assembly.secret_free(told_all(report.plan, report.outcomes), told.secrets))
    return Exit.DONE if report.complete else Exit.INCOMPLETE


def _landed_commit(work: "Bench", told: Settings) -> str | None:
    """Return the commit to carry out; None when it is superseded. Raises Refused when it never landed."""
    from incidentops.core.errors import Refused
    from incidentops.flows.reconcile import Standing, standing

    branch = told.ci.get("CI_DEFAULT_BRANCH") or work.repository.default_branch(work.remote)
    commit = work.repository.head()
    where = standing(work.repository, work.remote, branch, commit) if commit else Standing.NOT_LANDED
    if where is Standing.NOT_LANDED:
        raise Refused(
            f"what is checked out has not landed on {branch!r}; nothing was done",
            f"land it first (merge request, or git push), then run it on the tip of {branch!r}",
        )
    return commit if where is Standing.TIP else None


def _read(path: Path) -> str:
    from incidentops.core.errors import Refused
    from incidentops.core.text import quoted

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"the approved plan {quoted(path, 200)} cannot be read", "it is the plan.json of the review"
        ) from error


def _interrupted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """A job that is cancelled ends like one that is interrupted: what was done is written down first."""
    raise KeyboardInterrupt
