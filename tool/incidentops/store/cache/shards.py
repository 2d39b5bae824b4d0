"""The part of a verdict that one of several machines found, as a file that another one puts together."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import DecodeError, Struct, json

from incidentops.core.errors import Failed, Refused
from incidentops.core.finding import Finding
from incidentops.core.text import quoted
from incidentops.store.atomic import naming_failures
from incidentops.store.cache.verdicts import RecordFacts

_HOW = "every shard writes one, with: incident validate --shard N/M --part FILE"


class ShardResult(Struct, frozen=True, tag_field="format", tag="incidentops part 2"):
    """The results for the records of shard `number` of `total`.

    `ground` stands for our code and the handbook, `base` is the commit that was compared with, `content` stands for
    the records, file by file and byte by byte: what does not agree in these belongs to another verdict.
    """

    number: int
    total: int
    ground: str
    base: str
    content: str
    records: int
    findings: tuple[Finding, ...]
    facts: Mapping[str, RecordFacts]
    bugs: tuple[str, ...]

    @property
    def name(self) -> str:
        """The part in words."""
        return f"part {self.number} of {self.total}"


def write_part(file: Path, part: ShardResult) -> None:
    """Write a part. Raises Failed."""
    try:
        content = json.encode(part)
    except UnicodeEncodeError as error:
        raise Failed("the name of a record is not UTF-8", "incident validate says which one: rename it") from error
    with naming_failures(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content + b"\n")


def read_part(file: Path) -> ShardResult:
    """Read a part. Raises Refused for a file that is none, is incomplete, or is of another version."""
    try:
        return json.decode(file.read_bytes(), type=ShardResult)
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise Refused(f"the part {quoted(file, 200)} cannot be read: {reason}", _HOW) from error
    except (DecodeError, RecursionError) as error:
        raise Refused(f"{quoted(file, 200)} is not a complete part of a verdict", _HOW) from error
