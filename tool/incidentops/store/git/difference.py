"""What lies here compared with a commit that both sides come from: which records differ, and who committed what since.

Git is asked in bulk: one `diff`, one `log`, one `cat-file` (docs/services.md: What Python costs).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted
from incidentops.model.change import CommitAuthor
from incidentops.store.git.history import RAW, History, LandedVersion, too_shallow, version
from incidentops.store.records import is_record

_FORM = "%H%x00%P%x00%an%x00%ae%x00%G?%x00%GS"
_GOOD = "G"
"""What git says of a signature that is right and of a key that is trusted."""


class CommitStep(Struct, frozen=True):
    """One commit since the base: its parents among those that changed records, its author, and what it wrote.

    A file that it took away is None. Of a merge it is what differs from any of its parents.
    """

    sha: str
    parents: tuple[str, ...]
    author: CommitAuthor
    versions: Mapping[str, LandedVersion | None]


class RecordDifference(Struct, frozen=True):
    """The records that are not what they are in the commit `base`; `head` is the commit that is checked out.

    `changed` has what landed of them, None for a record that is new here; `gone` those that are nowhere any more.
    """

    base: str
    head: str
    changed: Mapping[str, LandedVersion | None] = field(default_factory=dict)
    gone: Mapping[str, LandedVersion] = field(default_factory=dict)


class Comparison:
    """Compares the folder of the records with a commit."""

    def __init__(self, root: Path, history: History) -> None:
        self._root = root
        self._history = history
        self._repository, self._git = history.repository, history.git

    def since(self, revision: str) -> RecordDifference:
        """Compare with the commit where the present branch left the one that `revision` names.

        Raises WrongUse for a revision that is not here, that has nothing to do with the branch, and where the clone
        lacks a part of what is between.
        """
        head = self._repository.head()
        if head is None:
            raise WrongUse("there is no commit yet, so nothing has landed", "leave --base out, or commit first")
        base = self._fork(revision, head)
        changed: dict[str, LandedVersion | None] = {}
        gone: dict[str, LandedVersion] = {}
        for file, landed in self._differing(base):
            if landed and not (self._root / file).exists() and not (self._root / file).is_symlink():
                gone[file] = landed
            else:
                changed[file] = landed
        for name in self._git.run("ls-files", "--others", "-z", "--", self._history.where).split(b"\0")[:-1]:
            changed.setdefault(self._repository.path(name), None)
        return RecordDifference(base, head, {file: v for file, v in changed.items() if is_record(file)}, gone)

    def steps(self, difference: RecordDifference) -> Iterator[CommitStep]:
        """Yield the commits between that changed records, merges among them, each after its parents.

        Raises WrongUse where the clone lacks some of them.
        """
        if difference.base == difference.head:
            return
        shallow = self._repository.is_shallow()
        steps: dict[str, CommitStep] = {}
        commits = ("--full-history", "--parents", "--topo-order", f"{difference.base}..{difference.head}")
        for (sha, parents, name, email, verdict, signer), files in self._history.log(_FORM, *commits):
            if shallow and not parents:
                raise too_shallow("what was committed since the base is not all here, and the clone is shallow")
            author = CommitAuthor(name, email, _address(signer) if verdict == _GOOD else "")
            known = steps.get(sha)
            versions = {**known.versions, **files} if known else files
            steps[sha] = CommitStep(sha, tuple(parents.split()), author, versions)
        yield from steps.values()

    def me(self) -> CommitAuthor:
        """Return who git would name as the author of a commit made here and now; nobody when it does not know."""
        answer = self._git.ask("var", "GIT_AUTHOR_IDENT")
        name, _, rest = answer.text.partition(" <")
        return CommitAuthor("", "") if answer.status else CommitAuthor(name, rest.partition("> ")[0])

    def _fork(self, revision: str, head: str) -> str:
        commit = self._repository.commit(revision)
        shallow = self._repository.is_shallow()
        if commit is None:
            if shallow:
                raise too_shallow(
                    f"the commit {quoted(revision)} to compare with is not here, and the clone is shallow"
                )
            raise WrongUse(
                f"there is no commit {quoted(revision)} to compare with",
                "name a commit, a tag or a branch; one of the server is fetched first: git fetch origin",
            )
        answer = self._git.ask("merge-base", commit, head)
        if answer.status:
            if shallow:
                raise too_shallow(f"where this branch left {quoted(revision)} is not here, and the clone is shallow")
            raise WrongUse(f"{quoted(revision)} and this branch have no commit in common", "name the branch it left")
        return answer.text

    def _differing(self, base: str) -> Iterator[tuple[str, LandedVersion | None]]:
        """Yield the records that differ in the folder, each with what the base has of it."""
        words = iter(self._git.run("diff", *RAW, "--no-ext-diff", base, "--", self._history.where).split(b"\0"))
        while word := next(words, b""):
            path = self._repository.path(next(words))
            mode, _, blob, _, letter = word.lstrip(b":").split(b" ")
            if is_record(path) and letter != b"U":  # a file with conflicts is not readable anyway
                yield path, None if letter == b"A" else version(path, mode, blob.decode("ascii"))


def _address(signer: str) -> str:
    """Return the address in what a signature says of its signer: `Ana <ana@example.com>` (GPG), or the address."""
    return signer.rpartition("<")[2].rpartition(">")[0] if signer.endswith(">") else signer
