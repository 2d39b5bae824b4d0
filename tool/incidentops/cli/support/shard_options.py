"""The options of `incident validate` that share the work out to several machines."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from msgspec import Struct

from incidentops.cli.support.params import packed
from incidentops.core.errors import WrongUse
from incidentops.core.text import visible
from incidentops.flows.validate.verdict import ValidateOptions, Verdict


class ShardOptions(Struct, frozen=True):
    """The options as they were typed."""

    join: bool
    shard: str | None = None
    part: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether any of them was given."""
        return self.shard is not None or self.part is not None or self.join


options = packed(
    "sharding",
    ShardOptions,
    click.option("--shard", metavar="N/M", help="Check the N-th of M shares of the records."),
    click.option("--part", metavar="FILE", help="With --shard: file for the result, for --join."),
    click.option("--join", is_flag=True, help="Combine the results of all shards, given as PATHS, into one verdict."),
)
"""Adds the options."""


def check(sharding: ShardOptions, files: Sequence[str], *, alone: bool) -> None:
    """Refuse options that do not go together, or not with `files`; `alone` says that nothing else was asked for.

    Raises WrongUse.
    """
    if not sharding.wanted:
        return
    if not alone:
        raise WrongUse(
            "--shard and --join check the files of the repository",
            "leave out --history, --handbook, --base-handbook and -",
        )
    if sharding.join and (sharding.shard is not None or sharding.part is not None):
        raise WrongUse(
            "--shard and --join exclude each other", "run each shard with --shard, then --join in a run of its own"
        )
    if (sharding.shard is None) is not (sharding.part is None):
        raise WrongUse("--shard and --part go together", "incident validate --shard 2/5 --part part-2.json")
    if sharding.shard is not None and files:
        raise WrongUse("a shard is a share of all records", "leave out the paths")


def run(
    sharding: ShardOptions, files: Sequence[str], root: Path, now: datetime, base: str | None, limits: ValidateOptions
) -> Verdict:
    """Check a shard and write its part, or join parts. Raises WrongUse and Refused."""
    from incidentops.flows.validate import shards
    from incidentops.store.cache.shards import read_part, write_part

    if sharding.shard is None or sharding.part is None:
        return shards.join(root, now, [read_part(Path(file)) for file in files], base)
    verdict, part = shards.check_part(root, now, shards.shard(sharding.shard), base, limits)
    if part:
        write_part(Path(sharding.part), part)
        click.echo(
            f"{part.name} is in {visible(sharding.part)}; ids and relations are checked when it is joined", err=True
        )
    return verdict
