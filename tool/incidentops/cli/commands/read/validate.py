"""`incident validate`: check records, for people and for the pipeline."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from incidentops.cli.composition import environment
from incidentops.cli.support import history_options, path_options, report_formats, shard_options
from incidentops.cli.support.exits import Exit, exit_of
from incidentops.cli.support.output import format_option, progress
from incidentops.core.errors import WrongUse
from incidentops.flows.validate.validate import validate
from incidentops.flows.validate.verdict import ValidateOptions, Verdict
from incidentops.render import findings as render

_EXAMPLES = """\b
Examples:
  incident validate
  incident validate --format full incidents/2026/2026-11-21-registry-503.yaml
  incident validate --report gitlab=codequality.json --report junit=junit.xml
  incident validate - --stdin-name incidents/2026/2026-11-21-registry-503.yaml < draft.yaml
  incident validate --base origin/main
  incident validate --history --since v1.0
  incident validate --base-handbook main
"""


@click.command(epilog=_EXAMPLES)
@path_options.PATHS
@format_option(*report_formats.FORMATS)
@click.option("--output", type=click.Path(dir_okay=False), help="Write it to a file instead of printing it.")
@click.option(
    "--report", "reports", multiple=True, metavar="FORMAT=FILE", help="Also write a report to a file; repeatable."
)
@path_options.STDIN_NAME
@click.option(
    "--base", metavar="REV", help="Commit to compare with.  [default: the target of the merge request, if any]"
)
@click.option("--jobs", type=click.IntRange(min=1), help="Number of processes.  [default: by the number of records]")
@click.option("--cache/--no-cache", default=True, help="Cache verdicts in .git, and check only what has changed.")
@shard_options.options
@history_options.options
def command(
    paths: tuple[str, ...],
    form: str,
    output: str | None,
    reports: tuple[str, ...],
    stdin_name: str | None,
    base: str | None,
    jobs: int | None,
    cache: bool,
    sharding: shard_options.ShardOptions,
    back: history_options.HistoryOptions,
) -> int:
    """Check records by the schema and the handbook: all of them, or the files and folders given.

    With - it checks one record from standard input. It exits with 1 when a finding blocks; advice does not fail it.

    With --base it compares the records with the commit that their branch began at: what landed must not change, and a
    decision must be committed by the person who made it. The pipeline of a merge request does this by default.

    With --history it checks every version that landed, at the time and by the handbook of its commit. With
    --base-handbook it shows where the findings differ from those by another handbook; that fails nothing.

    With --shard it checks a share of the records, so that several machines can share the work; --join combines their
    results into one verdict.
    """
    wanted = [report_formats.report_of(report) for report in reports]
    root = environment.repository_root()
    settings = environment.settings()
    given = path_options.from_stdin(root, paths, stdin_name)
    files = path_options.files(root, paths)
    history_options.check(back, form, wanted)
    compared = _base(base, settings.base, here=not (back.wanted or given))
    shard_options.check(sharding, paths, alone=not (given or back.handbook or back.wanted))
    if back.wanted:
        return _print_history(history_options.look_back(back, root, files, jobs, form, settings.now), output)
    limits = ValidateOptions(jobs, progress("records"), cache)
    if sharding.wanted:
        verdict = shard_options.run(sharding, paths, root, settings.now, compared, limits)
    else:
        handbook = history_options.named_handbook(root, back.handbook)
        verdict = validate(root, settings.now, given or files, handbook=handbook, base=compared, options=limits)
    return _report(verdict, form, output, wanted, report_formats.lines_of(root, given))


def _base(asked: str | None, of_pipeline: str | None, *, here: bool) -> str | None:
    """What to compare with: only the files of the repository are compared. Raises WrongUse."""
    if asked is not None and not here:
        raise WrongUse(
            "--base compares the files of the repository", "leave it out with --history, --base-handbook or -"
        )
    return (asked or of_pipeline) if here else None


def _report(
    verdict: Verdict,
    form: str,
    output: str | None,
    wanted: Sequence[tuple[str, str]],
    source: Callable[[str], Sequence[str]],
) -> Exit:
    """Write the reports, print the findings where they are not written, count them, and return how that ends."""
    for kind, file in (*wanted, *([(form, output)] if output else [])):
        report_formats.write(Path(file), report_formats.rendered(kind, verdict, source))
    if not output:
        report_formats.show(form, verdict, source)
    click.echo(render.summary(verdict.findings, verdict.records), err=True)
    return exit_of(verdict.bugs, blocked=bool(verdict.blocking))


def _print_history(result: history_options.HistoryResult, output: str | None) -> int:
    if output:
        report_formats.write(Path(output), result.content)
    else:
        click.echo(result.content, nl=False)
    click.echo(result.summary, err=True)
    return result.exit
