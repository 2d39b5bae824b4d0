"""Verdicts on what landed, and the findings that differ under another handbook: as text and as JSON."""

import json
from collections.abc import Mapping, Sequence

import msgspec

from incidentops.core import moment
from incidentops.core.commit import Commit
from incidentops.core.text import quoted, visible
from incidentops.render import findings
from incidentops.render.table import aligned
from incidentops.rules.engine.catalogue import BY_CODE
from incidentops.rules.engine.comparison import CommitResult, VerdictDifference

_SHORT = 12
"""How many characters of a commit are shown: enough for any repository, short enough to type."""


def text(results: Sequence[CommitResult]) -> str:
    """Return, for each commit with findings, a line that names it and its findings below; places are those of then."""
    return "\n".join(f"{_named(result.commit)}\n{findings.text(result.findings)}" for result in results)


def as_json(results: Sequence[CommitResult], summary: Mapping[str, int]) -> str:
    """Return a replay as one JSON object, ASCII only.

    `version` is 1 and grows when a key changes its meaning; `summary` has the numbers given, and `blocking`, `advice`,
    `waived`; each of `findings` has the keys of a finding (`validate --format json`) and its `commit`: `sha`, `at` and
    `author`.
    """
    shown = [
        {"commit": _commit(result.commit), **value} for result in results for value in findings.values(result.findings)
    ]
    counted = findings.counts([finding for result in results for finding in result.findings])
    return json.dumps({"version": 1, "summary": {**summary, **counted}, "findings": shown}, indent=2) + "\n"


def difference_table(differences: Sequence[VerdictDifference]) -> str:
    """Return the findings that differ as a table; a line that says so when there is none."""
    if not differences:
        return "no finding would change\n"
    return aligned([_head(differences[0]), *map(_row, differences)])


def differences_as_json(differences: Sequence[VerdictDifference], summary: Mapping[str, int]) -> str:
    """Return the findings that differ as one JSON object, ASCII only.

    `version` is 2; `summary` has the numbers given, and `differences`, `blocking_now` and `blocking_no_longer`; each of
    `differences` has `before` and `after` (block, advise, waived, or - for no finding), `code`, `name`, `file`, `line`,
    `column`, `pointer`, `message`, and `commit` (null unless the history was checked).
    """
    counted = {**summary, **difference_counts(differences)}
    value = {"version": 2, "summary": counted, "differences": [_difference(one) for one in differences]}
    return json.dumps(value, indent=2) + "\n"


def difference_counts(differences: Sequence[VerdictDifference]) -> Mapping[str, int]:
    """Return how many findings differ, and how many of them block now, or block no longer."""
    return {
        "differences": len(differences),
        "blocking_now": sum(one.after == "block" for one in differences),
        "blocking_no_longer": sum(one.before == "block" for one in differences),
    }


def _named(commit: Commit) -> str:
    return f"commit {commit.sha[:_SHORT]}, {moment.show(commit.at)}, by {quoted(commit.author)}"


def _commit(commit: Commit) -> Mapping[str, str]:
    return {"sha": commit.sha, "at": moment.show(commit.at), "author": commit.author}


def _head(first: VerdictDifference) -> tuple[str, ...]:
    return (*(("commit", "landed") if first.commit else ()), "rule", "before", "after", "finding")


def _row(one: VerdictDifference) -> tuple[str, ...]:
    landed = (one.commit.sha[:_SHORT], f"{one.commit.at:%Y-%m-%d}") if one.commit else ()
    finding = f"{visible(str(one.finding.location))}: {one.finding.message}"
    return (*landed, one.finding.code, one.before, one.after, finding)


def _difference(one: VerdictDifference) -> Mapping[str, object]:
    return {
        "before": one.before,
        "after": one.after,
        "code": one.finding.code,
        "name": BY_CODE[one.finding.code].name,
        **msgspec.to_builtins(one.finding.location),
        "pointer": one.finding.pointer,
        "message": one.finding.message,
        "commit": _commit(one.commit) if one.commit else None,
    }
