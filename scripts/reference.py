"""Generates docs/reference, the handbook schema, outputs in the documentation of rules; compares without `--write`.

Sources: the commands themselves, the rule catalogue, the JSON Schemas, the declared variables, the exit codes; for the
schema `schemas/handbook.core.json` and each provider's part. Nothing in docs/reference is written by hand.
"""

import argparse
import difflib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import click

from incidentops.cli.composition.environment import declared
from incidentops.cli.main import COMMANDS
from incidentops.cli.main import main as incident
from incidentops.cli.support.exits import Exit
from incidentops.model.vocabulary import Kind
from incidentops.providers.registry import ORDER
from incidentops.rules.engine import catalogue
from scripts.handbook_schema import handbook_schema

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
SCHEMAS = ROOT / "schemas"
HANDBOOK = "handbook.schema.json"
NOTE = "<!-- Written by `make docs`. Change what it is made from, not this page. -->\n\n"
WIDTH = 100

EXIT_CODES = {
    Exit.DONE: "Done, nothing wrong.",
    Exit.BLOCKED: "There are blocking findings.",
    Exit.WRONG_USE: "Wrong use: an option, an id or a file that does not exist.",
    Exit.PLAN_NOT_EMPTY: "`plan --check`: there is something to do.",
    Exit.INCOMPLETE: "Something failed or is unresolved; the rest was done. Run it again, or follow its hints.",
    Exit.REFUSED: "Refused: unsafe, or not what was approved. With `--reviewed` the rest was done, else nothing was.",
    Exit.BUG: "A bug of ours. Please report the lines that it prints.",
    Exit.INTERRUPTED: "Interrupted. What was done is remembered.",
}


def main() -> int:
    """Write the pages, or print the difference of those that are out of date; return 1 when any is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the pages instead of comparing them")
    write = parser.parse_args().write
    schema_current = _settle(SCHEMAS / HANDBOOK, the_handbook_schema(), write=write)
    stale = [page for page, text in pages().items() if not _settle(FOLDER / page, text, write=write)]
    surplus = [path.name for path in sorted(FOLDER.glob("*.md")) if path.name not in pages()]
    for name in surplus:
        print(f"  docs/reference/{name} is not a generated page")
    outputs = subprocess.run(
        [sys.executable, "-m", "rules.pages", *(["--write"] if write else [])], cwd=ROOT / "tests", check=False
    )
    if not schema_current or stale or surplus or outputs.returncode:
        print("  run: make docs")
        return 1
    return 0


def the_handbook_schema() -> str:
    """Return the schema of the handbook: the process's own keys, and what each provider adds."""
    core = (SCHEMAS / "handbook.core.json").read_text(encoding="utf-8")
    providers = resources.files("incidentops.providers")
    parts = {name: (providers / name / "handbook.json").read_text(encoding="utf-8") for name in sorted(ORDER)}
    return handbook_schema(core, parts)


