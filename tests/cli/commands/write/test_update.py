"""Adding an entry: it is appended, nothing else changes, and what is missing is asked for."""

import json
from pathlib import Path

import pytest

from commandline import Shell, Terminal

FILE = "incidents/2026/2026-11-21-registry-503.yaml"


def test_an_entry_is_appended_and_every_other_byte_stays(shell: Shell, live: Path):
    before = live.read_bytes()
    ran = shell.run(
        "update", "--state", "identified", "--publish", 'We found it: #12\'s "cause".', "--by", "ana", at="14:10"
    )
    assert 1 == ran.code  # COM003: a reference in a public text
    assert before == live.read_bytes()
    ran = shell.run(
        "update", "--state", "identified", "--publish", 'We found it: the "cause".', "--by", "ana", at="14:10"
    )
    assert 0 == ran.code
    assert live.read_bytes().startswith(before)
    added = live.read_text()[len(before.decode()) :]
    assert 1 == added.count("\n")
    assert ran.out.splitlines()[:4] == [
        FILE,
        "  + 2026-11-21T14:10:00Z  ana: state identified",
        '  +     publish: We found it: the "cause".',
        "now: S2, identified, operational, owner ana (eoc)",
    ]


def test_all_options_go_into_one_entry(shell: Shell, live: Path):
    ran = shell.run(
        "update", "registry", "--state", "mon", "--status", "deg", "--severity", "s3",
        "--service", "web", "--note", "n",
        "--audience", "int", "--why", "One region", "--by", "ana", "--format", "json", at="14:10",
    )  # fmt: skip
    printed = json.loads(ran.out)
    assert 0 == ran.code, ran.err
    assert {
        "at": "2026-11-21T14:10:00Z", "by": "ana", "severity": "S3", "state": "monitoring",
        "status": "degraded_performance", "services": ["web"], "audience": "internal",
        "why": "One region", "note": "n",
    } == printed["entry"]  # fmt: skip
    assert "S3" == printed["now"]["severity"]
    assert not printed["blocked"]


@pytest.mark.parametrize("name", ["registry", "2026-11-21-registry-503", "REGISTRY", FILE])
def test_a_record_is_named_by_any_part_of_its_id(shell: Shell, live: Path, name: str):
    assert 0 == shell.run("update", name, "--note", "seen", "--by", "ana", at="14:10").code


def test_two_records_that_could_be_meant_are_listed(shell: Shell, live: Path):
    other = live.with_name("2026-11-20-registry-full.yaml")
    other.write_text(live.read_text().replace("11-21T", "11-20T"))
    ran = shell.run("update", "registry", "--note", "seen", "--by", "ana", at="14:10")
    assert 2 == ran.code
    assert "say which: 2026-11-21-registry-503, 2026-11-20-registry-full" in ran.err
    ran = shell.run("update", "--note", "seen", "--by", "ana", at="14:10")
    assert 2 == ran.code
    assert "2 incidents are live" in ran.err


def test_of_several_records_the_live_one_is_meant(shell: Shell, live: Path):
    over = live.with_name("2026-11-20-registry-full.yaml")
    resolved = "  - {at: 2026-11-20T15:00:00Z, by: ana, state: resolved, status: operational, publish: Over.}\n"
    over.write_text(live.read_text().replace("11-21T", "11-20T") + resolved)
    assert FILE in shell.run("update", "registry", "--note", "seen", "--by", "ana", at="14:10").out


def test_nothing_to_add_is_wrong_use(shell: Shell, live: Path):
    ran = shell.run("update", "--by", "ana", at="14:10")
    assert (2, "error: there is nothing to add") == (ran.code, ran.err.split("\n")[0])


def test_an_unknown_record_is_wrong_use(shell: Shell, live: Path):
    ran = shell.run("update", "web", "--note", "x", "--by", "ana")
    assert (2, "error: no record is called 'web'") == (ran.code, ran.err.split("\n")[0])


def test_a_record_that_cannot_be_read_is_not_touched(shell: Shell, live: Path):
    broken = live.read_text() + "timeline: []\n"
    live.write_text(broken)
    ran = shell.run("update", "registry", "--note", "x", "--by", "ana", at="14:10")
    assert 1 == ran.code
    assert "YML002 block" in ran.err
    assert "nothing is written to it" in ran.err
    assert broken == live.read_text()


def test_now_is_never_before_the_last_entry_unless_the_time_is_given(shell: Shell, live: Path):
    ran = shell.run("update", "--note", "a clock that runs behind", "--by", "ana", at="14:01")
    assert "  + 2026-11-21T14:03:00Z  ana: note" in ran.out.splitlines()
    ran = shell.run("update", "--note", "an earlier time", "--by", "ana", "--at", "14:01", at="14:10")
    assert 1 == ran.code
    assert "TIM001 block" in ran.err


def test_advice_is_given_once(shell: Shell, live: Path):
    assert "COM002" not in shell.run("update", "--publish", "It is slow.", "--by", "ana", at="14:05").err
    late = shell.run("update", "--publish", "It still is.", "--by", "ana", at="15:05")
    assert 0 == late.code
    assert "COM002 advise" in late.err
    assert "COM002" not in shell.run("update", "--note", "later", "--by", "ana", at="15:06").err


def test_who_writes_is_found_by_gitlab_login(shell: Shell, live: Path):
    assert (
        "  + 2026-11-21T14:10:00Z  bo: note"
        in shell.run("update", "--note", "x", at="14:10", user="bo").out.splitlines()
    )


def test_who_writes_is_found_by_git_address(shell: Shell, live: Path):
    config = shell.root / ".git" / "config"
    config.write_text(config.read_text() + "[user]\n\temail = CY@example.com\n")
    assert "  + 2026-11-21T14:10:00Z  cy: note" in shell.run("update", "--note", "x", at="14:10").out.splitlines()


def test_on_a_terminal_it_asks_what_is_new_and_why(shell: Shell, live: Path):
    terminal = Terminal(shell.root, "update", environment={"INCIDENT_NOW": "2026-11-21T14:10:00Z"})
    terminal.answer("Who are you (ana, bo, cy, dee)", "bo")
    terminal.answer("New state (investigating, identified, monitoring; Enter to skip)", "ident")
    terminal.answer("New status", "")
    terminal.answer("Message to customers (Enter to skip)", "We found it.")
    terminal.answer("Note for colleagues (Enter to skip)", "")
    code, shown = terminal.end()
    assert 0 == code, shown
    assert "{at: 2026-11-21T14:10:00Z, by: bo, state: identified, publish: We found it.}" in live.read_text()
    terminal = Terminal(
        shell.root, "update", "--severity", "S3", "--by", "ana", environment={"INCIDENT_NOW": "2026-11-21T14:11:00Z"}
    )
    terminal.answer("Why (the severity goes down from S2 to S3)", "Only one region")
    code, shown = terminal.end()
    assert 0 == code, shown
    assert "severity: S3, why: Only one region" in live.read_text()


def test_on_a_terminal_saying_nothing_writes_nothing(shell: Shell, live: Path):
    before = live.read_bytes()
    terminal = Terminal(shell.root, "update", "--by", "ana")
    for question in ("New state", "New status", "Message to customers", "Note for colleagues"):
        terminal.answer(question, "")
    code, shown = terminal.end()
    assert 2 == code
    assert shown.endswith("error: nothing to add, so nothing was written\n")
    assert before == live.read_bytes()
