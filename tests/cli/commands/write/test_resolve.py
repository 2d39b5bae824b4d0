"""Resolving: only the owner, only after watching a disruption, with a last word to customers."""

from pathlib import Path

from commandline import Shell, Terminal


def disrupted(shell: Shell) -> None:
    """ana's incident saw a disruption, bo manages it, and it is monitored since 14:41."""
    update = ("update", "--status", "partial", "--publish", "Pushes fail.", "--by", "ana")
    assert 0 == shell.run(*update, at="14:05").code
    assert 0 == shell.run("engage", "imoc", "--by", "bo", at="14:11").code
    assert 0 == shell.run("update", "--state", "mon", "--publish", "A fix is in place.", "--by", "ana", at="14:41").code


def test_the_owner_resolves_and_it_is_operational_again(shell: Shell, live: Path):
    disrupted(shell)
    ran = shell.run("resolve", "--publish", "It works again.", "--note", "Rolled back", "--by", "bo", at="15:20")
    assert 0 == ran.code
    assert "now: S2, resolved, operational, owner bo (imoc)" in ran.out.splitlines()
    assert "not ready" not in ran.err
    assert any("starts the review" in line for line in ran.out.splitlines() if line.startswith("due: "))


def test_what_is_not_ready_is_listed_and_nothing_is_written(shell: Shell, live: Path):
    disrupted(shell)
    before = live.read_text()
    ran = shell.run("resolve", "--publish", "It works again.", "--by", "ana", at="14:51")
    assert 1 == ran.code
    assert "not ready: 'bo' owns the incident since 14:11Z, not 'ana'" in ran.err
    assert "not ready: it has to be monitored for more than 30m, and is since 14:41Z: 20m left, until 15:11Z" in ran.err
    assert "OWN001 block" in ran.err
    assert before == live.read_text()


def test_a_public_incident_needs_a_last_word(shell: Shell, live: Path):
    disrupted(shell)
    ran = shell.run("resolve", "--by", "bo", at="15:20")
    assert (2, "error: --publish is missing") == (ran.code, ran.err.split("\n")[0])


def test_on_a_terminal_the_last_word_is_asked_for(shell: Shell, live: Path):
    disrupted(shell)
    terminal = Terminal(shell.root, "resolve", "--by", "bo", environment={"INCIDENT_NOW": "2026-11-21T15:20:00Z"})
    terminal.answer("Final message to customers", "It works again.")
    code, shown = terminal.end()
    assert 0 == code, shown
    assert "state: resolved, status: operational, publish: It works again." in live.read_text()


def test_an_incident_that_customers_never_heard_of_needs_none(shell: Shell, live: Path):
    assert 0 == shell.run("resolve", "--by", "ana", at="14:20").code


def test_resolving_twice_is_blocked(shell: Shell, live: Path):
    shell.run("resolve", "--by", "ana", at="14:20")
    ran = shell.run("resolve", "registry", "--by", "ana", at="14:21")
    assert 1 == ran.code
    assert "not ready: it is already resolved, since 2026-11-21T14:20:00Z" in ran.err
