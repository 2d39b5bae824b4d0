"""Reading and checking files, alone and on several processes."""

import os
import signal
from pathlib import Path

import pytest

from flows.files import put
from incidentops.core.errors import Failed
from incidentops.flows.validate.records import FileResult, FileResults, ValidationRun, check_files, check_some, together
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.store.cache.verdicts import NO_FACTS, RecordFacts
from incidentops.store.safe_read import SafeTree
from make import FILE, NOW, a_handbook, a_record, a_time, an_entry


@pytest.fixture
def run(repository: Path) -> ValidationRun:
    return ValidationRun(repository, prepare(context(NOW, a_handbook())))


def checked(run: ValidationRun, file: str) -> FileResult:
    with SafeTree(run.root) as tree:
        return check_some(run, tree, [file])[file]


def test_of_a_file_that_is_fine_others_know_when_and_where_it_was_declared(run: ValidationRun):
    assert FileResult((), RecordFacts((), a_time("14:02"), ("registry",))) == checked(run, put(run.root))


def test_of_a_live_incident_others_know_where_it_is_live(run: ValidationRun):
    file = put(run.root, data=a_record(an_entry("14:02", severity="S3", services=["web"])))
    assert RecordFacts((), a_time("14:02"), ("registry",), ("web",)) == checked(run, file).facts


def test_a_file_stops_at_its_first_bad_stage(run: ValidationRun):
    result = checked(run, put(run.root, data=a_record(an_entry("14:02", severity="S3", stat="resolved"))))
    assert ["SCH001"] == [f.code for f in result.findings]


def test_of_a_near_miss_others_know_its_relations_alone(run: ValidationRun):
    related = [{"to": "x", "as": "follows"}]
    alone = put(run.root, data=a_record(an_entry("14:02", severity="S3"), kind="near_miss"))
    assert NO_FACTS is checked(run, alone).facts
    file = put(run.root, data=a_record(an_entry("14:02", severity="S3"), kind="near_miss", related=related))
    assert RecordFacts((("x", "follows"),)) == checked(run, file).facts


def test_a_file_that_vanished_is_a_finding(run: ValidationRun):
    assert ["YML006"] == [f.code for f in checked(run, "incidents/2026/gone.yaml").findings]


def test_results_add_up_and_name_each_bug_once():
    one = FileResults((), 1, {"a": NO_FACTS}, ("OWN001",))
    assert FileResults((), 2, {"a": NO_FACTS}, ("OWN001",)) == together([one, one])


def test_batches_come_back_from_every_process(run: ValidationRun):
    files = [put(run.root, f"incidents/2026/2026-11-21-r{n}.yaml") for n in range(301)]
    assert [1, 100, 100, 100] == sorted(o.records for o in check_files(run, files, 2))
    assert [100, 100, 100, 1] == [o.records for o in check_files(run, files)]
    assert [] == list(check_files(run, [], 2))


def test_a_process_that_is_killed_from_outside_is_a_failure(run: ValidationRun, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "incidentops.flows.validate.records.check_some", lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    )
    with pytest.raises(Failed, match="was ended from outside"):
        list(check_files(run, [FILE] * 200, 2))


def test_whoever_stops_listening_leaves_no_process_behind(run: ValidationRun):
    import multiprocessing

    files = [put(run.root, f"incidents/2026/2026-11-21-r{n}.yaml") for n in range(300)]
    outcomes = check_files(run, files, 2)
    next(outcomes)
    outcomes.close()
    assert [] == multiprocessing.active_children()
