"""The schemas that editors use: the shipped ones with the words of a repository's handbook."""

from collections.abc import Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path

from incidentops.core.errors import Refused
from incidentops.core.text import quoted
from incidentops.model.handbook import Handbook
from incidentops.providers.base import Check, CheckStatus
from incidentops.store import safe_read
from incidentops.store.atomic import naming_failures
from incidentops.store.schema.editor import HandbookWords, editor_schema, fault
from incidentops.store.schema.shape import Shape, schema_text

RECORD = "schemas/incident.schema.json"
_RENEW = "write it again with: incident schema --write"


def schemas(handbook: Handbook) -> Mapping[str, str]:
    """Return path and text of the schemas for a handbook."""
    words = HandbookWords(
        service={key: service.name for key, service in handbook.services.items()},
        person={key: f"{person.name}, {person.timezone}" for key, person in handbook.people.items()},
        severity={str(key): setup.meaning for key, setup in handbook.severities.items()},
    )
    return {RECORD: editor_schema(words), "schemas/handbook.schema.json": schema_text(Shape.HANDBOOK)}


def stale(root: Path, handbook: Handbook) -> tuple[str, ...]:
    """Return the schemas that are missing or not up to date with the handbook and this version."""
    return tuple(path for path, text in schemas(handbook).items() if _read(root, path) != text.encode())


def renew(root: Path, handbook: Handbook) -> tuple[str, ...]:
    """Write the schemas that are missing or not up to date, and return them. Raises Refused and Failed."""
    wanted = schemas(handbook)
    renewed = stale(root, handbook)
    for path in renewed:
        if _is_ours(root / path):
            raise Refused(f"{quoted(path)} is the schema that incidentops itself is built with", "edit it by hand")
        with naming_failures(path):
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(wanted[path], encoding="utf-8", newline="\n")
    return renewed


def checks(root: Path, handbook: Handbook) -> Iterator[Check]:
    """Check that the schemas of a repository are valid JSON Schema and up to date."""
    for path, text in schemas(handbook).items():
        content = _read(root, path)
        if content is None:
            yield Check(path, CheckStatus.FAILED, "the file is missing, so editors cannot check records", _RENEW)
        elif problem := fault(content.decode("utf-8", "replace")):
            yield Check(path, CheckStatus.FAILED, problem, _RENEW)
        elif content == text.encode():
            yield Check.ok(path, "up to date with the handbook and this version")
        elif _is_ours(root / path):
            yield Check.ok(path, "the one that incidentops itself is built with")
        else:
            yield Check(path, CheckStatus.FAILED, "not up to date with the handbook and this version", _RENEW)


def _read(root: Path, path: str) -> bytes | None:
    try:
        return safe_read.read_within(root, path)
    except safe_read.UnusableFile:
        return None


def _is_ours(path: Path) -> bool:
    """Whether a file is the very one that this program reads: in a checkout of incidentops itself."""
    with as_file(files("incidentops") / "schemas" / path.name) as shipped:
        return path.exists() and path.samefile(shipped)
