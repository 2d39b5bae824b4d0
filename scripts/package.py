"""Builds the wheel in a temporary folder and checks that it contains every file of the package, data files too."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINKED = ("schemas", "requirements-run.lock")


def main() -> int:
    """Print the files missing from the wheel; return 1 when there are any."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"  the wheel does not build:\n{done.stderr.strip()}")
            return 1
        wheels = list(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheels[0]) as archive:
            packed = set(archive.namelist())
    missing = sorted(_expected() - packed)
    for name in missing:
        print(f"  missing from the wheel: {name}")
    return 1 if missing else 0


def _expected() -> set[str]:
    """Every tracked file of the package, and those behind its links: the schemas and the lock."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "tool/incidentops", *LINKED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [Path(name) for name in listed.stdout.split("\0") if name]
    inside = {
        str(path.relative_to("tool")) for path in files if path.parts[0] == "tool" and not (ROOT / path).is_symlink()
    }
    return inside | {f"incidentops/{path}" for path in files if path.parts[0] in LINKED}


if __name__ == "__main__":
    sys.exit(main())
