"""Merge requests in memory: they do what they are asked, can lose an answer, say no, or let others be faster."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from incidentops.core.errors import Failed, Unknown
from incidentops.providers.base import Forbidden, MergeRequest, MergeRequestNote, NotFound

ME, ROTATED, MALLORY = 1, 2, 3
NAMES = {ME: "incident-bot", ROTATED: "old-bot", MALLORY: "mallory"}


def a_merge_request(iid: int = 7, state: str = "merged", sha: str = "head", target: str = "main") -> MergeRequest:
    url = f"https://gitlab.example.com/-/merge_requests/{iid}"
    return MergeRequest(iid, url, state == "opened", state in ("merged", "locked"), sha, target)


@dataclass
class MemoryMergeRequests:
    """`lose` are the writes (counted from 1) whose answer is lost, `drop` those that are lost before they are done."""

    found: dict[int, MergeRequest] = field(default_factory=dict)
    commits: dict[str, tuple[int, ...]] = field(default_factory=dict)
    artifacts: dict[int, bytes] = field(default_factory=dict)
    written: list[MergeRequestNote] = field(default_factory=list)
    me: int = ME
    lose: set[int] = field(default_factory=set)
    drop: set[int] = field(default_factory=set)
    refuse: set[int] = field(default_factory=set)
    fault: Failed | None = None
    asked: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def put(self, *found: MergeRequest) -> "MemoryMergeRequests":
        self.found |= {one.iid: one for one in found}
        return self

    def my_id(self) -> int:
        return self.me

    def merge_request(self, iid: int) -> MergeRequest:
        self._ask(f"merge request {iid}")
        return self.found[iid]

    def with_commit(self, commit: str) -> Sequence[MergeRequest]:
        self._ask(f"commit {commit}")
        return tuple(self.found[iid] for iid in self.commits.get(commit, ()))

    def artifact(self, iid: int, job: str, file: str) -> bytes | None:
        self._ask(f"artifact {iid}")
        assert (job, file) == ("plan", "plan.json")
        return self.artifacts.get(iid)

    def notes(self, iid: int) -> Sequence[MergeRequestNote]:
        self._ask(f"notes {iid}")
        return tuple(self.written)

    def write_note(self, iid: int, body: str) -> MergeRequestNote:
        self._write(f"write {iid}")
        self.meanwhile()
        note = self.add(body)
        self._answer()
        return note

    def change_note(self, iid: int, note: int, body: str) -> MergeRequestNote:
        self._write(f"change {note}")
        at = next((n for n, one in enumerate(self.written) if one.id == note), None)
        if at is None:
            raise NotFound("it was not found")
        if note in self.refuse or self.written[at].author_id != self.me:
            raise Forbidden("GitLab does not let us")
        self.written[at] = replace(self.written[at], body=body)
        self._answer()
        return self.written[at]

    def add(self, body: str, author: int = 0) -> MergeRequestNote:
        """Somebody writes a comment; GitLab strips what it strips."""
        who = author or self.me
        note = MergeRequestNote(len(self.written) + 10, body.replace("\r", "").rstrip(), NAMES[who], who)
        self.written.append(note)
        return note

    @property
    def bodies(self) -> list[str]:
        return [note.body for note in self.written]

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.fault is not None:
            raise self.fault

    def _write(self, what: str) -> None:
        self.writes.append(what)
        if self.fault is not None:
            raise self.fault
        if len(self.writes) in self.drop:
            raise Unknown("no answer came")

    def _answer(self) -> None:
        if len(self.writes) in self.lose:
            raise Unknown("no answer came")
