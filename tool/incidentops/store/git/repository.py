"""The only client of git: reading trees in bulk, commits without a checkout, and pushes that never overwrite.

Nothing here touches the work tree or the index of the person whose repository it is: commits are made from a parent's
tree in an index file of their own (docs/services.md: What Python costs).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from msgspec import Struct

from incidentops.core import moment
from incidentops.core.errors import Failed, WrongUse
from incidentops.core.secret import Secret
from incidentops.core.text import quoted
from incidentops.store.git.run import NETWORK, Git, Login, redacted

NO_OBJECT = "0" * 40
"""The object id that git uses for "is not there"."""


class CommitIdentity(Struct, frozen=True):
    """Who a commit is by, and when; the present moment when `at` is None."""

    name: str
    email: str
    at: datetime | None = None


class RejectionReason(StrEnum):
    """Why a push did not land."""

    STALE = "stale"  # the branch has moved: fetch and try again
    DENIED = "denied"  # the server does not allow it
    NO_OPTIONS = "no_options"  # the server takes no push options
    UNREACHABLE = "unreachable"  # no answer: it may even have landed, ask remote_tip


class Pushed(Struct, frozen=True):
    """A push that landed. `messages` are what the server answered, a line each, without `remote:`."""

    sha: str
    messages: tuple[str, ...]


class PushRejected(Struct, frozen=True):
    """A push that did not land. `messages` are git's and the server's words, redacted."""

    reason: RejectionReason
    messages: tuple[str, ...]


_STALE = ("non-fast-forward", "fetch first", "stale info", "cannot lock ref", "failed to update ref", "needs force")
_USER = re.compile(r"(?<=^http://)[^/@]*@|(?<=^https://)[^/@]*@")
_LOST = ("remote failure", "failed to report status")
_DENIED = (
    "error: 401", "error: 403", "authentication failed", "permission denied", "could not read username",
    "could not read password", "does not appear to be a git repository", "not found",
)  # fmt: skip


class Repository:
    """The git repository that the records are in. Paths are relative to `root`, with `/`.

    `prefix` leads from the top of git's work tree to `root`: empty, or a path that ends in `/`.
    """

    def __init__(self, root: Path, secrets: Sequence[Secret] = (), login: Login | None = None) -> None:
        self._secrets = tuple(secrets)
        self.git = Git(root, secrets, login)
        self.prefix = self.git.text("-C", str(root.resolve()), "rev-parse", "--show-prefix")

    # What is here

    def head(self) -> str | None:
        """Return the commit that is checked out; None before the first commit."""
        return self.commit("HEAD")

    def branch(self) -> str | None:
        """Return the name of the branch that is checked out; None when HEAD is detached, as in CI."""
        answer = self.git.ask("symbolic-ref", "--quiet", "--short", "HEAD")
        return None if answer.status else answer.text

    def commit(self, revision: str) -> str | None:
        """Return the commit that a revision names; None when there is none."""
        answer = self.git.ask("rev-parse", "--quiet", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        return None if answer.status else answer.text

    def contains(self, descendant: str, ancestor: str) -> bool:
        """Return whether one commit is the other or stands in its history. Raises Failed when one is not here."""
        answer = self.git.ask("merge-base", "--is-ancestor", ancestor, descendant)
        if answer.status > 1:
            raise Failed(f"git merge-base failed: {answer.error.strip()}")
        return answer.status == 0

    def landings(self, revision: str, paths: Sequence[str], most: int) -> tuple[str, ...]:
        """Return the newest commits by which changes of files landed on a branch, newest first, at most so many.

        Only the branch's own commits: of a merge the merge itself, not what was merged. Raises Failed where the history
        is cut off (a shallow clone), for there the oldest commit seems to have added everything.
        """
        if self.is_shallow():
            raise Failed(
                "the history of this clone is cut off", "fetch all of it: GIT_DEPTH: 0, or git fetch --unshallow"
            )
        specs = (f":(top,literal){self.prefix}{path}" for path in paths)
        listed = self.git.text("rev-list", "--first-parent", f"--max-count={most}", revision, "--", *specs)
        return tuple(listed.split())

    def config(self, key: str) -> str:
        """Return a setting of git, as the person has it; empty when it is not set."""
        answer = self.git.ask("config", "--get", key)
        return "" if answer.status else answer.text

    def is_shallow(self) -> bool:
        """Whether the clone lacks a part of the history."""
        return self.git.text("rev-parse", "--is-shallow-repository") == "true"

    def path(self, name: bytes) -> str:
        """Return what git calls a file as a path below the root."""
        return name.decode("utf-8", "surrogateescape").removeprefix(self.prefix)

    def tree(self, revision: str, folder: str = "") -> Iterator[tuple[str, str, bytes, str]]:
        """Yield path, kind, mode and object id of everything below a folder in a revision."""
        where = filter(None, [(self.prefix + folder).rstrip("/")])
        listed = self.git.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", revision, *where)
        for line in listed.split(b"\0")[:-1]:
            facts, _, name = line.partition(b"\t")
            mode, kind, blob = facts.split(b" ")
            yield self.path(name), kind.decode("ascii"), mode, blob.decode("ascii")

    def blob_ids(self, revision: str, folder: str = "") -> Mapping[str, str]:
        """Return path and blob of every file under a folder in a revision; none when the folder is not there."""
        return {path: blob for path, kind, _, blob in self.tree(revision, folder) if kind == "blob"}

    def blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, int, IO[bytes]]]:
        """Yield id and size of blobs, in the order asked for, and the stream to read so many bytes and one more of.

        One process reads them all. Raises Failed for a blob that is not here.
        """
        wanted = "".join(f"{blob}\n" for blob in ids).encode("ascii")
        if not wanted:
            return
        with self.git.stream("cat-file", "--batch", "--buffer", given=wanted) as output:
            while header := output.readline():
                words = header.decode("ascii").split()
                if words[1] != "blob":
                    raise Failed(f"git has no blob {quoted(words[0])}", "see what is missing with: git fsck")
                yield words[0], int(words[2]), output

    def read_blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield id and content of blobs, in the order asked for. Raises Failed for one that is not here."""
        for blob, size, output in self.blobs(ids):
            yield blob, output.read(size + 1)[:-1]

    def read_file(self, revision: str, path: str) -> bytes | None:
        """Return a file's content in a revision; None when it is not there."""
        blob = self.blob_ids(revision, path).get(path)
        return None if blob is None else next(self.read_blobs([blob]))[1]

    # Writing, without a checkout

    def write_commit(
        self,
        parent: str | None,
        changes: Mapping[str, bytes | None],
        message: str,
        author: CommitIdentity | None = None,
        also: str | None = None,
    ) -> str:
        """Make a commit on a parent (None: the first of a branch) and return its id. No branch moves.

        `changes` maps paths to content; None takes the file away. Without an author it is the person git is
        configured for, and signed when they sign their commits. `also` is a second parent, of which only the history
        is taken. Raises Failed.
        """
        with TemporaryDirectory(prefix="incident-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            self.git.run("read-tree", parent or "--empty", environment=index)
            blobs = self._write_blobs([content for content in changes.values() if content is not None], Path(folder))
            lines = []
            for path, content in changes.items():
                mode, blob = ("0", NO_OBJECT) if content is None else ("100644", blobs[content])
                lines.append(f"{mode} {blob}\t{self.prefix}{path}\0")
            self.git.run("update-index", "-z", "--index-info", given="".join(lines).encode(), environment=index)
            tree = self.git.text("write-tree", environment=index)
        options = [word for commit in (parent, also) if commit for word in ("-p", commit)]
        if author is None and self.config("commit.gpgsign").lower() in ("true", "yes", "on", "1"):
            options.append("-S")
        made = self.git.run("commit-tree", tree, *options, given=message.encode(), environment=_identity(author))
        return made.decode("ascii").strip()

    def commit_files(self, paths: Sequence[str], message: str) -> str:
        """Commit files of the work tree on the branch that is checked out, nothing else with them. Raises Failed."""
        specs = [f":(top,literal){self.prefix}{path}" for path in paths]
        self.git.run("add", "--", *specs)
        self.git.run("commit", "--quiet", "--message", message, "--", *specs)
        return self.git.text("rev-parse", "HEAD")

    def _write_blobs(self, contents: Sequence[bytes], folder: Path) -> Mapping[bytes, str]:
        """Write blobs with one process and return their ids by content."""
        names = []
        for number, content in enumerate(contents):
            path = folder / str(number)
            path.write_bytes(content)
            names.append(f"{path}\n")
        written = self.git.run("hash-object", "-w", "--no-filters", "--stdin-paths", given="".join(names).encode())
        return dict(zip(contents, written.decode("ascii").split(), strict=True))

    # The other side

    def remote(self) -> str:
        """Return the remote work goes to: that of the branch, else `origin`, else the only one. Raises WrongUse."""
        names = self.git.text("remote").split("\n")
        branch = self.branch()
        of_branch = self.config(f"branch.{branch}.remote") if branch else ""
        for name in [of_branch, "origin", *(names if len(names) == 1 else [])]:
            if name and name in names:
                return name
        raise WrongUse("this repository has no remote that one could push to", "add it with: git remote add origin URL")

    def bare_url(self, remote: str) -> str:
        """Return where a remote is, credentials taken out, so that a login of ours is the only one."""
        return _USER.sub("", self.git.text("remote", "get-url", "--end-of-options", remote))

    def default_branch(self, remote: str) -> str:
        """Return the branch that merge requests go to, as the server has it. Raises Failed."""
        for what, _ in self._remote_refs("--symref", "--end-of-options", remote, "HEAD"):
            if what.startswith("ref: "):
                return what.removeprefix("ref: ").removeprefix("refs/heads/")
        raise Failed(
            f"the remote {quoted(remote)} does not say what its default branch is",
            "push a first commit to it: git push -u origin main",
        )

    def remote_tip(self, remote: str, ref: str) -> str | None:
        """Return the commit of a ref (`refs/heads/main`) on the server; None when it is not there. Raises Failed."""
        return next((sha for sha, name in self._remote_refs("--end-of-options", remote, ref) if name == ref), None)

    def _remote_refs(self, *arguments: str) -> Iterator[tuple[str, ...]]:
        """Yield what `git ls-remote` says, a line each: the commit, or where it points, and the ref."""
        answer = self.git.run("ls-remote", *arguments, seconds=NETWORK)
        yield from (line.partition("\t")[::2] for line in answer.decode("utf-8", "replace").split("\n"))

    def fetch(self, remote: str, refspec: str, depth: int | None = None) -> None:
        """Fetch a refspec. Only its target moves; tags and FETCH_HEAD stay as they are. Raises Failed."""
        deep = [] if depth is None else [f"--depth={depth}"]
        self.git.run(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *deep, "--end-of-options", remote, refspec,
            seconds=NETWORK,
        )  # fmt: skip

    def push(
        self, remote: str, sha: str, ref: str, options: Sequence[str] = (), expect: str | None = None
    ) -> Pushed | PushRejected:
        """Push a commit to a ref (`refs/heads/...`) as a fast-forward, and say how it ended.

        With `expect` the ref must still be at that commit (NO_OBJECT: must not exist), else the push is stale.
        `options` are git push options. Raises Failed only when `expect` is not in the history of `sha`.
        """
        lease = []
        if expect is not None:
            if expect != NO_OBJECT and not self.contains(sha, expect):
                raise Failed(f"{sha[:12]} does not follow {expect[:12]}: it is no fast-forward")
            lease = [f"--force-with-lease={ref}:{'' if expect == NO_OBJECT else expect}"]
        given = [f"--push-option={option}" for option in options]
        answer = self.git.ask(
            "push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", *lease, *given,
            "--end-of-options", remote, f"{sha}:{ref}", seconds=NETWORK,
        )  # fmt: skip
        messages = _messages(answer.error)
        if answer.status == 0:
            return Pushed(sha, messages)
        output = redacted(answer.output.decode("utf-8", "replace"), self._secrets)
        refused = tuple(line.split("\t")[-1] for line in output.split("\n") if line.startswith("!"))
        reason = _reason(" ".join((*refused, *messages)).lower(), answered=bool(refused))
        return PushRejected(reason, refused + messages)


def _identity(author: CommitIdentity | None) -> Mapping[str, str]:
    if author is None:
        return {}
    identity = {}
    for role in ("AUTHOR", "COMMITTER"):
        identity[f"GIT_{role}_NAME"], identity[f"GIT_{role}_EMAIL"] = author.name, author.email
        if author.at is not None:
            identity[f"GIT_{role}_DATE"] = moment.show(author.at)
    return identity


def _messages(text: str) -> tuple[str, ...]:
    """Return what the other side had to say, a line each; git's own progress and frames left out."""
    lines = (line.removeprefix("remote:").strip() for line in text.split("\n"))
    return tuple(line for line in lines if line and not line.startswith(("To ", "hint:")))


def _reason(message: str, *, answered: bool) -> RejectionReason:
    """Tell the reasons apart by git's English words. What nobody answered may have landed all the same."""
    if "does not support push options" in message:
        return RejectionReason.NO_OPTIONS
    if any(words in message for words in _STALE):
        return RejectionReason.STALE
    if any(words in message for words in _LOST):
        return RejectionReason.UNREACHABLE
    if answered or any(words in message for words in _DENIED):
        return RejectionReason.DENIED
    return RejectionReason.UNREACHABLE
