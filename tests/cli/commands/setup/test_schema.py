"""`incident schema`: printed, written, checked."""

import json

import pytest

from commandline import Shell
from incidentops.cli.support.exits import Exit


def test_it_prints_the_schema_with_the_words_of_the_handbook(shell: Shell):
    ran = shell.run("schema")
    assert Exit.DONE == ran.code
    assert ["ana", "bo", "cy", "dee"] == json.loads(ran.out)["$defs"]["person"]["enum"]


def test_it_writes_and_says_whether_that_is_needed(shell: Shell):
    ran = shell.run("schema", "--check")
    assert (Exit.BLOCKED, "not up to date: schemas/incident.schema.json\n") == (
        ran.code,
        ran.out.splitlines(keepends=True)[0],
    )
    written = shell.run("schema", "--write")
    assert "wrote schemas/incident.schema.json\nwrote schemas/handbook.schema.json\n" == written.out
    assert (Exit.DONE, "") == ((ran := shell.run("schema", "--check")).code, ran.out)
    assert "" == shell.run("schema", "--write").out
    assert shell.run("schema").out == (shell.root / "schemas" / "incident.schema.json").read_text(encoding="utf-8")


def test_one_of_the_two(shell: Shell):
    assert Exit.WRONG_USE == shell.run("schema", "--check", "--write").code


@pytest.mark.parametrize("option", [(), ("--write",), ("--check",)])
def test_a_handbook_that_cannot_be_used_says_why(shell: Shell, option: tuple[str, ...]):
    (shell.root / "incidents" / "handbook.yaml").write_text("a: [")
    assert "the handbook cannot be used" in shell.run("schema", *option).err
