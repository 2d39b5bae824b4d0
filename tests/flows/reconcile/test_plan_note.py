"""The one comment on a merge request: whatever happens to it, there is one of ours, and it says what is so."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from flows.reconcile.merge_request_fake import MALLORY, ME, ROTATED, MemoryMergeRequests, a_merge_request
from incidentops.core.errors import Failed, Unknown
from incidentops.flows.reconcile.merge_requests import MergeRequestFinder
from incidentops.flows.reconcile.plan_note import note_done, note_plan, upsert_note
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Resource, ResourceName
from incidentops.render import plan_notes
from incidentops.render.plan_notes import NoteSubject, Other

SUBJECT = NoteSubject("head")
NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
CREATE = Effect(NAME, Verb.CREATE, {}, {"title": "Pushes fail"}, Resource(NAME, {}))


def a_plan(title: str = "Pushes fail") -> Plan:
    return Plan((replace(CREATE, after={"title": title}),))


@pytest.fixture
def client() -> MemoryMergeRequests:
    return MemoryMergeRequests().put(a_merge_request(7, state="opened"))


def run(client: MemoryMergeRequests, title: str = "Pushes fail", commit: str = "head") -> str:
    return note_plan(client, 7, a_plan(title), NoteSubject(commit), str)


def test_ten_runs_write_one_comment_once(client: MemoryMergeRequests) -> None:
    results = {run(client) for _ in range(10)}
    assert results == {"a comment was written on merge request 7", "the comment on merge request 7 is up to date"}
    assert client.writes == ["write 7"]


def test_another_plan_changes_it_in_place(client: MemoryMergeRequests) -> None:
    run(client)
    assert run(client, "Pulls fail") == "the comment on merge request 7 was updated"
    assert len(client.written) == 1
    assert "Pulls fail" in client.bodies[0]


def test_comments_of_people_are_left_alone(client: MemoryMergeRequests) -> None:
    client.add("Looks good", MALLORY)
    run(client)
    run(client, "Pulls fail")
    assert client.bodies[0] == "Looks good"
    assert len(client.written) == 2


def test_a_mark_that_somebody_copied_is_not_ours_and_is_warned_of(client: MemoryMergeRequests) -> None:
    forged = plan_notes.signed(7, plan_notes.planned(Plan(()), SUBJECT))
    client.add(forged, MALLORY)
    for _ in range(2):
        run(client)
    assert client.bodies[0] == forged.rstrip()
    assert "Comment 10 by mallory has the mark of this one" in client.bodies[1]
    assert client.writes == ["write 7"]


def test_a_forged_mark_within_a_comment_of_ours_for_another_merge_request_is_none(client: MemoryMergeRequests) -> None:
    client.add(plan_notes.signed(8, plan_notes.planned(a_plan(), SUBJECT)))
    run(client)
    assert len(client.written) == 2
    assert "has the mark" not in client.bodies[1]


def test_a_new_token_writes_its_own_comment_once_and_names_the_old_one(client: MemoryMergeRequests) -> None:
    client.me = ROTATED
    run(client)
    client.me = ME
    for _ in range(3):
        run(client)
    assert "Comment 10 by old-bot" in client.bodies[1]
    assert client.writes == ["write 7", "write 7"]


def test_one_of_ours_that_we_may_not_change_is_followed_by_a_new_one_once(client: MemoryMergeRequests) -> None:
    run(client)
    client.refuse = {10}
    for _ in range(3):
        run(client, "Pulls fail")
    assert "Comment 10 by incident-bot" in client.bodies[1]
    assert client.writes == ["write 7", "change 10", "write 7"]


def test_what_a_person_deleted_comes_back_as_one(client: MemoryMergeRequests) -> None:
    run(client)
    client.written.clear()
    run(client)
    run(client)
    assert len(client.written) == 1


def test_what_is_deleted_between_look_and_change_is_written_anew(client: MemoryMergeRequests) -> None:
    run(client)

    class Deleting(MemoryMergeRequests):
        def change_note(self, iid, note, body):  # type: ignore[no-untyped-def]
            self.written.clear()
            return super().change_note(iid, note, body)

    other = Deleting(found=client.found, written=client.written)
    assert run(other, "Pulls fail") == "a comment was written on merge request 7"
    assert len(other.written) == 1


def test_what_a_person_edited_is_put_right(client: MemoryMergeRequests) -> None:
    run(client)
    client.written[0] = replace(client.written[0], body=client.written[0].body + "\n\nApproved by the board")
    run(client)
    assert "Approved" not in client.bodies[0]
    assert client.writes == ["write 7", "change 10"]


def test_an_answer_that_is_lost_is_looked_up_and_nothing_is_written_twice(client: MemoryMergeRequests) -> None:
    client.lose = {1}
    run(client)
    assert client.writes == ["write 7"]
    assert len(client.written) == 1


def test_a_request_that_was_lost_is_sent_again_after_a_look(client: MemoryMergeRequests) -> None:
    client.drop = {1}
    run(client)
    assert client.writes == ["write 7", "write 7"]
    assert len(client.written) == 1


def test_a_request_that_is_lost_again_is_given_up(client: MemoryMergeRequests) -> None:
    client.drop = {1, 2}
    with pytest.raises(Unknown):
        run(client)
    assert client.writes == ["write 7", "write 7"]


def test_of_two_runs_at_once_one_comment_stays(client: MemoryMergeRequests) -> None:
    """The other run looks before we write, and writes before we do."""

    def other_run() -> None:
        client.meanwhile = lambda: None
        run(client)

    client.meanwhile = other_run
    run(client)
    assert [body for body in client.bodies if plan_notes.marked(body)] == [client.bodies[1]]
    assert client.bodies[0] == plan_notes.COPY
    before = len(client.writes)
    run(client)
    assert len(client.writes) == before


def test_a_duplicate_that_cannot_be_folded_fails_nothing(client: MemoryMergeRequests) -> None:
    def other_run() -> None:
        client.meanwhile = lambda: None
        run(client)
        client.refuse = {10}

    client.meanwhile = other_run
    assert run(client) == "a comment was written on merge request 7"


@pytest.mark.parametrize("state", ["merged", "closed", "locked"])
def test_what_is_not_open_any_more_gets_no_plan(client: MemoryMergeRequests, state: str) -> None:
    client.put(a_merge_request(7, state=state))
    assert "not open any more" in run(client)
    assert client.writes == []


def test_the_pipeline_of_an_old_commit_writes_nothing(client: MemoryMergeRequests) -> None:
    assert "the pipeline of its newest commit does that" in run(client, commit="old")
    assert client.writes == []


def test_what_the_composer_is_given_is_who_else_used_the_mark(client: MemoryMergeRequests) -> None:
    client.add(plan_notes.signed(7, plan_notes.planned(Plan(()), SUBJECT)), MALLORY)
    given: list[Sequence[Other]] = []

    def compose(others: Sequence[Other]) -> str:
        given.append(others)
        return "x"

    upsert_note(client, 7, compose, str)
    assert given == [((10, "mallory"),)]


# After the merge


def ended(incident: str, status: OutcomeStatus = OutcomeStatus.DONE) -> Outcome:
    name = replace(NAME, incident=incident)
    return Outcome(replace(CREATE, name=name), status, "", "https://gitlab.example.com/a/-/issues/1")


def landed_by(client: MemoryMergeRequests, commits: dict[str, str]) -> MergeRequestFinder:
    return MergeRequestFinder(lambda: client, lambda files: [commits[files[0]]] if files[0] in commits else [], "main")


def test_the_plan_becomes_what_was_done(client: MemoryMergeRequests) -> None:
    run(client)
    client.put(a_merge_request(7))
    client.commits = {"c": (7,)}
    notes = note_done(landed_by(client, {"a.yaml": "c"}), {"a": "a.yaml"}, [ended("a")], {}, str)
    assert notes == ("the comment on merge request 7 was updated",)
    assert len(client.written) == 1
    assert "## What was done" in client.bodies[0]
    assert "customers will read" not in client.bodies[0]


def test_each_comment_has_what_its_merge_request_landed_and_nothing_else(client: MemoryMergeRequests) -> None:
    client.put(a_merge_request(7), a_merge_request(8))
    client.commits = {"c": (7,), "d": (8,)}
    commits = {"a.yaml": "c", "b.yaml": "d", "incidents/handbook.yaml": "d"}
    outcomes = [ended("b"), ended("a"), ended("")]
    note_done(landed_by(client, commits), {"a": "a.yaml", "b": "b.yaml"}, outcomes, {}, str)
    first, second = client.bodies
    assert ("create a gitlab.issue" in first, "create b gitlab.issue" in first) == (True, False)
    assert ("create b gitlab.issue" in second, "create a gitlab.issue" in second) == (True, False)
    assert "2 done" in second


def test_what_was_pushed_without_a_merge_request_has_no_comment(client: MemoryMergeRequests) -> None:
    assert note_done(landed_by(client, {"a.yaml": "c"}), {"a": "a.yaml"}, [ended("a")], {}, str) == ()
    assert note_done(landed_by(client, {}), {"a": "a.yaml"}, [ended("a")], {}, str) == ()


def test_what_every_run_repeats_has_no_comment(client: MemoryMergeRequests) -> None:
    client.put(a_merge_request(7))
    client.commits = {"c": (7,)}
    outcomes = [ended("a", OutcomeStatus.SKIPPED), ended("a", OutcomeStatus.MANUAL)]
    assert note_done(landed_by(client, {"a.yaml": "c"}), {"a": "a.yaml"}, outcomes, {}, str) == ()
    assert client.asked == []


def test_restoring_what_a_person_moved_does_not_rewrite_an_old_comment(client: MemoryMergeRequests) -> None:
    client.put(a_merge_request(7))
    client.commits = {"c": (7,)}
    restored = ended("a")
    effect = replace(restored.effect, verb=Verb.UPDATE, restored=("title",))
    finder = landed_by(client, {"a.yaml": "c"})
    assert note_done(finder, {"a": "a.yaml"}, [replace(restored, effect=effect)], {}, str) == ()
    assert client.asked == []


def test_a_fault_is_for_the_caller(client: MemoryMergeRequests) -> None:
    client.fault = Failed("GitLab is out of order")
    with pytest.raises(Failed):
        note_done(landed_by(client, {"a.yaml": "c"}), {"a": "a.yaml"}, [ended("a")], {}, str)


def test_tokens_are_taken_out_before_anything_leaves(client: MemoryMergeRequests) -> None:
    for _ in range(2):
        note_plan(client, 7, a_plan("glpat-secret"), SUBJECT, lambda text: text.replace("glpat-secret", "[redacted]"))
    assert "glpat-secret" not in client.bodies[0]
    assert client.writes == ["write 7"]
