"""One verdict by several machines: each checks its share of the records, and one joins what they found.

A part says what it rests on: our code, the handbook, the commit it was compared with, and every byte of its records. A
join that cannot show that all of them belong together, and that none is missing, is refused; it never passes.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from incidentops.core.errors import Failed, Refused, WrongUse
from incidentops.core.finding import in_order
from incidentops.core.source import blob
from incidentops.core.text import quoted
from incidentops.flows.read.handbook import handbook_of
from incidentops.flows.validate import repository
from incidentops.flows.validate.cached import cache_key, open_cached_run
from incidentops.flows.validate.records import FileResults, ValidationRun, together
from incidentops.flows.validate.relations import check_relations
from incidentops.flows.validate.selection import Selection, select
from incidentops.flows.validate.verdict import ValidateOptions, Verdict
from incidentops.store import safe_read
from incidentops.store.cache.shards import ShardResult
from incidentops.store.cache.verdicts import digest_of

_SHARD = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})", re.ASCII)


class Shard(Struct, frozen=True):
    """A share of the records: every `total`-th of them, from the `number`-th on, in the order of their names."""

    number: int
    total: int

    def of(self, files: Sequence[str]) -> tuple[str, ...]:
        """Return its share."""
        return tuple(files[self.number - 1 :: self.total])


def shard(text: str) -> Shard:
    """Read `2/5`. Raises WrongUse."""
    match = _SHARD.fullmatch(text)
    if match is None or int(match[1]) > int(match[2]):
        raise WrongUse(
            f"--shard {quoted(text)} is not a shard",
            "write 2/5, or $CI_NODE_INDEX/$CI_NODE_TOTAL in a job with parallel:",
        )
    return Shard(int(match[1]), int(match[2]))


def check_part(
    root: Path, now: datetime, share: Shard, base: str | None, options: ValidateOptions
) -> tuple[Verdict, ShardResult | None]:
    """Check a share of the records, each for itself. There is no part when the handbook cannot be used.

    Raises WrongUse for a base that cannot be compared with, Failed when our code cannot be read.
    """
    every = select(root, ())
    selection = Selection(share.of(every.files), (), every.every)
    loaded = handbook_of(root)
    if loaded.handbook is None:
        return Verdict(loaded.findings, 0), None
    cache = open_cached_run(root, now, selection) if options.cache else None
    run = repository.open_run(repository.ValidationCase(root, now, selection, base=base, cache=cache), loaded.handbook)
    content = _content(root, selection.files)
    results = repository.check_each(run, selection, options)
    if cache:
        cache.save(selection, results.cached, ())
    findings = in_order(results.findings)
    part = ShardResult(
        share.number, share.total, _ground(root), _base(run), content,
        results.records, findings, results.facts, results.bugs,
    )  # fmt: skip
    return Verdict(findings, results.records, results.bugs), part


def join(root: Path, now: datetime, parts: Sequence[ShardResult], base: str | None) -> Verdict:
    """Join the parts to the verdict on all records, and check what takes all of them.

    Raises Refused when a part is missing, is there twice, or was made of anything else than what lies here.
    """
    _check_whole(parts)
    selection = select(root, ())
    loaded = handbook_of(root)
    if loaded.handbook is None:
        return Verdict(loaded.findings, 0)
    run = repository.open_run(repository.ValidationCase(root, now, selection, base=base), loaded.handbook)
    for part in parts:
        _check(part, run, selection)
    results = together(FileResults(part.findings, part.records, part.facts, part.bugs) for part in parts)
    relations = check_relations(run, selection, results.facts)
    found = (*selection.obstacles, *repository.deleted(run, selection), *results.findings, *relations)
    return Verdict(in_order(found), results.records, results.bugs)


def _check_whole(parts: Sequence[ShardResult]) -> None:
    if not parts:
        raise Refused(
            "there is no part to join", "name the files that the shards wrote: incident validate --join FILE..."
        )
    total = parts[0].total
    numbers = sorted(part.number for part in parts)
    other = next((part for part in parts if part.total != total), None)
    if other:
        raise Refused(f"{other.name} does not go with {parts[0].name}", "join the parts of one pipeline")
    twice = next((number for number, after in pairwise(numbers) if number == after), None)
    if twice:
        raise Refused(f"part {twice} of {total} is there twice", "join the parts of one pipeline, each once")
    missing = [number for number in range(1, total + 1) if number not in numbers]
    if missing:
        raise Refused(
            f"part {missing[0]} of {total} is missing" + (f", and {len(missing) - 1} more" if missing[1:] else ""),
            "look at the job of that shard: without its part the result is not complete",
        )


def _check(part: ShardResult, run: ValidationRun, selection: Selection) -> None:
    """Check that a part was made of what is here. Raises Refused."""
    if part.ground != _ground(run.root):
        raise Refused(
            f"{part.name} was checked by another version of incidentops, of what it runs on, or of the handbook",
            "run all shards and the join with the same image and package, on one commit",
        )
    if part.base != _base(run):
        raise Refused(f"{part.name} was compared with another commit", "give all shards and the join the same --base")
    share = Shard(part.number, part.total)
    if part.content != _content(run.root, share.of(selection.files)):
        raise Refused(f"{part.name} was made of other records than those here", "run shards and join on one commit")


def _content(root: Path, files: Sequence[str]) -> str:
    """What stands for files and every byte in them. To read them again costs a fortieth of checking them."""
    with safe_read.SafeTree(root) as tree:
        return digest_of([(file, _blob(tree, file)) for file in files])


def _blob(tree: safe_read.SafeTree, file: str) -> str:
    try:
        return blob(tree.read(file)[0])
    except safe_read.UnusableFile as unusable:
        return unusable.code


def _ground(root: Path) -> str:
    found = cache_key(root)
    if found is None:
        raise Failed("the code of incidentops cannot be read, so parts cannot be compared", "unpack it")
    return found


def _base(run: ValidationRun) -> str:
    return run.base.commit if run.base else ""
