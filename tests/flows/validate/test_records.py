"""Reading and judging files, alone and on several processes."""

import os
import signal
from pathlib import Path

import pytest

from flows.files import put
from incidentops.core.errors import Failed
from incidentops.flows.validate.records import FileResults, JudgingContext, judge_file, judge_files
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.rules.relations import RelationSummary
from incidentops.store.safe_read import SafeTree
from make import FILE, NOW, a_handbook, a_record, an_entry


@pytest.fixture
def room(repository: Path) -> JudgingContext:
    return JudgingContext(repository, prepare(context(NOW, a_handbook())))


def judged(room: JudgingContext, file: str) -> FileResults:
    with SafeTree(room.root) as tree:
        return judge_file(room, tree, file)


def test_a_file_that_is_fine_leaves_its_count_and_what_its_neighbours_need_to_know(room: JudgingContext):
    outcome = judged(room, put(room.root))
    assert ((), 1, (), ()) == (outcome.findings, outcome.records, outcome.summaries, outcome.bugs)
    assert [FILE] == [one.file for one in outcome.presences]


def test_a_file_stops_at_its_first_bad_stage(room: JudgingContext):
    outcome = judged(room, put(room.root, data=a_record(an_entry("14:02", severity="S3", stat="resolved"))))
    assert (["SCH001"], 1) == ([f.code for f in outcome.findings], outcome.records)


def test_what_others_need_to_know_is_kept(room: JudgingContext):
    file = put(room.root, data=a_record(related=[{"to": "x", "as": "follows"}]))
    assert (RelationSummary("2026-11-21-registry-503", FILE, (("x", "follows"),)),) == judged(room, file).summaries


def test_a_file_that_vanished_is_a_finding(room: JudgingContext):
    assert ["YML006"] == [f.code for f in judged(room, "incidents/2026/gone.yaml").findings]


def test_outcomes_add_up_and_name_each_bug_once():
    one = FileResults((), 1, (), ("OWN001",))
    assert FileResults((), 2, (), ("OWN001",)) == one.plus(one)


def test_batches_come_back_from_every_process(room: JudgingContext):
    files = [put(room.root, f"incidents/2026/2026-11-21-r{n}.yaml") for n in range(301)]
    assert [1, 100, 100, 100] == sorted(o.records for o in judge_files(room, files, 2))
    assert [100, 100, 100, 1] == [o.records for o in judge_files(room, files)]
    assert [] == list(judge_files(room, [], 2))


def test_a_process_that_is_ended_from_outside_is_told(room: JudgingContext, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "incidentops.flows.validate.records.judge_file", lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    )
    with pytest.raises(Failed, match="was ended from outside"):
        list(judge_files(room, [FILE] * 200, 2))


def test_whoever_stops_listening_leaves_no_process_behind(room: JudgingContext):
    import multiprocessing

    files = [put(room.root, f"incidents/2026/2026-11-21-r{n}.yaml") for n in range(300)]
    outcomes = judge_files(room, files, 2)
    next(outcomes)
    outcomes.close()
    assert [] == multiprocessing.active_children()
