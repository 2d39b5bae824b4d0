"""Mutation testing: small changes to the code, one at a time, each of which some test should notice.

`python -m scripts.mutants [--each N] [--seed N] [--jobs N] [PACKAGE ...]` draws mutants of `rules`, `model`, `plan` and
runs the tests of the mutated module and, when those notice nothing, all of its package. It does so in copies of the
last commit: the folder where people work is never changed. It prints what survived, as it is found, and the score.
"""

import argparse
import ast
import copy
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parents[1]
PACKAGES = ("rules", "model", "plan")
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
SECONDS = 120
OPTIONS = ("-x", "-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider", "--hypothesis-profile=few")


@dataclass(frozen=True)
class Mutant:
    """One change: in which module, where, what it was and is, and the whole module with it."""

    package: str
    file: str
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        """Say where and what, on one line."""
        return f"{self.file}:{self.line}: {self.before[:70]} -> {self.after[:70]}"


@dataclass(frozen=True)
class Exchange:
    """One expression of a module in the place of another."""

    path: Path
    tree: ast.Module
    node: ast.expr
    other: ast.expr

    def mutant(self, root: Path) -> Mutant:
        """Return the mutant that this makes."""
        file = self.path.relative_to(root)
        before, after = ast.unparse(self.node), ast.unparse(self.other)
        source = _with(self.tree, self.node, self.other)
        return Mutant(file.parent.name, str(file), self.node.lineno, before, after, source)


def exchanges(folder: Path) -> Iterator[Exchange]:
    """Yield every exchange there is in the modules of a folder, in the order of the files."""
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in _functions(tree):
            for node in _nodes(function):
                yield from (Exchange(path, tree, node, other) for other in _others(node))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions and methods; what stands around them is checked by the house tests and the rule pages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def _nodes(function: ast.FunctionDef) -> Iterator[ast.expr]:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            continue  # it comes by itself
        if isinstance(node, ast.expr):
            yield node
        waiting += [child for child in ast.iter_child_nodes(node) if child is not _type_in(node)]


def _type_in(node: ast.AST) -> ast.expr | None:
    """The part of a node that only says a type: nothing happens there."""
    if isinstance(node, ast.AnnAssign):
        return node.annotation
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cast":
        return node.args[0]
    return None


def _others(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        yield ast.Compare(node.left, [COMPARED[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in CALCULATED:
        yield ast.BinOp(node.left, CALCULATED[type(node.op)](), node.right)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)


def _constants(value: object) -> Iterator[ast.expr]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and value.strip():
        yield ast.Constant(f"XX{value}")


def _with(tree: ast.Module, node: ast.expr, other: ast.expr) -> str:
    """The module with one expression in the place of another."""
    number = list(ast.walk(tree)).index(node)
    changed = copy.deepcopy(tree)
    old = list(ast.walk(changed))[number]

    class Put(ast.NodeTransformer):
        def visit(self, found: ast.AST) -> ast.AST:
            return copy.deepcopy(other) if found is old else super().generic_visit(found)

    return ast.unparse(ast.fix_missing_locations(Put().visit(changed)))


def drawn(root: Path, package: str, count: int, seed: int) -> list[Mutant]:
    """Draw mutants of a package, the same ones for the same code and seed."""
    every = list(exchanges(root / "tool" / "incidentops" / package))
    return [one.mutant(root) for one in random.Random(seed).sample(every, min(count, len(every)))]


def survives(mutant: Mutant, place: Path) -> bool:
    """Run the tests on a mutant in a copy of the repository, and return whether they all pass."""
    target = place / mutant.file
    original = target.read_text(encoding="utf-8")
    target.write_text(mutant.source, encoding="utf-8")
    try:
        return all(_passes(tests, place) for tests in _tests(mutant, place))
    finally:
        target.write_text(original, encoding="utf-8")


def _tests(mutant: Mutant, place: Path) -> Iterator[Path]:
    folder = place / "tests" / mutant.package
    mirror = folder / f"test_{Path(mutant.file).stem.lstrip('_')}.py"
    if mirror.exists():
        yield mirror
    yield folder


def _passes(tests: Path, place: Path) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(place / "tool"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *OPTIONS, str(tests)]
    try:
        done = subprocess.run(
            command, cwd=place, env=environment, capture_output=True, timeout=SECONDS, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def copied(folder: Path) -> Path:
    """Copy the last commit into a folder."""
    folder.mkdir()
    tree = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x"], cwd=folder, input=tree, check=True)
    return folder


def judged(some: Sequence[Mutant], copies: Sequence[Path]) -> Iterator[bool]:
    """Yield of each mutant whether somebody noticed it; print those that nobody did."""
    free: SimpleQueue[Path] = SimpleQueue()
    for place in copies:
        free.put(place)

    def noticed(mutant: Mutant) -> bool:
        place = free.get()
        try:
            alive = survives(mutant, place)
        finally:
            free.put(place)
        if alive:
            print(f"survived: {mutant}", flush=True)
        return not alive

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from pool.map(noticed, some)


def main() -> int:
    """Print what survived, and how many of each package were noticed."""
    parser = argparse.ArgumentParser(description="mutation testing of the pure packages")
    parser.add_argument("packages", nargs="*", default=list(PACKAGES), metavar="PACKAGE")
    parser.add_argument("--each", type=int, default=60, help="mutants drawn of each package")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        copies = [copied(Path(top) / str(number)) for number in range(told.jobs)]
        for package in told.packages:
            if not _passes(copies[0] / "tests" / package, copies[0]):
                print(f"{package}: the tests fail without any mutant, so they say nothing about one")
                return 1
            results = list(judged(drawn(copies[0], package, told.each, told.seed), copies))
            share = 100 * sum(results) // max(len(results), 1)
            print(f"{package}: {sum(results)} of {len(results)} mutants noticed ({share} %)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
