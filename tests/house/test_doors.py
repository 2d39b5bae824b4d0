"""The commands of the repository: make, CI, the README's, and the scripts behind them."""

import os
import re
import subprocess

import pytest

from paths import ROOT
from scripts import coverage_gate, news

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_make_alone_lists_every_target():
    done = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  make ([a-z-]+)", done.stdout, re.MULTILINE))
    assert set(re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)) == listed


def test_ci_runs_the_tests_and_then_every_check():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert ["test", "check"] == re.findall(r"^make (\w+)$", script.read_text(encoding="utf-8"), re.MULTILINE)


def test_what_ci_asks_is_all_of_check():
    asked = re.search(r"^check: (.+?)  ##", MAKEFILE, re.MULTILINE).group(1).split()
    section = MAKEFILE.partition("## What CI asks")[2].partition("\n## ")[0]
    assert {*asked, "check"} == set(re.findall(r"^\.PHONY: (.+)$", section, re.MULTILINE))


@pytest.mark.parametrize(
    ("there", "target", "asked"),
    [
        ((), "demo", "run"),
        ((".run",), "demo", None),
        ((".run", ".ready"), "demo", None),
        ((".run",), "dev", "dev"),
        ((".run", ".ready"), "dev", None),
    ],
)
def test_make_installs_what_a_target_needs_and_is_not_there(tmp_path, there, target, asked):
    for name in ("requirements.lock", "requirements-run.lock", "pyproject.toml", "scripts/dev.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / ".venv").mkdir()
    for mark in there:
        (tmp_path / ".venv" / mark).write_text("")
    command = ["make", "--dry-run", "--file", str(ROOT / "Makefile"), target]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = re.findall(r"^sh scripts/dev\.sh(?: (\w+))?$", done.stdout, re.MULTILINE)
    assert ([] if asked is None else [asked]) == [word or "dev" for word in found]


@pytest.mark.parametrize(
    ("target", "runs"),
    [
        ("test", ["--cov", "coverage_gate"]),
        ("test T=tests/rules", ["tests/rules"]),
        ("quick", ["--quick"]),
        ("soak", ["many"]),
        ("check", []),
    ],
)
def test_every_target_runs_the_tests_once_or_not_at_all(target, runs):
    command = ["make", "-C", str(ROOT), "--dry-run", *target.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if "-m pytest" in line or "coverage_gate" in line]
    assert [target != "check"] == [bool(lines)]
    assert 1 >= sum("-m pytest" in line for line in lines)
    assert ("test" == target) == any("coverage_gate" in line for line in lines)
    assert [] == [word for word in runs if word not in " ".join(lines)]


@pytest.mark.parametrize("command", ["make demo", "make quick", "make test"])
def test_the_readme_names_the_two_commands(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("2.added.md", "Something new.", ""),
        ("+small.internal.md", "A detail.", ""),
        ("2.added.1.md", "And more.", ""),
        ("2.new.md", "Something.", "rename it to <issue>.<type>.md"),
        ("notes.md", "Something.", "rename it to <issue>.<type>.md"),
        ("2.fixed.md", "  \n", "it is empty"),
    ],
)
def test_a_fragment_that_towncrier_cannot_use_is_a_fault(tmp_path, name, text, fault):
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = list(news._fragment_problems(tmp_path))
    assert bool(fault) == bool(found)
    assert fault in "".join(found)


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        (["tool/incidentops/core/text.py"], True),
        (["schemas/incident.schema.json", "docs/how-to/README.md"], True),
        (["tool/incidentops/core/text.py", "changes/3.fixed.md"], False),
        (["tool/incidentops/__init__.py", "CHANGELOG.md"], False),
        (["docs/how-to/README.md", "tests/make.py"], False),
    ],
)
def test_a_change_of_the_tool_needs_a_fragment(changed, missing):
    assert missing == bool(list(news._missing(changed)))


def test_a_branch_that_no_test_takes_is_named_where_every_branch_counts():
    half = {"missing_lines": [7], "missing_branches": [[9, 12]]}
    files = {"tool/incidentops/rules/state.py": half, "tool/incidentops/cli/show.py": half}
    assert ["tool/incidentops/rules/state.py: not covered: 7; 9->12"] == list(coverage_gate._gaps(files))
