"""What is released, what is not yet, and how a release is cut."""

import shutil
import subprocess
import sys

import pytest

from gitplace import git
from house.code import ROOT
from incidentops import __version__
from scripts import release

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_version_is_the_last_release_or_on_the_way_to_the_next():
    last = release.released(CHANGELOG)
    fragments = [path.name for path in (ROOT / "changes").glob("*.md")]
    if __version__ == last:
        assert [] == fragments, "a release leaves no fragment"
    else:
        assert ".dev" in __version__
        assert release.numbers(last) < release.numbers(__version__)


def test_the_wheel_has_the_version_of_the_package(tmp_path):
    command = [sys.executable, "-m", "hatchling", "version"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert __version__ == done.stdout.strip()


@pytest.mark.parametrize("version", [[], [""], ["0.2"], ["v0.2.0"], ["0.1.0"], ["0.0.9"]], ids=str)
def test_a_release_has_a_version_after_the_last_one(version):
    command = [sys.executable, "-m", "scripts.release", *version]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 2 == done.returncode
    assert "release: name a version after " in done.stderr


def test_only_the_version_of_the_module_is_changed():
    module = '"""Words."""\n\n__version__ = "0.2.0.dev0"\nOTHER = "0.2.0.dev0"\n'
    assert '"""Words."""\n\n__version__ = "0.3.0"\nOTHER = "0.2.0.dev0"\n' == release.with_version(module, "0.3.0")


def test_a_release_gathers_the_fragments_and_sets_the_version(tmp_path):
    pytest.importorskip("towncrier")
    for name in ("pyproject.toml", "CHANGELOG.md", "scripts/release.py", "tool/incidentops/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "9.fixed.md").write_text("It no longer stops.\n", encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    command = [sys.executable, "-m", "scripts.release", "9.0.0"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    changelog = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "9.0.0" == release.released(changelog)
    assert "- It no longer stops. (#9)" in changelog
    assert '__version__ = "9.0.0"' in (tmp_path / "tool/incidentops/__init__.py").read_text(encoding="utf-8")
    assert [] == list((tmp_path / "changes").iterdir())
