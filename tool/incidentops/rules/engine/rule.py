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
    findings (WAV, DIF004). A `timed` rule finds something only where an obligation of its code was missed.
    """

    code: str
    name: str
    summary: str
    level: Level
    kinds: tuple[Kind, ...]
    waivable: bool
    check: RuleCheck | None = None
    comparison: RuleComparison | None = None
    since: str = "0.1"
    timed: bool = False


def rule(
    code: str,
    summary: str,
    *,
    level: Level = Level.BLOCK,
    kinds: tuple[Kind, ...] = BOTH,
    waivable: bool = True,
    since: str = "0.1",
) -> Callable[[RuleCheck], Rule]:
    """Declare the function below as the check of a rule; its name, with hyphens, is the name of the rule."""

    def declare(check: RuleCheck) -> Rule:
        return Rule(code, _name(check), summary, level, kinds, waivable, check, since=since)

    return declare


def timed(
    code: str, summary: str, *, level: Level = Level.ADVISE, kinds: tuple[Kind, ...] = INCIDENT
) -> Callable[[RuleCheck], Rule]:
    """Declare the function below as the check of a rule about lateness; it looks at missed obligations."""

    def declare(check: RuleCheck) -> Rule:
        return Rule(code, _name(check), summary, level, kinds, waivable=True, check=check, timed=True)

    return declare


def comparing(code: str, summary: str, *, waivable: bool = True) -> Callable[[RuleComparison], Rule]:
    """Declare the function below as the comparison of a rule that needs the landed version too."""

    def declare(comparison: RuleComparison) -> Rule:
        return Rule(code, _name(comparison), summary, Level.BLOCK, BOTH, waivable, comparison=comparison)

    return declare


def _name(function: Callable[..., object]) -> str:
    return function.__name__.replace("_", "-")


def checked_elsewhere(code: str, name: str, summary: str, *, level: Level = Level.BLOCK) -> Rule:
    """Declare a rule whose findings do not come from one well-shaped record alone; none of them can be waived."""
    return Rule(code, name, summary, level, BOTH, waivable=False)
