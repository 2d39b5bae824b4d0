import stat

import pytest

from incidentops.core.errors import Refused
from incidentops.store.atomic import write_atomically


def test_a_new_file_appears_with_its_directories(tmp_path):
    path = tmp_path / "incidents" / "2026" / "x.yaml"
    write_atomically(path, "kind: incident\r\n", None)
    assert path.read_bytes() == b"kind: incident\r\n"


def test_a_new_file_has_the_mode_that_the_system_gives(tmp_path):
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "x", "x", None)
    assert (tmp_path / "x").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_old_file_is_replaced_and_keeps_its_mode(tmp_path):
    path = tmp_path / "x"
    path.write_text("old")
    path.chmod(0o664)
    write_atomically(path, "new", "old")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path):
    path = tmp_path / "x"
    path.write_text("somebody else's")
    with pytest.raises(Refused, match="changed meanwhile"):
        write_atomically(path, "new", "old")
    assert path.read_text() == "somebody else's"


def test_a_file_that_became_a_link_is_left_alone(tmp_path):
    (tmp_path / "y").write_text("old")
    (tmp_path / "x").symlink_to("y")
    with pytest.raises(Refused, match="changed meanwhile"):
        write_atomically(tmp_path / "x", "new", "old")
    assert (tmp_path / "y").read_text() == "old"


def test_a_new_file_does_not_overwrite_one_that_is_there(tmp_path):
    path = tmp_path / "x"
    path.write_text("first")
    with pytest.raises(Refused, match="already there"):
        write_atomically(path, "second", None)
    assert path.read_text() == "first"


def test_nothing_is_left_behind(tmp_path):
    write_atomically(tmp_path / "x", "1", None)
    write_atomically(tmp_path / "x", "2", "1")
    for before, problem in (("1", "changed meanwhile"), (None, "already there")):
        with pytest.raises(Refused, match=problem):
            write_atomically(tmp_path / "x", "3", before)
    with pytest.raises(UnicodeEncodeError):
        write_atomically(tmp_path / "x", "\ud800", "2")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
