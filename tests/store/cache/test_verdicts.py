"""The cache of verdicts: it gives back what it was given, or nothing, whatever becomes of its file."""

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.core.finding import Finding, Level, Location
from incidentops.core.moment import LATEST
from incidentops.store.cache.verdicts import CachedVerdict, RecordFacts, VerdictCache, digest_of, open_cache, stat_of
from make import FILE, NOW

FOUND = Finding("OWN002", Level.ADVISE, Location(FILE, 3, 5), "nobody", "page", ("timeline", 0), "", Location(FILE, 9))
KNOWN = CachedVerdict("", "b10b", LATEST, (FOUND,), RecordFacts((("x", "follows"),), NOW, ("web",)))
moments = st.datetimes(timezones=st.just(UTC))
facts = st.builds(RecordFacts, declared=st.none() | moments)
"""The other fields are drawn by their types, so one that is added is drawn too."""
LONG_AGO = 1_600_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def verdicts(root: Path, key: str = "key", now: datetime = NOW) -> VerdictCache:
    found = open_cache(root, key, now)
    assert found is not None
    return found


def saved(root: Path, known: CachedVerdict) -> Path:
    """Keep the verdict on FILE; return the file that it is in."""
    cache = verdicts(root)
    cache.start()
    cache.save({FILE: known}, [FILE], ("all", (FOUND,)))
    (file,) = (root / ".git" / "incidentops").iterdir()
    return file


def put(root: Path, text: str = "kind: incident\n", age: int = LONG_AGO) -> Path:
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (age, age))
    return path


def sees(cache: VerdictCache, path: Path, *, changed: int = LONG_AGO * 10**9) -> str:
    """How a file looks, of which the system says that it was changed at some time: tests cannot set that."""
    status = path.stat()
    times = {"st_mtime_ns": status.st_mtime_ns, "st_ctime_ns": changed}
    return cache.settled_stat(os.stat_result(status, times))


def test_saved_verdicts_are_read_back(root):
    saved(root, KNOWN)
    assert {FILE: KNOWN} == verdicts(root).by_content([FILE, "incidents/2026/other.yaml"])
    assert (FOUND,) == verdicts(root).overall("all")
    assert verdicts(root).overall("others") is None


def test_a_file_name_that_is_not_utf8_only_costs_the_cache(root):
    odd = "incidents/2026/\udcff.yaml"
    cache = verdicts(root)
    cache.start()
    cache.save({odd: KNOWN}, [odd], None)
    assert {} == verdicts(root).by_content([odd])
    assert [] == list((root / ".git" / "incidentops").iterdir())
    assert digest_of([(odd, "b10b")]) != digest_of([(FILE, "b10b")])


def test_nothing_is_known_of_another_code_handbook_or_python(root):
    saved(root, KNOWN)
    assert {} == verdicts(root, "another key").by_content([FILE])
    assert verdicts(root, "another key").overall("all") is None


def test_a_verdict_is_forgotten_when_its_time_is_over(root):
    saved(root, replace(KNOWN, until=NOW + timedelta(hours=1)))
    assert [FILE] == list(verdicts(root, now=NOW + timedelta(minutes=59)).by_content([FILE]))
    assert {} == verdicts(root, now=NOW + timedelta(hours=1)).by_content([FILE])


def test_a_verdict_that_holds_only_now_is_not_kept(root):
    saved(root, replace(KNOWN, until=NOW))
    assert {} == verdicts(root).by_content([FILE])


def test_a_clock_that_was_set_back_forgets_everything(root):
    saved(root, KNOWN)
    assert {} == verdicts(root, now=NOW - timedelta(seconds=1)).by_content([FILE])


def test_a_file_that_looks_as_it_did_counts_as_unchanged(root):
    path = put(root)
    saved(root, replace(KNOWN, stat=stat_of(path.stat())))
    assert [FILE] == list(verdicts(root).unchanged(root, [FILE]))


@pytest.mark.parametrize("change", ["touched", "replaced", "rewritten", "gone", "a link to the same"])
def test_a_file_of_the_same_size_and_time_that_is_not_the_same_does_not_count_as_unchanged(root, change):
    path = put(root)
    saved(root, replace(KNOWN, stat=stat_of(path.stat())))
    other = path.with_suffix(".new")
    other.write_text("kind: incidenz\n")
    os.utime(other, (LONG_AGO, LONG_AGO))
    match change:
        case "touched":
            os.utime(path, (LONG_AGO, LONG_AGO + 1))
        case "replaced":
            other.replace(path)
        case "rewritten":
            put(root, "kind: incidenz\n")
        case "gone":
            path.unlink()
        case _:
            path.rename(other)
            path.symlink_to(other)
    assert {} == verdicts(root).unchanged(root, [FILE])


def test_a_stat_is_not_trusted_when_the_file_may_change_and_keep_it(root):
    path = put(root)
    cache = verdicts(root)
    assert "" == sees(cache, path), "without the time of the file system"
    cache.start()
    began = path.with_suffix(".clock")
    began.write_text("")
    now = began.stat().st_mtime_ns
    assert "" == sees(cache, path, changed=now)
    assert "" == sees(cache, path, changed=now - 1_900_000_000)
    assert sees(cache, path, changed=now - 10_000_000_000)
    os.utime(path)
    assert "" == sees(cache, path), "its content may be of now, whatever the inode says"


def test_a_stat_that_is_not_trusted_is_never_recognised(root):
    path = put(root)
    saved(root, replace(KNOWN, stat=""))
    path.unlink()
    assert {} == verdicts(root).unchanged(root, [FILE])


