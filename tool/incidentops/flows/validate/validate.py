"""validate: paths → documents → incidents → rules → sorted findings. A bad file stops; the others go on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from incidentops.core.finding import in_order
from incidentops.flows.validate.cached import open_cached_run
from incidentops.flows.validate.selection import Selection, select
from incidentops.flows.validate.verdict import ValidateOptions, Verdict

if TYPE_CHECKING:
    from incidentops.flows.read.handbook import LoadedHandbook

_DEFAULTS = ValidateOptions()


def validate(
    root: Path,
    now: datetime,
    wanted: Sequence[str] | Mapping[str, bytes] = (),
    *,
    handbook: "LoadedHandbook | None" = None,
    base: str | None = None,
    options: ValidateOptions = _DEFAULTS,
) -> Verdict:
    """Check the records of a repository: all, or those that are `wanted` (files and folders below `root`, with `/`).

    A mapping has the content of files that is not on the disk yet; `STDIN` is one that has no place there. They are
    checked by `handbook`, the repository's own when left out, and compared with what landed where the branch left the
    revision `base`. Raises WrongUse for a path that is no record, and when that revision cannot be compared with.
    """
    given = wanted if isinstance(wanted, Mapping) else {}
    selection = select(root, () if isinstance(wanted, Mapping) else wanted)
    if isinstance(wanted, Mapping):  # in the place of the files of the same names
        selection = Selection(tuple(given), (), tuple(sorted({*selection.every, *given})))
    cache = open_cached_run(root, now, selection) if options.cache and not (given or handbook) else None
    if cache and not base and (findings := cache.complete(selection)) is not None:
        return Verdict(in_order((*selection.obstacles, *findings)), len(selection.files))
    from incidentops.flows.validate import repository  # model and rules: a run in which nothing changed needs neither

    return repository.check(repository.ValidationCase(root, now, selection, given, base, cache), handbook, options)
