"""Land one record: a commit on its own branch at the server, with a merge request, and nothing moved at home.

The branch is `incident/<id>`. Git push options make the merge request, so that neither a token nor the API is needed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from incidentops.core.errors import Refused
from incidentops.store.git.repository import NO_OBJECT, Pushed, PushRejected, RejectionReason, Repository

_REQUEST = re.compile(r"https?://\S+/-/merge_requests/\S+")


@dataclass(frozen=True, slots=True)
class PushBase:
    """Where the record's branch goes on from: the commit, what must still be at the server, and the record there."""

    remote: str
    target: str
    branch: str
    parent: str
    also: str | None
    expect: str
    text: str | None


@dataclass(frozen=True, slots=True)
class PushResult:
    """A record that is at the server. `request` is the merge request's address, when the server told it."""

    remote: str
    branch: str
    target: str
    sha: str
    request: str
    options_taken: bool
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PushFailure:
    """A record that is not at the server, why, and what the person can do."""

    why: str
    hint: str
    said: tuple[str, ...] = ()


def base_for(repository: Repository, file: str) -> PushBase:
    """Fetch what the record's branch goes on from: its own tip while its merge request is open, else the target's.

    Raises Failed when the server cannot be reached, WrongUse when there is no remote.
    """
    remote = repository.remote()
    target = repository.default_branch(remote)
    branch = f"incident/{PurePosixPath(file).stem}"
    landed = _fetched(repository, remote, target)
    tip = repository.remote_tip(remote, f"refs/heads/{branch}")
    parent, also = landed, None
    if tip is not None:
        _fetched(repository, remote, branch)
        open_request = not repository.contains(landed, tip)
        if open_request and _absorbed(repository, file, landed, tip):
            also = tip  # merged as a squash: start again from the target, and stay a fast-forward of the branch
        elif open_request:
            parent = tip
    content = repository.read_file(parent, file)
    text = None if content is None else content.decode("utf-8", "replace")
    return PushBase(remote, target, branch, parent, also, tip or NO_OBJECT, text)


def _fetched(repository: Repository, remote: str, branch: str) -> str:
    followed = f"refs/remotes/{remote}/{branch}"
    repository.fetch(remote, f"+refs/heads/{branch}:{followed}")
    commit = repository.commit(followed)
    if commit is None:
        raise Refused(f"{branch} moved while it was fetched", "run the command again")
    return commit


def _absorbed(repository: Repository, file: str, landed: str, tip: str) -> bool:
    """Whether the target has the record at least as far as the branch has it."""
    here, there = repository.read_file(landed, file), repository.read_file(tip, file)
    return (
        here is not None and there is not None and holds(here.decode(errors="replace"), there.decode(errors="replace"))
    )


def holds(text: str, older: str) -> bool:
    """Whether a text has every line of an older one, in their order: it is the same record, further on."""
    lines: Iterator[str] = iter(text.splitlines())
    return all(any(line == mine for mine in lines) for line in older.splitlines())


def newest(mine: str | None, theirs: str | None) -> str | None:
    """Return the text that is further on, of the file here and the record at the server. Raises Refused."""
    if theirs is None or (mine is not None and holds(mine, theirs)):
        return mine
    if mine is None or holds(theirs, mine):
        return theirs
    raise Refused(
        "the record at the server was changed in other places than yours",
        "bring them together first: git pull, then run the command again (without --push to write it down now)",
    )


def push_record(repository: Repository, base: PushBase, file: str, text: str, message: str) -> PushResult | PushFailure:
    """Commit the record on its branch and push it with a merge request that merges once its pipeline succeeds."""
    sha = repository.write_commit(base.parent, {file: text.encode()}, message, also=base.also)
    options = push_options(base.target, PurePosixPath(file).stem)
    ended = _push(repository, base, sha, options)
    taken = True
    if isinstance(ended, PushRejected) and ended.reason is RejectionReason.NO_OPTIONS:
        taken = False
        ended = _push(repository, base, sha, ())
    if isinstance(ended, PushRejected):
        return _not_landed(ended, base)
    return PushResult(base.remote, base.branch, base.target, sha, _request(ended.said), taken, ended.said)


def push_options(target: str, record: str) -> tuple[str, ...]:
    """Return the git push options that open the merge request, or set it again while it is open.

    To merge when the pipeline succeeds has two names: the second is newer (17.11) and the first is out of use since. A
    host passes over options that it does not know, so both are sent and every version finds its own.
    The title is the record's id and nothing that somebody wrote: it cannot mention or close anything.
    """
    return (
        "merge_request.create",
        f"merge_request.target={target}",
        f"merge_request.title=Incident {record}",
        "merge_request.remove_source_branch",
        "merge_request.merge_when_pipeline_succeeds",
        "merge_request.auto_merge",
    )


def _push(repository: Repository, base: PushBase, sha: str, options: Sequence[str]) -> Pushed | PushRejected:
    return repository.push(base.remote, sha, f"refs/heads/{base.branch}", options, base.expect)


def _request(said: Sequence[str]) -> str:
    """Return the merge request's address in the server's answer, not that of the form for a new one."""
    found = (match for line in said for match in _REQUEST.findall(line))
    return next((address for address in found if "/new" not in address), "")


def _not_landed(ended: PushRejected, base: PushBase) -> PushFailure:
    if ended.reason is RejectionReason.STALE:
        return PushFailure(
            f"{base.branch} was pushed to by somebody else just now", "git pull, then push the file", ended.said
        )
    if ended.reason is RejectionReason.UNREACHABLE:
        return PushFailure("the server did not answer", "commit and push the file when it does", ended.said)
    return PushFailure(
        "the server does not allow the push", "check your access, then commit and push the file", ended.said
    )
