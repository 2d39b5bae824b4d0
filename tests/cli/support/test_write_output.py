"""How a write is shown: pushed or not, what the server answers, and what is written when it does not."""

import json
from pathlib import Path

import pytest

from commandline import Shell
from gitplace import git

ID = "2026-11-21-registry-503"
FILE = f"incidents/2026/{ID}.yaml"
NOTE = ("update", "--note", "seen", "--by", "ana", "--push")


def test_a_push_makes_a_branch_and_a_merge_request_and_moves_nothing_at_home(shell: Shell, server: Path, live: Path):
    (shell.root / "mine").write_text("not to be pushed\n")
    git(shell.root, "add", "mine")
    before = git(shell.root, "rev-parse", "HEAD"), git(shell.root, "diff", "--cached", "--name-only")

    ran = shell.run(*NOTE, at="14:10")

    assert 0 == ran.code, ran.err
    assert f"pushed to origin as incident/{ID}" in ran.out
    request = "https://gitlab.example.com/acme/production/-/merge_requests/7"
    assert f"next: it is merged when the pipeline of its merge request succeeds: {request}" in ran.out.splitlines()
    assert before == (git(shell.root, "rev-parse", "HEAD"), git(shell.root, "diff", "--cached", "--name-only"))
    branch = f"incident/{ID}"
    assert live.read_text().strip() == git(server, "show", f"{branch}:{FILE}")
    assert FILE == git(server, "diff", "--name-only", "main", branch)
    assert f"{ID}: note (by ana)" == git(server, "log", "-1", "--format=%s", branch)
    assert git(server, "rev-parse", "main") == git(server, "rev-parse", f"{branch}^")


def test_push_options_ask_for_the_merge_request_and_for_merging_it(shell: Shell, server: Path, live: Path):
    shell.run(*NOTE, at="14:10")
    assert [
        "GIT_PUSH_OPTION_0=merge_request.create",
        "GIT_PUSH_OPTION_1=merge_request.target=main",
        f"GIT_PUSH_OPTION_2=merge_request.title=Incident {ID}",
        "GIT_PUSH_OPTION_3=merge_request.remove_source_branch",
        "GIT_PUSH_OPTION_4=merge_request.merge_when_pipeline_succeeds",
        "GIT_PUSH_OPTION_5=merge_request.auto_merge",
        "GIT_PUSH_OPTION_COUNT=6",
    ] == (server / "options").read_text().splitlines()


def test_a_declaration_is_pushed_too(shell: Shell, server: Path):
    arguments = (
        "declare",
        "It fails",
        "--service",
        "web",
        "--severity",
        "S2",
        "--by",
        "ana",
        "--push",
        "--format",
        "json",
    )
    ran = shell.run(*arguments, at="14:02")
    assert 0 == ran.code, ran.err
    pushed = json.loads(ran.out)["pushed"]
    assert "pushed" == pushed["status"]
    assert "incident/2026-11-21-it-fails" == pushed["branch"]
    assert "2026-11-21-it-fails: declare, severity S2, state investigating (by ana)" == git(
        server, "log", "-1", "--format=%s", pushed["commit"]
    )


def test_the_next_entry_goes_on_on_the_same_branch(shell: Shell, server: Path, live: Path):
    shell.run(*NOTE, at="14:10")
    first = git(server, "rev-parse", f"incident/{ID}")
    assert 0 == shell.run(*NOTE, at="14:11").code
    assert first == git(server, "rev-parse", f"incident/{ID}^")
    assert "2" == git(server, "rev-list", "--count", f"main..incident/{ID}")


def test_what_a_colleague_pushed_meanwhile_is_kept(shell: Shell, server: Path, live: Path, tmp_path: Path):
    shell.run(*NOTE, at="14:10")
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", "-b", f"incident/{ID}", str(server), str(other))
    there = Shell(other, shell.capsys, shell.monkeypatch)
    assert 0 == there.run("engage", "imoc", "--by", "bo", "--push", at="14:11").code
    ran = shell.run(*NOTE, at="14:12")
    assert 0 == ran.code, ran.err
    assert "using the version at origin, which is ahead of your file" in ran.err
    assert "engage: imoc" in live.read_text()
    assert 3 == git(server, "show", f"incident/{ID}:{FILE}").count("by: ana, note: seen") + 1


def test_after_it_landed_the_branch_starts_again_from_main(shell: Shell, server: Path, live: Path):
    shell.run(*NOTE, at="14:10")
    git(server, "update-ref", "refs/heads/main", git(server, "rev-parse", f"incident/{ID}"))
    assert 0 == shell.run(*NOTE, at="14:11").code
    assert "1" == git(server, "rev-list", "--count", f"main..incident/{ID}")


def test_after_it_was_squashed_the_branch_is_still_only_moved_forward(shell: Shell, server: Path, live: Path):
    shell.run(*NOTE, at="14:10")
    first = git(server, "rev-parse", f"incident/{ID}")
    tree = git(server, "rev-parse", f"incident/{ID}^{{tree}}")
    squashed = git(server, "commit-tree", tree, "-p", "main", "-m", "Squashed")
    git(server, "update-ref", "refs/heads/main", squashed)
    assert 0 == shell.run(*NOTE, at="14:11").code
    assert f"{squashed} {first}" == git(server, "log", "-1", "--format=%P", f"incident/{ID}")


