"""The sandbox for the tests of the status page."""

from collections.abc import Callable

import pytest
import requests

from incidentops.sandbox import seed
from providers.statusio.scene import Scene
from sandbox_fixture import sandbox
from sandboxes import Sandbox

__all__ = ["sandbox"]


@pytest.fixture
def scene(sandbox: Sandbox) -> Scene:
    """Nothing landed yet."""
    return Scene(sandbox)


@pytest.fixture
def session_post(sandbox: Sandbox) -> Callable[..., None]:
    """A person at the dashboard: one write, checked."""

    def post(path: str, **body: object) -> None:
        headers = {"x-api-id": seed.STATUSIO_ID, "x-api-key": seed.STATUSIO_KEY}
        sent = {"statuspage_id": seed.STATUSIO_PAGE, **body}
        answer = requests.post(f"{sandbox.url}/statusio/v2/{path}", json=sent, headers=headers, timeout=10)
        assert answer.json()["status"]["error"] == "no", answer.text

    return post
