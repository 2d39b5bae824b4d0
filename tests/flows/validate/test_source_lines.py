"""The lines of files, for those who show them."""

from pathlib import Path

from incidentops.flows.validate.source_lines import lines_of


def test_lines_have_no_ends_and_no_byte_order_mark(tmp_path: Path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfkind: x\r\ntitle: \xff\n")
    assert ("kind: x", "title: \ufffd", "") == lines_of(tmp_path, {})("a.yaml")


def test_what_was_given_comes_before_what_lies_there(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("old")
    assert ("new",) == lines_of(tmp_path, {"a.yaml": b"new"})("a.yaml")


def test_what_may_not_be_opened_has_no_lines(tmp_path: Path):
    (tmp_path / "link.yaml").symlink_to("/etc/hostname")
    lines = lines_of(tmp_path, {})
    assert () == lines("link.yaml") == lines("gone.yaml") == lines("../x") == lines("-")
