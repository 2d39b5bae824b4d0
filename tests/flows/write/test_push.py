"""Pushing: which text is ahead, what the server is asked for, what it answers. (Whole pushes: tests/cli.)"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitplace import git
from incidentops.core.errors import Failed, Refused
from incidentops.flows.write.push import (
    PushBase,
    PushFailure,
    PushResult,
    base_for,
    holds,
    newest,
    push_options,
    push_record,
)
from incidentops.store.git.repository import NO_OBJECT, Pushed, PushRejected, RejectionReason, Repository

FILE = "incidents/2026/2026-11-21-it-fails.yaml"
LINES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=6)


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


@given(LINES, LINES)
def test_a_text_holds_an_older_one_when_only_lines_were_added(older: list[str], added: list[str]):
    assert holds(text(older + added), text(older))
    assert holds(text(added + older), text(older))


@given(LINES, LINES)
def test_the_newest_has_all_lines_of_both_or_there_is_none(mine: list[str], theirs: list[str]):
    try:
        found = newest(text(mine), text(theirs))
    except Refused:
        assert not holds(text(mine), text(theirs))
        assert not holds(text(theirs), text(mine))
    else:
        assert found is not None
        assert holds(found, text(mine))
        assert holds(found, text(theirs))


def test_what_only_one_side_has_is_the_newest():
    assert "a\n" == newest("a\n", None) == newest(None, "a\n")
    assert None is newest(None, None)


def test_line_ends_make_no_difference():
    assert holds("a\r\nb\r\n", "a\n")


def test_the_options_hold_nothing_that_somebody_wrote():
    assert all("\n" not in option for option in push_options("main", "2026-11-21-it-fails"))


class Server:
    """A repository whose server gives these answers in turn."""

    def __init__(self, *answers: Pushed | PushRejected) -> None:
        self.answers = list(answers)
        self.options: list[tuple[str, ...]] = []

    def write_commit(self, *_: object, also: str | None) -> str:
        return "c" * 40

    def push(self, remote: str, sha: str, ref: str, options: tuple[str, ...], expect: str) -> Pushed | PushRejected:
        self.options.append(tuple(options))
        return self.answers.pop(0)


BASE = PushBase("origin", "main", "incident/x", "b" * 40, None, NO_OBJECT, None)


def landed(*answers: Pushed | PushRejected) -> PushResult | PushFailure:
    return push_record(Server(*answers), BASE, FILE, "text", "message")  # type: ignore[arg-type]


def test_the_address_of_the_merge_request_is_found_in_the_answer():
    output = (
        "To create a merge request: https://gitlab.example.com/g/p/-/merge_requests/new?x=1",
        "  https://gitlab.example.com/g/p/-/merge_requests/7",
    )
    ended = landed(Pushed("c" * 40, output))
    assert isinstance(ended, PushResult)
    assert ("https://gitlab.example.com/g/p/-/merge_requests/7", True) == (ended.request, ended.options_taken)


def test_without_push_options_it_is_pushed_again_without_them():
    ended = landed(PushRejected(RejectionReason.NO_OPTIONS, ()), Pushed("c" * 40, ()))
    assert isinstance(ended, PushResult)
    assert ("", False) == (ended.request, ended.options_taken)


@pytest.mark.parametrize("reason", [RejectionReason.STALE, RejectionReason.DENIED, RejectionReason.UNREACHABLE])
def test_a_refusal_says_why_and_what_to_do(reason: RejectionReason):
    ended = landed(PushRejected(reason, ("fatal: no",)))
    assert isinstance(ended, PushFailure)
    assert ended.reason
    assert ended.hint
    assert ("fatal: no",) == ended.output


def test_a_server_without_a_commit_has_nothing_to_go_on_from(repository: Path, tmp_path: Path):
    git(tmp_path, "init", "-q", "--bare", "server.git")
    git(repository, "remote", "add", "origin", str(tmp_path / "server.git"))
    with pytest.raises(Failed, match="default branch"):
        base_for(Repository(repository), FILE)
