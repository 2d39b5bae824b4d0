"""Whatever is typed and whatever the environment says: an exit code that means something, and never a traceback."""

import io
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.conftest import LIVE, LIVE_TEXT
from commandline import command, signals_kept
from examples import examples
from flows.files import put, put_handbook
from gitplace import git
from incidentops.cli.main import COMMANDS, main
from incidentops.cli.support.exits import Exit, guarded
from make import FILE, a_record, an_entry
from pacing import no_pauses

HOSTILE = (
    "", " ", "-", "--", "-1", "0", "99999999999999999999", "1e9", "NaN", "\x1b[31m", "--\x1b[31m", "\u202e", "é", "💥",
    "*", "..", "../..", "/dev/null", "/dev/null/x", "no/such", "a=b", "json=", "=x", "json=/dev/null/x", "text=t",
    "HEAD", "HEAD~9", "--upload-pack=x", "-x", "main", "refs/heads/*", ":(top)", "@{-1}", "9" * 300, "{}", "$HOME",
    "{{x}}", "registry-503", "2026-11-21-registry-503", LIVE, "ana", "bo", "nobody", "registry", "eoc", "imoc", "S1",
    "resolved", "operational", "public", "14:02", "14:61", "24:00", "5m", "-5m", "99999d", "9999999999999d",
    "2026-11-21", "0001-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "OWN001", "own", "gitlab.issue",
    "gitlab.action/x", "statusio.update/x", "incidents", "incidents/handbook.yaml", "x\ny", "x\r/close", "\udcff",
)  # fmt: skip
URLS = ("", "x", "http://", "http://[", "http://127.0.0.1:1", "http://127.0.0.1:99999", "ftp://127.0.0.1", "file:///x",
        "http://u:p@127.0.0.1:1/x?y#z", "https://", "http://\x1b[31m", "http://é", "//127.0.0.1")  # fmt: skip
ENVIRONMENT = {
    "INCIDENT_NOW": ("", "x", "2026-11-21T16:00:00Z", "2026-11-21", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    "INCIDENT_GITLAB_URL": URLS, "STATUSIO_API_URL": URLS, "CI_SERVER_URL": URLS,
    "INCIDENT_GITLAB_TOKEN": ("", "x", "a\nb", "é", "\x1b[31m"),
    "INCIDENT_GITLAB_PROJECT": ("", "1", "a/b", "../x", "é"),
    "STATUSIO_API_ID": ("", "x", "é\n"), "STATUSIO_API_KEY": ("", "x"),
    "GITLAB_USER_LOGIN": ("", "ana", "x", "\x1b[31m"),
    "CI_PROJECT_ID": ("", "1", "x", "-1"), "CI_MERGE_REQUEST_IID": ("", "1", "x", "٣"),
    "CI_MERGE_REQUEST_PROJECT_ID": ("", "1"), "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": ("", "1"),
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": ("", "HEAD", "0" * 40, "-x", "x y"),
    "CI_COMMIT_SHA": ("", "x", "0" * 40), "CI_DEFAULT_BRANCH": ("", "main", "gone", "-x", "a b", "\x1b"),
    "CI_PIPELINE_ID": ("", "x"), "CI_JOB_ID": ("", "\n"), "CI_NODE_INDEX": ("", "x", "0", "9"),
    "CI_NODE_TOTAL": ("", "x", "0", "2"), "COLUMNS": ("", "0", "x", "1"), "TERM": ("", "dumb"), "NO_COLOR": ("", "1"),
}  # fmt: skip
PARAMETERS: Mapping[str, Sequence[click.Parameter]] = {name: command(name).params for name in COMMANDS}
SERVING = ("sandbox", "demo")
"""They would serve until they are stopped, so an option is always wrong."""

words = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=9
)


def _values(parameter: click.Parameter) -> st.SearchStrategy[str]:
    if isinstance(parameter.type, click.Choice):
        return st.sampled_from([str(choice) for choice in parameter.type.choices]) | words
    if isinstance(parameter.type, click.IntRange):
        return st.integers(-1, 4).map(str) | words
    return words


@st.composite
def typed(draw: st.DrawFn, name: str) -> list[str]:
    """Arguments of a command: its own options and arguments, some of them right, and others."""
    words_typed: list[str] = []
    for parameter in draw(st.lists(st.sampled_from(PARAMETERS[name]), max_size=5)):
        if isinstance(parameter, click.Option):
            words_typed.append(draw(st.sampled_from(parameter.opts)))
            words_typed += [] if parameter.is_flag else [draw(_values(parameter))]
        else:
            words_typed.append(draw(_values(parameter)))
    return words_typed + draw(st.lists(words, max_size=2))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a live record, one that is over, one that cannot be read, and a remote."""
    folder = tmp_path_factory.mktemp("fuzz") / "template"
    root = folder / "a" / "b" / "here"
    put_handbook(root)
    put(root, FILE.replace("registry-503", "web"), data=a_record())
    put(root, FILE.replace("registry-503", "odd"), text="kind: [")
    put(root, FILE.replace("registry-503", "near"), data=a_record(an_entry("15:00"), kind="near_miss"))
    put(root, LIVE, text=LIVE_TEXT)
    git(folder, "init", "-q", "--bare", "-b", "main", "remote.git")
    git(root, "init", "-q", "-b", "main")
    git(root, "remote", "add", "origin", "../../../remote.git")
    git(root, "add", ".")
    git(root, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "Start")
    git(root, "push", "-q", "-u", "origin", "main")
    return folder


@pytest.mark.parametrize("name", COMMANDS)
@settings(
    max_examples=max(8, examples(12)),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_argument_and_no_environment_ends_in_a_bug(
    name: str,
    data: st.DataObject,
    template: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = data.draw(typed(name)) + (["--no-such-option"] if name in SERVING else [])
    variables = data.draw(st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in ENVIRONMENT.items()}))
    given_in = data.draw(st.sampled_from([b"", b"\xff\x00", LIVE_TEXT.encode()]))
    here = template.parent / "here"
    shutil.rmtree(here, ignore_errors=True)
    shutil.copytree(template, here)
    code, shown = run(here / "a" / "b" / "here", (name, *arguments), variables, given_in, monkeypatch, capsysbinary)
    assert code in set(Exit) - {Exit.BUG}, (code, shown)
    assert "Traceback" not in shown
    assert "\x1b" not in shown


def run(
    root: Path, arguments: Sequence[str], variables: Mapping[str, str], given_in: bytes,
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes],
) -> tuple[int, str]:  # fmt: skip
    with monkeypatch.context() as patch, signals_kept():
        patch.chdir(root)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given_in)))
        for variable, value in variables.items():
            patch.setenv(variable, value)
        code = guarded(main, list(arguments), no_pauses())
    out, err = capsysbinary.readouterr()
    return code, (out + err).decode("utf-8", "replace")
