"""One git command: run with a time limit, never asking for a password, its output freed of credentials."""

import base64
import importlib
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any, BinaryIO, cast

from msgspec import Struct

from incidentops.core.errors import BadConfiguration, Failed, WrongUse
from incidentops.core.secret import Secret
from incidentops.core.text import quoted, visible_lines

QUICK, NETWORK = 120.0, 90.0
"""Seconds after which a local and a remote command are ended."""
_LAST_LINES = 20
"""How much is kept of what a command says while its output is read."""

# Whatever stands between `//` and `@` in a URL: `https://user:token@host`, `ssh://git@host` keeps its plain user.
_CREDENTIALS = re.compile(
    r"(?<=://)[^/@\s'\"]*[:%][^/\s'\"]*(?=@)|(?<=https://)[^/@\s'\"]+(?=@)|(?<=http://)[^/@\s'\"]+(?=@)"
)
_TOKENS = re.compile(r"\b(?:gl[a-z]{2,6}-[\w.-]{16,}|[Bb]asic [A-Za-z0-9+/=]{12,}|[Bb]earer [\w.~+/=-]{12,})")


def redacted(text: str, secrets: Sequence[Secret] = ()) -> str:
    """Return git's words without credentials: those in URLs, what looks like a token, and the secrets we know."""
    for secret in secrets:
        text = secret.redact(text)
    return _TOKENS.sub("[redacted]", _CREDENTIALS.sub("[redacted]", text))


class Login(Struct, frozen=True):
    """A token for a git server over HTTPS; it is sent to addresses below `url` and to nobody else."""

    url: str
    token: Secret

    def environment(self) -> Mapping[str, str]:
        """Return the variables that make git send the token: they are in no command line and in no file."""
        credentials = base64.b64encode(f"oauth2:{self.token.reveal()}".encode()).decode("ascii")
        return {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{self.url.rstrip('/')}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {credentials}",
        }


def look_for_git() -> None:
    """Find the program git. Raises BadConfiguration when there is none: GitPython looks for it when it is imported.

    That takes 35 ms, and most commands ask git nothing: each function here imports it when it needs it.
    """
    try:
        importlib.import_module("git")
    except ModuleNotFoundError:
        raise
    except ImportError as error:
        raise _no_git() from error


def _no_git() -> BadConfiguration:
    return BadConfiguration(
        "git is not installed", "install git 2.29 or newer (Debian: apt-get install git; macOS: xcode-select --install)"
    )


def surrounding(folder: Path) -> Path | None:
    """Return the top of the git repository that a folder is in, or would be in; None when it is in none."""
    look_for_git()
    import git

    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if _is_folder(path))
    try:
        return Path(git.Repo(there, search_parent_directories=True, expand_vars=False).working_dir)
    except git.InvalidGitRepositoryError:
        return None


def _is_folder(path: Path) -> bool:
    """Whether a path is a folder; what cannot be one, such as a name that is too long, is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def has_tracked_files(folder: Path) -> bool:
    """Return whether the git repository that a folder is in tracks anything in it. Raises WrongUse, Failed."""
    return _is_folder(folder) and Git(folder).run("-C", str(folder.resolve()), "ls-files") != b""


def begin(folder: Path) -> None:
    """Make a folder a git repository with the branch `main`. Raises Failed."""
    look_for_git()
    import git

    try:
        git.Git().init("--quiet", "--initial-branch=main", "--", folder)  # Repo.init expands $NAME in the path
    except (git.GitError, OSError) as error:
        raise Failed(f"git cannot begin a repository in {quoted(folder, 200)}", redacted(str(error))) from error


class GitOutput(Struct, frozen=True):
    """How a git command ended. `error` is its standard error, redacted and safe to print."""

    status: int
    output: bytes
    error: str

    @property
    def text(self) -> str:
        """The output as text, without the last line break."""
        return self.output.decode("utf-8", "surrogateescape").rstrip("\n")


@contextmanager
def _input(content: bytes) -> Iterator[BinaryIO]:
    with TemporaryFile() as source:
        source.write(content)
        source.seek(0)
        yield source


class Git:
    """Git commands in one repository, through GitPython's plumbing."""

    def __init__(self, root: Path, secrets: Sequence[Secret] = (), login: Login | None = None) -> None:
        look_for_git()
        import git

        self._secrets = tuple(secrets)
        self._environment = {"GIT_TERMINAL_PROMPT": "0", **(login.environment() if login else {})}
        try:
            self._git = git.Repo(root, search_parent_directories=True, expand_vars=False).git
        except git.InvalidGitRepositoryError as error:
            raise WrongUse(
                f"{quoted(root, 200)} is not in a git repository", "make one there with: git init -b main"
            ) from error
        except (git.GitError, OSError, ValueError) as error:
            raise BadConfiguration(
                f"git cannot open {quoted(root, 200)}: {redacted(visible_lines(str(error)), secrets)}"
            ) from error

    def ask(
        self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None, seconds: float = QUICK
    ) -> GitOutput:
        """Run a command and return how it ended, whatever the end. `given` is its standard input."""
        with _input(given) as source:
            status, output, errors = self._execute(
                arguments,
                source,
                env={**self._environment, **(environment or {})},
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                kill_after_timeout=seconds,
            )
        if errors.startswith("Timeout: the command"):
            errors = f"no answer within {seconds:g} seconds"
        return GitOutput(status, output, visible_lines(redacted(errors, self._secrets)))

    def run(
        self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None, seconds: float = QUICK
    ) -> bytes:
        """Run a command that must succeed and return its output. Raises Failed with what git said."""
        answer = self.ask(*arguments, given=given, environment=environment, seconds=seconds)
        if answer.status:
            raise Failed(f"git {arguments[0]} failed: {answer.error.strip() or f'exit code {answer.status}'}")
        return answer.output

    @contextmanager
    def stream(self, *arguments: str, given: bytes = b"") -> Iterator[IO[bytes]]:
        """Run a command whose output is read while it works; it is ended when nobody reads on.

        Raises Failed with what git said when all was read and the command has failed. There is no time limit.
        """
        with _input(given) as source:
            # It ends the process at the latest when it is forgotten.
            guard = self._execute(arguments, source, env=self._environment, as_process=True)
            process: Popen[bytes] = guard.proc
            output, error = cast("IO[bytes]", process.stdout), cast("IO[bytes]", process.stderr)
            last: deque[bytes] = deque(maxlen=_LAST_LINES)
            listener = Thread(target=last.extend, args=(error,), daemon=True)
            listener.start()  # or git would wait for somebody to read what it says, and we for its output
            try:
                yield output
                status = 0 if output.read(1) else process.wait()
            finally:
                process.terminate()
                output.close()
                process.wait()
                listener.join()
                error.close()
        if status:
            message = redacted(b"".join(last).decode("utf-8", "replace"), self._secrets)
            raise Failed(f"git {arguments[0]} failed: {visible_lines(message).strip() or f'exit code {status}'}")

    def _execute(self, arguments: Sequence[str], source: BinaryIO, **options: Any) -> Any:
        import git

        try:
            return self._git.execute(["git", *arguments], source, **options)
        except git.GitCommandNotFound as error:
            raise _no_git() from error

    def text(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """Run a command that must succeed and return its output as text, without the last line break."""
        return self.run(*arguments, environment=environment).decode("utf-8", "surrogateescape").rstrip("\n")
