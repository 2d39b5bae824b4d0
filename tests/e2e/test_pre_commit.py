"""The hooks, run by pre-commit itself: those that `init` brings, and those of the package. Nothing is downloaded."""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from gitplace import git
from incidentops.flows.setup.init import InitTarget, start, starter
from make import RECORD_TEXT
from paths import ROOT
from snapshot import Snapshot

PROGRAM = Path(sys.executable).parent / "pre-commit"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not PROGRAM.exists(), reason="no pre-commit: make dev")]


@dataclass(frozen=True)
class Hooked:
    """A repository with hooks."""

    root: Path
    environment: dict[str, str]

    @property
    def record(self) -> Path:
        return self.root / "incidents" / "2026" / "2026-11-21-registry-503.yaml"

    def write(self, text: str) -> None:
        self.record.parent.mkdir(exist_ok=True)
        self.record.write_text(text)
        git(self.root, "add", ".")

    def run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


def config(source: str) -> str:
    """The configuration that `init` brings, or the hooks of the package without what they would be installed by."""
    if source == "starter":
        return starter(InitTarget())[".pre-commit-config.yaml"]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"} for hook in hooks]}]})


@cache
def begun(source: str) -> Snapshot:
    """A repository whose hooks pre-commit has installed."""
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "production"
        start(root, starter(InitTarget()))
        git(root, "init", "-q", "-b", "main")
        (root / ".pre-commit-config.yaml").write_text(config(source))
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "Start")
        subprocess.run([str(PROGRAM), "install"], cwd=root, check=True, capture_output=True)
        return Snapshot.of(root)


@pytest.fixture(params=["starter", "package"])
def hooked(request: pytest.FixtureRequest, tmp_path: Path) -> Hooked:
    root = tmp_path / "production"
    begun(request.param).write(root)
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    return Hooked(root, {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(tmp_path / "cache")})


def test_a_record_that_is_fine_is_committed(hooked: Hooked):
    hooked.write(RECORD_TEXT)
    code, output = hooked.run("git", "commit", "-m", "It broke")
    assert (0, 2) == (code, output.count("Passed")), output


def test_what_has_one_right_answer_is_fixed_and_shown_before_it_is_committed(hooked: Hooked):
    hooked.write(RECORD_TEXT.replace("15:50:00Z", "16:50:00+01:00"))
    code, output = hooked.run("git", "commit", "-m", "It broke")
    assert 1 == code
    assert "files were modified by this hook" in output
    assert RECORD_TEXT == hooked.record.read_text()
    git(hooked.root, "add", ".")
    assert 0 == hooked.run("git", "commit", "-m", "It broke")[0]


def test_a_finding_without_a_single_fix_stops_the_commit(hooked: Hooked):
    hooked.write(RECORD_TEXT.replace("by: ana", "by: zoe"))
    code, output = hooked.run("git", "commit", "-m", "It broke")
    assert 1 == code
    assert "REC003 block: 'zoe' is not a person of the handbook" in output


def test_a_changed_handbook_has_all_records_checked_and_the_editor_schema_renewed(hooked: Hooked):
    hooked.write(RECORD_TEXT)
    assert 0 == hooked.run("git", "commit", "-m", "It broke")[0]
    handbook = hooked.root / "incidents" / "handbook.yaml"
    handbook.write_text(handbook.read_text().replace("  ana:", "  anja:"))
    git(hooked.root, "add", ".")
    code, output = hooked.run("git", "commit", "-m", "Ana is Anja")
    assert 1 == code
    assert "REC003 block: 'ana' is not a person of the handbook" in output
    assert '"anja"' in (hooked.root / "schemas" / "incident.schema.json").read_text()


def test_the_hooks_of_the_package_are_what_pre_commit_wants():
    done = subprocess.run(
        [str(PROGRAM), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], capture_output=True, check=False
    )
    assert 0 == done.returncode, done.stdout