def _settle(path: Path, text: str, *, write: bool) -> bool:
    """Write a page, or compare it; return whether it is up to date."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return True
    if old != text:
        name = str(path.relative_to(ROOT))
        difference = difflib.unified_diff(old.splitlines(), text.splitlines(), name, "expected", lineterm="", n=1)
        print("\n".join(f"  {line}" for line in list(difference)[:40]))
    return old == text


def pages() -> Mapping[str, str]:
    """Return every generated page by its file name."""
    return {
        "commands.md": _commands(),
        "rules.md": _rules(),
        "record.md": _schema("incident.schema.json", "The record", "incidents/<year>/<yyyy-mm-dd>-<slug>.yaml"),
        "handbook.md": _schema(HANDBOOK, "The handbook", "incidents/handbook.yaml"),
        "output.md": _output(),
        "environment.md": _environment(),
        "exit-codes.md": _exit_codes(),
    }


def _commands() -> str:
    parts = [f"# Commands\n\n{NOTE}```text\n{_help(incident, 'incident')}\n```\n"]
    context = click.Context(incident)
    for name in COMMANDS:
        command = incident.get_command(context, name)
        if command is not None:
            parts.append(f"## incident {name}\n\n```text\n{_help(command, f'incident {name}')}\n```\n")
    return "\n".join(parts)


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def _rules() -> str:
    rows = [
        f"| [{rule.code}](../../tool/incidentops/rules/docs/{rule.code}.md) | {rule.name} | {rule.level} "
        f"| {_kinds(rule.kinds)} | {'yes' if rule.waivable else 'no'} | {_cell(rule.summary)} |"
        for rule in catalogue.ALL
    ]
    head = (
        "# Rules\n\n"
        + NOTE
        + "`incident explain CODE` shows the documentation of a rule. A rule that can be waived can also be set to "
        "`off`, `advise` or `block` in the handbook.\n\n"
        "| code | name | level | checks | waivable | finding when |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    return head + "\n".join(rows) + "\n"


def _kinds(kinds: Sequence[Kind]) -> str:
    return "all" if len(kinds) == len(Kind) else ", ".join(str(kind).replace("_", " ") for kind in kinds)


def _schema(file: str, title: str, path: str) -> str:
    schema: dict[str, Any] = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
    rows = "\n".join(_properties(schema, schema, ""))
    return (
        f"# {title}\n\n{NOTE}{schema['description']}\n\nIts path is `{path}`, its schema "
        f"[`schemas/{file}`](../../schemas/{file}). A star marks a required key.\n\n"
        f"| key | value | meaning |\n| --- | --- | --- |\n{rows}\n"
    )


def _properties(schema: Mapping[str, Any], node: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """One row for each property, those inside lists and mappings after their parent."""
    required = node.get("required", [])
    for key, given in node.get("properties", {}).items():
        inner = _resolved(schema, given)
        star = "\\*" if key in required else ""
        meaning = given.get("description") or inner.get("description", "")
        yield f"| `{prefix}{key}`{star} | {_cell(_value(schema, inner))} | {_cell(meaning)} |"
        yield from _inside(schema, inner, f"{prefix}{key}")


def _inside(schema: Mapping[str, Any], node: Mapping[str, Any], prefix: str) -> Iterator[str]:
    if "items" in node:
        yield from _properties(schema, _resolved(schema, node["items"]), f"{prefix}[].")
    elif isinstance(node.get("additionalProperties"), dict):
        yield from _properties(schema, _resolved(schema, node["additionalProperties"]), f"{prefix}.<key>.")
    else:
        yield from _properties(schema, node, f"{prefix}.")
    for branch in (*node.get("oneOf", ()), *node.get("anyOf", ())):
        if "type" in branch or "$ref" in branch:
            yield from _inside(schema, _resolved(schema, branch), prefix)


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    name = node.get("$ref", "").rpartition("/")[2]
    return schema["$defs"][name] if name else node


def _value(schema: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """The allowed values, in a few words."""
    if "enum" in node:
        return " or ".join(f"`{word}`" for word in node["enum"])
    if "const" in node:
        return f"`{node['const']}`"
    if "items" in node:
        return f"list of {_value(schema, _resolved(schema, node['items']))}"
    branches = [*node.get("oneOf", ()), *node.get("anyOf", ())]
    kinds = node.get("type") or [_value(schema, _resolved(schema, branch)) for branch in branches]
    words = [kinds] if isinstance(kinds, str) else list(dict.fromkeys(kinds))
    shape = node.get("patternErrorMessage", "").replace("a text that is not blank", "text")
    return shape or " or ".join({"object": "mapping", "string": "text"}.get(word, word) for word in words)


def _output() -> str:
    """The commands that print JSON, each with its schema."""
    rows = []
    for path in sorted((ROOT / "schemas" / "output").glob("*.schema.json")):
        name = path.name.removesuffix(".schema.json")
        if name in COMMANDS:
            link = f"[`{path.name}`](../../schemas/output/{path.name})"
            rows.append(f"| `incident {name}` | {_cell(json.loads(path.read_text('utf-8'))['description'])} | {link} |")
    head = (
        f"# JSON output\n\n{NOTE}With `--format json` these commands print one object on standard output; text "
        "for people goes to standard error. Its `version` grows when a key changes its meaning or is removed. The "
        "schemas (JSON Schema 2020-12, in the package too) name every key of this release.\n\n"
        "| command | object | schema |\n| --- | --- | --- |\n"
    )
    return head + "\n".join(rows) + "\n"


def _environment() -> str:
    rows = "\n".join(f"| `{variable.name}` | {_cell(_sentence(variable.meaning))} |" for variable in declared())
    return f"# Environment\n\n{NOTE}Nothing else is read.\n\n| variable | meaning |\n| --- | --- |\n{rows}\n"


def _sentence(meaning: str) -> str:
    return f"{meaning[0].upper()}{meaning[1:]}."


def _exit_codes() -> str:
    rows = "\n".join(f"| {int(code)} | {EXIT_CODES[code]} |" for code in Exit)
    return f"# Exit codes\n\n{NOTE}The same for every command.\n\n| code | meaning |\n| ---: | --- |\n{rows}\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
