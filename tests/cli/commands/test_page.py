"""Writing a page down, honestly: this version rings nobody."""

from pathlib import Path

from commandline import Shell


def test_a_page_is_written_down_and_says_that_nobody_was_rung(shell: Shell, live: Path):
    ran = shell.run("page", "imoc", "--by", "ana", "--note", "By phone", at="14:06")
    assert 0 == ran.code
    assert live.read_text().endswith("{at: 2026-11-21T14:06:00Z, by: ana, page: imoc, note: By phone}\n")
    assert "nobody was rung, so page the imoc yourself" in ran.err


def test_a_page_that_is_only_tried_says_nothing_of_phones(shell: Shell, live: Path):
    assert "rung" not in shell.run("page", "imoc", "--by", "ana", "--dry-run", at="14:06").err


def test_the_help_says_it_too(shell: Shell):
    assert "nobody's phone rings" in " ".join(shell.run("page", "--help").out.split())
