"""Verdicts that are cached: a run with a memory says what one without says, whatever happened in between."""

import json
import os
import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examples import examples
from flows.files import land, put, put_handbook
from incidentops.core.moment import LATEST
from incidentops.flows.validate import records
from incidentops.flows.validate.cached import open_cached_run
from incidentops.flows.validate.selection import select
from incidentops.flows.validate.validate import validate
from incidentops.flows.validate.verdict import ValidateOptions, Verdict
from make import FILE, HANDBOOK_FILE, NOW, a_record, a_timeline, an_entry

WITH = ValidateOptions(cache=True)
LIVE = a_record(an_entry("15:55", severity="S3"))
LATE = a_record(an_entry("14:02", severity="S3"), an_entry("15:30", state="resolved"))
NAMES = [f"incidents/2026/2026-11-21-r{number}.yaml" for number in range(6)]


def related(to: str) -> dict[str, object]:
    return a_record(related=[{"to": to, "as": "caused_by"}])


@pytest.fixture
def settled(monkeypatch):
    """Let every file look as if it had been changed long ago, so that its verdict is taken without reading it."""
    monkeypatch.setattr("incidentops.store.cache.verdicts._SETTLED", -(10**12))


@pytest.fixture
def checked(monkeypatch) -> list[str]:
    """The files that were checked, not taken from the cache."""
    seen: list[str] = []
    real = records.read_bytes

    def spy(content, file, shape):
        seen.append(file)
        return real(content, file, shape)

    monkeypatch.setattr(records, "read_bytes", spy)
    return seen


def both(root: Path, now: datetime = NOW, *paths: str) -> Verdict:
    """Check with and without a cache; both must find the same."""
    cached = validate(root, now, paths, options=WITH)
    assert validate(root, now, paths) == cached
    return cached


def kept(root: Path) -> Path:
    (file,) = (root / ".git" / "incidentops").glob("verdicts-*")
    return file


def checked_again(root: Path, checked: list[str], now: datetime = NOW) -> list[str]:
    validate(root, now, options=WITH)
    found = sorted(checked)
    checked.clear()
    return found


def test_a_second_run_checks_nothing_and_finds_the_same(repository, settled, checked):
    put(repository)
    put(repository, NAMES[0], data=LATE)
    put(repository, NAMES[1], "kind: [")
    put(repository, NAMES[2], data=related("gone"))
    first = validate(repository, NOW, options=WITH)
    assert 4 == len(checked)
    checked.clear()
    assert first == validate(repository, NOW, options=WITH)
    assert [] == checked
    assert first == validate(repository, NOW)


def test_an_unchanged_file_is_not_opened(repository, settled, monkeypatch):
    put(repository)
    validate(repository, NOW, options=WITH)
    monkeypatch.setattr("incidentops.store.safe_read._all", lambda handle, size: pytest.fail("opened"))
    monkeypatch.setattr("incidentops.flows.validate.cached.safe_read.read_within", lambda *_: HANDBOOK.encode())
    HANDBOOK = (repository / HANDBOOK_FILE).read_text()  # noqa: N806
    assert Verdict((), 1) == validate(repository, NOW, options=WITH)


def test_a_file_that_only_looks_new_is_known_by_its_content(repository, settled, checked):
    put(repository)
    validate(repository, NOW, options=WITH)
    checked.clear()
    os.utime(repository / FILE, (1, 1))
    assert [] == checked_again(repository, checked)


def test_only_what_changed_is_checked(repository, settled, checked):
    for name in NAMES:
        put(repository, name, data=LATE)
    validate(repository, NOW, options=WITH)
    checked.clear()
    put(repository, NAMES[2])
    (repository / NAMES[3]).unlink()
    put(repository, "incidents/2026/2026-11-21-new.yaml")
    assert ["incidents/2026/2026-11-21-new.yaml", NAMES[2]] == checked_again(repository, checked)
    assert [] == checked_again(repository, checked)
    both(repository)