def test_files_that_are_gone_are_forgotten_and_others_kept(root):
    saved(root, KNOWN)
    cache = verdicts(root)
    cache.start()
    cache.save({"incidents/2026/b.yaml": KNOWN}, [FILE, "incidents/2026/b.yaml"], None)
    assert (FOUND,) == verdicts(root).overall("all"), "what was not checked again stays as it was"
    cache = verdicts(root)
    cache.start()
    cache.save({}, ["incidents/2026/b.yaml"], None)
    assert ["incidents/2026/b.yaml"] == list(verdicts(root).by_content([FILE, "incidents/2026/b.yaml"]))


def test_no_byte_of_the_file_can_change_without_being_noticed(root):
    file = saved(root, KNOWN)
    content = file.read_bytes()
    for index in range(len(content)):
        file.write_bytes(content[:index] + bytes([content[index] ^ 1]) + content[index + 1 :])
        assert {} == verdicts(root).by_content([FILE])


def test_no_part_of_the_file_is_taken_for_the_whole(root):
    file = saved(root, KNOWN)
    content = file.read_bytes()
    for length in range(len(content)):
        file.write_bytes(content[:length])
        assert {} == verdicts(root).by_content([FILE])
    file.write_bytes(content + b" ")
    assert {} == verdicts(root).by_content([FILE])


def test_a_cache_of_the_first_format_is_not_used_and_is_replaced(root):
    """The file was written by incidentops 0.1, with the key and the content that the test asks for."""
    file = saved(root, KNOWN)
    old = (Path(__file__).parent / "verdicts-format-1").read_bytes()
    file.write_bytes(old)
    cache = verdicts(root)
    assert ({}, None) == (cache.by_content([FILE]), cache.overall("all"))
    cache.save({FILE: KNOWN}, [FILE], None)
    assert {FILE: KNOWN} == verdicts(root).by_content([FILE])


def test_a_cache_with_another_content_than_its_format_is_not_used(root):
    file = saved(root, KNOWN)
    body = b'{"key": "key", "now": "2026-11-21T16:00:00Z", "files": ["x"]}'
    head = file.read_bytes().partition(b" ")[0] + b" verdicts 2 " + hashlib.sha256(body).hexdigest().encode()
    file.write_bytes(head + b"\n" + body)
    assert {} == verdicts(root).by_content([FILE])


@pytest.mark.parametrize("instead", ["a link", "a directory", "a FIFO", "nothing"])
def test_a_file_of_another_format_is_not_used(root, instead):
    file = saved(root, KNOWN)
    kept = file.rename(root / "kept")
    match instead:
        case "a link":
            file.symlink_to(kept)
        case "a directory":
            file.mkdir()
        case "a FIFO":
            os.mkfifo(file)
        case _:
            pass
    assert {} == verdicts(root).by_content([FILE])


def test_a_file_of_somebody_else_is_not_used(root, monkeypatch):
    saved(root, KNOWN)
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    assert {} == verdicts(root).by_content([FILE])


def test_a_cache_that_cannot_be_written_is_no_failure(root):
    (root / ".git" / "incidentops").write_text("in the way")
    cache = verdicts(root)
    cache.start()
    cache.save({FILE: KNOWN}, [FILE], None)
    assert {} == verdicts(root).by_content([FILE])


def test_nothing_is_left_over_when_the_file_cannot_be_put_in_place(root):
    file = saved(root, KNOWN)
    file.unlink()
    file.mkdir()
    (file / "x").write_text("")
    cache = verdicts(root)
    cache.start()
    cache.save({FILE: KNOWN}, [FILE], None)
    assert [file] == list(file.parent.iterdir())


def test_two_runs_at_once_leave_one_complete_cache(root):
    one, two = verdicts(root), verdicts(root)
    one.start()
    two.start()
    one.save({FILE: KNOWN}, [FILE], None)
    two.save({FILE: replace(KNOWN, blob="0ther")}, [FILE], None)
    assert "0ther" == verdicts(root).by_content([FILE])[FILE].blob


def test_outside_of_git_there_is_no_cache(tmp_path):
    assert open_cache(tmp_path, "key", NOW) is None


def test_folders_of_one_repository_have_caches_of_their_own(root):
    (root / "a").mkdir()
    saved(root, KNOWN)
    assert {} == verdicts(root / "a").by_content([FILE])


def test_a_work_tree_beside_the_first_one_has_its_own_cache(tmp_path):
    kept = tmp_path / "main" / ".git" / "worktrees" / "b"
    kept.mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / ".git").write_text(f"gitdir: {kept}\n")
    cache = verdicts(tmp_path / "b")
    cache.start()
    cache.save({FILE: KNOWN}, [FILE], None)
    assert 1 == len(list((kept / "incidentops").iterdir()))
    assert [FILE] == list(verdicts(tmp_path / "b").by_content([FILE]))


def test_the_file_is_text_that_a_person_can_read(root):
    saved_run = json.loads(saved(root, KNOWN).read_text().partition("\n")[2])
    assert {"key", "now", "overall", "files"} == saved_run.keys()


@given(st.builds(Finding))
def test_a_finding_comes_back_whole(finding):
    assert finding == msgspec.json.decode(msgspec.json.encode(finding), type=Finding)


@given(st.builds(CachedVerdict, until=moments, facts=facts))
def test_a_verdict_comes_back_whole(verdict):
    assert verdict == msgspec.json.decode(msgspec.json.encode(verdict), type=CachedVerdict)
