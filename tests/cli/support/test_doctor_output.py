"""How the report of doctor is shown: nothing raw, and the outcomes counted."""

from incidentops.cli.support.doctor_output import report_lines, report_values
from incidentops.flows.setup.doctor import DoctorReport, VariableStatus
from incidentops.providers.base import Check, CheckStatus

REPORT = DoctorReport(
    (VariableStatus("GITLAB_USER_LOGIN", is_set=False, about="who writes"),),
    (
        Check("git remote", CheckStatus.OK, "reachable"),
        Check("ledger", CheckStatus.WARNING, "in progress", "wait"),
        Check("merge driver", CheckStatus.WARNING, "not \x1b configured"),
        Check("gitlab", CheckStatus.SKIPPED, "not configured"),
    ),
    ("Slack",),
)


def test_people_read_a_line_for_each_check_and_the_counts_at_the_end():
    assert [
        "variables",
        "  not set  GITLAB_USER_LOGIN        who writes",
        "checks",
        "  ok       git remote: reachable",
        "  warning  ledger: in progress",
        "           hint: wait",
        "  warning  merge driver: not \\x1b configured",
        "  skipped  gitlab: not configured",
        "not in this version",
        "  Slack",
        "1 ok, 2 warnings, 1 skipped",
    ] == list(report_lines(REPORT))


def test_programs_get_every_outcome_counted():
    values = report_values(REPORT)
    assert (True, {"ok": 1, "warning": 2, "failed": 0, "skipped": 1}) == (values["ok"], values["counts"])
