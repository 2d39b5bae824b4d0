"""Sizes, names and the mirror: how the code is laid out (CONTRIBUTING: rules of thumb)."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from house.code import PACKAGE, Module, modules
from paths import ROOT

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
DRAWERS = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "base_manager"}

UNMIRRORED: dict[str, str] = {}
"""Modules that are tested somewhere else than in their mirror, and where."""


def functions(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def does_something(module: Module) -> bool:
    """Whether a module has a function with a body; word lists and protocols need no test of their own."""
    bodies = [node.body[1:] if ast.get_docstring(node) is not None else node.body for node in functions(module)]
    return any(body and not all(_is_ellipsis(step) for step in body) for body in bodies)


def _is_ellipsis(step: ast.stmt) -> bool:
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant) and step.value.value is ...


def mirror(module: Module) -> Path:
    path = module.path.relative_to(PACKAGE)
    return ROOT / "tests" / path.with_name(f"test_{path.stem.lstrip('_')}.py")


def test_no_module_is_longer_than_the_hard_stop():
    assert [] == [f"{m.name}: {m.lines} lines" for m in modules() if m.lines > LONGEST_MODULE]


def test_no_function_is_longer_than_the_hard_stop():
    long = [
        f"{module.name}: {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for module in modules()
        for node in functions(module)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert [] == long


def test_no_module_is_a_drawer_for_anything():
    assert [] == [m.name for m in modules() if m.path.stem in DRAWERS]


def test_every_module_that_does_something_has_its_mirror_among_the_tests():
    lonely = [m.name for m in modules() if does_something(m) and not mirror(m).exists() and m.name not in UNMIRRORED]
    assert [] == lonely


def test_the_list_of_modules_without_a_mirror_is_short_and_true():
    names = {m.name for m in modules()}
    assert [] == [name for name, where in UNMIRRORED.items() if name not in names or not (ROOT / where).exists()]
    assert [] == [m.name for m in modules() if m.name in UNMIRRORED and mirror(m).exists()]


def test_every_test_file_has_a_module():
    mirrors = {mirror(m) for m in modules()}
    parts = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    files = [path for part in parts for path in (ROOT / "tests" / part).rglob("test_*.py")]
    scenarios = {path for path in files if "scenario test" in path.read_text(encoding="utf-8")}
    assert [] == sorted(str(path.relative_to(ROOT)) for path in set(files) - mirrors - scenarios)


def type_names(module: Module) -> Iterator[str]:
    """Classes and aliases at the top of a module; an underscore in front makes no other name of it."""
    for node in module.tree.body:
        match node:
            case ast.ClassDef(name=name):
                yield name.lstrip("_")
            case ast.Assign(targets=[ast.Name(id=name)]) if re.fullmatch(r"_?(?:[A-Z][a-z]+)+", name):
                yield name.lstrip("_")


def test_a_type_name_is_defined_once_in_the_program():
    defined = Counter(name for module in modules() for name in type_names(module))
    assert {} == {name: count for name, count in defined.items() if count > 1}
