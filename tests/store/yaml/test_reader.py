import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from incidentops.core.finding import Finding, Level, Location
from incidentops.core.source import blob
from incidentops.core.text import visible
from incidentops.store.yaml import fast
from incidentops.store.yaml.reader import Shape, read_bytes, read_file
from paths import RECORDS

GOOD = sorted((RECORDS / "good").glob("*.yaml"))
BAD = sorted((RECORDS / "bad").glob("*.yaml"))
SMALL = (RECORDS / "good" / "smallest.yaml").read_bytes()
MIB = 1024 * 1024


def shape_of(path: Path) -> Shape:
    return Shape.HANDBOOK if path.name.startswith("handbook") else Shape.INCIDENT


def shown(findings: tuple[Finding, ...]) -> str:
    lines = ""
    for finding in findings:
        lines += f"{visible(str(finding.location))}: {finding.code} {finding.level}: {finding.message}\n"
        lines += f"  hint: {finding.hint}\n" if finding.hint else ""
    return lines


def codes(content: bytes) -> list[str]:
    return [finding.code for finding in read_bytes(content, "x.yaml", Shape.INCIDENT).findings]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_is_read_without_a_finding(path):
    read = read_bytes(path.read_bytes(), path.name, shape_of(path))
    assert shown(read.findings) == ""
    assert read.document is not None


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_is_read_as_another_implementation_of_yaml_reads_it(path):
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor.add_constructor("tag:yaml.org,2002:timestamp", yaml.Constructor.construct_yaml_str)
    theirs = yaml.load(path.read_text(encoding="utf-8"))
    if path.stem == "many-styles":
        theirs["timeline"][4]["note"] = "1_000"  # a number in YAML 1.1 only
    assert read_bytes(path.read_bytes(), path.name, shape_of(path)).document.data == theirs


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_gives_exactly_the_findings_beside_it(path):
    read = read_bytes(path.read_bytes(), path.name, shape_of(path))
    out = path.with_suffix(".out")
    if os.environ.get("GOLDEN") == "write":
        out.write_text(shown(read.findings), encoding="utf-8")
    assert shown(read.findings) == out.read_text(encoding="utf-8")
    assert read.document is None
    assert {finding.level for finding in read.findings} == {Level.BLOCK}


def test_a_plain_record_goes_the_quick_way():
    content = (RECORDS / "good" / "whole-incident.yaml").read_bytes()
    assert fast.load(content, Shape.INCIDENT) == read_bytes(content, "x", Shape.INCIDENT).document.data


