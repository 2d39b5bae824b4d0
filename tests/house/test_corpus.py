"""The records that are measured are what they claim to be: as long as real ones, fine, and the same every time."""

from functools import cache
from itertools import islice
from statistics import mean

from benchmarks import corpus
from incidentops.model import build
from incidentops.model.build_handbook import handbook
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.store.yaml.reader import Shape, read_bytes, read_file
from paths import ROOT


@cache
def some():
    return tuple(corpus.records(60))


def test_the_same_seed_makes_the_same_records():
    assert some()[:30] == tuple(islice(corpus.records(60), 30))


def test_no_two_records_are_the_same_file():
    assert 60 == len({record.file for record in some()}) == len({record.text for record in some()})


def test_they_are_as_long_as_real_ones():
    assert 4500 < mean(len(record.text.encode()) for record in some()) < 5200
    assert 115 < mean(record.text.count("\n") for record in some()) < 140


def test_no_rule_has_anything_to_say_of_them(now):
    loaded = handbook(read_file(ROOT, "incidents/handbook.yaml", Shape.HANDBOOK).document)
    rules = prepare(context(now, loaded))
    for record in some():
        read = read_bytes(record.text.encode(), record.file, Shape.INCIDENT)
        assert () == read.findings
        incident = build.incident(read.document, loaded.ownership)
        assert () == rules.check(incident, record.text).findings
