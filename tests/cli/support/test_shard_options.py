"""`incident validate --shard` and `--join`, as the jobs of a pipeline call them."""

import json
from pathlib import Path

import pytest

from commandline import Ran, Shell
from flows.files import put
from make import a_record, an_entry

LATE = a_record(an_entry("14:02", severity="S3"))
BAD = a_record(an_entry("15:50", severity="S3", by="anna"))
NAMES = [f"incidents/2026/2026-11-21-r{number}.yaml" for number in range(4)]


@pytest.fixture
def shell(repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name, data in zip(NAMES, [a_record(), BAD, LATE, a_record()], strict=True):
        put(repository, name, data=data)
    return Shell(repository, capsys, monkeypatch)


def validate(shell: Shell, *arguments: str) -> Ran:
    return shell.run("validate", *arguments, at="16:00")


def sharded(shell: Shell, total: int) -> list[str]:
    files = [f"parts/part-{number}.json" for number in range(1, total + 1)]
    for number, file in enumerate(files, start=1):
        validate(shell, "--shard", f"{number}/{total}", "--part", file)
    return files


def test_a_shard_tells_its_share_and_where_its_part_is(shell):
    ran = validate(shell, "--shard", "2/2", "--part", "parts/two.json")
    assert 1 == ran.code
    assert NAMES[1] in ran.out
    assert NAMES[2] not in ran.out
    assert "part 2 of 2 is in parts/two.json; ids and relations are checked when it is joined\n" in ran.err
    assert "2 records, 1 blocking, 0 advice" in ran.err
    assert 0 == validate(shell, "--shard", "1/2", "--part", "parts/one.json").code


def test_joined_it_is_one_report_and_one_verdict(shell):
    alone = validate(shell, "--report", "gitlab=alone.json")
    joined = validate(shell, "--join", *sharded(shell, 3), "--report", "gitlab=joined.json")
    assert (alone.code, alone.out) == (joined.code, joined.out)
    assert "4 records, 1 blocking" in joined.err
    reports = [json.loads((shell.root / name).read_bytes()) for name in ("alone.json", "joined.json")]
    assert reports[0] == reports[1]


def test_without_all_parts_there_is_no_verdict(shell):
    files = sharded(shell, 3)
    for some, message in ((files[:2], "part 3 of 3 is missing"), ([*files, files[0]], "part 1 of 3 is there twice")):
        ran = validate(shell, "--join", *some)
        assert (5, "") == (ran.code, ran.out)
        assert message in ran.err
    assert 5 == validate(shell, "--join").code
    assert 5 == validate(shell, "--join", "parts/part-9.json").code


ONE_OF_TWO = ("--shard", "1/2", "--part", "x")
FILES_ONLY = "--shard and --join check the files of the repository"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--shard", "/", "--part", "x"), "--shard '/' is not a shard"),
        (("--shard", "3/2", "--part", "x"), "--shard '3/2' is not a shard"),
        (("--shard", "1/2"), "--shard and --part go together"),
        (("--part", "x"), "--shard and --part go together"),
        ((*ONE_OF_TWO, "--join"), "--shard and --join exclude each other"),
        (("--join", "--part", "x"), "--shard and --join exclude each other"),
        ((*ONE_OF_TWO, NAMES[0]), "a shard is a share of all records"),
        ((*ONE_OF_TWO, "--history"), FILES_ONLY),
        ((*ONE_OF_TWO, "--handbook", "incidents/handbook.yaml"), FILES_ONLY),
        (("--join", "--base-handbook", "HEAD"), FILES_ONLY),
        (("--join", "-"), FILES_ONLY),
    ],
)
def test_what_does_not_go_together_is_wrong_use(shell, arguments, message):
    ran = validate(shell, *arguments)
    assert 2 == ran.code, ran.err
    assert ran.err.startswith(f"error: {message}\n  hint: ")


def test_a_handbook_that_checks_nothing_leaves_no_part(shell):
    put(shell.root, "incidents/handbook.yaml", "kind: [")
    ran = validate(shell, "--shard", "1/2", "--part", "x.json")
    assert 1 == ran.code
    assert "HBK001" in ran.out
    assert not (shell.root / "x.json").exists()
