"""Push one record: a commit on its own branch at the server with a merge request; the local clone stays as it is.

The branch is `incident/<id>`. Git push options make the merge request, so that neither a token nor the API is needed.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from incidentops.core.errors import Refused
from incidentops.model.build import record_id
from incidentops.store.git.repository import NO_OBJECT, Pushed, PushRejected, RejectionReason, Repository

_REQUEST = re.compile(r"https?://\S+/-/merge_requests/\S+")


class PushBase(Struct, frozen=True):
    """What a push builds on: the parent commit, what must still be at the server, and the record's text there."""

    remote: str
    target: str
    branch: str
    parent: str
    also: str | None
    expect: str
    text: str | None


class PushResult(Struct, frozen=True):
    """A record that was pushed. `request` is the merge request's address, when the server gave it.

    `options_taken` tells whether the server took git push options, `output` is what it printed.
    """

    remote: str
    branch: str
    target: str
    sha: str
    request: str
    options_taken: bool
    output: tuple[str, ...]


class PushFailure(Struct, frozen=True):
    """A record that could not be pushed: why, what to do, and what the server printed."""

    reason: str
    hint: str
    output: tuple[str, ...] = ()


def base_for(repository: Repository, file: str) -> PushBase:
    """Fetch what to build on: the tip of the record's branch while its merge request is open, else the target's.

    Raises Failed when the server cannot be reached, WrongUse when there is no remote.
    """
    remote = repository.remote()
    target = repository.default_branch(remote)
    branch = f"incident/{record_id(file)}"
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
    """Whether the target already has everything that the branch has of the record."""
    here, there = repository.read_file(landed, file), repository.read_file(tip, file)
    return (
        here is not None and there is not None and holds(here.decode(errors="replace"), there.decode(errors="replace"))
    )


def holds(text: str, older: str) -> bool:
    """Whether a text has every line of an older one, in their order: it is the same record, ahead of it."""
    lines: Iterator[str] = iter(text.splitlines())
    return all(any(line == mine for mine in lines) for line in older.splitlines())


def newest(mine: str | None, theirs: str | None) -> str | None:
    """Return the text that is ahead: that of the file here or of the record at the server. Raises Refused."""
    if theirs is None or (mine is not None and holds(mine, theirs)):
        return mine
    if mine is None or holds(theirs, mine):
        return theirs
    raise Refused(
        "the record at the server has changes that your file does not have, and the other way round",
        "merge them first: git pull, then run the command again (without --push it is only written here)",
    )


def push_record(repository: Repository, base: PushBase, file: str, text: str, message: str) -> PushResult | PushFailure:
    """Commit the record on its branch and push it with a merge request that merges once its pipeline succeeds."""
    sha = repository.write_commit(base.parent, {file: text.encode()}, message, also=base.also)
    options = push_options(base.target, record_id(file))
    answer = _push(repository, base, sha, options)
    taken = True
    if isinstance(answer, PushRejected) and answer.reason is RejectionReason.NO_OPTIONS:
        taken = False
        answer = _push(repository, base, sha, ())
    if isinstance(answer, PushRejected):
        return _failure(answer, base)
    return PushResult(base.remote, base.branch, base.target, sha, _request(answer.messages), taken, answer.messages)


def push_options(target: str, record: str) -> tuple[str, ...]:
    """Return the git push options that open the merge request, or set it again while it is open.

    Merging when the pipeline succeeds has two names: version 17.11 renamed the first to the second. A host ignores
    options that it does not know, so both are sent.
    The title is the record's id and no text that somebody wrote, so it cannot mention or close anything.
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


def _request(output: Sequence[str]) -> str:
    """Return the merge request's address in the server's answer, not that of the form for a new one."""
    found = (match for line in output for match in _REQUEST.findall(line))
    return next((address for address in found if "/new" not in address), "")


def _failure(answer: PushRejected, base: PushBase) -> PushFailure:
    reason, hint = "the server does not allow the push", "check your access, then commit and push the file"
    if answer.reason is RejectionReason.STALE:
        reason, hint = f"{base.branch} has just been pushed to by somebody else", "git pull, then push the file"
    elif answer.reason is RejectionReason.UNREACHABLE:
        reason, hint = "the server did not answer", "commit and push the file when it is back"
    return PushFailure(reason, hint, answer.messages)