def test_another_handbook_is_another_verdict(repository, settled, checked):
    put(repository, data=LATE)
    assert 0 == both(repository).blocking
    put_handbook(repository, rules={"OWN002": "block"})
    assert 1 == both(repository).blocking
    put_handbook(repository, ownership=["eoc", "boss"])
    assert "HBK002" == both(repository).findings[0].code
    (repository / HANDBOOK_FILE).unlink()
    assert "HBK001" == both(repository).findings[0].code
    put_handbook(repository)
    assert 0 == both(repository).blocking


def test_another_rule_is_another_verdict(repository, settled, checked, monkeypatch):
    put(repository)
    validate(repository, NOW, options=WITH)
    checked.clear()
    monkeypatch.setattr("incidentops.flows.validate.cached.fingerprint", lambda: "another code")
    assert [FILE] == checked_again(repository, checked)


def test_code_without_a_fingerprint_uses_no_cache(repository, monkeypatch):
    put(repository)
    monkeypatch.setattr("incidentops.flows.validate.cached.fingerprint", lambda: None)
    assert open_cached_run(repository, NOW, select(repository, ())) is None
    assert Verdict((), 1) == validate(repository, NOW, options=WITH)


def test_a_live_incident_is_checked_in_every_run(repository, settled, checked):
    put(repository)
    put(repository, NAMES[0], data=LIVE)
    assert () == both(repository).findings
    checked.clear()
    assert [NAMES[0]] == checked_again(repository, checked)
    found = both(repository, NOW + timedelta(hours=5))
    assert {NAMES[0]} == {finding.location.file for finding in found.findings}


def test_a_waiver_that_ends_is_noticed(repository, settled, checked):
    waiver = {"rule": "OWN002", "reason": "The pager was broken", "until": "2026-11-30", "by": "bo"}
    put(repository, data={**LATE, "waivers": [waiver]})
    ends = datetime.fromisoformat("2026-12-01T00:00:00Z")
    assert ["OWN002"] == [f.code for f in both(repository).findings if f.waived]
    checked.clear()
    assert [] == checked_again(repository, checked, ends - timedelta(seconds=1))
    assert {"OWN002", "WAV001"} <= {f.code for f in both(repository, ends).findings if not f.waived}


def test_an_action_that_becomes_overdue_is_noticed(repository, settled):
    action = {"key": "pin", "title": "Pin it", "owner": "ana", "severity": "S3", "due": "2026-11-25"}
    put(repository, data=a_record(corrective_actions=[action]))
    for day, overdue in (("2026-11-21", 0), ("2026-11-25", 0), ("2026-11-26", 1), ("2027-01-01", 1)):
        found = both(repository, datetime.fromisoformat(f"{day}T18:00:00Z")).findings
        assert overdue == sum(finding.code == "ACT003" for finding in found)


def test_a_clock_that_is_set_back_is_noticed(repository, settled):
    put(repository)
    assert () == both(repository, NOW + timedelta(days=30)).findings
    earlier = datetime.fromisoformat("2026-11-21T14:10:00Z")
    assert {"TIM002"} <= {finding.code for finding in both(repository, earlier).findings}
    assert () == both(repository, NOW).findings


