"""Declaring an incident: in one line, by answering questions, and what keeps it from being written."""

import json

from commandline import Shell, Terminal

FILE = "incidents/2026/2026-11-21-image-pushes-fail.yaml"


def test_one_line_is_enough(shell: Shell):
    ran = shell.run(
        "declare", "Image pushes fail", "--service", "registry", "--severity", "S2", "--by", "ana", at="14:02"
    )
    assert 0 == ran.code
    assert [
        FILE,
        "  + 2026-11-21T14:02:00Z  ana: severity S2, state investigating",
        "now: S2, investigating, operational, owner ana (declared it)",
    ] == ran.out.splitlines()[:3]
    assert "next: push it with --push, or: git add incidents/2026/" in ran.out
    assert (shell.root / FILE).read_text() == (
        "# yaml-language-server: $schema=../../schemas/incident.schema.json\n"
        "kind: incident\n"
        "title: Image pushes fail\n"
        "services: [registry]\n"
        "timeline:\n"
        "  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2, state: investigating}\n"
    )


def test_everything_that_is_known_can_be_given_at_once(shell: Shell):
    ran = shell.run(
        "declare", "Image pushes fail", "--service", "registry", "--service", "web", "--severity", "s1", "--by", "ana",
        "--audience", "pub", "--status", "partial", "--publish", "Pushes fail.", "--note", "-", "--started", "13:58",
        "--engage", "eoc", "--page", "imoc", "--at", "14:02", "--slug", "pushes", "--format", "json",
        at="14:05", given=b"Paged by RegistryErrorRatio\n",
    )  # fmt: skip
    assert 0 == ran.code
    printed = json.loads(ran.out)
    assert printed["written"]
    assert "incidents/2026/2026-11-21-pushes.yaml" == printed["file"]
    assert {
        "at": "2026-11-21T14:02:00Z", "by": "ana", "severity": "S1", "state": "investigating",
        "status": "partial_service_disruption", "engage": "eoc", "page": "imoc",
        "note": "Paged by RegistryErrorRatio", "publish": "Pushes fail.",
    } == printed["entry"]  # fmt: skip
    text = (shell.root / printed["file"]).read_text()
    assert "impact: {started: 2026-11-21T13:58:00Z}\n" in text
    assert "services: [registry, web]\n" in text


def test_what_the_rules_block_is_shown_and_not_written(shell: Shell):
    arguments = ("declare", "Image pushes fail", "--service", "registri", "--severity", "S2", "--by", "ana")
    ran = shell.run(*arguments, at="14:02")
    assert 1 == ran.code
    assert "REC002 block:" in ran.err
    assert "nothing was written: 1 blocking finding" in ran.err
    assert not (shell.root / FILE).exists()


def test_it_is_written_anyway_when_that_is_asked_for(shell: Shell):
    arguments = ("declare", "Image pushes fail", "--service", "registri", "--severity", "S2", "--by", "ana", "--anyway")
    ran = shell.run(*arguments, at="14:02")
    assert 0 == ran.code
    assert "the pipeline blocks it until 1 blocking finding is fixed or waived" in ran.err
    assert (shell.root / FILE).exists()


def test_a_dry_run_shows_the_difference_and_writes_nothing(shell: Shell):
    arguments = (
        "declare",
        "Image pushes fail",
        "--service",
        "registry",
        "--severity",
        "S2",
        "--by",
        "ana",
        "--dry-run",
    )
    ran = shell.run(*arguments, at="14:02")
    assert 0 == ran.code
    assert f"--- /dev/null\n+++ {FILE}\n" in ran.out
    assert "+title: Image pushes fail\n" in ran.out
    assert not (shell.root / FILE).exists()


def test_a_title_of_two_lines_is_refused_with_the_reason(shell: Shell):
    ran = shell.run("declare", "two\nlines", "--service", "registry", "--severity", "S2", "--by", "ana")
    assert 2 == ran.code
    assert ran.err == (
        "error: the record would be wrong at title: expected one line of 1 to 200 characters, "
        "found 'two\\nlines' (9 characters)\n"
    )
    assert [] == list((shell.root / "incidents" / "2026").iterdir())


def test_the_same_title_twice_is_two_records(shell: Shell):
    arguments = ("declare", "Image pushes fail", "--service", "registry", "--severity", "S2", "--by", "ana")
    shell.run(*arguments, at="14:02")
    assert "2026-11-21-image-pushes-fail-2.yaml" in shell.run(*arguments, at="14:02").out


def test_without_a_handbook_nothing_is_written(shell: Shell):
    (shell.root / "incidents" / "handbook.yaml").write_text("organisation: [\n")
    ran = shell.run("declare", "Image pushes fail", "--service", "registry", "--severity", "S2", "--by", "ana")
    assert 2 == ran.code
    assert ran.err.startswith("error: the handbook cannot be used: incidents/handbook.yaml:")


def test_on_a_terminal_it_asks_for_what_is_missing(shell: Shell):
    terminal = Terminal(shell.root, "declare", "--by", "ana", environment={"INCIDENT_NOW": "2026-11-21T14:02:00Z"})
    terminal.answer("What is wrong", "Image pushes fail")
    terminal.answer("Which services (registry, web, git)", "registri")
    terminal.answer("'registri' is not one of them", "registry, web")
    terminal.answer("Severity (S1, S2, S3, S4)", "s2")
    terminal.answer("Who may know (public, internal, confidential) [internal]", "pub")
    terminal.answer("What users notice", "deg")
    terminal.answer("Message to customers", "Some pushes fail.")
    terminal.answer("Note for colleagues", "")
    code, shown = terminal.end()
    assert 0 == code, shown
    text = (shell.root / FILE).read_text()
    assert "services: [registry, web]\naudience: public\n" in text
    for line in ("severity: S2", "status: degraded_performance", "publish: Some pushes fail."):
        assert line in text
    assert "note" not in text
