"""Nobody waits by the clock on the wall: the program is given its pauses, and tests give it none."""

import ast
from pathlib import Path

from house.code import modules
from paths import TESTS

CLOCKS = {
    "cli/composition/clock.py",  # the composition root
    "cli/demo/environment.py", "cli/commands/sandbox/sandbox.py",  # they wait for a person
    "sandbox/traffic.py", "sandbox/server.py",  # a service of its own, with a clock of its own
}  # fmt: skip


def sleeps(path: Path) -> bool:
    """Whether a module calls, or hands on, a function that waits."""
    text = path.read_text(encoding="utf-8")
    return "sleep" in text and any(
        isinstance(node, ast.Attribute) and node.attr == "sleep" and isinstance(node.value, ast.Name)
        and node.value.id in ("time", "asyncio")
        for node in ast.walk(ast.parse(text))
    )  # fmt: skip


def test_pauses_are_made_in_the_composition_root_alone():
    assert set() == {module.name for module in modules() if sleeps(module.path)} - CLOCKS


def test_no_test_sleeps():
    """`pacing` alone speeds up what processes of their own wait for each other."""
    assert [TESTS / "pacing.py"] == [path for path in TESTS.rglob("*.py") if sleeps(path)]
