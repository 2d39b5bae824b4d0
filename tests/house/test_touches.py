"""How many files a thing touches, tried: each kind is added to a copy of the tree, and it works there.

The table in CONTRIBUTING names the files; a house test cannot keep them few, but it can keep the table true.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from paths import ROOT

ROW = re.compile(r"^\| (a \w+|a \w+ \w+) \| (\d+) \| (.+) \|$", re.MULTILINE)
TOUCHES = {
    kind: (int(count), tuple(re.findall(r"`([^`]+)`", files)))
    for kind, count, files in ROW.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
}


DUMMY_RULE = "REC999"


class Tree:
    """A copy of the program that can be changed; it keeps account of what was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.touched: set[str] = set()
        for name in ("tool", "scripts", "schemas"):
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.touched.add(path)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text(encoding="utf-8")
        assert old in text, old
        self.write(path, text.replace(old, new, 1))

    def run(self, code: str) -> str:
        """What a program prints that runs in the copy."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": f"{self.folder / 'tool'}:{self.folder}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        place = self.folder / "repository"
        (place / "incidents").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def fits(kind: str, tree: Tree) -> None:
    """The files that were touched are those that CONTRIBUTING names, in number and in kind."""
    count, patterns = TOUCHES[kind]
    assert count == len(tree.touched)
    named = "|".join(re.sub("<[a-z]+>", r"\\w+", re.escape(whole(pattern))) for pattern in patterns)
    assert [] == [path for path in tree.touched if not re.fullmatch(named, path)]


def whole(pattern: str) -> str:
    return pattern if pattern.startswith(("schemas/", "tool/")) else f"tool/incidentops/{pattern}"


def incident(*words: str) -> str:
    """Code that runs a command and goes on, whatever its exit code."""
    return f"from incidentops.cli.main import main; main({list(words)!r}, standalone_mode=False)"


def test_a_variable(tree):
    file = "tool/incidentops/providers/statusio/variables.py"
    tree.edit(
        file, "VARIABLES = (ADDRESS,", 'DUMMY = Variable("STATUSIO_DUMMY", "a dummy")\nVARIABLES = (DUMMY, ADDRESS,'
    )
    shown = tree.run(
        "from scripts.reference import pages; print(pages()['environment.md']);" + incident("doctor") + "\n"
        "from incidentops.cli.composition.environment import settings_from\n"
        "print(dict(settings_from({'STATUSIO_DUMMY': 'here'}).values.texts))"
    )
    assert "| `STATUSIO_DUMMY` | A dummy. |" in shown
    assert re.search(r"not set +STATUSIO_DUMMY +a dummy", shown)
    assert "{'STATUSIO_DUMMY': 'here'}" in shown
    fits("a variable", tree)


def test_a_command(tree):
    tree.write(
        "tool/incidentops/cli/commands/sandbox/dummy.py",
        '"""A dummy."""\n\nimport click\n\n\n@click.command()\ndef command() -> None:\n    """Say hello."""\n'
        '    click.echo("hello")\n',
    )
    table = "tool/incidentops/cli/main.py"
    tree.edit(table, '"sandbox"): {\n', '"sandbox"): {\n        "dummy": "Say hello",\n')
    shown = tree.run(
        incident("--help") + ";" + incident("dummy")
        + "\nfrom scripts.reference import pages; print(pages()['commands.md'])"
    )  # fmt: skip
    assert re.search(r"dummy +Say hello", shown)
    assert "\nhello\n" in shown
    assert "## incident dummy" in shown
    fits("a command", tree)


def test_a_rule(tree):
    module = "tool/incidentops/rules/records.py"
    text = (ROOT / module).read_text(encoding="utf-8")
    tree.write(
        module,
        text + '\n\n@rule("REC999", "A title is a dummy")\n'
        "def dummy_title(incident: Incident, _: Context) -> Iterator[Problem]:\n"
        '    """Dummies are for trying."""\n'
        '    if incident.title == "Dummy":\n        yield Problem(("title",), "this title is a dummy")\n',
    )
    tree.edit(
        "tool/incidentops/rules/engine/catalogue.py",
        "    records.misplaced_record,\n",
        "    records.misplaced_record,\n    records.dummy_title,\n",
    )
    tree.write(f"tool/incidentops/rules/docs/{DUMMY_RULE}.md", "# REC999 dummy-title\nA title is a dummy.\n")
    place = tree.folder / "repository" / "incidents" / "2026"
    place.mkdir(parents=True)
    shutil.copy(ROOT / "incidents" / "handbook.yaml", place.parent / "handbook.yaml")
    person = re.search(r"^people:\n  (\w+):", (place.parent / "handbook.yaml").read_text(), re.MULTILINE)[1]
    service = re.search(r"^services:\n  ([\w-]+):", (place.parent / "handbook.yaml").read_text(), re.MULTILINE)[1]
    record = {"kind": "incident", "title": "Dummy", "services": [service]}
    record["timeline"] = [{"at": "2026-11-21T15:50:00Z", "by": person, "severity": "S3", "engage": "eoc"}]
    (place / "2026-11-21-dummy.yaml").write_text(json.dumps(record), encoding="utf-8")
    shown = tree.run(
        incident("validate") + ";" + incident("explain", "REC999")
        + "\nfrom scripts.reference import pages; print(pages()['rules.md'])"
    )  # fmt: skip
    assert "REC999 block: this title is a dummy" in shown
    assert "# REC999 dummy-title" in shown
    assert "| dummy-title | block |" in shown
    fits("a rule", tree)


def test_a_provider(tree):
    folder = "tool/incidentops/providers/dummy"
    tree.write(f"{folder}/__init__.py", '"""A dummy."""\n')
    tree.write(
        f"{folder}/variables.py",
        "from incidentops.core.variable import Variable\n\n"
        'KEY = Variable("DUMMY_KEY", "the key", secret=True, required=True)\nVARIABLES = (KEY,)\n',
    )
    tree.write(
        f"{folder}/provider.py",
        "from incidentops.providers.base import Check, CheckStatus\n"
        "from incidentops.providers.dummy.variables import VARIABLES\n\n\n"
        "class Dummy:\n    name = 'dummy'\n\n"
        "    def __init__(self, missing):\n        self.off = missing\n\n"
        "    def check(self, handbook):\n"
        "        return (Check('dummy', CheckStatus.SKIPPED, f'not configured: {self.off}'),)\n\n\n"
        "def build(values, handbook, connect):\n    return Dummy(values.missing(VARIABLES))\n",
    )
    tree.write(f"{folder}/client.py", "def connect(account, pauses, *, writable):\n    return None\n")
    tree.write(f"{folder}/handbook.json", json.dumps({"section": {"description": "A dummy.", "type": "object"}}))
    tree.edit("tool/incidentops/providers/registry.py", "ORDER = (", 'ORDER = ("dummy", ')
    handbook = tree.folder / "repository" / "incidents" / "handbook.yaml"
    handbook.parent.mkdir(parents=True)
    shutil.copy(ROOT / "incidents" / "handbook.yaml", handbook)
    shown = tree.run(
        "from scripts.reference import the_handbook_schema; import json;"
        "print(json.loads(the_handbook_schema())['properties']['dummy']);" + incident("doctor") + "\n"
        "from incidentops.cli.composition.environment import settings_from\n"
        "print(settings_from({'DUMMY_KEY': 'hush'}).secrets)"
    )
    assert "{'description': 'A dummy.', 'type': 'object'}" in shown
    assert "dummy: not configured: DUMMY_KEY is not set" in shown
    assert "(Secret([redacted]),)" in shown
    fits("a provider", tree)


def test_a_handbook_key(tree):
    tree.edit(
        "schemas/handbook.core.json",
        '"ownership": {',
        '"dummy": {"description": "A dummy.", "type": "string"},\n    "ownership": {',
    )
    model = "tool/incidentops/model/"
    tree.edit(f"{model}handbook.py", "    organisation: str\n", "    organisation: str\n    dummy: str\n")
    tree.edit(
        f"{model}build_handbook.py",
        "        organisation=",
        '        dummy=_text(data, "dummy"),\n        organisation=',
    )
    shown = tree.run(
        "from scripts import reference as r; (r.SCHEMAS / r.HANDBOOK).write_text(r.the_handbook_schema())\n"
        "from incidentops.cli.composition.wiring import handbook_from\n"
        "print(handbook_from(b'organisation: A\\ndummy: here\\npeople: {a: {}}\\nservices: {b: {}}\\n').dummy)\n"
        "print(r.pages()['handbook.md'])"
    )
    assert "here\n" in shown
    assert "| `dummy` | text | A dummy. |" in shown
    fits("a handbook key", tree)


def test_every_row_of_the_table_is_tried():
    tried = {name.removeprefix("test_").replace("_", " ") for name in globals() if name.startswith("test_a_")}
    assert set(TOUCHES) == tried
