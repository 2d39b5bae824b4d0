"""The replay of a history finds in every version what `validate` finds in the commit that landed it."""

import json
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from gitplace import git
from incidentops.core.errors import WrongUse
from incidentops.flows.history.relations import LandedState
from incidentops.flows.history.replay import LandedStep, Replay, ReplayFilter, replay, steps_of
from incidentops.flows.read.handbook import handbook_of, load_handbook
from incidentops.flows.validate.validate import validate
from incidentops.store.git.history import History
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml.reader import read_bytes
from landing import Landing, landed
from make import FILE, HANDBOOK_FILE, NOW, a_handbook_data, a_record, an_entry

OTHER = "incidents/2026/2026-11-21-web-slow.yaml"
DUPLICATE = "incidents/2025/2026-11-21-registry-503.yaml"
EVERYTHING = ReplayFilter()


def text(data: object) -> str:
    return json.dumps(data, indent=1)


def pointing(to: str) -> str:
    return text(a_record(related=[{"to": to, "as": "caused_by"}]))


HANDBOOK = text(a_handbook_data())
FINE = text(a_record())
LIVE = text(a_record(an_entry("14:02", severity="S3")))
OPEN = text(a_record(corrective_actions=[{"key": "k", "title": "T", "owner": "ana", "due": "2026-11-22"}]))
WAIVED = text(
    a_record(
        an_entry("14:02", severity="S3"),
        waivers=[{"rule": "OWN002", "reason": "r", "until": "2026-11-22", "by": "bo"}],
    )
)
RECORDS = (
    FINE, LIVE, OPEN, WAIVED,
    text(a_record(an_entry("14:02", severity="S1", engage="eoc"), audience="public")),
    text(a_record(an_entry("14:02", severity="S3", by="nobody"))),
    text({"kind": "near_miss", "title": "T", "services": ["web"], "timeline": [an_entry("14:02", severity="S3")]}),
    pointing("2026-11-21-web-slow"), pointing("2026-11-21-registry-503"), pointing("2026-11-21-nothing"),
    "kind: incident\n", "a: b: c\n", "",
)  # fmt: skip
HANDBOOKS = (
    HANDBOOK,
    text(a_handbook_data(timers={"acknowledge": "3d"})),
    text(a_handbook_data(rules={"OWN002": "block"})),
    text(a_handbook_data(people={"ana": {"name": "Ana"}, "bo": {"name": "Bo", "timezone": "Nowhere"}})),
    "organisation: [\n",
    None,
)

changes = st.dictionaries(
    st.sampled_from([FILE, OTHER, DUPLICATE]), st.one_of(st.sampled_from(RECORDS), st.none()), max_size=3
)
landings = st.lists(
    st.builds(
        lambda files, handbook, minutes: Landing(
            files if handbook == "as before" else {**files, HANDBOOK_FILE: handbook}, NOW + timedelta(minutes=minutes)
        ),
        changes,
        st.one_of(st.just("as before"), st.just("as before"), st.sampled_from(HANDBOOKS)),
        st.integers(-300, 5000),
    ),
    min_size=1,
    max_size=5,
)
DECLARED, NOTE = an_entry("14:02", severity="S3", engage="eoc"), an_entry("14:10", note="Seen")
FIRST, SECOND = json.dumps(a_record(DECLARED, NOTE)), json.dumps(a_record(DECLARED))
OTHER, MOVED = "incidents/2026/2026-11-21-web-slow.yaml", "incidents/2026/2026-11-21-pushes.yaml"


def by_hand(root: Path, history: list[Landing], commits: list[str]) -> list[tuple[str, ...]]:
    """Check each version in the work tree of its commit, compared with the commit before."""
    rows = []
    here: dict[str, str] = {}
    for number, landing in enumerate(history):
        changed = [f for f, t in landing.files.items() if t is not None and here.get(f) != t]
        for file, content in landing.files.items():
            if content is None:
                here.pop(file, None)
            else:
                here[file] = content
        git(root, "checkout", "-q", "--detach", commits[number])
        base = commits[number - 1] if number else None
        records = [file for file in changed if file != HANDBOOK_FILE]
        found = list(validate(root, landing.at, records, base=base).findings) if records else []
        found = [finding for finding in found if finding.code not in ("REC007", "REC008", "DIF001", "OWN004")]
        loaded = handbook_of(root)
        if base and loaded.handbook:
            found += [f for f in validate(root, landing.at, base=base).findings if f.code == "DIF001"]
        if HANDBOOK_FILE in changed:
            found += loaded.findings
        rows += [(number, *shown(finding)) for finding in dict.fromkeys(found)]
    git(root, "checkout", "-q", "main")
    return sorted(rows)


