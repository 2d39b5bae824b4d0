"""Checks that a change to the tool has a fragment in `changes/`, and that towncrier can use every fragment."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDS_NEWS = ("tool/", "schemas/")


def main() -> int:
    """Print the problems; return 1 when there are any."""
    base = _base()
    known = _git("diff", "--name-only", base, "--") if base else _git("ls-files")
    changed = [*known.splitlines(), *_git("ls-files", "--others", "--exclude-standard").splitlines()]
    problems = [*_fragment_problems(ROOT / "changes"), *_missing(changed)]
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems else 0


def _missing(changed: list[str]) -> Iterator[str]:
    """A change to the tool without a fragment; a release, which empties the folder, changes the change log."""
    tool = [path for path in changed if path.startswith(NEEDS_NEWS)]
    news = [path for path in changed if path.startswith("changes/") or path == "CHANGELOG.md"]
    if tool and not news:
        yield f"{tool[0]} changed and changes/ has no fragment for it; run: make news N=12 TYPE=added TEXT='...'"


def _fragment_problems(folder: Path) -> Iterator[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
    types = [kind["directory"] for kind in config["type"]]
    name = re.compile(rf"(?:\d+|\+[a-z0-9-]+)\.(?:{'|'.join(types)})(?:\.\d+)?\.md")
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not name.fullmatch(path.name):
            yield f"changes/{path.name}: rename it to <issue>.<type>.md or +<word>.<type>.md; types: {', '.join(types)}"
        elif not path.read_text(encoding="utf-8").strip():
            yield f"changes/{path.name}: it is empty; describe in one or two sentences what changed for a responder"


def _base() -> str:
    """The commit to compare with: the merge request's base, the default branch, the last release, or none."""
    base = os.environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    if base:
        return base
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
