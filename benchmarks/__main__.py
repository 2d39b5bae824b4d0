"""`make bench`: generate, measure side by side, print; fail when a budget is exceeded. Run it on an idle machine.

ARGS="--records 1000" for a quick look.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import corpus, idle, landed, tools
from benchmarks.measure import Figures, MeasurementFailed, Program, measure
from benchmarks.table import Budget, compared, table
from benchmarks.tools import MissingProgram

_MANY = 10_000
"""Budgets of processor time are for so many records: with fewer, what a program needs to start counts most."""


def main() -> int:
    """Print the tables; return 1 when a budget is exceeded, or one of our programs could not be measured."""
    options = _arguments()
    try:
        within = [_of_size(records, options.rounds, options.skip) for records in options.records]
        if "history" not in options.skip:
            within.append(_history(max(options.records)))
        if "reconcile" not in options.skip:
            print(idle.report(), flush=True)
    except MeasurementFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if all(within):
        return 0
    print("bench: over budget, see OVER above", file=sys.stderr)
    return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=", description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 10_000], help="how many records to generate")
    parser.add_argument("--rounds", type=int, default=5, help="how often to run each program")
    parser.add_argument(
        "--skip", action="append", default=[], metavar="NAME", help="check-jsonschema, history, reconcile"
    )
    return parser.parse_args()


def _of_size(records: int, rounds: int, skip: Sequence[str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="incidentops-bench-") as name:
        folder = Path(name)
        files = corpus.write(folder, records)
        subprocess.run(["git", "init", "--quiet", str(folder)], check=True)  # the cache is inside .git
        _head(folder, files)
        parts = [_everything(folder, files, rounds, skip), _again(folder, files, rounds), _few(folder, files, rounds)]
    return all(parts)


def _head(folder: Path, files: Sequence[str]) -> None:
    sizes = [(folder / file).stat().st_size for file in files]
    lines = sum((folder / file).read_bytes().count(b"\n") for file in files)
    print(
        f"{len(files)} records, {sum(sizes) / len(sizes):.0f} bytes and {lines / len(files):.0f} lines each; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n",
        flush=True,
    )


def _everything(folder: Path, files: list[str], rounds: int, skip: Sequence[str]) -> bool:
    programs = [one for one in tools.everything(folder, files) if one.name not in skip]
    figures = measure([one for one in programs if isinstance(one, Program)], rounds)
    print(
        table(f"all {len(files)} records, cold (ours: schema and all rules; the others: schema)", figures, len(files))
    )
    for one in programs:
        if isinstance(one, MissingProgram):
            print(f"  {one.name}: skipped, {one.reason}")
    names = {one.name: one for one in figures}
    rival = names.get("@sourcemeta/jsonschema --fast")
    budgets = [Budget("incident validate", "peak", 150, "MiB")]
    if rival:
        budgets.append(Budget("incident validate", "wall", rival.wall, "s"))
        if len(files) >= _MANY:
            budgets.append(Budget("incident validate", "cpu", 1.5 * rival.cpu, "s"))
    return _compare(budgets, figures)


def _again(folder: Path, files: list[str], rounds: int) -> bool:
    figures = measure(tools.again(folder), 2 * rounds) + measure([tools.changed(folder, files)], 2 * rounds)
    print(
        table(f"all {len(files)} records by incident validate, with the cache of the run before", figures, len(files))
    )
    cold = figures[0]
    budgets = (
        Budget("nothing changed", "cpu", cold.cpu / 10, "s"),
        Budget("3 changed", "wall", 0.5, "s"),
        Budget("cold, with cache", "peak", 150, "MiB"),
    )
    return _compare(budgets if len(files) >= _MANY else budgets[1:], figures)


def _few(folder: Path, files: list[str], rounds: int) -> bool:
    figures = measure(tools.few(folder, files), 3 * rounds)
    print(table(f"a merge request that touches 3 of {len(files)} records; help", figures))
    budgets = (Budget("incident validate, 3 files", "wall", 0.5, "s"), Budget("incident --help", "wall", 0.15, "s"))
    return _compare(budgets, figures)


def _history(records: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="incidentops-bench-") as name:
        folder = Path(name)
        versions = landed.write(folder, records)
        figures = measure(tools.replays(folder), 3)
        commits = records // landed.PER_COMMIT
        print(table(f"{versions} versions of {records} records that landed in {commits} commits", figures, versions))
        return _compare([Budget("incident validate --history", "wall", 15, "s")], figures)


def _compare(budgets: Sequence[Budget], figures: Sequence[Figures]) -> bool:
    """Print figures beside their budgets, and return whether all are within."""
    lines, within = compared(budgets, figures)
    print(lines, "\n", flush=True)
    return within


if __name__ == "__main__":
    sys.exit(main())