def shown(finding) -> tuple[str, ...]:
    return (str(finding.location), finding.code, str(finding.level), finding.message, finding.hint, finding.waived)


def replayed_rows(replayed: Replay, history: list[str]) -> list[tuple[str, ...]]:
    return sorted((history.index(r.commit.sha), *shown(f)) for r in replayed.results for f in r.findings)


@settings(max_examples=examples(8))
@given(landings, st.integers(0, 6), st.sampled_from([1, 2]))
def test_replaying_a_history_is_checking_each_of_its_versions_by_hand(history, after, jobs):
    history = [Landing({HANDBOOK_FILE: HANDBOOK}), *history]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commits = landed(folder / "repository", history)
        expected = by_hand(folder / "repository", history, commits)
        assert expected == replayed_rows(replay(folder / "repository", EVERYTHING, jobs=jobs), commits)
        after %= len(commits)
        late = replay(folder / "repository", ReplayFilter(since=commits[after]), jobs=jobs)
        assert [one for one in expected if one[0] > after] == replayed_rows(late, commits)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "repository"


def codes(replayed: Replay) -> list[list[str]]:
    return [[finding.code for finding in result.findings] for result in replayed.results]


def test_each_version_is_checked_at_the_time_of_its_commit(root):
    landed(
        root,
        [
            Landing({HANDBOOK_FILE: HANDBOOK, FILE: LIVE}, NOW.replace(hour=14, minute=10)),
            Landing({FILE: LIVE + " "}, NOW.replace(hour=15)),
        ],
    )
    replayed = replay(root, EVERYTHING)
    assert [["OWN002"]] == codes(replayed)
    assert (1, NOW.replace(hour=15)) == (replayed.results[0].number, replayed.results[0].commit.at)


def test_each_version_is_checked_by_the_handbook_of_its_commit(root):
    landed(
        root,
        [
            Landing({HANDBOOK_FILE: text(a_handbook_data(rules={"OWN002": "block"})), FILE: LIVE}),
            Landing({HANDBOOK_FILE: text(a_handbook_data(rules={"OWN002": "off"})), FILE: LIVE + " "}),
        ],
    )
    replayed = replay(root, EVERYTHING)
    assert [["OWN002"]] == codes(replayed)
    assert (1, 2) == (replayed.blocked, replayed.versions)


def test_a_handbook_that_is_named_checks_everything(root):
    landed(root, [Landing({HANDBOOK_FILE: "broken: [", FILE: LIVE})])
    blocks = load_handbook(
        read_bytes(text(a_handbook_data(rules={"OWN002": "block"})).encode(), "other", Shape.HANDBOOK)
    )
    assert [["HBK001", "YML001"]] == codes(replay(root, EVERYTHING))
    assert [["OWN002"]] == codes(replay(root, EVERYTHING, handbook=blocks))


def test_it_is_counted_what_landed_and_what_was_taken_away(root):
    landed(
        root,
        [
            Landing({HANDBOOK_FILE: HANDBOOK, FILE: FINE, OTHER: FINE, "README.md": "x"}),
            Landing({FILE: None, OTHER: LIVE}),
            Landing({"README.md": "y"}),
            Landing({FILE: FINE}),
        ],
    )
    replayed = replay(root, EVERYTHING)
    assert (4, 2, 3, 1) == (replayed.versions, replayed.records, replayed.commits, replayed.gone)


def test_a_file_that_only_became_executable_is_no_new_version(root):
    landed(root, [Landing({HANDBOOK_FILE: HANDBOOK, FILE: FINE})])
    (root / FILE).chmod(0o755)
    git(root, "commit", "-q", "-a", "-m", "Executable")
    assert 1 == replay(root, EVERYTHING).versions


def test_only_some_files_or_folders(root):
    landed(root, [Landing({HANDBOOK_FILE: "broken: [", FILE: LIVE, OTHER: LIVE, DUPLICATE: LIVE})])
    assert 1 == replay(root, ReplayFilter(paths=(FILE,))).versions
    assert 2 == replay(root, ReplayFilter(paths=("incidents/2026/",))).versions
    assert 3 == replay(root, ReplayFilter(paths=("incidents",))).versions


def test_a_record_that_is_gone_can_still_be_asked_for(root):
    landed(root, [Landing({HANDBOOK_FILE: HANDBOOK, FILE: LIVE}), Landing({FILE: None})])
    assert [["OWN002"], ["DIF001"]] == codes(replay(root, ReplayFilter(paths=(FILE,))))


