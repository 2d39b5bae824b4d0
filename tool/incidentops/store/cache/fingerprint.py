"""What every verdict depends on besides records and handbook: our code, the libraries, Python, the time zones."""

import hashlib
import os
import sys
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]
_PARTS = ("core", "model", "rules", "store", "flows", "schemas")
"""The folders of this package that a verdict can depend on."""
_SOURCES = (".py", ".json")


def fingerprint(package: Path = _PACKAGE) -> str | None:
    """Return one text for all of it; None when the code cannot be looked at (as in a zip file).

    It takes 5 ms: the sources are read, for a version number says nothing while somebody works on a rule.
    """
    digest = hashlib.sha256(sys.version.encode())
    try:
        for name, content in (*_code(package), *_libraries(), *_zones()):
            digest.update(f"\0{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            digest.update(content)
    except OSError:
        return None
    return digest.hexdigest()


def _code(package: Path) -> Iterator[tuple[str, bytes]]:
    for part in _PARTS:
        (package / part).stat()  # a folder that is not there is an error, and `os.walk` would say nothing
        for folder, folders, names in os.walk(package / part):
            folders.sort()
            for name in sorted(names):
                if name.endswith(_SOURCES):
                    path = Path(folder, name)
                    yield str(path).removeprefix(str(package)), path.read_bytes()


def _libraries() -> Iterator[tuple[str, bytes]]:
    """What is installed, by the names of the folders that say so: `jsonschema_rs-0.33.0.dist-info`."""
    for folder in sys.path:
        if os.path.isdir(folder):  # noqa: PTH112 - an entry of sys.path is text
            names = sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))  # noqa: PTH208
            yield "", "\0".join(names).encode("utf-8", "surrogateescape")


def _zones() -> Iterator[tuple[str, bytes]]:
    """Where time zones are read, and which edition they are (RCA002 knows whose day has ended)."""
    for folder in zoneinfo.TZPATH:
        if os.path.isdir(folder):  # noqa: PTH112 - as Python has it
            yield folder, _edition(Path(folder))


def _edition(folder: Path) -> bytes:
    """The first line of the source that comes with them, `# version 2026a`; else when they were put there."""
    try:
        with (folder / "tzdata.zi").open("rb") as source:
            return source.readline(100)
    except FileNotFoundError:
        return b"%d" % folder.stat().st_mtime_ns
