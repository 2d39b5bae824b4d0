"""What editors complete and check by: the schemas of a repository, made of the shipped ones and its handbook."""

from collections.abc import Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path

from incidentops.core.errors import Failed, Refused
from incidentops.core.text import quoted
from incidentops.model.handbook import Handbook, Person
from incidentops.providers.base import Check
from incidentops.store import safe_read
from incidentops.store.yaml.editor_schema import HandbookWords, editor_schema, fault
from incidentops.store.yaml.schema import Shape, schema_text

RECORD = "schemas/incident.schema.json"
_RENEW = "incident schema --write makes it anew"


def schemas(handbook: Handbook) -> Mapping[str, str]:
    """Return path and text of the schemas that belong to a handbook."""
    words = HandbookWords(
        service={key: service.name for key, service in handbook.services.items()},
        person={key: _told(person) for key, person in handbook.people.items()},
        severity={str(key): setup.meaning for key, setup in handbook.severities.items()},
    )
    return {RECORD: editor_schema(words), "schemas/handbook.schema.json": schema_text(Shape.HANDBOOK)}


def _told(person: Person) -> str:
    return f"{person.name}, {person.timezone}"


def stale(root: Path, handbook: Handbook) -> tuple[str, ...]:
    """Return the schemas that are not there, or not what the handbook and this version make of them."""
    return tuple(path for path, text in schemas(handbook).items() if _read(root, path) != text.encode())


def renew(root: Path, handbook: Handbook) -> tuple[str, ...]:
    """Write the schemas that are not up to date, and return them. Raises Refused and Failed."""
    wanted = schemas(handbook)
    renewed = stale(root, handbook)
    for path in renewed:
        if _is_ours(root / path):
            raise Refused(f"{quoted(path)} is the schema that incidentops itself is made with", "leave it as it is")
        try:
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(wanted[path], encoding="utf-8", newline="\n")
        except OSError as error:
            raise Failed(f"{quoted(path, 200)} cannot be written: {error.strerror}") from error
    return renewed


def checks(root: Path, handbook: Handbook) -> Iterator[Check]:
    """Look at the schemas of a repository: JSON Schema, and up to date."""
    for path, text in schemas(handbook).items():
        content = _read(root, path)
        if content is None:
            yield Check(path, well=False, said="it is not there, so editors know nothing of records", hint=_RENEW)
        elif wrong := fault(content.decode("utf-8", "replace")):
            yield Check(path, well=False, said=wrong, hint=_RENEW)
        elif content == text.encode():
            yield Check(path, well=True, said="it fits the handbook and this version")
        elif _is_ours(root / path):
            yield Check(path, well=True, said="it is the one that incidentops is made with")
        else:
            yield Check(path, well=False, said="it does not fit the handbook and this version", hint=_RENEW)


def _read(root: Path, path: str) -> bytes | None:
    try:
        return safe_read.read_within(root, path)
    except safe_read.UnusableFile:
        return None


def _is_ours(path: Path) -> bool:
    """Whether a file is the very one that this program reads: somebody works on incidentops itself."""
    with as_file(files("incidentops") / "schemas" / path.name) as shipped:
        return path.exists() and path.samefile(shipped)
