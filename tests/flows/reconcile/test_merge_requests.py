"""By which merge request a commit landed."""

import pytest

from flows.reconcile.merge_request_fake import MemoryMergeRequests, a_merge_request
from incidentops.core.errors import Failed
from incidentops.flows.reconcile.merge_requests import MergeRequestFinder


def a_finder(client: MemoryMergeRequests, *commits: str) -> MergeRequestFinder:
    return MergeRequestFinder(lambda: client, lambda files: commits, "main")


def test_each_commit_has_the_merge_requests_that_were_merged_into_the_default_branch() -> None:
    client = MemoryMergeRequests().put(
        a_merge_request(7), a_merge_request(8, state="locked"), a_merge_request(9, target="other"),
        a_merge_request(10, state="opened"), a_merge_request(11, state="closed"),
    )  # fmt: skip
    client.commits = {"a": (7, 8, 9, 10, 11)}
    newest, older = a_finder(client, "a", "b").of(["x"])
    assert [one.iid for one in newest.merge_requests] == [8, 7]
    assert (older.commit, older.merge_requests) == ("b", ())


def test_nobody_is_asked_twice_and_nobody_before_it_is_needed() -> None:
    client = MemoryMergeRequests().put(a_merge_request(7))
    client.commits = {"a": (7,), "b": (7,)}
    known = a_finder(client, "a", "b")
    landings = known.of(["x"])
    assert client.asked == []
    next(landings)
    assert client.asked == ["commit a"]
    list(known.of(["x"]))
    list(known.of(["y"]))
    assert client.asked == ["commit a", "commit b"]


def test_the_client_is_made_once() -> None:
    opened = []
    known = MergeRequestFinder(lambda: opened.append(1) or MemoryMergeRequests(), lambda files: ("a", "b"), "main")  # type: ignore[func-returns-value]
    assert opened == []
    list(known.of(["x"]))
    assert opened == [1]


def test_a_run_does_not_ask_for_ever() -> None:
    with pytest.raises(Failed, match="more than 50 commits"):
        list(a_finder(MemoryMergeRequests(), *map(str, range(60))).of(["x"]))
