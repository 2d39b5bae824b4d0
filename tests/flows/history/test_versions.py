"""Versions that come back are checked once where the clock cannot matter, and anew where it can."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from incidentops.flows.history import versions
from incidentops.flows.history.replay import ReplayFilter, replay
from incidentops.rules.engine.runner import RuleResults, RuleSet
from landing import Landing, landed
from make import FILE, HANDBOOK_FILE, NOW, a_handbook_data, a_near_miss, a_record, an_entry

HANDBOOK = json.dumps(a_handbook_data())
REVIEW = {"owner": "ana", "started": "2026-11-21T15:30:00Z"}
ACTION = {"key": "k", "title": "T", "owner": "ana", "due": "2026-11-22"}
WAIVER = {"rule": "OWN002", "reason": "r", "until": "2026-11-22", "by": "bo"}
OVER = a_record(review=REVIEW)


def back_and_forth(root: Path, record: object, *moments: datetime) -> list[tuple[int, str, str]]:
    """Land a record at each moment, what cannot be read in between; return the findings of its versions.

    It starts with the version that cannot be read, so that every landing follows the same one.
    """
    text, broken = json.dumps(record, indent=1), "a: [\n"
    history = [Landing({HANDBOOK_FILE: HANDBOOK, FILE: broken})]
    for moment in moments:
        history += [Landing({FILE: text}, moment), Landing({FILE: broken}, moment)]
    landed(root, history)
    replayed = replay(root, ReplayFilter())
    assert 2 * len(moments) + 1 == replayed.versions
    findings = [(r.number, f.code, "waived" if f.waived else f.level) for r in replayed.results for f in r.findings]
    return [one for one in findings if one[1] != "YML001"]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The moments at which records are checked by the rules."""
    seen: list[str] = []
    original = RuleSet.check

    def check_and_count(self: RuleSet, *rest: object) -> object:
        seen.append(f"{self.context.now:%H:%M}")
        return original(self, *rest)

    monkeypatch.setattr(RuleSet, "check", check_and_count)
    return seen


def test_a_record_that_is_over_is_checked_once(tmp_path, checked):
    assert [] == back_and_forth(tmp_path / "r", OVER, NOW, NOW + timedelta(days=9))
    assert ["16:00"] == checked


def test_a_near_miss_needs_no_review_to_be_over(tmp_path, checked):
    data = a_near_miss().source.data
    assert [] == back_and_forth(tmp_path / "r", data, NOW, NOW + timedelta(days=9))
    assert ["16:00"] == checked


def test_a_live_record_is_checked_each_time(tmp_path):
    live = a_record(an_entry("14:02", severity="S3"), review={"owner": "ana", "started": "2026-11-21T14:05:00Z"})
    early = NOW.replace(hour=14, minute=10)
    assert [(3, "OWN002", "advise")] == back_and_forth(tmp_path / "r", live, early, NOW)


def test_a_review_that_has_not_begun_is_checked_each_time(tmp_path):
    serious = a_record(
        an_entry("14:02", severity="S2", engage="imoc", state="investigating"),
        an_entry("14:30", state="monitoring"),
        an_entry("15:10", state="resolved", status="operational"),
        audience="internal",
        not_published={"reason": "internal_only", "why": "Only we saw it"},
    )
    found = back_and_forth(tmp_path / "r", serious, NOW, NOW + timedelta(days=9))
    assert [(3, "RCA002", "advise")] == [one for one in found if one[1] == "RCA002"]


def test_an_open_action_is_checked_each_time(tmp_path):
    record = a_record(review=REVIEW, corrective_actions=[ACTION])
    assert [(3, "ACT003", "advise")] == back_and_forth(tmp_path / "r", record, NOW, NOW + timedelta(days=9))


def test_a_waiver_is_checked_each_time(tmp_path):
    record = a_record(
        an_entry("14:02", severity="S3", note="Nobody was there"),
        an_entry("14:40", engage="eoc", state="monitoring"),
        an_entry("15:10", state="resolved", status="operational"),
        review=REVIEW,
        waivers=[WAIVER],
    )
    found = back_and_forth(tmp_path / "r", record, NOW, NOW + timedelta(days=9))
    assert [(1, "OWN002", "waived"), (3, "OWN002", "advise"), (3, "WAV001", "advise")] == sorted(found)


def test_what_was_in_the_future_is_checked_each_time(tmp_path):
    early = NOW.replace(hour=15, minute=0)
    assert {(1, "TIM002", "block")} == set(back_and_forth(tmp_path / "r", OVER, early, NOW))


def test_a_clock_that_went_back_is_taken_as_it_was(tmp_path):
    early = NOW.replace(hour=15, minute=0)
    assert {(3, "TIM002", "block")} == set(back_and_forth(tmp_path / "r", OVER, NOW, early))


def test_another_handbook_checks_anew(tmp_path, checked):
    text = json.dumps(OVER)
    other = json.dumps(a_handbook_data(services={"web": {"name": "Web"}}))
    landed(
        tmp_path / "r",
        [
            Landing({HANDBOOK_FILE: HANDBOOK, FILE: text}),
            Landing({FILE: "a: [\n"}),
            Landing({HANDBOOK_FILE: other, FILE: text}),
        ],
    )
    replayed = replay(tmp_path / "r", ReplayFilter())
    assert ["YML001", "REC002"] == [f.code for f in replayed.findings]


def test_however_many_handbooks_there_were_few_are_kept_ready(tmp_path, monkeypatch):
    monkeypatch.setattr(versions, "_KEPT", 2)
    rules = [{}, {"OWN002": "block"}, {"OWN002": "off"}, {"OWN002": "advise"}]
    live = json.dumps(a_record(an_entry("14:02", severity="S3")))
    landed(
        tmp_path / "r",
        [
            Landing({HANDBOOK_FILE: json.dumps(a_handbook_data(rules=setting)), FILE: live + " " * number})
            for number, setting in enumerate(rules)
        ],
    )
    replayed = replay(tmp_path / "r", ReplayFilter())
    assert [(0, "advise"), (1, "block"), (3, "advise")] == [(r.number, r.findings[0].level) for r in replayed.results]


def test_a_rule_that_fails_is_a_bug(tmp_path, monkeypatch):
    landed(tmp_path / "r", [Landing({HANDBOOK_FILE: HANDBOOK, FILE: json.dumps(OVER)})])

    monkeypatch.setattr(RuleSet, "check", lambda *_: RuleResults((), ("OWN001",)))
    assert ("OWN001",) == replay(tmp_path / "r", ReplayFilter()).bugs
