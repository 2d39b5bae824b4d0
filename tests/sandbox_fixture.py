"""The sandbox as a fixture: `pytest_plugins = ["sandbox_fixture"]` in a conftest makes it available."""

from collections.abc import Iterator

import pytest

from incidentops.sandbox.app import SandboxOptions
from sandboxes import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh sandbox on a free port, without Status.io's pause between requests."""
    with Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0)) as box:
        yield box
