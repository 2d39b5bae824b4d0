import os
import socket
from pathlib import Path

import pytest

from incidentops.store import safe_read
from incidentops.store.safe_read import UnusableFile, read_within


def refusal(root, file="x.yaml") -> tuple[str, str]:
    with pytest.raises(UnusableFile) as caught:
        read_within(root, file)
    return caught.value.code, caught.value.message


def test_a_regular_file_is_read(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.yaml").write_bytes(b"kind: incident\n")
    assert read_within(tmp_path, "a/x.yaml") == b"kind: incident\n"


def test_the_root_itself_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.yaml").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    assert read_within(tmp_path / "link", "x.yaml") == b"x"


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "y").write_bytes(b"x")
    (tmp_path / "x.yaml").symlink_to("y")
    assert refusal(tmp_path) == ("YML006", "not a regular file but a symbolic link")


def test_a_link_on_the_way_is_not_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.yaml").write_bytes(b"x")
    (tmp_path / "a").symlink_to("real")
    assert refusal(tmp_path, "a/x.yaml")[0] == "YML006"


def test_a_fifo_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.yaml")
    assert refusal(tmp_path) == ("YML006", "not a regular file but a FIFO")


def test_a_directory_is_refused(tmp_path):
    (tmp_path / "x.yaml").mkdir()
    assert refusal(tmp_path) == ("YML006", "not a regular file but a directory")


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # names of sockets are short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("x.yaml")
        assert refusal(tmp_path) == ("YML006", "not a regular file but a socket")


def test_a_device_is_refused():
    assert refusal(Path("/dev"), "null") == ("YML006", "not a regular file but a device")


def test_what_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path) == ("YML006", "there is no such file")


def test_a_file_on_the_way_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    assert refusal(tmp_path, "a/x.yaml")[0] == "YML006"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"x")
    (tmp_path / "x.yaml").chmod(0)
    assert refusal(tmp_path) == ("YML006", "the file cannot be opened: permission denied")


def test_what_the_system_says_becomes_a_finding():
    file = safe_read.unusable(PermissionError(13, "Permission denied"))
    assert (file.code, file.message) == ("YML006", "the file cannot be opened: permission denied")
    assert safe_read.unusable(OSError(5, "Input/output error")).message == "the file cannot be read: input/output error"
    assert safe_read.unusable(OSError()).message == "the file cannot be read: unknown error"


@pytest.mark.parametrize(
    "file", ["/etc/passwd", "../x.yaml", "a/../../x.yaml", "a//x.yaml", "./x.yaml", "", "x\0.yaml"]
)
def test_a_path_that_leaves_the_root_is_refused(tmp_path, file):
    assert refusal(tmp_path, file)[0] == "YML006"


def test_a_name_that_is_too_long_is_refused(tmp_path):
    assert refusal(tmp_path, "x" * 5000)[0] == "YML006"


def test_a_name_that_is_not_utf_8_is_read(tmp_path):
    name = os.fsdecode(b"\xff.yaml")
    (tmp_path / name).write_bytes(b"x")
    assert read_within(tmp_path, name) == b"x"


def test_one_mebibyte_is_read_and_one_byte_more_is_not(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"x" * safe_read.LARGEST)
    assert len(read_within(tmp_path, "x.yaml")) == safe_read.LARGEST
    with (tmp_path / "x.yaml").open("ab") as file:
        file.write(b"x")
    assert refusal(tmp_path) == ("YML004", "larger than 1 MiB (1048577 bytes)")


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    (tmp_path / "x.yaml").write_bytes(b"x" * (safe_read.LARGEST + 1))
    monkeypatch.setattr(safe_read, "_check", lambda status: None)
    assert refusal(tmp_path)[0] == "YML004"


def test_no_handle_stays_open(tmp_path):
    handles = Path("/proc/self/fd")
    before = len(list(handles.iterdir())) if handles.is_dir() else pytest.skip("no /proc here")
    (tmp_path / "a").mkdir()
    for file in ("a/x.yaml", "b/x.yaml", "a/b/c/x.yaml"):
        refusal(tmp_path, file)
    (tmp_path / "a" / "x.yaml").write_bytes(b"x")
    read_within(tmp_path, "a/x.yaml")
    assert len(list(handles.iterdir())) == before


def test_a_file_that_is_longer_than_its_size_is_read_whole(tmp_path):
    """Files of the kernel say 0 bytes; a log that grows says too few."""
    (tmp_path / "x.yaml").write_bytes(b"0123456789")
    handle = os.open(tmp_path / "x.yaml", os.O_RDONLY)
    try:
        assert b"0123456789" == safe_read._all(handle, 3)
        os.lseek(handle, 0, os.SEEK_SET)
        assert b"0123456789" == safe_read._all(handle, 99)
    finally:
        os.close(handle)


def test_a_tree_keeps_one_folder_open_and_lets_go_of_it(tmp_path):
    handles = Path("/proc/self/fd")
    before = len(list(handles.iterdir())) if handles.is_dir() else pytest.skip("no /proc here")
    for name in ("a/x.yaml", "a/y.yaml", "b/c/x.yaml", "z.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    with safe_read.SafeTree(tmp_path) as tree:
        for name in ("a/x.yaml", "a/y.yaml", "b/c/x.yaml", "z.yaml", "a/x.yaml"):
            content, status = tree.read(name)
            assert (name.encode(), len(name)) == (content, status.st_size)
            assert len(list(handles.iterdir())) == before + 1
        with pytest.raises(UnusableFile):
            tree.read("no/x.yaml")
        assert b"z.yaml" == tree.read("z.yaml")[0]
    assert len(list(handles.iterdir())) == before
    tree.close()


def test_what_is_none_of_the_known_kinds_has_a_word_too():
    assert safe_read.kind(0) == "something else"
