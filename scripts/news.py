"""Checks that a change to the tool is told in `changes/`, and that every fragment is one towncrier can use."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOLD = ("tool/", "schemas/")


def main() -> int:
    """Print what is wrong; 1 when anything is."""
    base = _base()
    known = _git("diff", "--name-only", base, "--") if base else _git("ls-files")
    changed = [*known.splitlines(), *_git("ls-files", "--others", "--exclude-standard").splitlines()]
    faults = [*_fragment_faults(ROOT / "changes"), *_untold(changed)]
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def _untold(changed: list[str]) -> Iterator[str]:
    """A change to the tool with nothing in changes/; a release (it empties the folder) changes the change log."""
    tool = [path for path in changed if path.startswith(TOLD)]
    told = [path for path in changed if path.startswith("changes/") or path == "CHANGELOG.md"]
    if tool and not told:
        yield f"{tool[0]} changed and changes/ has no fragment for it; run: make news N=12 TYPE=added TEXT='...'"


def _fragment_faults(folder: Path) -> Iterator[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
    types = [kind["directory"] for kind in config["type"]]
    name = re.compile(rf"(?:\d+|\+[a-z0-9-]+)\.(?:{'|'.join(types)})(?:\.\d+)?\.md")
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not name.fullmatch(path.name):
            yield f"changes/{path.name}: call it <issue>.<type>.md or +<word>.<type>.md; types: {', '.join(types)}"
        elif not path.read_text(encoding="utf-8").strip():
            yield f"changes/{path.name}: it is empty; say in a sentence or two what changed for a responder"


def _base() -> str:
    """What to compare with: the merge request's base, the default branch, the last release, else nothing."""
    asked = os.environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    if asked:
        return asked
    head = _git("rev-parse", "HEAD")
    fork = _git("merge-base", "HEAD", "refs/remotes/origin/HEAD", quiet=True)
    if fork and fork != head:
        return fork
    return _git("describe", "--tags", "--match", "v*", "--abbrev=0", quiet=True)


def _git(*arguments: str, quiet: bool = False) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=not quiet)
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main())
