"""Shards: together they say what one machine says, and what does not belong together is refused."""

import os
import random
from pathlib import Path

import pytest
from msgspec.structs import replace

from flows.files import land, put, put_handbook
from incidentops.core.errors import Failed, Refused, WrongUse
from incidentops.flows.validate.shards import Shard, check_part, join, shard
from incidentops.flows.validate.validate import validate
from incidentops.flows.validate.verdict import ValidateOptions, Verdict
from incidentops.store.cache.shards import ShardResult
from make import NOW, a_record, an_entry

ALONE = ValidateOptions(1)
LATE = a_record(an_entry("14:02", severity="S3"))


def name(number: int) -> str:
    return f"incidents/2026/2026-11-21-r{number}.yaml"


@pytest.fixture
def many(repository: Path) -> Path:
    """Records that are fine, that are not, that belong together, and what should not lie there."""
    for number in range(17):
        data = [a_record(), LATE, {**LATE, "services": ["gone"]}][number % 3]
        to = {1: "2026-11-21-r2", 2: "2026-11-21-r1", 3: "2026-11-21-gone"}.get(number)
        related = {"related": [{"to": to, "as": "caused_by"}]} if to else {}
        put(repository, name(number), data={**data, **related})
    put(repository, name(17), "kind: [")
    put(repository, "incidents/old/2026-11-21-r0.yaml")
    (repository / name(18)).symlink_to("/etc/hostname")
    os.mkfifo(repository / name(19))
    return repository


def parts(root: Path, total: int, base: str | None = None) -> list[ShardResult]:
    made = [check_part(root, NOW, Shard(number, total), base, ALONE)[1] for number in range(1, total + 1)]
    return [part for part in made if part]


def refusal(root: Path, some: list[ShardResult], base: str | None = None) -> str:
    with pytest.raises(Refused) as raised:
        join(root, NOW, some, base)
    assert 5 == raised.value.exit_code
    return raised.value.message


@pytest.mark.parametrize("total", [1, 2, 5, 40])
def test_joined_parts_give_the_verdict_of_one_machine(many, total):
    found = parts(many, total)
    random.Random(total).shuffle(found)
    verdict = validate(many, NOW)
    assert verdict == join(many, NOW, found, None)
    assert {"REC004", "REC005", "REC008", "YML001", "YML006", "OWN002"} <= {f.code for f in verdict.findings}


def test_the_shares_are_all_the_records_each_once():
    files = [name(number) for number in range(23)]
    for total in (1, 2, 5, 23, 30):
        shares = [Shard(number, total).of(files) for number in range(1, total + 1)]
        assert sorted(files) == sorted(file for share in shares for file in share)
        assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_a_shard_has_its_own_verdict(many):
    verdict, part = check_part(many, NOW, Shard(2, 5), None, ALONE)
    assert part
    assert verdict.findings == part.findings
    assert 4 == verdict.records == part.records


@pytest.mark.parametrize(
    "text", ["", "/", "2", "0/5", "6/5", "2/5/1", "a/b", "-1/5", "02/5", "1/0", "1/9999999", "2/5\n", "²/5"]
)
def test_what_is_no_shard_is_wrong_use(text):
    with pytest.raises(WrongUse, match="is not a shard"):
        shard(text)


def test_a_shard_is_read_as_ci_writes_it():
    assert Shard(2, 5) == shard("2/5")


def test_a_part_that_is_missing_is_refused(many):
    found = parts(many, 4)
    assert "part 3 of 4 is missing" == refusal(many, [one for one in found if one.number != 3])
    assert "part 2 of 4 is missing, and 2 more" == refusal(many, found[:1])
    assert "there is no part to join" == refusal(many, [])


def test_a_part_that_is_there_twice_is_refused(many):
    found = parts(many, 3)
    assert "part 2 of 3 is there twice" == refusal(many, [*found, found[1]])
    assert "part 2 of 3 is there twice" == refusal(many, [found[0], found[1], found[1]])


def test_parts_of_two_pipelines_do_not_go_together(many):
    assert "part 1 of 2 does not go with part 1 of 3" == refusal(many, [*parts(many, 3), *parts(many, 2)])


def test_records_that_were_changed_meanwhile_are_refused(many):
    found = parts(many, 3)
    put(many, name(6), data=LATE)
    assert "was made of other records than those here" in refusal(many, found)
    put(many, name(6))
    assert validate(many, NOW) == join(many, NOW, found, None)
    put(many, "incidents/2026/2026-11-21-new.yaml")
    assert "was made of other records than those here" in refusal(many, found)


def test_another_handbook_or_another_code_is_refused(many, monkeypatch):
    found = parts(many, 2)
    with monkeypatch.context() as patch:
        patch.setattr("incidentops.flows.validate.cached.fingerprint", lambda: "another code")
        assert "part 1 of 2 was checked by another version" in refusal(many, found)
    put_handbook(many, rules={"OWN002": "block"})
    assert "part 1 of 2 was checked by another version" in refusal(many, found)


def test_code_without_a_fingerprint_makes_no_part(many, monkeypatch):
    monkeypatch.setattr("incidentops.flows.validate.cached.fingerprint", lambda: None)
    with pytest.raises(Failed, match="cannot be read"):
        parts(many, 1)


def test_a_handbook_that_checks_nothing_makes_no_part_and_ends_the_join(many):
    found = parts(many, 2)
    put_handbook(many, ownership=["boss"])
    verdict, part = check_part(many, NOW, Shard(1, 2), None, ALONE)
    assert (["HBK002"], None) == ([finding.code for finding in verdict.findings], part)
    assert ["HBK002"] == [finding.code for finding in join(many, NOW, found, None).findings]


def test_a_bug_in_a_shard_is_one_of_the_whole(many):
    found = parts(many, 2)
    assert ("OWN001",) == join(many, NOW, [found[0], replace(found[1], bugs=("OWN001",))], None).bugs


def test_shards_use_the_cache_too(many):
    options = ValidateOptions(1, cache=True)
    first = [check_part(many, NOW, Shard(number, 2), None, options) for number in (1, 2)]
    assert first == [check_part(many, NOW, Shard(number, 2), None, options) for number in (1, 2)]
    assert validate(many, NOW) == validate(many, NOW, options=options)


def test_parts_with_a_base_give_the_verdict_of_one_machine(repository):
    for number in range(6):
        put(repository, name(number), data=LATE)
    land(repository)
    put(repository, name(0), data={**LATE, "timeline": [an_entry("14:05", severity="S2")]})
    (repository / name(1)).rename(repository / name(9))
    (repository / name(2)).unlink()
    verdict = validate(repository, NOW, base="HEAD")
    assert {"TIM006", "DIF001"} <= {finding.code for finding in verdict.findings}
    found = parts(repository, 3, "HEAD")
    assert verdict == join(repository, NOW, found, "HEAD")
    assert "part 1 of 3 was compared with another commit" == refusal(repository, found)
    assert isinstance(join(repository, NOW, parts(repository, 3), None), Verdict)
