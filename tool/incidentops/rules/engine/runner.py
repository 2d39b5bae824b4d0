"""Checking one record: every rule at the handbook's level, then the record's waivers. A bug in a rule is a finding."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from incidentops.core.finding import Finding, Level, Location, Problem, in_order
from incidentops.core.source import Document
from incidentops.model.change import RecordChange
from incidentops.model.handbook import RuleSetting
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Kind
from incidentops.rules.authorship import grant_problems
from incidentops.rules.engine import catalogue
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import Rule, RuleCheck, RuleComparison
from incidentops.rules.engine.waivers import waived, waiver_problems
from incidentops.rules.handbook import contradictions, handbook_contradictory


class RuleResults(Struct, frozen=True):
    """The findings about one record, sorted; `bugs` are the codes of rules that failed on it."""

    findings: tuple[Finding, ...] = ()
    bugs: tuple[str, ...] = ()


_FINE = RuleResults()
_Problems = list[tuple[Rule, Problem]]
_Subject = TypeVar("_Subject", Incident, RecordChange)


class RuleSet(Struct, frozen=True):
    """The rules of a run as the handbook sets them, by the kind of record, and for what became of a record.

    The `timed` ones need a look only where something is late, which on most records nothing is.
    """

    context: Context
    checks: Mapping[Kind, tuple[tuple[Rule, RuleCheck], ...]]
    timed: Mapping[Kind, tuple[tuple[Rule, RuleCheck], ...]]
    comparisons: tuple[tuple[Rule, RuleComparison], ...] = ()

    def check(self, incident: Incident, text: str, change: RecordChange | None = None) -> RuleResults:
        """Check one record; `text` is its file as written, without a byte order mark.

        With `change`, which leads to this version, the rules that compare two versions check too.
        """
        problems: _Problems = []
        ctx = self.context.reading(text, incident)
        bugs = _run(self.checks[incident.kind], incident, ctx, problems)
        if _anything_late(ctx):
            bugs += _run(self.timed[incident.kind], incident, ctx, problems)
        if change:
            bugs += _run(self.comparisons, change, self.context, problems)
        if not (problems or bugs or incident.waivers):
            return _FINE
        return self._results(incident, problems, bugs, change)

    def _results(
        self, incident: Incident, problems: _Problems, bugs: Sequence[Rule], change: RecordChange | None
    ) -> RuleResults:
        today = self.context.now.date()
        found = self._found(incident, problems)
        codes = frozenset(f.code for f in found) | frozenset(r.code for r in bugs)
        findings = waived(found, incident.waivers, catalogue.BY_CODE, today)
        findings += self._found(incident, waiver_problems(incident, codes, catalogue.BY_CODE, today, change))
        if change:
            findings += self._found(incident, grant_problems(change, problems, self.context))
        findings += [_bug(rule, incident) for rule in bugs]
        return RuleResults(in_order(findings), tuple(rule.code for rule in bugs))

    def _found(self, incident: Incident, problems: Iterable[tuple[Rule, Problem]]) -> list[Finding]:
        settings = self.context.handbook.rules
        return [finding(rule, problem, incident.source, settings.get(rule.code)) for rule, problem in problems]


def _anything_late(ctx: Context) -> bool:
    """Whether a timed rule can find anything, or fail."""
    try:
        return bool(ctx.missed)
    except Exception:  # noqa: BLE001 - each rule that asks fails with it, and is named as a bug
        return True


def _run(
    checks: Iterable[tuple[Rule, Callable[[_Subject, Context], Iterable[Problem]]]],
    subject: _Subject,
    ctx: Context,
    problems: _Problems,
) -> list[Rule]:
    """Collect the problems that rules find, and return the rules that failed."""
    bugs = []
    for rule, check in checks:
        try:
            for problem in check(subject, ctx):
                problems.append((rule, problem))
        except Exception:  # noqa: BLE001 - one failing rule must not hide the findings of the others
            bugs.append(rule)
    return bugs


def prepare(context: Context, rules: Sequence[Rule] = catalogue.ALL) -> RuleSet:
    """Choose the rules for a run: those with a check or a comparison, which the handbook has not switched off."""
    active = [rule for rule in rules if context.handbook.rules.get(rule.code) is not RuleSetting.OFF]
    checks = [(rule, rule.check) for rule in active if rule.check]
    return RuleSet(
        context,
        {kind: tuple(pair for pair in checks if kind in pair[0].kinds and not pair[0].timed) for kind in Kind},
        {kind: tuple(pair for pair in checks if kind in pair[0].kinds and pair[0].timed) for kind in Kind},
        tuple((rule, rule.comparison) for rule in active if rule.comparison),
    )


def check_handbook(document: Document) -> tuple[Finding, ...]:
    """Check a handbook that has the shape of its schema. Without findings it can be built."""
    problems = contradictions(document, catalogue.BY_CODE)
    return in_order(finding(handbook_contradictory, problem, document) for problem in problems)


def finding(rule: Rule, problem: Problem, source: Document, setting: RuleSetting | None = None) -> Finding:
    """Return the finding that a problem is: with code, level, and the place in the file."""
    level = Level(setting.value) if setting else problem.level or rule.level
    location = Location(source.file, *problem.place) if problem.place else source.at(*problem.pointer)
    other = None if problem.other is None else source.at(*problem.other)
    return Finding(rule.code, level, location, problem.message, problem.hint, problem.pointer, other=other)


def _bug(rule: Rule, incident: Incident) -> Finding:
    return Finding(
        rule.code,
        Level.BLOCK,
        Location(incident.source.file),
        f"rule {rule.code} failed, this is a bug",
        "please report it with this record; the other rules were checked",
    )