def test_the_blob_is_the_object_id_of_git(tmp_path):
    (tmp_path / "x").write_bytes(SMALL)
    done = subprocess.run(["git", "hash-object", "x"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert blob(SMALL) == done.stdout.strip()
    assert blob(b"") == hashlib.sha1(b"blob 0\0").hexdigest()


def test_a_document_knows_its_file_and_its_blob():
    document = read_bytes(SMALL, "incidents/x.yaml", Shape.INCIDENT).document
    assert (document.file, document.blob) == ("incidents/x.yaml", blob(SMALL))


@pytest.mark.parametrize("end", [b"", b"# a\ttab sends it to the careful reader\n"])
def test_places_are_those_of_keys_and_items_and_fall_back_to_the_parent(end):
    content = SMALL + b"review:\n    owner: ana\n" + end
    document = read_bytes(content, "x", Shape.INCIDENT).document
    assert document.at() == Location("x", 1, 1)
    assert document.at("title") == Location("x", 2, 1)
    assert document.at("timeline", 0) == Location("x", 5, 5)
    assert document.at("timeline", 0, "by") == Location("x", 5, 32)
    assert document.at("timeline", 0, "note") == Location("x", 5, 5)
    assert document.at("review", "owner") == Location("x", 7, 5)
    assert document.at("waivers", 3, "until") == Location("x", 1, 1)


def test_columns_count_code_points():
    content = SMALL.replace(b"by: ana", "note: 🚒é, by: ana".encode())
    document = read_bytes(content, "x", Shape.INCIDENT).document
    assert document.at("timeline", 0, "by") == Location("x", 5, 42)


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_line_ends_and_a_byte_order_mark_do_not_count(before, ending):
    read = read_bytes(before + SMALL.replace(b"\n", ending), "x", Shape.INCIDENT)
    assert shown(read.findings) == ""
    assert read.document.data == read_bytes(SMALL, "x", Shape.INCIDENT).document.data
    assert read.document.at("timeline", 0, "by") == Location("x", 5, 32)


def test_the_text_stays_at_hand_with_its_comments():
    content = b"\xef\xbb\xbf# a comment\n" + SMALL
    assert read_bytes(content, "x", Shape.INCIDENT).document.text == "# a comment\n" + SMALL.decode()


def test_a_misshapen_handbook_carries_the_same_codes():
    read = read_bytes(b"organisation: Example\n", "incidents/handbook.yaml", Shape.HANDBOOK)
    assert [finding.code for finding in read.findings] == ["SCH001", "SCH001"]


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(ord("b"), ord("z"))
)
SIZE = MIB // 4
"""Enough to be hostile. What the largest file costs is measured once, below."""

HOSTILE = {
    "alias bomb": (BOMB, "YML003"),
    "five megabytes of text": (b"title: " + b"x" * 5 * MIB + b"\n", "YML004"),
    "a megabyte of text": (b"title: " + b"x" * (SIZE - 10) + b"\n", "SCH001"),
    "a megabyte of number": (b"title: " + b"1" * (SIZE - 10) + b"\n", "SCH001"),
    "a megabyte of hexadecimal number": (b"title: 0x" + b"1" * (SIZE - 12) + b"\n", "SCH001"),
    "brackets": (b"[" * (SIZE - 1), "YML004"),
    "braces": (b"{" * (SIZE - 1), "YML004"),
    "nested lists on one line": (b"- " * (SIZE // 2), "YML004"),
    "nested keys on one line": (b"? " * (SIZE // 2), "YML004"),
    "nested lists and keys": (b"- ? " * (SIZE // 4), "YML004"),
    "nested lists, widely spaced": (b"-   " * 16000 + b"\n", "YML004"),
    "nested by indentation": (b"".join(b" " * i + b"a:\n" for i in range(1400)), "YML004"),
    "questions": (b"?" * (SIZE - 1), "SCH001"),
    "colons": (b":" * (SIZE - 1), "YML001"),
    "dashes": (b"-" * (SIZE - 1), "SCH001"),
    "blank lines": (b"\n" * (SIZE - 1), "YML001"),
    "comments": (b"#\n" * (SIZE // 2 - 1), "YML001"),
    "documents": (b"---\n" * (SIZE // 4 - 1), "YML001"),
    "a list of many": (b"[" + b"a," * (SIZE // 2 - 2) + b"]", "SCH001"),
    "many keys": (b"".join(b"k%d: v\n" % i for i in range(20000)), "SCH001"),
    "one key many times": (b"k: v\n" * 50000, "YML002"),
    "many anchors": (b"".join(b"- &a%d x\n" % i for i in range(15000)), "YML003"),
    "many empty lists": (b"[" + b"[]," * (SIZE // 9) + b"]", "SCH001"),
    "open quote": (b'"' + b"a" * (SIZE - 2), "YML001"),
    "quotes": (b"'" * (SIZE - 1), "YML001"),
    "nul": (b"kind: \0\n", "YML001"),
    "utf-16": ("kind: incident\n".encode("utf-16"), "YML005"),
    "utf-16 without a mark": ("kind: incident\n".encode("utf-16-be"), "YML001"),
    "utf-32": ("kind: incident\n".encode("utf-32"), "YML005"),
    "latin 1": ("title: é\n".encode("latin-1"), "YML005"),
    "half a character": ("title: é".encode()[:-1], "YML005"),
    "a surrogate in utf-8": (b"title: \xed\xa0\x80\n", "YML005"),
    "an escaped surrogate": (b'title: "\\ud800"\n', "YML001"),
    "noncharacter": ("title: \uffff\n".encode(), "YML001"),
    "next line": ("title: a\u0085b\n".encode(), "YML001"),
    "lone carriage return": (b"title: a\rkind: b\n", "YML001"),
    "escape character": (b"title: \x1b[31m\n", "YML001"),
    "delete": (b"title: \x7f\n", "YML001"),
}


@pytest.mark.no_cover
@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gets_its_finding_and_few_others(content, code):
    found = codes(content)
    assert found[0] == code
    assert len(found) <= 101


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of one program alone")
def test_a_hostile_file_takes_bounded_memory(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"[" + b"a," * (MIB // 2 - 2) + b"]")
    program = (
        "import pathlib, re, sys; from incidentops.store.yaml.reader import *; "
        "read = read_file(pathlib.Path(sys.argv[1]), 'x.yaml', Shape.INCIDENT); "
        # not ru_maxrss, in which the process that started this one still counts
        "status = pathlib.Path('/proc/self/status').read_text(); "
        "print(len(read.findings), int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)"
    )
    paths = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={"PYTHONPATH": paths}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    findings, peak = map(int, done.stdout.split())
    assert findings == 1
    assert peak < 500


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document_or_findings(content):
    for shape in Shape:
        read = read_bytes(content, "x", shape)
        assert (read.document is None) == bool(read.findings)


@given(st.text(alphabet="akt: -[]{},'\"|>#&*!?%\n\\\t\r1.\u00e9\u2028", max_size=60))
def test_any_text_gives_a_document_or_findings(text):
    read = read_bytes(text.encode(), "x", Shape.INCIDENT)
    assert (read.document is None) == bool(read.findings)


def test_a_file_is_read_from_the_root(tmp_path):
    (tmp_path / "incidents").mkdir()
    (tmp_path / "incidents" / "x.yaml").write_bytes(SMALL)
    read = read_file(tmp_path, "incidents/x.yaml", Shape.INCIDENT)
    assert (read.findings, read.document.file) == ((), "incidents/x.yaml")


def test_a_file_that_cannot_be_opened_is_a_finding_at_its_first_line(tmp_path):
    (finding,) = read_file(tmp_path, "incidents/x.yaml", Shape.INCIDENT).findings
    assert (finding.code, str(finding.location)) == ("YML006", "incidents/x.yaml:1:1")
