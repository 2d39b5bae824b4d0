"""Results for what landed, commit by commit, and how two verdicts on the same records differ."""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from incidentops.core.commit import Commit
from incidentops.core.finding import Finding, Pointer

NO_VERDICT = "-"
"""The word for "no finding"."""

_FindingKey = tuple[str, str, Pointer]


class CommitResult(Struct, frozen=True):
    """The findings about what one commit landed, sorted. `number` is its place in the history, from 0."""

    number: int
    commit: Commit
    findings: tuple[Finding, ...]


class VerdictDifference(Struct, frozen=True):
    """A finding that is there by one handbook alone, or at another level. `commit` landed it, when history is checked.

    `before` and `after` are `block`, `advise`, `waived`, or `-` for none. The finding is that of the later handbook
    when it has one.
    """

    finding: Finding
    before: str
    after: str
    commit: Commit | None = None


def differences(
    before: Sequence[Finding], after: Sequence[Finding], commit: Commit | None = None
) -> tuple[VerdictDifference, ...]:
    """Compare two verdicts on the same files. Findings are the same when rule, file and node are, however worded."""
    old, new = _numbered(before), _numbered(after)
    found = [
        VerdictDifference(new.get(key) or old[key], _word(old.get(key)), _word(new.get(key)), commit)
        for key in {**old, **new}
        if _word(old.get(key)) != _word(new.get(key))
    ]
    return tuple(sorted(found, key=lambda one: one.finding.sort_key()))


def differences_by_commit(
    before: Sequence[CommitResult], after: Sequence[CommitResult]
) -> tuple[VerdictDifference, ...]:
    """Compare two verdicts on the same history, the oldest landing first."""
    old = {result.number: result for result in before}
    new = {result.number: result for result in after}
    found: list[VerdictDifference] = []
    for number in sorted({*old, *new}):
        first, second = old.get(number), new.get(number)
        commit = (second or old[number]).commit
        found += differences(first.findings if first else (), second.findings if second else (), commit)
    return tuple(found)


def _numbered(findings: Sequence[Finding]) -> Mapping[tuple[_FindingKey, int], Finding]:
    seen: Counter[_FindingKey] = Counter()
    numbered = {}
    for finding in findings:
        node = (finding.code, finding.location.file, finding.pointer)
        numbered[node, seen[node]] = finding
        seen[node] += 1
    return numbered


def _word(finding: Finding | None) -> str:
    if finding is None:
        return NO_VERDICT
    return "waived" if finding.waived else finding.level.value
