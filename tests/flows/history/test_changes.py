"""What each landing made of the records."""

import json
from pathlib import Path

from incidentops.flows.history.changes import LandedStep, steps_of
from incidentops.flows.history.relations import LandedState
from incidentops.flows.history.replay import ReplayFilter, replay
from incidentops.store.git.history import History
from landing import Landing, landed
from make import FILE, HANDBOOK_FILE, a_handbook_data, a_record, an_entry

HANDBOOK = json.dumps(a_handbook_data())
DECLARED, NOTE = an_entry("14:02", severity="S3", engage="eoc"), an_entry("14:10", note="Seen")
FIRST, SECOND = json.dumps(a_record(DECLARED, NOTE)), json.dumps(a_record(DECLARED))
OTHER, MOVED = "incidents/2026/2026-11-21-web-slow.yaml", "incidents/2026/2026-11-21-pushes.yaml"


def steps(root: Path, *landings: dict[str, str | None]) -> list[LandedStep]:
    landed(root, [Landing({HANDBOOK_FILE: HANDBOOK}), *(Landing(files) for files in landings)])
    history = History(root)
    return list(steps_of(history, LandedState({}, tuple(history.landings(history.span(None))))))[1:]


def codes(root: Path, *landings: dict[str, str | None]) -> list[list[str]]:
    """What the replay finds in each landing with a finding."""
    steps(root, *landings)
    return [[finding.code for finding in ruling.findings] for ruling in replay(root, ReplayFilter()).rulings]


def test_each_version_is_told_with_what_it_was_before(tmp_path):
    new, changed = steps(tmp_path / "r", {FILE: FIRST}, {FILE: SECOND})
    assert ({FILE: None}, [FILE]) == (new.before, [version.file for version in new.changed])
    assert {FILE: new.changed[0]} == changed.before
    assert new.handbook == changed.handbook
    assert HANDBOOK_FILE == changed.handbook.file


def test_what_is_gone_and_what_only_moved_are_told_apart(tmp_path):
    _, gone = steps(tmp_path / "r", {FILE: FIRST, OTHER: json.dumps(a_record(an_entry("15:00", severity="S4")))},
                    {FILE: None, OTHER: None, MOVED: SECOND, "incidents/notes.txt": "x"})  # fmt: skip
    assert ((OTHER,), {MOVED: FILE}) == (gone.gone, gone.moves)


def test_a_record_that_comes_again_later_is_a_new_one(tmp_path):
    _, gone, again = steps(tmp_path / "r", {FILE: FIRST}, {FILE: None}, {FILE: FIRST})
    assert ((FILE,), {}) == (gone.gone, gone.moves)
    assert {FILE: None} == again.before


def test_the_replay_holds_each_landing_to_the_one_before(tmp_path):
    assert [["TIM006"]] == codes(tmp_path / "a", {FILE: FIRST}, {FILE: SECOND})
    assert [["DIF001"]] == codes(tmp_path / "b", {FILE: FIRST}, {FILE: None})
    assert [["DIF001", "TIM006"]] == codes(tmp_path / "c", {FILE: FIRST}, {FILE: None, MOVED: SECOND})
    assert [] == codes(tmp_path / "d", {FILE: SECOND}, {FILE: FIRST})
    off = json.dumps(a_handbook_data(rules={"DIF001": "off"}))
    assert [] == codes(tmp_path / "e", {FILE: FIRST}, {FILE: None, HANDBOOK_FILE: off})
