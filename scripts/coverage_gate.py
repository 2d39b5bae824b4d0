"""Reads the coverage of the last test run and holds it to two gates (CONTRIBUTING: how much is tested).

Every line and branch of the parts that decide (core, model, rules, plan, render), and 95 % of everything.
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
    """Print what is below its gate; 1 when anything is."""
    report = _report()
    total = float(report["totals"]["percent_covered"])
    faults = list(_gaps(report["files"]))
    if total < OVERALL:
        faults += [f"all of it: {total:.2f} %, the gate is {OVERALL:g} %", *_lowest(report["files"])]
    for fault in faults:
        print(f"  {fault}")
    print(f"coverage: {total:.2f} % with branches")
    return 1 if faults else 0


def _report() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "coverage.json")
        command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(file)]
        subprocess.run(command, check=True)
        report: dict[str, Any] = json.loads(file.read_text())
    return report


def _gaps(files: dict[str, Any]) -> Iterator[str]:
    """Every line or branch that no test reaches in a part that decides."""
    for path, file in sorted(files.items()):
        if Path(path).parts[2:3] and Path(path).parts[2] in WHOLE:
            lines = ", ".join(map(str, file["missing_lines"]))
            branches = ", ".join(f"{start}->{end}" for start, end in file["missing_branches"])
            if lines or branches:
                yield f"{path}: not reached: {'; '.join(part for part in (lines, branches) if part)}"


def _lowest(files: dict[str, Any]) -> Iterator[str]:
    ranked = sorted(files.items(), key=lambda item: -item[1]["summary"]["missing_lines"])
    for path, file in ranked[:8]:
        summary = file["summary"]
        yield f"{path}: {summary['percent_covered']:.1f} %, {summary['missing_lines']} lines not reached"


if __name__ == "__main__":
    sys.exit(main())
