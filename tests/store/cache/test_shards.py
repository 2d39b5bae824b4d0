"""Parts as files: what is written is read, and what is not whole is refused."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidentops.core.errors import Failed, Refused
from incidentops.store.cache.shards import ShardResult, read_part, write_part
from incidentops.store.cache.verdicts import RecordFacts
from store.cache.test_verdicts import facts

PART = ShardResult(2, 5, "ground", "", "content", 3, (), {}, ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.builds(ShardResult, facts=st.dictionaries(st.text(), facts, max_size=3)))
def test_a_part_comes_back_whole(tmp_path, part):
    write_part(tmp_path / "deep" / "part.json", part)
    assert part == read_part(tmp_path / "deep" / "part.json")


def test_a_part_has_a_name():
    assert "part 2 of 5" == PART.name


def test_no_piece_of_a_part_is_taken_for_the_whole(tmp_path):
    file = tmp_path / "part.json"
    write_part(file, PART)
    content = file.read_bytes()
    for length in range(len(content) - 1):  # the last byte is the line break
        file.write_bytes(content[:length])
        with pytest.raises(Refused, match="is not a complete part of a verdict"):
            read_part(file)


@pytest.mark.parametrize("key", ["format", "ground", "base", "content", "records", "findings", "facts", "bugs"])
@pytest.mark.parametrize("value", [..., None, 5, "x", ["x"]])
def test_a_part_without_a_piece_or_with_another_is_refused_or_read(tmp_path, key, value):
    file = tmp_path / "part.json"
    write_part(file, PART)
    part = json.loads(file.read_bytes())
    if value is ...:
        del part[key]
    else:
        part[key] = value
    file.write_text(json.dumps(part))
    try:
        read_part(file)
    except Refused as refused:
        assert "is not a complete part" in refused.message  # noqa: PT017 - either end is right


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"5", b"null", b"\xff", b'{"format": "incidentops part 1"}', b"[" * 5000]
)
def test_what_is_no_part_is_refused(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(Refused, match="is not a complete part of a verdict"):
        read_part(tmp_path / "x")


def test_a_part_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="no such file"):
        read_part(tmp_path / "x")


def test_a_part_that_cannot_be_written_is_a_failure(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(Failed, match="cannot be written"):
        write_part(tmp_path / "x" / "part.json", PART)


def test_the_name_of_a_record_that_is_not_utf8_is_a_failure_with_what_to_do(tmp_path):
    part = ShardResult(1, 1, "", "", "", 1, (), {"incidents/\udcff.yaml": RecordFacts()}, ())
    with pytest.raises(Failed, match="not UTF-8"):
        write_part(tmp_path / "part.json", part)
