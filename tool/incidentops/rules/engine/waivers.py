"""WAV: exceptions, which are data in the record, with a reason, an end, and somebody who granted them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from incidentops.core.finding import Finding, Level, Problem
from incidentops.core.text import quoted
from incidentops.model.change import RecordChange
from incidentops.model.incident import Incident, Waiver
from incidentops.rules.engine.rule import Rule, checked_elsewhere
from incidentops.rules.engine.wording import did_you_mean

waiver_expired = checked_elsewhere("WAV001", "waiver-expired", "A waiver is past its last day", level=Level.ADVISE)
waiver_unused = checked_elsewhere("WAV002", "waiver-unused", "A waiver matches no finding", level=Level.ADVISE)
waiver_impossible = checked_elsewhere(
    "WAV003", "waiver-impossible", "A waiver names a rule that does not exist or cannot be waived"
)


def waived(
    findings: Sequence[Finding], waivers: Sequence[Waiver], rules: Mapping[str, Rule], today: date
) -> list[Finding]:
    """Return the findings, those that a waiver of the record covers today marked with its reason."""
    reasons = {
        w.rule: f"until {w.until.isoformat()} by {quoted(w.by)}: {quoted(w.reason.strip())}"
        for w in waivers
        if w.until >= today and w.rule in rules and rules[w.rule].waivable
    }
    return [replace(f, waived=reasons[f.code]) if f.code in reasons else f for f in findings]


def waiver_problems(
    incident: Incident,
    found: frozenset[str],
    rules: Mapping[str, Rule],
    today: date,
    change: RecordChange | None = None,
) -> Iterator[tuple[Rule, Problem]]:
    """Check the waivers themselves, by the codes that were found before anything was waived.

    Whether one for a rule that compares two versions matches can only be seen in the change that adds it.
    """
    for waiver in incident.waivers:
        known = rules.get(waiver.rule)
        if known is None or not known.waivable:
            yield waiver_impossible, _impossible(waiver, known, rules)
            continue
        if waiver.until < today:
            yield (
                waiver_expired,
                Problem(
                    ("waivers", waiver.index, "until"),
                    f"the waiver for {waiver.rule} ended on {waiver.until.isoformat()}",
                    "fix what it was for and remove it, or agree on a new day",
                    about=waiver.by,
                ),
            )
        checked = known.comparison is None or (change is not None and waiver in change.new_waivers)
        if checked and waiver.rule not in found:
            yield (
                waiver_unused,
                Problem(
                    ("waivers", waiver.index, "rule"),
                    f"the waiver for {waiver.rule} matches no finding",
                    "remove it",
                    about=waiver.by,
                ),
            )


def _impossible(waiver: Waiver, known: Rule | None, rules: Mapping[str, Rule]) -> Problem:
    if known is not None:
        return Problem(
            ("waivers", waiver.index, "rule"),
            f"{waiver.rule} ({known.name}) cannot be waived",
            "fix what it found; only rules of the process can be waived",
            about=waiver.by,
        )
    by_name = next((r.code for r in rules.values() if r.name == waiver.rule), "")
    return Problem(
        ("waivers", waiver.index, "rule"),
        f"there is no rule {quoted(waiver.rule)}",
        f"write its code: {by_name}"
        if by_name
        else did_you_mean(waiver.rule, (c for c, r in rules.items() if r.waivable)),
        about=waiver.by,
    )
