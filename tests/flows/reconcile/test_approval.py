"""The reviewed plan is the applied plan: what was shown is done, what was not is refused in words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from msgspec.structs import replace

from flows.reconcile.merge_request_fake import MemoryMergeRequests, a_merge_request
from flows.reconcile.test_reconcile import ALL, LIVE, Scene, a_file
from incidentops.core.errors import BadConfiguration, Failed
from incidentops.flows.reconcile.approval import Reviewer
from incidentops.flows.reconcile.merge_requests import MergeRequestFinder
from incidentops.flows.reconcile.plan import make_plan
from incidentops.flows.reconcile.reconcile import ReconcileReport
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.plan.outcome import OutcomeStatus
from incidentops.render import plan_json
from make import an_entry

FILE, CONTENT = a_file(*LIVE[:1])
OTHER, OTHER_CONTENT = a_file(*LIVE[:1], name="2026-11-21-web", title="The web is slow")
HANDBOOK = "incidents/handbook.yaml"
MORE = (*LIVE[:1], an_entry("15:25", publish="We found the cause"))


def _records(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {file: content for file, content in files.items() if file != HANDBOOK}


@dataclass
class Repository:
    """A default branch whose commits came by merge requests, and the pipelines of these."""

    scene: Scene = field(default_factory=Scene)
    client: MemoryMergeRequests = field(default_factory=MemoryMergeRequests)
    landed: dict[str, list[str]] = field(default_factory=dict)

    def plan(self, iid: int, files: Mapping[str, bytes], head: str = "head") -> None:
        """The pipeline of a merge request plans what its branch holds."""
        branch = self.scene.records.files
        self.scene.records.files = {**branch, **_records(files)}
        planned = make_plan(self.scene.question(not_configured="no token"), self.scene.ledger.read()).plan
        self.scene.records.files = branch
        self.client.artifacts[iid] = plan_json.as_json(planned, head).encode()

    def land(self, commit: str, files: Mapping[str, bytes], *merge_requests: int) -> None:
        self.scene.records.files.update(_records(files))
        for file in files:
            self.landed.setdefault(file, []).insert(0, commit)
        self.client.commits[commit] = merge_requests
        self.client.put(*(a_merge_request(iid) for iid in merge_requests))

    def merge(self, iid: int, files: Mapping[str, bytes]) -> None:
        """A merge request as it should be: planned, reviewed, merged."""
        self.plan(iid, files)
        self.land(f"commit {iid}", files, iid)

    def landings(self, files: Sequence[str]) -> Sequence[str]:
        known = [commit for commits in self.landed.values() for commit in commits]
        order = list(dict.fromkeys(self.order or known))
        return [commit for commit in order if any(commit in self.landed.get(file, ()) for file in files)]

    order: list[str] = field(default_factory=list)

    def reviewer(self, **changes: object) -> Reviewer:
        finder = MergeRequestFinder(lambda: self.client, self.landings, "main")
        return replace(Reviewer(finder), **changes)  # type: ignore[arg-type]

    def run(self, choice: PlanOptions = ALL, **changes: object) -> ReconcileReport:
        return self.scene.run(self.scene.question(choice), review=self.reviewer(**changes).review)


@pytest.fixture
def place() -> Repository:
    return Repository()


def statuses(report: ReconcileReport) -> dict[str, OutcomeStatus]:
    return {str(outcome.effect.name): outcome.status for outcome in report.outcomes}


def refusals(report: ReconcileReport) -> str:
    return "\n".join(outcome.detail for outcome in report.refused)


def test_what_was_reviewed_is_done_without_a_note(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    report = place.run()
    assert report.complete
    assert report.refused == ()
    assert report.plan.notes == ()
    assert len(place.scene.world.writes) == 3


def test_one_record_is_asked_about_with_two_questions(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.run()
    assert place.client.asked == ["commit commit 7", "artifact 7"]


def test_when_there_is_nothing_to_do_nobody_is_asked(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.run()
    place.client.asked.clear()
    assert place.run().complete
    assert place.client.asked == []


def test_a_part_of_what_was_reviewed_is_fine(place: Repository) -> None:
    """What dies half-way is finished by the next run, which has a smaller plan."""
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.scene.world.refuse = {next(f"post {n}" for n in _messages(place))}
    assert not place.run().complete
    place.scene.world.refuse = set()
    assert place.run().complete


def _messages(place: Repository) -> list[str]:
    plan = make_plan(place.scene.question(), place.scene.ledger.read()).plan
    return [effect.name.short for effect in plan.effects if effect.name.kind == "message"]


def test_another_text_than_the_reviewed_one_is_refused_in_words(place: Repository) -> None:
    place.plan(7, {FILE: CONTENT, HANDBOOK: b""})
    other = CONTENT.replace(b"Pushes fail", b"All is well")
    place.land("commit 7", {FILE: other, HANDBOOK: b""}, 7)
    report = place.run()
    reasons = refusals(report)
    assert "not in the reviewed plan of !7: " in reasons
    assert "text 'All is well'" in reasons
    assert not any("All is well" in str(thing.fields) for thing in place.scene.world.things.values())


def test_what_was_refused_stays_to_be_done_and_is_done_once_it_was_reviewed(place: Repository) -> None:
    place.merge(7, {HANDBOOK: b""})
    place.land("commit 8", {FILE: CONTENT}, 8)
    place.client.artifacts[8] = place.client.artifacts[7]
    place.order = ["commit 8", "commit 7"]
    assert place.run().refused
    assert place.scene.world.made("2026-11-21-registry-503 memory.issue") == []
    place.plan(9, {FILE: CONTENT})
    place.land("commit 9", {FILE: CONTENT}, 9)
    place.order = ["commit 9", "commit 8", "commit 7"]
    assert place.run().complete


def test_refusing_one_record_does_not_stop_another(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.land("commit 8", {OTHER: OTHER_CONTENT}, 8)
    place.order = ["commit 8", "commit 7"]
    report = place.run()
    ended = statuses(report)
    assert ended["2026-11-21-registry-503 memory.issue"] is OutcomeStatus.DONE
    assert ended["2026-11-21-web memory.issue"] is OutcomeStatus.REFUSED
    assert not report.complete


def test_after_a_refusal_nothing_else_of_that_record_is_done_there(place: Repository) -> None:
    """A message of an incident whose opening nobody reviewed would stand alone."""
    place.plan(7, {FILE: CONTENT, HANDBOOK: b""})
    plan = json.loads(place.client.artifacts[7])
    plan["effects"] = [effect for effect in plan["effects"] if effect["resource"] != "memory.issue"]
    place.client.artifacts[7] = json.dumps(plan).encode()
    place.land("commit 7", {FILE: CONTENT, HANDBOOK: b""}, 7)
    ended = set(statuses(place.run()).values())
    assert ended == {OutcomeStatus.DONE, OutcomeStatus.REFUSED, OutcomeStatus.BLOCKED}


def test_a_direct_push_goes_on_with_a_note_that_nobody_reviewed_it(place: Repository) -> None:
    place.land("abcdef0123456789", {FILE: CONTENT, HANDBOOK: b""})
    report = place.run()
    assert report.complete
    note = "commit abcdef012345 came without a merge request, so nobody reviewed what it does"
    assert report.plan.notes == (f"the handbook: {note}", f"2026-11-21-registry-503: {note}")


def test_where_a_review_is_always_wanted_a_direct_push_is_refused(place: Repository) -> None:
    place.land("abcdef0123456789", {FILE: CONTENT, HANDBOOK: b""})
    report = place.run(strict=True)
    assert "came without a merge request" in refusals(report)
    assert place.scene.world.writes == []


def test_an_old_direct_push_excuses_nothing_that_came_later(place: Repository) -> None:
    place.land("push", {FILE: b"", HANDBOOK: b""})
    place.plan(7, {})
    place.land("commit 7", {FILE: CONTENT}, 7)
    place.order = ["commit 7", "push"]
    assert "not in the reviewed plan of !7" in refusals(place.run())


def test_what_an_earlier_merge_request_showed_counts_too(place: Repository) -> None:
    """Two responders at once: the second plan does not know the message of the first, and both land."""
    place.plan(7, {FILE: CONTENT, HANDBOOK: b""})
    place.plan(8, {FILE: a_file(*MORE)[1]})
    plan = json.loads(place.client.artifacts[8])
    plan["effects"] = [one for one in plan["effects"] if one["after"].get("text") != "Pushes fail"]
    place.client.artifacts[8] = json.dumps(plan).encode()
    place.land("commit 7", {FILE: CONTENT, HANDBOOK: b""}, 7)
    place.land("commit 8", {FILE: a_file(*MORE)[1]}, 8)
    place.order = ["commit 8", "commit 7"]
    report = place.run()
    assert report.complete, refusals(report)
    assert "We found the cause" in str(place.scene.world.things)
    assert "Pushes fail" in str(place.scene.world.things)


def test_a_plan_made_while_the_run_before_it_was_still_at_work_is_enough(place: Repository) -> None:
    place.plan(7, {FILE: CONTENT, HANDBOOK: b""})
    place.plan(8, {FILE: a_file(*MORE)[1]})
    place.land("commit 7", {FILE: CONTENT, HANDBOOK: b""}, 7)
    assert place.run().complete
    place.land("commit 8", {FILE: a_file(*MORE)[1]}, 8)
    place.order = ["commit 8", "commit 7"]
    assert place.run().complete
    assert "We found the cause" in str(place.scene.world.things)


def test_what_a_person_moved_is_restored_without_asking(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.run()
    [issue] = place.scene.world.made("2026-11-21-registry-503 memory.issue")
    issue.fields["state"] = "closed"
    place.client.artifacts.clear()
    assert place.run().complete
    assert issue.fields["state"] == "opened"


def test_what_became_too_late_in_the_meantime_is_skipped_as_ever(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.scene.now += timedelta(hours=3)
    report = place.run()
    assert report.refused == ()
    assert OutcomeStatus.SKIPPED in statuses(report).values()


def test_what_was_skipped_in_the_review_is_not_approved_by_it(place: Repository) -> None:
    place.scene.now += timedelta(hours=3)
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    report = place.run(PlanOptions(late=True))
    assert "that memory.message" in refusals(report)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[]", b"null", b'{"version": 3, "effects": []}'])
def test_a_plan_that_cannot_be_read_is_no_pass(place: Repository, content: bytes) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.client.artifacts[7] = content
    report = place.run()
    assert "the reviewed plan of !7 cannot be read: it is damaged, or of another version" in refusals(report)
    assert place.scene.world.writes == []


def test_a_plan_whose_digests_do_not_fit_is_no_pass(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.client.artifacts[7] = place.client.artifacts[7].replace(b"Pushes fail", b"Pushes work")
    assert set(refusals(place.run()).splitlines()) == {
        "the reviewed plan of !7 cannot be read: it is damaged, or of another version"
    }


def test_without_an_artifact_the_refusal_names_what_is_missing(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.client.artifacts.clear()
    reason = "there is no reviewed plan of !7: no pipeline of this project left plan.json in a successful job 'plan'"
    assert reason in refusals(place.run())


def test_a_plan_for_an_older_commit_of_the_branch_is_no_pass(place: Repository) -> None:
    place.plan(7, {FILE: CONTENT, HANDBOOK: b""}, head="0123456789abcdef")
    place.land("commit 7", {FILE: CONTENT, HANDBOOK: b""}, 7)
    assert "was made for commit '0123456789ab', but 'head' was merged" in refusals(place.run())


def test_an_older_plan_that_cannot_be_read_is_passed_over(place: Repository) -> None:
    place.land("commit 6", {FILE: b"", HANDBOOK: b""}, 6)
    place.plan(7, {})
    place.land("commit 7", {FILE: CONTENT}, 7)
    place.order = ["commit 7", "commit 6"]
    assert "not in the reviewed plan of !7, !6: " in refusals(place.run())


def test_a_merge_request_of_several_commits_is_asked_once(place: Repository) -> None:
    place.plan(7, {})
    place.land("a", {FILE: b"", HANDBOOK: b""}, 7)
    place.land("b", {FILE: CONTENT}, 7)
    place.order = ["b", "a"]
    assert "plan of !7: " in refusals(place.run())
    assert place.client.asked.count("artifact 7") == 1


def test_without_a_token_nothing_can_be_checked_and_nothing_is_done(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    report = place.run(finder=None, not_configured="INCIDENT_GITLAB_TOKEN is not set")
    assert "what was reviewed cannot be read: INCIDENT_GITLAB_TOKEN is not set" in refusals(report)
    assert place.scene.world.writes == []


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (Failed("GitLab is out of order", outage=True), 1),
        (BadConfiguration("GitLab does not accept INCIDENT_GITLAB_TOKEN"), 1),
        (Failed("GitLab refused to answer"), 2),
    ],
)
def test_an_outage_is_an_error_and_is_not_asked_about_again(place: Repository, fault: Failed, asked: int) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.client.fault = fault
    report = place.run()
    assert f"what was reviewed cannot be read: {fault.message}" in refusals(report)
    assert len(place.client.asked) == asked
    assert place.scene.world.writes == []


def test_a_history_that_says_nothing_is_an_error(place: Repository) -> None:
    place.merge(7, {FILE: CONTENT, HANDBOOK: b""})
    place.landed.clear()
    assert "no commit of the default branch landed it" in refusals(place.run())


def test_a_settled_record_stays_settled_when_all_that_is_new_was_refused(place: Repository) -> None:
    """Another version of the tool would write another text: until that is approved, the record costs nothing more."""
    over = a_file(
        *LIVE, an_entry("15:20", state="monitoring"),
        an_entry("15:55", by="bo", state="resolved", status="operational", publish="Pushes work again"),
    )[1]  # fmt: skip
    place.merge(7, {FILE: over, HANDBOOK: b""})
    assert place.run().complete
    [issue] = place.scene.world.made("2026-11-21-registry-503 memory.issue")
    entry = place.scene.ledger.read().entry("2026-11-21-registry-503")
    drifted = replace(
        entry.receipts["memory.issue"], fields={**entry.receipts["memory.issue"].fields, "state": "opened"}
    )
    from incidentops.store.ledger import format as ledger_format

    place.scene.ledger.files["incidents/2026/2026-11-21-registry-503.json"] = ledger_format.write(
        replace(entry, receipts={**entry.receipts, "memory.issue": drifted})
    )
    issue.fields["state"] = "opened"
    place.client.artifacts.clear()
    assert place.run(PlanOptions(everything=True)).refused
    assert place.scene.ledger.read().entry("2026-11-21-registry-503").blob == entry.blob
    assert place.run().outcomes == ()
