"""A repository that is open for writing, with one live incident that ana declared at 14:02."""

from pathlib import Path

import pytest

from incidentops.flows.write.session import WriteSession, open_session
from make import FILE, NOW

LIVE = """\
kind: incident
title: Registry pushes fail
services: [registry]
audience: public
timeline:
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2, state: investigating, engage: eoc}
"""


@pytest.fixture
def live(repository: Path) -> Path:
    """The file of the live incident."""
    path = repository / FILE
    path.write_text(LIVE, encoding="utf-8")
    return path


@pytest.fixture
def session(repository: Path, live: Path) -> WriteSession:
    return open_session(repository, NOW, user="ana")
