"""What the house tests look at: the modules of the package, and the files that git tracks."""

import ast
import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path

from paths import ROOT

PACKAGE = ROOT / "tool" / "incidentops"


@dataclass(frozen=True)
class Module:
    path: Path
    text: str

    @property
    def name(self) -> str:
        """`store/yamlfile.py`: the path inside the package."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path)

    @property
    def lines(self) -> int:
        return self.text.count("\n")


@functools.cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def modules() -> tuple[Module, ...]:
    paths = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
    return tuple(Module(path, path.read_text(encoding="utf-8")) for path in paths)


@functools.cache
def tracked() -> tuple[Path, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())
