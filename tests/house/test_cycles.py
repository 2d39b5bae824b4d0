"""No circle of files: whoever reads a module can read what it stands on first."""

import ast
from collections.abc import Iterator, Mapping

from house.code import Module, modules

ALLOWED: frozenset[tuple[str, ...]] = frozenset()
"""Circles that are known and stay. There is none."""


def dotted(module: Module) -> str:
    """`incidentops.model.entry`; a package by its own name."""
    return f"incidentops.{module.name.removesuffix('.py').replace('/', '.')}".removesuffix(".__init__")


def imported(module: Module, known: frozenset[str]) -> Iterator[str]:
    """Every module of ours that a module imports: at the top, in a function, or for type checkers alone."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in known else node.module


def circles(graph: Mapping[str, frozenset[str]]) -> set[tuple[str, ...]]:
    """The groups of modules that reach each other, by what is left when leaves and roots are taken away in turn."""
    left = {name: set(graph[name]) & graph.keys() - {name} for name in graph}
    while free := [name for name, needs in left.items() if not needs or not any(name in n for n in left.values())]:
        for name in free:
            del left[name]
        left = {name: needs & left.keys() for name, needs in left.items()}
    return {tuple(sorted(_reached(name, left))) for name in left if name in _reached(name, left)}


def _reached(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph[name]
    return found


def test_a_circle_is_found_wherever_it_is():
    graph = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("b"), "d": frozenset("a"), "e": frozenset()}
    assert {("b", "c")} == circles(graph)
    assert set() == circles({"a": frozenset("b"), "b": frozenset()})


def test_no_files_import_each_other_in_a_circle():
    known = frozenset(dotted(module) for module in modules())
    graph = {dotted(module): frozenset(imported(module, known)) & known for module in modules()}
    assert ALLOWED == circles(graph)
