"""How the report of `doctor` is shown."""

from collections.abc import Iterator, Mapping

from incidentops.core.text import visible
from incidentops.flows.setup.doctor import DoctorReport


def report_lines(report: DoctorReport) -> Iterator[str]:
    """Yield the report line by line for people; the last line counts the outcomes."""
    yield "variables"
    for variable in report.variables:
        yield f"  {'set' if variable.is_set else 'not set':<9}{variable.name:<25}{variable.about}"
    yield "checks"
    for check in report.checks:
        yield f"  {check.status:<9}{visible(check.name)}: {visible(check.message)}"
        if check.hint:
            yield f"           hint: {visible(check.hint)}"
    yield "not in this version"
    yield from (f"  {feature}" for feature in report.absent)
    yield _summary(report)


def _summary(report: DoctorReport) -> str:
    """Return how many checks had which outcome, as in `12 ok, 1 warning`."""
    return ", ".join(
        f"{count} {status}{'s' if status == 'warning' and count > 1 else ''}"
        for status, count in report.counts.items()
        if count
    )


def report_values(report: DoctorReport) -> Mapping[str, object]:
    """Return the report as plain values for JSON."""
    return {
        "ok": not report.failed,
        "counts": dict(report.counts),
        "variables": {variable.name: variable.is_set for variable in report.variables},
        "checks": [
            {"name": check.name, "status": check.status, "message": check.message, "hint": check.hint}
            for check in report.checks
        ],
        "not_in_this_version": list(report.absent),
    }
