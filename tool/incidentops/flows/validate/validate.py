"""validate: paths → documents → incidents → rules → sorted findings. A bad file stops; the others go on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from incidentops.core.finding import Finding, in_order
from incidentops.flows.validate.cached import recall
from incidentops.flows.validate.selection import Selection, select

if TYPE_CHECKING:
    from incidentops.flows.read.handbook import LoadedHandbook
STDIN = "-"
"""The name of standard input, where a file is named."""

Progress = Callable[[int, int], None]
"""Told how many records are judged, and of how many."""


@dataclass(frozen=True, slots=True)
class ValidateOptions:
    """How to judge: on how many processes (None: as many as are worth it), and whom to tell how far it is.

    With `remember`, what the last run said of what is as it was is said again, and kept for the next run.
    """

    jobs: int | None = None
    progress: Progress | None = None
    remember: bool = False


_OWN_PACE = ValidateOptions()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every finding, sorted; how many records were looked at; and the rules that failed (bugs of ours)."""

    findings: tuple[Finding, ...]
    records: int
    bugs: tuple[str, ...] = ()

    @property
    def blocking(self) -> int:
        """How many findings stop the pipeline."""
        return sum(f.blocks for f in self.findings)

    @property
    def waived(self) -> int:
        """How many findings a waiver covers."""
        return sum(bool(f.waived) for f in self.findings)

    @property
    def advice(self) -> int:
        """How many findings only tell something."""
        return len(self.findings) - self.blocking - self.waived


def validate(
    root: Path,
    now: datetime,
    wanted: Sequence[str] | Mapping[str, bytes] = (),
    *,
    book: "LoadedHandbook | None" = None,
    base: str | None = None,
    pace: ValidateOptions = _OWN_PACE,
) -> Verdict:
    """Judge the records of a repository: all, or those that are `wanted` (files and folders below `root`, with `/`).

    A mapping has the content of files that is not on the disk yet; `STDIN` is one that has no place there. They are
    judged by `book`, the repository's own handbook when left out, and compared with what landed where the branch left
    the revision `base`. Raises WrongUse for a path that is no record, and when that revision cannot be compared with.
    """
    given = wanted if isinstance(wanted, Mapping) else {}
    choice = _instead(select(root, ()), given) if isinstance(wanted, Mapping) else select(root, wanted)
    memory = recall(root, now, choice) if pace.remember and not (given or book) else None
    if memory and not base and (same := memory.whole(choice)) is not None:
        return Verdict(in_order((*choice.obstacles, *same)), len(choice.files))
    from incidentops.flows.validate import (
        repository,  # with the model and the rules: 80 ms that a run without news does without
    )

    return repository.validate_case(repository.ValidationCase(root, now, choice, given, base, memory), book, pace)


def _instead(choice: Selection, given: Mapping[str, bytes]) -> Selection:
    """The content that was given, in the place of the files of the same names."""
    return Selection(tuple(given), (), tuple(sorted({*choice.every, *given})))
