"""Recording a page, and saying that this version does not call a pager."""

from pathlib import Path

from commandline import Shell


def test_a_page_is_recorded_and_says_that_no_pager_is_called(shell: Shell, live: Path):
    ran = shell.run("page", "imoc", "--by", "ana", "--note", "By phone", at="14:06")
    assert 0 == ran.code
    assert live.read_text().endswith("{at: 2026-11-21T14:06:00Z, by: ana, page: imoc, note: By phone}\n")
    assert "this version does not call a pager, so page the imoc yourself" in ran.err


def test_a_page_that_is_not_written_says_nothing_of_the_pager(shell: Shell, live: Path):
    assert "pager" not in shell.run("page", "imoc", "--by", "ana", "--dry-run", at="14:06").err


def test_the_help_says_it_too(shell: Shell):
    assert "This version does not call a pager" in " ".join(shell.run("page", "--help").out.split())
