"""A repository with a long history for benchmarks: records land while they are live, and again when they are over."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import corpus
from benchmarks.measure import environment

PER_COMMIT = 2
"""Records per commit: 10,000 records land in 5,000 commits."""
TWICE = 7
"""Of ten records, how many land twice, first while they are live: with 10,000 records, 17,000 versions."""

_ENTRIES = 6
"""Entries of a record in its first version."""
_HANDBOOK_EVERY = 500
"""Commits between two changes of the handbook."""


@dataclass(frozen=True)
class Version:
    """One version of a record, and when it lands."""

    at: datetime
    file: str
    text: str


def write(folder: Path, records: int) -> int:
    """Create the repository in a folder, with its work tree; return the number of versions that landed."""
    commits = records // PER_COMMIT
    versions = sorted(_versions(records), key=lambda version: (version.at, version.file))
    handbook = (corpus.ROOT / "incidents" / "handbook.yaml").read_text(encoding="utf-8")
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdin
        for number in range(commits):
            landing = versions[number * len(versions) // commits : (number + 1) * len(versions) // commits]
            process.stdin.write(_commit(number, landing, handbook))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "git fast-import")
    _git(folder, "reset", "--quiet", "--hard", "main")
    return len(versions)


def _versions(records: int) -> Iterator[Version]:
    for number, record in enumerate(corpus.records(records)):
        day = datetime.strptime(record.file.rpartition("/")[2][:10], "%Y-%m-%d").replace(tzinfo=UTC)
        if number % 10 < TWICE:
            yield Version(day + timedelta(hours=12), record.file, _live(record.text))
        yield Version(day + timedelta(days=9), record.file, record.text)


def _live(text: str) -> str:
    """Return the record as it was after its first entries, without its end."""
    head, timeline, rest = text.partition("\ntimeline:\n")
    entries = rest.split("\n  - at:")
    head = "\n".join(line for line in head.split("\n") if not line.startswith("  ended:"))
    return head + timeline + "\n  - at:".join(entries[:_ENTRIES]) + "\n"


def _commit(number: int, landing: Sequence[Version], handbook: str) -> bytes:
    at = landing[-1].at if landing else corpus.FIRST_DAY
    files = [(version.file, version.text) for version in landing]
    if number % _HANDBOOK_EVERY == 0:
        files.append(("incidents/handbook.yaml", f"# Agreed on for the {number}th commit\n{handbook}"))
    who = f"Ana Alvarez <ana@acme.example> {int(at.timestamp())} +0000"
    parts = [f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 7\nRecords\n".encode()]
    for file, text in files:
        content = text.encode()
        parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (file.encode(), len(content), content))
    return b"".join(parts) + b"\n"


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, env=environment(), check=True, capture_output=True)