def test_a_path_of_which_nothing_landed_is_named(root):
    landed(root, [Landing({HANDBOOK_FILE: HANDBOOK, FILE: LIVE})])
    with pytest.raises(WrongUse, match="nothing ever landed at 'incidents/2027'"):
        replay(root, ReplayFilter(paths=(FILE, "incidents/2027")))


def test_records_that_were_not_asked_for_are_still_what_others_relate_to(root):
    landed(
        root,
        [
            Landing({HANDBOOK_FILE: HANDBOOK, OTHER: pointing("2026-11-21-registry-503")}),
            Landing({FILE: pointing("2026-11-21-web-slow")}),
        ],
    )
    assert [["REC004"]] == codes(replay(root, ReplayFilter(since="HEAD~1")))
    assert [["REC004"]] == codes(replay(root, ReplayFilter(paths=(FILE,))))


def test_links_that_landed_are_no_records(root):
    landed(root, [Landing({HANDBOOK_FILE: HANDBOOK, FILE: FINE})])
    (root / OTHER).symlink_to("2026-11-21-registry-503.yaml")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "A link")
    assert [["YML006"]] == codes(replay(root, EVERYTHING))


def test_progress_is_reported_with_the_total(root):
    landed(root, [Landing({HANDBOOK_FILE: HANDBOOK, FILE: FINE, OTHER: FINE})])
    seen = []
    replay(root, EVERYTHING, progress=lambda done, total: seen.append((done, total)))
    assert [(3, 3)] == seen


@pytest.mark.no_cover
def test_many_versions_of_one_record_stay_in_order(root):
    gone = text(a_record(services=["gone"]))
    landed(
        root,
        [Landing({HANDBOOK_FILE: HANDBOOK, OTHER: FINE})]
        + [Landing({FILE: FINE + " " * number, OTHER: gone if number % 2 else FINE}) for number in range(250)],
    )
    one, two = replay(root, EVERYTHING, jobs=1), replay(root, EVERYTHING, jobs=2)
    assert one == two
    assert 125 == len(one.results)
    assert list(range(2, 252, 2)) == [result.number for result in one.results]


def steps(root: Path, *landings: dict[str, str | None]) -> list[LandedStep]:
    landed(root, [Landing({HANDBOOK_FILE: HANDBOOK}), *(Landing(files) for files in landings)])
    history = History(root)
    return list(steps_of(history, LandedState({}, tuple(history.landings(history.span(None))))))[1:]


def codes_of(root: Path, *landings: dict[str, str | None]) -> list[list[str]]:
    """What the replay finds in each landing with a finding."""
    steps(root, *landings)
    return [[finding.code for finding in result.findings] for result in replay(root, ReplayFilter()).results]


def test_each_landing_has_the_versions_before_it(tmp_path):
    new, changed = steps(tmp_path / "r", {FILE: FIRST}, {FILE: SECOND})
    assert ({FILE: None}, [FILE]) == (new.before, [version.file for version in new.changed])
    assert {FILE: new.changed[0]} == changed.before
    assert new.handbook == changed.handbook
    assert HANDBOOK_FILE == changed.handbook.file


def test_a_renamed_record_is_a_move_and_a_deleted_one_is_gone(tmp_path):
    _, gone = steps(tmp_path / "r", {FILE: FIRST, OTHER: json.dumps(a_record(an_entry("15:00", severity="S4")))},
                    {FILE: None, OTHER: None, MOVED: SECOND, "incidents/notes.txt": "x"})  # fmt: skip
    assert ((OTHER,), {MOVED: FILE}) == (gone.gone, gone.moves)


def test_a_record_that_comes_again_later_is_a_new_one(tmp_path):
    _, gone, again = steps(tmp_path / "r", {FILE: FIRST}, {FILE: None}, {FILE: FIRST})
    assert ((FILE,), {}) == (gone.gone, gone.moves)
    assert {FILE: None} == again.before


def test_the_replay_holds_each_landing_to_the_one_before(tmp_path):
    assert [["TIM006"]] == codes_of(tmp_path / "a", {FILE: FIRST}, {FILE: SECOND})
    assert [["DIF001"]] == codes_of(tmp_path / "b", {FILE: FIRST}, {FILE: None})
    assert [["DIF001", "TIM006"]] == codes_of(tmp_path / "c", {FILE: FIRST}, {FILE: None, MOVED: SECOND})
    assert [] == codes_of(tmp_path / "d", {FILE: SECOND}, {FILE: FIRST})
    off = json.dumps(a_handbook_data(rules={"DIF001": "off"}))
    assert [] == codes_of(tmp_path / "e", {FILE: FIRST}, {FILE: None, HANDBOOK_FILE: off})
