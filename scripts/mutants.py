"""Mutation testing with cosmic-ray: small changes to the code, one at a time, each of which a test should detect.

`python -m scripts.mutants [--each N] [--seed N] [PACKAGE ...]` draws mutants of `rules`, `model` and `plan`, and runs
the tests of the package on each, in a copy of the last commit: the work tree is never changed. It prints the mutants
that survived, and how many.
"""

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rules", "model", "plan")
CONFIGURATION = """
[cosmic-ray]
module-path = "tool/incidentops/{package}"
timeout = 120.0
excluded-modules = []
test-command = "{python} -m pytest -x -n 0 -p no:randomly -p no:cacheprovider --hypothesis-profile=few tests/{package}"

[cosmic-ray.distributor]
name = "local"

# No test can detect these: members of an enumeration compare the same by identity and by value; a rule without its
# decorator is not registered, so that nothing can be loaded.
[cosmic-ray.filters.operators-filter]
exclude-operators = ["core/ReplaceComparisonOperator_Is_.*", "core/ReplaceComparisonOperator_IsNot_.*",
                     "core/ReplaceComparisonOperator_.*_Is", "core/ReplaceComparisonOperator_.*_IsNot",
                     "core/RemoveDecorator"]
"""


def main() -> int:
    """Print the survivors of each package; return 1 when its tests fail on the unchanged code."""
    parser = argparse.ArgumentParser(description="mutation testing of the pure packages")
    parser.add_argument("packages", nargs="*", default=list(PACKAGES), metavar="PACKAGE")
    parser.add_argument("--each", type=int, default=60, help="mutants drawn of each package")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder, "copy")
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(copy)], check=True)
        for package in options.packages:
            print(f"mutants: {package}", flush=True)
            if not tried(copy, package, options.each, options.seed):
                return 1
    return 0


def tried(copy: Path, package: str, each: int, seed: int) -> bool:
    """Draw mutants of a package and run its tests on each; return whether the tests pass without a mutant."""
    configuration, session = copy.parent / f"{package}.toml", str(copy.parent / f"{package}.sqlite")
    python = f"env PYTHONPATH=tool PYTHONDONTWRITEBYTECODE=1 {sys.executable}"  # not the package that is installed
    configuration.write_text(CONFIGURATION.format(package=package, python=python), encoding="utf-8")
    if _run(copy, "cosmic-ray", "baseline", str(configuration)):
        print(f"  {package}: the tests fail without a mutant, so no mutant can be tested")
        return False
    _run(copy, "cosmic-ray", "init", str(configuration), session)
    _run(copy, "cr-filter-operators", session, str(configuration))
    draw(session, each, seed)
    _run(copy, "cosmic-ray", "exec", str(configuration), session)
    report(package, session)
    return True


def draw(session: str, count: int, seed: int) -> None:
    """Leave `count` mutants of a session to be tested, the same ones for the same code and seed."""
    with use_db(session) as work:
        pending = sorted(work.pending_work_items, key=_place)
        drawn = {item.job_id for item in random.Random(seed).sample(pending, min(count, len(pending)))}
        for item in pending:
            if item.job_id not in drawn:
                work.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED, output="not drawn"))


def report(package: str, session: str) -> None:
    """Print the mutants that no test detected, and how many were detected."""
    with use_db(session) as work:
        results = [result for _, result in work.results if result.worker_outcome is WorkerOutcome.NORMAL]
    survived = [result.diff for result in results if result.test_outcome is TestOutcome.SURVIVED]
    for difference in sorted(survived):
        print(difference)
    print(f"{package}: {len(results) - len(survived)} of {len(results)} mutants detected", flush=True)


def _place(item: WorkItem) -> tuple[str, str, int]:
    (mutation,) = item.mutations
    return str(mutation.module_path), mutation.operator_name, mutation.occurrence


def _run(copy: Path, program: str, *arguments: str) -> int:
    """Run a program of cosmic-ray in the copy; return its exit code."""
    return subprocess.run([str(Path(sys.executable).with_name(program)), *arguments], cwd=copy, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
