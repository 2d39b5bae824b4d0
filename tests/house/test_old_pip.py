"""The lock is installed as it is by the oldest pip that a supported Python brings, whatever an index has besides.

The made-up index has newer versions of everything that is locked, and the lock has the shape that old resolvers stumble
over: a plugin that requires an extra of another locked package.
"""

import ensurepip
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from house.code import ROOT
from house.wheels import a_wheel

pytestmark = pytest.mark.slow

OLDEST = ROOT / ".tools" / "pip" / "pip-22.3-py3-none-any.whl"  # Python 3.11.0 bundles it
LOCK_HASHED = ("install", "--quiet", "--require-hashes", "-r", "requirements.lock")
LOCKED = {"measure": "1.0", "plugin": "1.0", "tables": "1.0"}

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT / "tests")!r})
from house.wheels import a_wheel

def build_wheel(folder, config_settings=None, metadata_directory=None):
    a_wheel(Path(folder), "product", "0.1")
    return "product-0.1-py3-none-any.whl"

build_editable = build_wheel
"""


@dataclass(frozen=True)
class Checkout:
    """A folder of the shape of this repository: a lock, a package, the scripts, a virtual environment with some pip."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def installed(self) -> dict[str, str]:
        """Name and version of what is installed, pip aside."""
        show = "from importlib.metadata import distributions as d; print(*(f'{x.name}={x.version}' for x in d()))"
        done = self.run(".venv/bin/python", "-c", show)
        found = dict(entry.split("=") for entry in done.stdout.split())
        return {name: version for name, version in found.items() if name != "pip"}


def the_bundled_pip() -> Path | None:
    """The wheel that `python -m venv` installs pip from."""
    folders = [Path(ensurepip.__file__).with_name("_bundled"), Path("/usr/share/python-wheels")]
    return next((wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))), None)


@pytest.fixture(params=["bundled", "oldest"])
def checkout(request, tmp_path) -> Checkout:
    pip = OLDEST if request.param == "oldest" else the_bundled_pip()
    if pip is None or not pip.exists():
        pytest.skip("needs a wheel of pip 22.3 (make tools)" if pip else "this Python bundles no wheel of pip")
    index = tmp_path / "index"
    index.mkdir()
    lock = dict.fromkeys(LOCKED, "")
    for version in ("2.0", "1.0"):
        lock["measure"] = a_wheel(index, "measure", version, ["tables; extra == 'toml'"], extra="toml")
        lock["plugin"] = a_wheel(index, "plugin", version, ["measure[toml]>=1.0"])
        lock["tables"] = a_wheel(index, "tables", version)
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    text = "".join(f"{name}==1.0 \\\n    --hash=sha256:{digest}\n" for name, digest in lock.items())
    for name, content in {"requirements.lock": text, "pyproject.toml": PYPROJECT, "backend.py": BACKEND}.items():
        (folder / name).write_text(content, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / ".venv")], check=True)
    site = next((folder / ".venv" / "lib").glob("python3.*")) / "site-packages"
    with zipfile.ZipFile(pip) as archive:
        archive.extractall(site)
    (folder / ".venv" / "bin" / "pip").write_text('#!/bin/sh\nexec python -m pip "$@"\n', encoding="utf-8")
    (folder / ".venv" / "bin" / "pip").chmod(0o755)
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)}
    path = f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return Checkout(folder, {**os.environ, **settings, "PATH": path})


def test_an_old_pip_that_resolves_the_lock_anew_refuses_it(checkout):
    done = checkout.run(".venv/bin/python", "-m", "pip", *LOCK_HASHED)
    assert 1 == done.returncode
    assert "In --require-hashes mode, all requirements must have their versions pinned with ==" in done.stderr
    assert "measure[toml]>=1.0" in done.stderr
    assert {} == checkout.installed()


def test_the_set_up_installs_exactly_what_is_locked(checkout):
    done = checkout.run("sh", "scripts/dev.sh")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert {**LOCKED, "product": "0.1"} == checkout.installed()


def test_the_pipeline_of_this_repository_installs_exactly_what_is_locked(checkout):
    pipeline = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    for line in pipeline[".incidentops"]["before_script"]:
        done = checkout.run("sh", "-c", line)
        assert 0 == done.returncode, done.stdout + done.stderr
    assert {**LOCKED, "product": "0.1"} == checkout.installed()