@pytest.mark.parametrize("how", ["replaced", "rewritten"])
def test_a_file_of_the_same_size_and_time_is_checked_anew(repository, settled, how):
    """As `cp -p`, `touch -r` and restored backups make them."""
    put(repository, data=LATE)
    before = (repository / FILE).stat()
    both(repository)
    text = (repository / FILE).read_text().replace('"ana"', '"boo"')
    if how == "replaced":
        put(repository, "other", text)
        (repository / "other").replace(repository / FILE)
    else:
        put(repository, FILE, text)
    os.utime(repository / FILE, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = (repository / FILE).stat()
    assert (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    assert "REC003" in {finding.code for finding in both(repository).findings}


def test_a_file_that_was_changed_just_now_is_always_read(repository, checked):
    """Within one tick of the clock it can change again and look the same; its content still tells."""
    put(repository)
    validate(repository, NOW, options=WITH)
    assert {} == open_cached_run(repository, NOW, select(repository, ())).unchanged
    checked.clear()
    assert [] == checked_again(repository, checked)


def test_relations_follow_records_that_were_not_checked_again(repository, settled, checked):
    a, b = NAMES[:2]
    put(repository, a, data=related("2026-11-21-r1"))
    put(repository, b)
    assert () == both(repository).findings
    put(repository, b, data=related("2026-11-21-r0"))
    checked.clear()
    assert [b] == checked_again(repository, checked)
    assert [a, b] == [finding.location.file for finding in both(repository).findings]
    (repository / b).unlink()
    assert ["there is no record '2026-11-21-r1'"] == [finding.message for finding in both(repository).findings]
    assert "REC004" == both(repository, NOW, a).findings[0].code


def test_an_incident_declared_twice_is_found_with_one_that_was_not_checked_again(repository, settled, checked):
    put(repository, NAMES[0])
    both(repository)
    checked.clear()
    put(repository, NAMES[1], data=a_record(*a_timeline()))
    assert [NAMES[1]] == checked_again(repository, checked)
    assert {NAMES[0], NAMES[1]} == {f.location.file for f in both(repository).findings if f.code == "REC008"}


def test_the_verdict_of_a_rule_that_fails_is_not_cached(repository, settled, monkeypatch):
    from incidentops.rules.engine import catalogue, runner
    from incidentops.rules.engine.rule import rule

    @rule("OWN001", "Broken")
    def broken(incident, ctx):
        raise ZeroDivisionError

    put(repository)
    with monkeypatch.context() as patch:
        patch.setattr(runner.prepare, "__defaults__", ((broken, *catalogue.ALL),))
        assert ("OWN001",) == validate(repository, NOW, options=WITH).bugs
        assert ("OWN001",) == validate(repository, NOW, options=WITH).bugs
    assert Verdict((), 1) == validate(repository, NOW, options=WITH)


def test_what_may_not_be_opened_is_found_in_every_run(repository, settled):
    put(repository)
    (repository / NAMES[0]).symlink_to("/etc/hostname")
    os.mkfifo(repository / NAMES[1])
    assert ["YML006", "YML006"] == [finding.code for finding in both(repository).findings]
    assert ["YML006", "YML006"] == [finding.code for finding in both(repository).findings]
    (repository / FILE).unlink()
    (repository / FILE).symlink_to("/etc/hostname")
    assert 3 == len(both(repository).findings)


def test_a_cache_that_somebody_pushes_is_not_read(repository, settled):
    """What is in the work tree is somebody's; only git's own folder is ours."""
    put(repository)
    validate(repository, NOW, options=WITH)
    for folder in (".incident/cache", "incidents/.git/incidentops", ".incidentops"):
        (repository / folder).mkdir(parents=True)
        shutil.copy(kept(repository), repository / folder)
    put(repository, data=LATE)
    assert {"OWN002"} <= {finding.code for finding in both(repository).findings}


def test_a_cache_of_other_content_is_not_used(repository, settled):
    """As when two runs cross, or a folder is restored: each verdict stands for one content."""
    put(repository)
    both(repository)
    memory = kept(repository).read_bytes()
    put(repository, data=LATE)
    both(repository)
    kept(repository).write_bytes(memory)
    assert "OWN002" in {finding.code for finding in both(repository).findings}


def test_a_cache_can_be_deleted_or_broken_at_any_time(repository, settled):
    put(repository, data=LATE)
    first = both(repository)
    whole = kept(repository).read_bytes()
    for content in (b"", whole[:-1], whole[: len(whole) // 2], whole.replace(b"OWN002", b"OWN003"), b"\0" * 1000):
        kept(repository).write_bytes(content)
        assert first == both(repository)
    kept(repository).unlink()
    assert first == both(repository)


def test_with_a_base_what_changed_is_checked_again_and_not_cached(repository, settled, checked):
    for name in NAMES[:3]:
        put(repository, name, data=LATE)
    land(repository)
    validate(repository, NOW, options=WITH)
    data = {**LATE, "timeline": [{**LATE["timeline"][0], "note": "Something else"}, *LATE["timeline"][1:]]}
    put(repository, NAMES[0], data=data)
    checked.clear()
    first = validate(repository, NOW, base="HEAD", options=WITH)
    assert [NAMES[0]] == checked
    assert validate(repository, NOW, base="HEAD") == first
    assert {"TIM005"} & {finding.code for finding in first.findings}
    assert first == validate(repository, NOW, base="HEAD", options=WITH)
    assert not {"TIM005"} & {finding.code for finding in both(repository).findings}


RECORDS = [a_record(), LATE, LIVE, related("2026-11-21-r0"), related("2026-11-21-r1"), {**LATE, "services": ["gone"]}]
edits = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(range(len(RECORDS)))),
        st.tuples(st.just("break"), st.sampled_from(NAMES), st.sampled_from([0, 1])),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just(0)),
        st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(range(len(NAMES)))),
        st.tuples(st.just("handbook"), st.just(""), st.sampled_from([0, 1])),
        st.tuples(st.just("wait"), st.just(""), st.sampled_from([-3600, 60, 86400])),
        st.tuples(st.just("check some"), st.sampled_from(NAMES), st.just(0)),
        st.tuples(st.just("spoil"), st.just(""), st.integers(0, 10**6)),
    ),
    max_size=12,
)


