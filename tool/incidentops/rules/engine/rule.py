"""How a rule is declared: a function and a decorator that returns a frozen value. Nothing registers itself."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from incidentops.core.finding import Level, Problem
from incidentops.model.change import RecordChange
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Kind
from incidentops.rules.engine.context import Context

RuleCheck = Callable[[Incident, Context], Iterable[Problem]]
RuleComparison = Callable[[RecordChange, Context], Iterable[Problem]]

BOTH = (Kind.INCIDENT, Kind.NEAR_MISS)
INCIDENT = (Kind.INCIDENT,)
NEAR_MISS = (Kind.NEAR_MISS,)


class Rule(Struct, frozen=True):
    """One rule of the catalogue.

    `name` says the problem. `kinds` are the kinds of record it checks. `waivable` rules may be waived in a record and
    set in the handbook. `check` looks at one record, `comparison` at two versions of it; a rule without either is
    checked elsewhere: by the reader (YML, SCH), over the handbook (HBK), over several records (REC004), or over the
    findings (WAV, DIF004).
    """

    code: str
    name: str
    summary: str
    level: Level
    kinds: tuple[Kind, ...]
    since: str
    waivable: bool
    check: RuleCheck | None = None
    comparison: RuleComparison | None = None


def rule(  # noqa: PLR0913 - the declaration of a rule reads as one table row
    code: str,
    name: str,
    summary: str,
    *,
    level: Level = Level.BLOCK,
    kinds: tuple[Kind, ...] = BOTH,
    since: str = "0.1",
    waivable: bool = True,
) -> Callable[[RuleCheck], Rule]:
    """Declare the function below as the check of a rule."""

    def declare(check: RuleCheck) -> Rule:
        return Rule(code, name, summary, level, kinds, since, waivable, check)

    return declare


def comparing(
    code: str, name: str, summary: str, *, level: Level = Level.BLOCK, waivable: bool = True
) -> Callable[[RuleComparison], Rule]:
    """Declare the function below as the comparison of a rule that needs the landed version too."""

    def declare(comparison: RuleComparison) -> Rule:
        return Rule(code, name, summary, level, BOTH, "0.1", waivable, comparison=comparison)

    return declare


def judged_elsewhere(code: str, name: str, summary: str, *, level: Level = Level.BLOCK, since: str = "0.1") -> Rule:
    """Declare a rule whose findings do not come from one well-shaped record alone; none of them can be waived."""
    return Rule(code, name, summary, level, BOTH, since, waivable=False)