def test_a_record_that_was_changed_elsewhere_is_not_overwritten(shell: Shell, server: Path, live: Path, tmp_path: Path):
    shell.run(*NOTE, at="14:10")
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", "-b", f"incident/{ID}", str(server), str(other))
    (other / FILE).write_text((other / FILE).read_text().replace("HTTP 503", "an error"))
    git(other, "commit", "-q", "-a", "-m", "Another title")
    git(other, "push", "-q")
    live.write_text(live.read_text().replace("HTTP 503", "HTTP 500"))
    before = live.read_text()
    ran = shell.run(*NOTE, at="14:12")
    assert 5 == ran.code
    assert "has changes that your file does not have" in ran.err
    assert before == live.read_text()


def test_a_server_without_push_options_gets_the_branch_and_says_what_to_do(shell: Shell, server: Path, live: Path):
    git(server, "config", "receive.advertisePushOptions", "false")
    ran = shell.run(*NOTE, at="14:10")
    assert 0 == ran.code
    assert git(server, "rev-parse", f"incident/{ID}")
    assert "View merge request" in ran.err


def test_without_an_address_the_merge_request_is_opened_by_hand(shell: Shell, server: Path, live: Path):
    git(server, "config", "receive.advertisePushOptions", "false")
    (server / "hooks" / "post-receive").unlink()
    ran = shell.run(*NOTE, at="14:10")
    assert "next: open a merge request to main; the server does not take push options" in ran.out.splitlines()


def test_a_failed_push_is_json_too(shell: Shell, server: Path, live: Path):
    git(shell.root, "remote", "set-url", "origin", "http://127.0.0.1:1/p.git")
    ran = shell.run(*NOTE, "--format", "json", at="14:10")
    value = json.loads(ran.out)
    assert (4, True, "push_again") == (ran.code, value["written"], value["next_step"])
    assert {"status", "reason", "hint", "output"} == set(value["pushed"])
    assert "failed" == value["pushed"]["status"]


def test_a_server_that_cannot_be_reached_loses_nothing(shell: Shell, server: Path, live: Path):
    git(shell.root, "remote", "set-url", "origin", "http://oauth2:glpat-0123456789abcdefghij@127.0.0.1:1/p.git")
    ran = shell.run(*NOTE, at="14:10")
    assert 4 == ran.code
    assert "written, but not pushed:" in ran.err
    assert "glpat" not in ran.err + ran.out
    assert "note: seen" in live.read_text()


def test_a_server_that_declines_loses_nothing_and_its_words_are_shown(shell: Shell, server: Path, live: Path):
    hook = server / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'GitLab: not today'; exit 1\n")
    hook.chmod(0o755)
    ran = shell.run(*NOTE, at="14:10")
    assert 4 == ran.code
    assert "GitLab: not today" in ran.err
    assert "written, but not pushed: the server does not allow the push" in ran.err
    assert "note: seen" in live.read_text()


def test_without_a_remote_a_push_is_wrong_use_and_nothing_is_written(shell: Shell, live: Path):
    before = live.read_text()
    ran = shell.run(*NOTE, at="14:10")
    assert 2 == ran.code
    assert ran.err == (
        "error: this repository has no remote that one could push to\n  hint: add it with: git remote add origin URL\n"
    )
    assert before == live.read_text()


def test_a_dry_run_pushes_nothing(shell: Shell, server: Path, live: Path):
    assert 0 == shell.run(*NOTE, "--dry-run", at="14:10").code
    assert "main" == git(server, "for-each-ref", "--format=%(refname:short)")


def test_a_record_that_the_server_has_already_is_not_declared_again(shell: Shell, server: Path, tmp_path: Path):
    arguments = ("declare", "It fails", "--service", "web", "--severity", "S2", "--by", "ana", "--push")
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(server), str(other))
    assert 0 == Shell(other, shell.capsys, shell.monkeypatch).run(*arguments, at="14:02").code
    ran = shell.run(*arguments, at="14:02")
    assert 5 == ran.code
    assert "origin has a record '2026-11-21-it-fails' already" in ran.err


def test_a_blocked_dry_run_ends_as_blocked(shell: Shell, live: Path):
    arguments = ("engage", "imoc", "--who", "zoe", "--by", "ana", "--dry-run")
    assert 1 == shell.run(*arguments, at="14:10").code
    assert 0 == shell.run(*arguments, "--anyway", at="14:10").code


def test_a_file_that_cannot_be_written_is_a_plain_failure(shell: Shell, live: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("incidentops.flows.write.save.write_atomically", full)
    ran = shell.run("update", "--note", "x", "--by", "ana", at="14:10")
    assert 4 == ran.code
    assert "cannot be written: no space left on device" in ran.err
