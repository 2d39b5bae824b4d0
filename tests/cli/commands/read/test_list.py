"""Listing records: filters, order, limits, and never hiding what cannot be read."""

import json
from pathlib import Path

import pytest

from commandline import Shell, Terminal


@pytest.fixture
def several(shell: Shell, live: Path) -> Shell:
    """Four records: the live one of 21 November, a resolved one and a near miss of the 20th, one that is broken."""
    live.write_text(live.read_text().replace("Registry pushes fail with HTTP 503", "It fails"))
    text = live.read_text().replace("11-21T", "11-20T")
    over = "  - {at: 2026-11-20T15:00:00Z, by: ana, state: resolved, status: operational}\n"
    live.with_name("2026-11-20-web-slow.yaml").write_text(
        text.replace("[registry]", "[web]").replace("S2", "S3") + over
    )
    near = "kind: near_miss\ntitle: Almost\nservices: [git]\n"
    near += "timeline:\n  - {at: 2026-11-20T09:00:00Z, by: cy, severity: S1}\n"
    live.with_name("2026-11-20-almost.yaml").write_text(near)
    live.with_name("2026-11-19-broken.yaml").write_text("kind: [\n")
    return shell


def ids(shell: Shell, *arguments: str) -> list[str]:
    printed = json.loads(shell.run("list", *arguments, "--format", "json").out)
    return [incident["id"].split("-", 3)[3] for incident in printed["incidents"]]


def test_the_newest_comes_first_and_the_columns_are_aligned(several: Shell):
    ran = several.run("list")
    assert 0 == ran.code
    assert [
        "id                       severity  state          status       owner  declared           title",
        "2026-11-21-registry-503  S2        investigating  operational  ana    2026-11-21 14:02Z  It fails",
        "2026-11-20-web-slow      S3        resolved       operational  ana    2026-11-20 14:02Z  It fails",
        "2026-11-20-almost        S1        near miss      -            cy     2026-11-20 09:00Z  Almost",
    ] == ran.out.splitlines()


def test_what_cannot_be_read_is_counted_and_named(several: Shell):
    ran = several.run("list")
    assert [
        "cannot be read: incidents/2026/2026-11-19-broken.yaml (incident validate says why)",
        "1 of the records looked at could not be read",
    ] == ran.err.splitlines()
    printed = json.loads(several.run("list", "--format", "json").out)
    assert ["incidents/2026/2026-11-19-broken.yaml"] == printed["unreadable"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--live"], ["registry-503"]),
        (["--state", "res"], ["web-slow"]),
        (["--severity", "S1", "--severity", "s3"], ["web-slow", "almost"]),
        (["--service", "git", "--service", "web"], ["web-slow", "almost"]),
        (["--owner", "cy"], ["almost"]),
        (["--kind", "near"], ["almost"]),
        (["--since", "2026-11-20T14:00:00Z"], ["registry-503", "web-slow"]),
        (["--until", "2026-11-20T14:00:00Z"], ["almost"]),
        (["--since", "2026-11-20", "--severity", "S3"], ["web-slow"]),
        (["--limit", "1"], ["registry-503"]),
        (["--all"], ["registry-503", "web-slow", "almost"]),
    ],
)
def test_filters_narrow_down(several: Shell, arguments: list[str], found: list[str]):
    assert found == ids(several, *arguments)


def test_a_cut_list_says_so(several: Shell):
    ran = several.run("list", "--limit", "1")
    assert "the 1 newest are shown; see more with --limit N or --all" in ran.err


def test_a_list_without_a_match_prints_so(several: Shell):
    ran = several.run("list", "--owner", "dee")
    assert (0, "", "no record matches") == (ran.code, ran.out, ran.err.split("\n")[0])


def test_a_word_that_the_handbook_does_not_have_gets_a_hint(several: Shell):
    ran = several.run("list", "--owner", "anna", "--service", "regisrty")
    assert "no record matches" == ran.err.split("\n")[0]
    assert [line for line in ran.err.split("\n") if "hint: " in line] == [
        "  hint: 'regisrty' is not in the handbook; did you mean 'registry'?",
        "  hint: 'anna' is not in the handbook; did you mean 'ana'?",
    ]


def test_a_time_that_is_none_is_wrong_use(several: Shell):
    ran = several.run("list", "--since", "yesterday")
    assert 2 == ran.code
    assert "--since is 'yesterday', which is not a valid time" in ran.err


def test_on_a_terminal_it_is_a_table(several: Shell):
    terminal = Terminal(several.root, "list")
    code, shown = terminal.end()
    assert 0 == code
    assert "2026-11-21-registry-503  S2        investigating  operational  ana" in shown
