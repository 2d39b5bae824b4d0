"""Ways around the tools are counted and written down, so that another one is a difference somebody reads."""

import ast
import os
import re
from collections import Counter
from pathlib import Path

from house.code import Module, modules

LEDGER = Path(__file__).with_name("escapes.txt")
KINDS = {
    "type: ignore": re.compile(r"#\s*type:\s*ignore"),
    "noqa": re.compile(r"#\s*noqa"),
    "pragma: no cover": re.compile(r"#\s*pragma:\s*no (?:cover|branch)"),
}


def counted() -> str:
    found: Counter[tuple[str, str]] = Counter()
    for module in modules():
        for kind, pattern in KINDS.items():
            found[module.name, kind] += len(pattern.findall(module.text))
    return "".join(f"{name}  {kind}  {count}\n" for (name, kind), count in sorted(found.items()) if count)


def test_the_escapes_are_those_that_are_written_down():
    """`GOLDEN=write make test T=tests/house` writes them; the difference is for the reviewer."""
    if os.environ.get("GOLDEN") == "write":
        LEDGER.write_text(counted(), encoding="utf-8")
    assert LEDGER.read_text(encoding="utf-8") == counted()


def uses_any(module: Module) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(module.tree))


def may_use_any(module: Module) -> bool:
    """Where data from outside enters: files, answers of services, and the sandbox, which is such a service."""
    parts = Path(module.name).parts
    return parts[0] in ("store", "sandbox") or (parts[0] == "providers" and parts[-1] == "client.py")


def test_any_stands_only_where_data_from_outside_enters():
    assert [] == [m.name for m in modules() if uses_any(m) and not may_use_any(m)]


def test_every_noqa_names_its_rule():
    bare = re.compile(r"#\s*noqa(?!:)")
    assert [] == [m.name for m in modules() if bare.search(m.text)]
