"""The merge request client, against the sandbox over HTTP."""

import pytest
import requests

import runner
from incidentops.core.errors import BadConfiguration, Failed, Unknown
from incidentops.core.secret import Secret
from incidentops.providers.base import Forbidden, NotFound
from incidentops.providers.gitlab.merge_requests_client import MergeRequestClient
from incidentops.providers.gitlab.variables import GitLabAccount
from incidentops.sandbox.seed import TOKEN
from pacing import no_pauses
from providers.gitlab.test_client import Answers
from sandboxes import Sandbox

HEAD, MERGE = "a" * 40, "b" * 40


def a_merge_request_client(url: str, token: str = TOKEN, project: str = "1217") -> MergeRequestClient:
    return MergeRequestClient(GitLabAccount(url, Secret(token), project), no_pauses(), writable=True)


@pytest.fixture
def client(sandbox: Sandbox) -> MergeRequestClient:
    body = {"title": "Declare", "source_branch": "incident", "target_branch": "main"}
    url = f"{sandbox.url}/api/v4/projects/1217/merge_requests"
    assert requests.post(url, json=body, headers={"PRIVATE-TOKEN": TOKEN}, timeout=5).ok
    runner.moved(sandbox.store, 1, HEAD)
    return a_merge_request_client(sandbox.url)


def test_a_merge_request_is_read_by_number_and_found_by_its_commits(
    client: MergeRequestClient, sandbox: Sandbox
) -> None:
    found = client.merge_request(1)
    assert (found.iid, found.open, found.merged, found.sha, found.target_branch) == (1, True, False, HEAD, "main")
    assert not found.merged
    runner.merged(sandbox.store, 1, MERGE)
    assert [one.iid for one in client.with_commit(MERGE)] == [1]
    assert client.with_commit(HEAD)[0].merged
    assert client.with_commit("c" * 40) == ()
    with pytest.raises(NotFound):
        client.merge_request(2)


def test_the_artifact_is_that_of_the_newest_pipeline_of_ours_in_which_the_job_succeeded(
    client: MergeRequestClient, sandbox: Sandbox
) -> None:
    assert client.artifact(1, "plan", "plan.json") is None
    runner.ran(sandbox.store, 1, HEAD, {"plan.json": b"old"})
    runner.ran(sandbox.store, 1, HEAD, {"plan.json": b"new"})
    runner.ran(sandbox.store, 1, HEAD, {"plan.json": b"failed"}, status="failed")
    runner.ran(sandbox.store, 1, HEAD, {"plan.json": b"other job"}, job="other")
    runner.ran(sandbox.store, 1, HEAD, {"plan.json": b"of a fork"}, project=99)
    assert client.artifact(1, "plan", "plan.json") == b"new"


def test_an_artifact_that_expired_is_none(client: MergeRequestClient, sandbox: Sandbox) -> None:
    runner.ran(sandbox.store, 1, HEAD, {})
    assert client.artifact(1, "plan", "plan.json") is None


def test_comments_are_written_changed_and_read_oldest_first(client: MergeRequestClient) -> None:
    for body in ("one", "two"):
        client.write_note(1, body)
    first, second = client.notes(1)
    assert (first.body, second.body, first.author) == ("one", "two", "incident-bot")
    assert first.author_id == client.my_id()
    assert client.change_note(1, first.id, "changed\r\n").body == "changed"
    assert [note.body for note in client.notes(1)] == ["changed", "two"]


def test_more_comments_than_a_page_are_all_read(client: MergeRequestClient, sandbox: Sandbox) -> None:
    for number in range(120):
        client.write_note(1, str(number))
    assert [note.body for note in client.notes(1)] == [str(number) for number in range(120)]


def test_a_comment_that_is_gone_and_one_of_somebody_else_are_different_errors(
    client: MergeRequestClient, sandbox: Sandbox
) -> None:
    note = client.write_note(1, "one")
    with pytest.raises(Forbidden):
        a_merge_request_client(sandbox.url, "sandbox-ana").change_note(1, note.id, "x")
    with pytest.raises(NotFound):
        client.change_note(1, 999_999, "x")


def test_a_lost_answer_to_a_comment_is_unknown_and_never_sent_again(
    client: MergeRequestClient, sandbox: Sandbox
) -> None:
    sandbox.faults.lose_reply_of(1)
    with pytest.raises(Unknown, match="may or may not have done it"):
        client.write_note(1, "one")
    assert len(client.notes(1)) == 1


def test_a_token_that_only_reads_cannot_write_a_comment(client: MergeRequestClient, sandbox: Sandbox) -> None:
    with pytest.raises(BadConfiguration, match="lacks the scope api"):
        a_merge_request_client(sandbox.url, "sandbox-read").write_note(1, "x")


def test_an_answer_that_is_not_of_the_api_is_an_error() -> None:
    with Answers((200, {}, {"iid": 1})).serve() as server, pytest.raises(Failed, match="web_url"):
        a_merge_request_client(server.url).merge_request(1)
    page = Answers((200, {"Content-Type": "text/html"}, b"<h1>Sign in</h1>"))
    with page.serve() as server, pytest.raises(BadConfiguration, match="answers, but not as GitLab's API does"):
        a_merge_request_client(server.url).with_commit(HEAD)
