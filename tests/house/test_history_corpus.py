"""The history that is measured: many versions, the same every time, of which no rule blocks any."""

from benchmarks import landed
from gitplace import git
from incidentops.flows.history.replay import ReplayFilter, replay


def test_records_land_live_and_once_more_when_they_are_over(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        assert 34 == landed.write(folder, 20)
    assert git(one, "rev-parse", "HEAD") == git(two, "rev-parse", "HEAD")
    replayed = replay(one, ReplayFilter())
    assert (34, 20, 10, 0) == (replayed.versions, replayed.records, replayed.commits, replayed.blocked)
