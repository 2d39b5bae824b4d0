"""The lock is installed as it is by the oldest pip that a supported Python brings, whatever an index has besides.

The made-up index has newer versions of everything that is locked, and the lock has the shape that old resolvers stumble
over: a plugin that requires an extra of another locked package.
"""

import atexit
import ensurepip
import os
import shutil
import subprocess
import venv
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
import yaml

from house import containerfile
from house.code import PACKAGE, ROOT
from house.wheels import a_wheel, pack

pytestmark = pytest.mark.slow

OLDEST = ROOT / ".tools" / "pip" / "pip-22.3-py3-none-any.whl"  # Python 3.11.0 bundles it
LOCK_HASHED = ("install", "--quiet", "--require-hashes", "-r", "requirements.lock")
RUN = {"measure": "1.0", "plugin": "1.0"}
LOCKED = {**RUN, "tables": "1.0"}
PRODUCT = {"product": "0.1"}

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


@cache
def unpacked(pip: Path) -> Path:
    """A folder with a pip, for all tests: Python compiles its modules once, which takes longer than to install."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    with zipfile.ZipFile(pip) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def pip() -> Path:
    """The wheel that the virtual environment has its pip from."""
    return OLDEST


with_either = pytest.mark.parametrize("pip", [OLDEST, the_bundled_pip()], ids=["oldest", "bundled"])
"""One test for each shape of a command: newer pips read the same command lines and refuse less."""


@pytest.fixture
def checkout(pip, tmp_path) -> Checkout:
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
    lines = {name: f"{name}==1.0 \\\n    --hash=sha256:{digest}\n" for name, digest in lock.items()}
    (folder / "requirements.lock").write_text("".join(lines.values()), encoding="utf-8")
    (folder / "requirements-run.lock").write_text("".join(lines[name] for name in RUN), encoding="utf-8")
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (folder / "backend.py").write_text(BACKEND, encoding="utf-8")
    venv.create(folder / ".venv", symlinks=True)
    site = next((folder / ".venv" / "lib").glob("python3.*")) / "site-packages"
    for part in unpacked(pip).iterdir():
        (site / part.name).symlink_to(part)
    (folder / ".venv" / "bin" / "pip").write_text('#!/bin/sh\nexec python -m pip "$@"\n', encoding="utf-8")
    (folder / ".venv" / "bin" / "pip").chmod(0o755)
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)}
    path = f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return Checkout(folder, {**os.environ, **settings, "PATH": path})


@with_either
def test_an_old_pip_that_resolves_the_lock_anew_refuses_it(checkout):
    done = checkout.run(".venv/bin/python", "-m", "pip", *LOCK_HASHED)
    assert 1 == done.returncode
    assert "In --require-hashes mode, all requirements must have their versions pinned with ==" in done.stderr
    assert "measure[toml]>=1.0" in done.stderr
    assert {} == checkout.installed()


@with_either
def test_the_set_up_of_developers_installs_exactly_what_is_locked(checkout):
    done = checkout.run("sh", "scripts/dev.sh")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert LOCKED | PRODUCT == checkout.installed()


def test_the_set_up_of_the_demo_installs_the_run_time_lock_alone(checkout):
    done = checkout.run("sh", "scripts/dev.sh", "run")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert RUN | PRODUCT == checkout.installed()


def test_our_own_pipeline_installs_the_run_time_lock_alone(checkout):
    for line in before_script(ROOT / ".gitlab-ci.yml"):
        done = checkout.run("sh", "-c", line)
        assert 0 == done.returncode, done.stdout + done.stderr
    assert RUN | PRODUCT == checkout.installed()


@with_either
def test_the_pipeline_of_an_incident_repository_installs_the_lock_of_the_version_it_names(checkout):
    lock = (checkout.folder / "requirements-run.lock").read_text(encoding="utf-8")
    module = (PACKAGE / "lock.py").read_text(encoding="utf-8")
    files = {"incidentops/__init__.py": "", "incidentops/lock.py": module, "incidentops/requirements-run.lock": lock}
    metadata = ["Metadata-Version: 2.1", "Name: incidentops", "Version: 7.0", "Requires-Dist: measure>=2.0"]
    pack(checkout.folder, "incidentops", "7.0", files, metadata)
    checkout.environment["INCIDENTOPS_PACKAGE"] = "./incidentops-7.0-py3-none-any.whl"
    for line in before_script(PACKAGE / "starter" / "gitlab-ci.yml"):
        done = checkout.run("sh", "-c", line)
        assert 0 == done.returncode, done.stdout + done.stderr
    assert RUN | {"incidentops": "7.0"} == checkout.installed()


def test_the_image_installs_the_run_time_lock_alone(checkout):
    for line in [line for line in containerfile.runs() if line.startswith("pip ")]:
        done = checkout.run("sh", "-c", line)
        assert 0 == done.returncode, done.stdout + done.stderr
    assert RUN | PRODUCT == checkout.installed()


def before_script(pipeline: Path) -> list[str]:
    """The lines that set up every job of a pipeline."""
    lines: list[str] = yaml.safe_load(pipeline.read_text(encoding="utf-8"))[".incidentops"]["before_script"]
    assert lines
    return lines
