"""`pytest --quick`: tests without processes and servers.

Those that ask for a fixture which starts one are left out. Any other that starts one is skipped at the moment it would:
nobody has to keep a list, and none can slip through, for it is Python itself that tells (audit events).
"""

import sys
from collections.abc import Iterator

import pytest

STARTS = {
    "subprocess.Popen": "a process",
    "os.fork": "a process",
    "os.forkpty": "a process",
    "os.posix_spawn": "a process",
    "os.system": "a process",
    "socket.bind": "a server",
}
FIXTURES = {"repository", "sandbox"}  # most tests that start something use one of these: saves setting them up


class Guard:
    """Watches while a test is set up and runs; pytest's own processes are not its business."""

    def __init__(self) -> None:
        self._watching = False
        self._heard = ""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _arguments: tuple[object, ...]) -> None:
        if self._watching and event in STARTS:
            self._heard = event
            pytest.skip(f"starts {STARTS[event]}")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        starting = [item for item in items if FIXTURES & set(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=starting)
        items[:] = [item for item in items if not FIXTURES & set(getattr(item, "fixturenames", ()))]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Iterator[None]:
        yield from self._watched()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        yield from self._watched()

    def _watched(self) -> Iterator[None]:
        self._watching, self._heard = True, ""
        try:
            yield
        except Exception:
            if not self._heard:  # else: what tidied up stumbled over what never began
                raise
        finally:
            self._watching = False
        if self._heard:
            pytest.skip(f"starts {STARTS[self._heard]}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="skip what starts a process or a server")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--quick"):
        config.pluginmanager.register(Guard())
