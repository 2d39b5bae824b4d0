"""One git command: its end, its words without credentials, its time limit."""

from pathlib import Path

import pytest

from gitplace import git
from incidentops.core.errors import BadConfiguration, Failed, WrongUse
from incidentops.core.secret import Secret
from incidentops.store.git.run import Git, Login, begin, redacted, surrounding


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("fatal: https://user:p%40ss@host/x", "fatal: https://[redacted]@host/x"),
        ("fatal: 'http://glpat-abcdefghijklmnopqrst@host/x'", "fatal: 'http://[redacted]@host/x'"),
        ("ssh://git@host/x", "ssh://git@host/x"),
        ("https://a:b@h and https://c:d@h", "https://[redacted]@h and https://[redacted]@h"),
        ("https://a:b@c@h/x", "https://[redacted]@h/x"),
        ("token glpat-abcdefghijklmnopqrst used", "token [redacted] used"),
        ("sent the-secret-itself", "sent [redacted]"),
        ("https://host/path@2x.png", "https://host/path@2x.png"),
    ],
)
def test_credentials_are_taken_out_of_what_git_prints(printed: str, shown: str):
    assert shown == redacted(printed, [Secret("the-secret-itself")])


def test_a_failing_command_quotes_what_git_printed(repository: Path):
    with pytest.raises(Failed, match="git rev-parse failed: fatal: "):
        Git(repository).run("rev-parse", "--verify", "nowhere")


def test_a_command_that_says_nothing_still_has_its_exit_code(repository: Path):
    with pytest.raises(Failed, match="git config failed: exit code 1"):
        Git(repository).run("config", "--get", "no.such")


def test_how_a_command_ended_can_be_asked(repository: Path):
    answer = Git(repository).ask("hash-object", "--stdin", given=b"hello\n")
    assert (0, "ce013625030ba8dba906f756967f9e9ca394464a") == (answer.status, answer.text)


def test_a_command_that_takes_too_long_is_ended(repository: Path):
    git(repository, "config", "alias.wait", "!sleep 30")
    answer = Git(repository).ask("wait", seconds=0.2)
    assert answer.status
    assert "no answer within 0.2 seconds" == answer.error


def test_the_login_reaches_git_and_no_command_line(repository: Path):
    login = Login("https://gitlab.example.com/", Secret("glpat-0123456789abcdefghij"))
    header = Git(repository, login=login).ask(
        "config", "--get-urlmatch", "http.extraHeader", "https://gitlab.example.com/g/p"
    )
    assert header.text.startswith("Authorization: Basic ")
    elsewhere = Git(repository, login=login).ask(
        "config", "--get-urlmatch", "http.extraHeader", "https://example.com/g/p"
    )
    assert "" == elsewhere.text


def test_a_folder_without_git_is_wrong_use(tmp_path: Path):
    with pytest.raises(WrongUse, match="not in a git repository"):
        Git(tmp_path)


def test_a_folder_that_is_not_there_is_bad_configuration(tmp_path: Path):
    with pytest.raises(BadConfiguration, match="git cannot open"):
        Git(tmp_path / "gone")


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch):
    asked = Git(repository)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BadConfiguration, match="git is not installed"):
        asked.ask("version")


def test_the_surrounding_repository_is_found_from_below(repository: Path, tmp_path: Path):
    assert repository == surrounding(repository / "incidents")
    assert None is surrounding(tmp_path)
    assert None is surrounding(tmp_path / "gone")


def test_a_repository_is_begun_on_main(tmp_path: Path):
    begin(tmp_path / "new")
    assert "main" == git(tmp_path / "new", "symbolic-ref", "--short", "HEAD")


def test_a_repository_that_cannot_be_begun_is_a_plain_failure(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failed, match="git cannot begin a repository"):
        begin(tmp_path / "file" / "below")


def test_output_can_be_read_while_git_works(repository: Path):
    given = b"".join(b"%040d\n" % number for number in range(20_000))
    with Git(repository).stream("cat-file", "--batch-check", "--buffer", given=given) as output:
        assert 20_000 == sum(1 for line in output if line.endswith(b" missing\n"))


def test_a_stream_that_fails_says_so_after_all_was_read(repository: Path):
    with (
        pytest.raises(Failed, match="git log failed: fatal: ambiguous argument"),
        Git(repository).stream("log", "nowhere") as output,
    ):
        assert b"" == output.read()


def test_a_failing_stream_quotes_the_last_lines_that_git_printed(repository: Path):
    talk = "alias.talk=!for n in $(seq 20000); do echo line $n of what it says >&2; done; exit 3"
    with (
        pytest.raises(Failed, match="line 20000 of what it says") as raised,
        Git(repository).stream("-c", talk, "talk") as output,
    ):
        output.read()
    assert 21 > raised.value.message.count("\n")


def test_a_stream_that_nobody_reads_on_ends_and_is_no_failure(repository: Path):
    with Git(repository).stream("-c", "alias.yes=!yes", "yes") as output:
        assert b"y\n" == output.readline()


def test_a_stream_ends_with_whoever_read_it(repository: Path):
    with pytest.raises(ValueError, match="ours"), Git(repository).stream("-c", "alias.yes=!yes", "yes"):
        raise ValueError("ours")


def test_a_stream_without_git_says_that_git_is_missing(repository: Path, monkeypatch: pytest.MonkeyPatch):
    here = Git(repository)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BadConfiguration, match="git is not installed"), here.stream("log"):
        pass


def test_a_folder_whose_name_is_too_long_lies_in_the_repository_around_it(repository: Path):
    assert repository == surrounding(repository / ("x" * 300) / "y")
