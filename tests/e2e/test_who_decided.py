"""A merge request of several people, checked as its pipeline does: what landed stands, whose commit a decision is in.

`validate --base` from end to end, with git, and signatures made by ssh-keygen.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from branching import Branching
from commandline import incident
from make import FILE, a_record, an_entry

pytestmark = pytest.mark.slow
needs_keys = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs ssh-keygen (OpenSSH)")

DECLARED = an_entry("15:50", severity="S3", engage="eoc")
HANDED_OVER = an_entry("15:55", by="bo", engage="eoc")
ANA, BO = "ana@example.com", "bo@example.com"


@pytest.fixture
def place(tmp_path: Path) -> Branching:
    """A declared incident that landed, and a branch that went on from it."""
    place = Branching(tmp_path / "place")
    place.land(a_record(DECLARED))
    place.git("switch", "-q", "-c", "incident/registry-503")
    return place


def validate(place: Branching, *arguments: str, **variables: str) -> tuple[int, str]:
    """What the command says: exit code, and both its outputs."""
    ran = incident(place.root, "validate", *arguments, environment={**os.environ, **variables})
    return ran.code, ran.out + ran.err


def a_key(folder: Path, name: str) -> Path:
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)], check=True)
    return key


def test_several_people_write_one_record(place: Branching):
    place.commit(BO, {FILE: a_record(DECLARED, HANDED_OVER)})
    place.commit(ANA, {FILE: a_record(DECLARED, an_entry("15:52", note="Chart 4.2 is suspicious"), HANDED_OVER)})
    assert (0, "1 record, 0 blocking, 0 advice\n") == validate(place, "--base", "main")
    resolved = an_entry("15:58", by="bo", state="resolved")
    place.commit(ANA, {FILE: a_record(DECLARED, HANDED_OVER, resolved)})
    code, printed = validate(place, "--base", "main")
    assert 1 == code
    assert "OWN004 block: 'bo' resolves here, but 'ana' committed it ('ana@example.com')" in printed
    assert "1 record, 1 blocking, 0 advice" in printed


@pytest.mark.parametrize("event", ["CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA"])
def test_the_pipeline_of_a_merge_request_compares_by_itself(place: Branching, event: str):
    place.commit(ANA, {FILE: a_record({**DECLARED, "severity": "S4"})})
    base = place.git("rev-parse", "main")
    assert 0 == validate(place)[0], "without a merge request there is nothing to compare with"
    code, printed = validate(place, **{event: base})
    assert (1, True) == (
        code,
        "TIM005 block: entry 1 is not as it landed (15:50Z by 'ana'): severity differs" in printed,
    )
    assert 0 == validate(place, "--base", "HEAD", **{event: base})[0], "what is asked for goes first"


def test_in_a_merged_results_pipeline_it_is_the_target_that_counts(place: Branching):
    left = place.git("rev-parse", "main")
    place.commit(BO, {FILE: a_record(DECLARED, HANDED_OVER)})
    place.git("switch", "-q", "main")
    other = "incidents/2026/2026-11-21-web-slow.yaml"
    place.commit("cy@example.com", {other: a_record(an_entry("15:50", by="cy", severity="S3"), services=["web"])})
    target = place.git("rev-parse", "HEAD")
    place.git("switch", "-q", "--detach", "main")
    place.git("merge", "-q", "--no-ff", "-m", "Merged results", "incident/registry-503")
    variables = {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target, "CI_MERGE_REQUEST_DIFF_BASE_SHA": left}
    assert (0, "2 records, 0 blocking, 0 advice\n") == validate(place, **variables)


def test_what_cannot_be_compared_is_an_error_and_no_pass(place: Branching):
    base = place.git("rev-parse", "main")
    for _ in range(3):
        place.commit(ANA)
    clone = place.root.parent / "clone"
    place.git("clone", "-q", "--depth=1", place.root.as_uri(), str(clone))
    shallow = Branching.__new__(Branching)
    shallow.root = clone
    code, printed = validate(shallow, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert 2 == code
    assert "to compare with is not here, and the clone is shallow" in printed
    assert "GIT_DEPTH: 0" in printed


@needs_keys
def test_a_good_signature_wins_over_the_name(place: Branching, tmp_path: Path):
    key, stranger = a_key(tmp_path, "bo"), a_key(tmp_path, "stranger")
    (tmp_path / "signers").write_text(f"{BO} {key.with_suffix('.pub').read_text()}")
    for name, value in {
        "gpg.format": "ssh", "commit.gpgSign": "true", "gpg.ssh.allowedSignersFile": str(tmp_path / "signers"),
    }.items():  # fmt: skip
        place.git("config", name, value)

    place.git("config", "user.signingKey", str(key))
    place.commit("somebody@home.example", {FILE: a_record(DECLARED, HANDED_OVER)})
    assert "G" == place.git("log", "-1", "--format=%G?")
    assert (0, "1 record, 0 blocking, 0 advice\n") == validate(place, "--base", "main")

    place.commit(ANA, {FILE: a_record(DECLARED, HANDED_OVER, an_entry("15:57", state="resolved", engage="imoc"))})
    code, printed = validate(place, "--base", "main")
    assert (1, True) == (code, "but 'bo' committed it ('bo@example.com')" in printed), "bo signed in the name of ana"

    place.git("reset", "-q", "--hard", "main")
    place.git("config", "user.signingKey", str(stranger))
    place.commit(BO, {FILE: a_record(DECLARED, HANDED_OVER)})
    assert "U" == place.git("log", "-1", "--format=%G?")
    assert 0 == validate(place, "--base", "main")[0], "a signature of a key nobody knows says nothing: the name counts"
