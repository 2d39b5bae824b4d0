"""What `validate` is asked for and what it answers, as values."""

from collections.abc import Callable

from msgspec import Struct

from incidentops.core.finding import Finding

STDIN = "-"
"""The name of standard input, where a file is named."""

Progress = Callable[[int, int], None]
"""Called with how many records are checked, and of how many."""


class ValidateOptions(Struct, frozen=True):
    """On how many processes to work (None: as many as are worth it), and what to call with the progress.

    With `cache`, verdicts of the last run on what has not changed are used again, and those of this run are kept.
    """

    jobs: int | None = None
    progress: Progress | None = None
    cache: bool = False


class Verdict(Struct, frozen=True):
    """Every finding, sorted; how many records were checked; and the rules that failed (bugs of ours)."""

    findings: tuple[Finding, ...]
    records: int
    bugs: tuple[str, ...] = ()

    @property
    def blocking(self) -> int:
        """How many findings stop the pipeline."""
        return sum(f.blocks for f in self.findings)
