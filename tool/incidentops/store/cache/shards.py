"""The part of a verdict that one of several machines found, as a file that another one joins."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from incidentops.core.errors import Failed, Refused
from incidentops.core.finding import Finding
from incidentops.core.text import quoted
from incidentops.store.cache.rows import RecordFacts, facts_of, facts_row, finding_of, finding_row

_FORMAT = "incidentops part 1"


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What came of the records of shard `number` of `total`.

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
        """How people call it."""
        return f"part {self.number} of {self.total}"


def write_part(file: Path, part: ShardResult) -> None:
    """Write a part. Raises Failed."""
    told = {
        _FORMAT: [part.number, part.total],
        "ground": part.ground,
        "base": part.base,
        "content": part.content,
        "records": part.records,
        "findings": [finding_row(finding) for finding in part.findings],
        "facts": {name: facts_row(facts) for name, facts in part.facts.items()},
        "bugs": list(part.bugs),
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="ascii")
    except OSError as error:
        raise Failed(f"{quoted(file, 200)} cannot be written: {(error.strerror or 'unknown error').lower()}") from error


def read_part(file: Path) -> ShardResult:
    """Read a part. Raises Refused for a file that is none, or not whole."""
    try:
        told = json.loads(file.read_bytes())
        number, total = map(int, told[_FORMAT])
        return ShardResult(
            number,
            total,
            str(told["ground"]),
            str(told["base"]),
            str(told["content"]),
            int(told["records"]),
            tuple(finding_of(row) for row in told["findings"]),
            {str(name): facts_of(row) for name, row in told["facts"].items()},
            tuple(map(str, told["bugs"])),
        )
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise Refused(f"the part {quoted(file, 200)} cannot be read: {reason}", _WHENCE) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(f"{quoted(file, 200)} is no whole part of a verdict", _WHENCE) from error


_WHENCE = "every shard writes one, with: incident validate --shard N/M --part FILE"
