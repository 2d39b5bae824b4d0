"""Reporting a near miss."""

from commandline import Shell, Terminal

FILE = "incidents/2026/2026-11-21-almost-full.yaml"


def test_who_noticed_it_reviews_it(shell: Shell):
    ran = shell.run("near-miss", "Almost full", "--service", "web", "--severity", "S1", "--by", "cy", at="14:02")
    assert 0 == ran.code, ran.err
    assert "now: near miss, S1 if it had happened, noticed by cy" in ran.out.splitlines()
    assert (
        (shell.root / FILE)
        .read_text()
        .endswith(
            "kind: near_miss\ntitle: Almost full\nservices: [web]\n"
            "timeline:\n  - {at: 2026-11-21T14:02:00Z, by: cy, severity: S1}\n"
        )
    )


def test_somebody_who_knows_more_reviews_it_for_a_reason(shell: Shell):
    ran = shell.run(
        "near-miss", "Almost full", "--service", "web", "--severity", "S1", "--note", "By chance", "--audience", "conf",
        "--owner", "bo", "--why", "Bo runs the disks", "--by", "cy", at="14:02",
    )  # fmt: skip
    assert 0 == ran.code, ran.err
    assert "review: {owner: bo, why: Bo runs the disks}\n" in (shell.root / FILE).read_text()


def test_a_reason_for_nobody_is_wrong_use(shell: Shell):
    ran = shell.run("near-miss", "x", "--service", "web", "--severity", "S1", "--why", "y", "--by", "cy")
    assert 2 == ran.code
    assert "--why is the reason for --owner" in ran.err


def test_on_a_terminal_it_asks(shell: Shell):
    terminal = Terminal(shell.root, "near-miss", "--by", "cy", environment={"INCIDENT_NOW": "2026-11-21T14:02:00Z"})
    terminal.answer("What nearly happened", "Almost full")
    terminal.answer("Which services", "web")
    terminal.answer("Severity if it had happened", "S2")
    code, shown = terminal.end()
    assert 0 == code, shown
    assert (shell.root / FILE).exists()
