"""Prepares a release: collects the fragments of `changes/` in CHANGELOG.md, and sets the version.

`python -m scripts.release 0.2.0`; a person commits and tags it (CONTRIBUTING: cut a release).
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = Path("tool", "incidentops", "__init__.py")
RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def main() -> int:
    """Prepare the release named on the command line; return 2 when it is not a version after the last one."""
    version = sys.argv[1] if len(sys.argv) == 2 else ""
    last = released((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if not RELEASE.fullmatch(version) or numbers(version) <= numbers(last):
        print(f"release: name a version after {last}: make release V=0.2.0", file=sys.stderr)
        return 2
    subprocess.run([sys.executable, "-m", "towncrier", "build", "--yes", "--version", version], cwd=ROOT, check=True)
    (ROOT / "changes").mkdir(exist_ok=True)
    (ROOT / VERSION).write_text(with_version((ROOT / VERSION).read_text(encoding="utf-8"), version), encoding="utf-8")
    print(f"release: review the diff, commit it as 'Release {version}', and tag the merged commit v{version}")
    return 0


def released(changelog: str) -> str:
    """Return the newest release in the change log."""
    found = re.search(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", changelog, re.MULTILINE)
    return found.group(1) if found else "0.0.0"


def numbers(version: str) -> tuple[int, ...]:
    """Return the three numbers of a version, to compare; a suffix is ignored."""
    found = RELEASE.match(version)
    return tuple(map(int, found.groups())) if found else ()


def with_version(module: str, version: str) -> str:
    """Return the module with another version."""
    return re.sub(r'(?<=^__version__ = ")[^"]*', version, module, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.exit(main())