@pytest.mark.parametrize("looks", [-(10**12), 2 * 10**9], ids=["settled", "fresh"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(40))
@given(steps=edits)
def test_whatever_happens_in_between_the_verdict_is_that_of_a_fresh_run(repository, monkeypatch, looks, steps):
    monkeypatch.setattr("incidentops.store.cache.verdicts._SETTLED", looks)
    shutil.rmtree(repository / "incidents" / "2026")
    (repository / "incidents" / "2026").mkdir()
    put_handbook(repository)
    now = NOW
    for what, name, number in steps:
        now += timedelta(seconds=number if what == "wait" else 0)
        edit(repository, what, name, number)
        if what == "check some" and (repository / name).exists():
            both(repository, now, name)
        else:
            both(repository, now)
    both(repository, now)


def edit(root: Path, what: str, name: str, number: int) -> None:
    path = root / name
    match what:
        case "write":
            put(root, name, data=RECORDS[number])
        case "break":
            put(root, name, ["kind: [", "kind: incident\n"][number])
        case "delete":
            path.unlink(missing_ok=True)
        case "move":
            if path.exists():
                path.rename(root / NAMES[number])
        case "handbook":
            put_handbook(root, rules={"OWN002": ["block", "off"][number]})
        case "spoil":
            spoil(root, number)


def spoil(root: Path, number: int) -> None:
    for file in (root / ".git" / "incidentops").glob("verdicts-*"):
        content = bytearray(file.read_bytes())
        content[number % len(content)] ^= 1
        file.write_bytes(content)


def test_several_processes_fill_one_cache_and_leave_nothing_out(repository, settled, checked):
    for number in range(250):
        put(repository, f"incidents/2026/2026-11-21-p{number}.yaml", data=[a_record(), LATE][number % 2])
    first = validate(repository, NOW, options=ValidateOptions(2, cache=True))
    assert 250 == len(json.loads(kept(repository).read_bytes().partition(b"\n")[2])["files"])
    assert first == validate(repository, NOW, options=ValidateOptions(2, cache=True)) == validate(repository, NOW)
    for number in random.Random(1).sample(range(250), 120):
        os.utime(repository / f"incidents/2026/2026-11-21-p{number}.yaml", (1, 1))
    checked.clear()
    assert first == validate(repository, NOW, options=ValidateOptions(1, cache=True))
    assert [] == checked


def test_nothing_is_written_when_nothing_new_is_known(repository, settled):
    put(repository)
    put(repository, NAMES[0], data=LIVE)
    both(repository)
    before = kept(repository).stat().st_mtime_ns
    both(repository)
    assert before == kept(repository).stat().st_mtime_ns


def test_a_verdict_that_holds_for_ever_is_cached_without_an_end(repository, settled):
    put(repository)
    validate(repository, NOW, options=WITH)
    assert LATEST == open_cached_run(repository, NOW, select(repository, ())).unchanged[FILE].until
