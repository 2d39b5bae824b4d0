"""Builders for tests: valid unless an argument changes that.

Raw data first (`a_record`, `an_entry`, `a_handbook_data`: plain dicts as the YAML reader gives them), then the
values built from it (`an_incident`, `a_handbook`). Times may be written as `"14:02"`: the day is 2026-11-21, UTC.
"""

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from incidentops.core.finding import Location, Pointer
from incidentops.core.source import Document
from incidentops.model import build, build_handbook
from incidentops.model.entry import Entry
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Role

NOW = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
DAY = "2026-11-21"
FILE = "incidents/2026/2026-11-21-registry-503.yaml"
HANDBOOK_FILE = "incidents/handbook.yaml"
OWNERSHIP = (Role.EOC, Role.IMOC, Role.CMOC)
MODELINE = "# yaml-language-server: $schema=../../schemas/incident.schema.json\n"
RECORD_TEXT = f"""{MODELINE}\
kind: incident
title: Registry pushes fail
services: [registry]
timeline:
  - {{at: 2026-11-21T15:50:00Z, by: ana, severity: S3, engage: eoc}}
  - {{at: 2026-11-21T15:52:00Z, by: ana, note: Chart 4.2 dropped the storage secret}}
"""

HANDBOOK_DATA = {
    "organisation": "Example",
    "services": {
        "registry": {"name": "Registry", "statusio": ["5a-5b"]},
        "web": {"name": "Web"},
        "git": {"name": "Git"},
    },
    "people": {
        "ana": {"name": "Ana Silva", "email": ["ana@example.com"], "timezone": "Europe/Lisbon"},
        "bo": {"name": "Bo Lindqvist", "email": ["bo@example.com"], "timezone": "Europe/Stockholm"},
        "cy": {"name": "Cy Okafor", "email": ["cy@example.com"], "timezone": "UTC"},
        "dee": {"name": "Dee"},
    },
    "gitlab": {"url": "https://gitlab.example.com", "project": "acme/production"},
    "statusio": {"page": "5f5f5f5f5f5f5f5f5f5f5f5f"},
}


def a_moment(text: str) -> str:
    """`14:02` or `14:02:30` on the day of the tests as RFC 3339; anything longer is left alone."""
    if len(text) == 5:
        return f"{DAY}T{text}:00Z"
    return f"{DAY}T{text}Z" if len(text) == 8 else text


def a_time(text: str) -> datetime:
    """The same as a value."""
    return datetime.fromisoformat(a_moment(text))


def an_entry(at: str = "14:02", by: str = "ana", **actions: object) -> dict[str, object]:
    """One item of a timeline, as data; with a note when nothing else is given."""
    return {"at": a_moment(at), "by": by, **(actions or {"note": "Something was seen"})}


def a_timeline() -> list[dict[str, object]]:
    """An S3 incident that went well, resolved."""
    return [
        an_entry("14:02", severity="S3", engage="eoc", state="investigating"),
        an_entry("14:20", state="identified", note="Chart 4.2 dropped the storage secret"),
        an_entry("14:30", state="monitoring"),
        an_entry("15:10", state="resolved", status="operational"),
    ]


def a_record(*entries: Mapping[str, object], **changes: object) -> dict[str, object]:
    """The data of a record. A key set to None is left out."""
    data: dict[str, object] = {
        "kind": "incident",
        "title": "Registry pushes fail with HTTP 503",
        "services": ["registry"],
        "timeline": list(entries) or a_timeline(),
        **changes,
    }
    return {key: value for key, value in data.items() if value is not None}


def a_document(data: Mapping[str, object], file: str = FILE) -> Document:
    """A document without a file behind it; every place is line 1, column 1 of `file`."""
    content = json.dumps(data).encode()

    def locate(pointer: Pointer) -> Location:
        return Location(file)

    return Document(file, content, data, locate)


def an_incident(*entries: Mapping[str, object], file: str = FILE, **changes: object) -> Incident:
    """An incident of the entries given, or one that went well."""
    return build.incident(a_document(a_record(*entries, **changes), file), OWNERSHIP)


def a_near_miss(*entries: Mapping[str, object], file: str = FILE, **changes: object) -> Incident:
    """A near miss of the entries given, or one that ana noticed."""
    timeline = entries or (an_entry("14:02", severity="S2", note="The backup disk was almost full"),)
    return an_incident(*timeline, file=file, **{"kind": "near_miss", **changes})


def a_timeline_of(*entries: Mapping[str, object]) -> tuple[Entry, ...]:
    """Only the entries, built."""
    return an_incident(*entries).timeline


def a_handbook_data(**changes: object) -> dict[str, object]:
    """The data of a handbook; a key set to None is left out."""
    data = {**copy.deepcopy(HANDBOOK_DATA), **changes}
    return {key: value for key, value in data.items() if value is not None}


def a_handbook(**changes: object) -> Handbook:
    """A small handbook: three services, four people, defaults elsewhere."""
    return build_handbook.handbook(a_document(a_handbook_data(**changes), HANDBOOK_FILE))
