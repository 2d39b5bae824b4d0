"""Commands are run in a repository with a handbook; `live` has one incident that ana declared at 14:02."""

from pathlib import Path

import pytest

from commandline import Shell
from gitplace import git

LIVE = "incidents/2026/2026-11-21-registry-503.yaml"
LIVE_TEXT = """\
# yaml-language-server: $schema=../../schemas/incident.schema.json
kind: incident
title: Registry pushes fail with HTTP 503   # as the alert had it
services: [registry]
audience: public
timeline:
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2, state: investigating, note: Paged by RegistryErrorRatio}
  - {at: 2026-11-21T14:03:00Z, by: ana, engage: eoc}
"""


@pytest.fixture
def shell(repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(repository, capsys, monkeypatch)


@pytest.fixture
def live(shell: Shell) -> Path:
    """The file of a live incident."""
    path = shell.root / LIVE
    path.write_text(LIVE_TEXT, encoding="utf-8")
    return path


@pytest.fixture
def server(shell: Shell, tmp_path: Path) -> Path:
    """A bare repository that takes push options and notes them down, with the handbook on `main`."""
    server = tmp_path / "server.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(server))
    git(server, "config", "receive.advertisePushOptions", "true")
    hook = server / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\n"
        "env | grep ^GIT_PUSH_OPTION_ | sort > options\n"
        'read -r _ _ ref; case "$ref" in refs/heads/incident/*)\n'
        'echo; echo "View merge request for ${ref#refs/heads/}:"\n'
        'echo "  https://gitlab.example.com/acme/production/-/merge_requests/7";; esac\n',
        encoding="utf-8",
    )
    hook.chmod(0o755)
    git(shell.root, "remote", "add", "origin", str(server))
    git(shell.root, "add", ".")
    git(shell.root, "commit", "-q", "-m", "Start")
    git(shell.root, "push", "-q", "-u", "origin", "main")
    return server
