"""Checks the coverage of the last test run against two gates (CONTRIBUTING: how much is tested).

Every line and branch of core, model, rules, plan and render, and 95 % of everything.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WHOLE = ("core", "model", "rules", "plan", "render")
OVERALL = 95.0


def main() -> int:
    """Print what is below its gate; return 1 when anything is."""
    report = _report()
    total = float(report["totals"]["percent_covered"])
    problems = list(_gaps(report["files"]))
    if total < OVERALL:
        problems += [f"total: {total:.2f} %, the gate is {OVERALL:g} %", *_lowest(report["files"])]
    for problem in problems:
        print(f"  {problem}")
    print(f"coverage: {total:.2f} % with branches")
    return 1 if problems else 0


def _report() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "coverage.json")
        command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(file)]
        subprocess.run(command, check=True)
        report: dict[str, Any] = json.loads(file.read_text())
    return report


def _gaps(files: dict[str, Any]) -> Iterator[str]:
    """The uncovered lines and branches of the packages that need full coverage."""
    for path, file in sorted(files.items()):
        if Path(path).parts[2:3] and Path(path).parts[2] in WHOLE:
            lines = ", ".join(map(str, file["missing_lines"]))
            branches = ", ".join(f"{start}->{end}" for start, end in file["missing_branches"])
            if lines or branches:
                yield f"{path}: not covered: {'; '.join(part for part in (lines, branches) if part)}"


def _lowest(files: dict[str, Any]) -> Iterator[str]:
    ranked = sorted(files.items(), key=lambda item: -item[1]["summary"]["missing_lines"])
    for path, file in ranked[:8]:
        summary = file["summary"]
        yield f"{path}: {summary['percent_covered']:.1f} %, {summary['missing_lines']} lines not covered"


if __name__ == "__main__":
    sys.exit(main())
