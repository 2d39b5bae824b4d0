"""The options of `incident validate` that share the work out to several machines."""

from datetime import datetime
from pathlib import Path

import click
from msgspec import Struct

from incidentops.cli.support.params import Command
from incidentops.core.errors import WrongUse
from incidentops.core.text import visible
from incidentops.flows.validate.verdict import ValidateOptions, Verdict


def options(command: Command) -> Command:
    """Add the options."""
    for option in reversed(
        (
            click.option("--shard", metavar="N/M", help="Check the N-th of M shares, for a machine of its own."),
            click.option("--part", metavar="FILE", help="With --shard: where to write what it found, for --join."),
            click.option("--join", is_flag=True, help="Join the parts that are given as FILES to one verdict."),
        )
    ):
        command = option(command)
    return command


class ShardRun(Struct, frozen=True):
    """The options as they were typed, with the files that were given and the commit to compare with."""

    shard: str | None
    part: str | None
    join: bool
    files: tuple[str, ...]
    base: str | None

    @property
    def wanted(self) -> bool:
        """Whether any of them was given."""
        return self.shard is not None or self.part is not None or self.join


def check(sharding: ShardRun, *, alone: bool) -> None:
    """Refuse options that do not go together; `alone` says that nothing else was asked for. Raises WrongUse."""
    if not sharding.wanted:
        return
    if not alone:
        raise WrongUse("shards are parts of the records as they are", "leave out --history, handbooks and -")
    if sharding.join and (sharding.shard is not None or sharding.part is not None):
        raise WrongUse("--join ends what --shard began", "run each shard with --shard, then --join in a run of its own")
    if (sharding.shard is None) is not (sharding.part is None):
        raise WrongUse("--shard and --part go together", "incident validate --shard 2/5 --part part-2.json")
    if sharding.shard is not None and sharding.files:
        raise WrongUse("a shard is a share of all records", "leave out the paths")


def run(sharding: ShardRun, root: Path, now: datetime, limits: ValidateOptions) -> Verdict:
    """Check a shard and write its part, or join parts. Raises WrongUse and Refused."""
    from incidentops.flows.validate import shards
    from incidentops.store.cache.shards import read_part, write_part

    if sharding.shard is None or sharding.part is None:
        return shards.join(root, now, [read_part(Path(file)) for file in sharding.files], sharding.base)
    verdict, part = shards.check_part(root, now, shards.shard(sharding.shard), sharding.base, limits)
    if part:
        write_part(Path(sharding.part), part)
        click.echo(
            f"{part.name} is in {visible(sharding.part)}; ids and relations are checked when it is joined", err=True
        )
    return verdict
