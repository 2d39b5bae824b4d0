"""What every test may rely on: no network but loopback, one fixed moment, a bare environment."""

import gc
import json
import os
import socket
import sys
import threading
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

import snapshot
from make import NOW, a_handbook_data
from paths import TESTS

pytest_plugins = ["quick", "sandbox_fixture", "skips"]

settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
# Of `make test`.
settings.register_profile("few", settings.get_profile("here"), max_examples=10, derandomize=True)
# Of `make soak`.
settings.register_profile("many", settings.get_profile("here"), max_examples=1000)
settings.load_profile("here")

_UNMEASURED = ("docs", "e2e", "house", "pipeline", "upgrade")
"""Folders with tests of the whole program, or of the code: they run without coverage, which makes them slower. So do
examples that Hypothesis draws: what is reached must not depend on luck."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_KEPT = {"PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "PYTHONHASHSEED", "VIRTUAL_ENV", "GOLDEN"}


class NoNetwork(OSError):
    """A test wanted to leave this machine."""


def _allowed(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    return host in _LOOPBACK or host.startswith("127.")


class _LocalSocket(socket.socket):
    def connect(self, address: object) -> None:
        if not _allowed(address):
            raise NoNetwork(f"tests stay on this machine, not {address!r}")
        super().connect(address)  # type: ignore[arg-type]

    def connect_ex(self, address: object) -> int:
        if not _allowed(address):
            raise NoNetwork(f"tests stay on this machine, not {address!r}")
        return super().connect_ex(address)  # type: ignore[arg-type]


_getaddrinfo = socket.getaddrinfo


def _local_getaddrinfo(host: object, *args: object, **options: object) -> object:
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and not _allowed((name,)):
        raise NoNetwork(f"tests look up no names, not even {name!r}")
    return _getaddrinfo(host, *args, **options)  # type: ignore[arg-type]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in _UNMEASURED or item.get_closest_marker("hypothesis"):
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace nothing where nothing is measured. In xdist's workers pytest-cov starts two measurements and pauses one."""
    tracers = sys.gettrace(), threading.gettrace()
    if item.get_closest_marker("no_cover"):
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
    try:
        return (yield)
    finally:
        sys.settrace(tracers[0])
        threading.settrace(tracers[1])  # type: ignore[arg-type]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """All tests and what they import stay: whoever looks for garbage need not look at them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", _LocalSocket)
        patch.setattr(socket, "getaddrinfo", _local_getaddrinfo)
        yield


@pytest.fixture(scope="session", autouse=True)
def _bare_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    bare = {
        **{name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(("PYTEST_", "COV"))},
        "HOME": str(tmp_path_factory.mktemp("home")),
        "GIT_CONFIG_GLOBAL": str(TESTS / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TEMPLATE_DIR": "",
        "GIT_AUTHOR_NAME": "Ana Silva",
        "GIT_AUTHOR_EMAIL": "ana@example.com",
        "GIT_COMMITTER_NAME": "Ana Silva",
        "GIT_COMMITTER_EMAIL": "ana@example.com",
        "INCIDENT_NOW": "2026-11-21T16:00:00Z",
        "TZ": "UTC",
    }
    with mock.patch.dict(os.environ, bare, clear=True):
        yield


@pytest.fixture
def now() -> datetime:
    """The moment at which tests happen."""
    return NOW


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with a handbook and an empty `incidents/2026/`, nothing committed."""
    root = tmp_path / "repository"
    (root / "incidents" / "2026").mkdir(parents=True)
    handbook = json.dumps(a_handbook_data(), indent=2)  # JSON is YAML
    (root / "incidents" / "handbook.yaml").write_text(handbook, encoding="utf-8")
    snapshot.repository().write(root)
    return root
