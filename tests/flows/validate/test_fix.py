"""fix: what has one right fix is fixed, everything else stays, and no record gets worse."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from examples import examples
from incidentops.core.errors import Refused, WrongUse
from incidentops.flows.read.archive import Archive, record_check
from incidentops.flows.validate.fix import Fixer, FixResult
from incidentops.store.yaml import edit, roundtrip
from incidentops.store.yaml import fix as yaml_fix
from incidentops.store.yaml.reader import Shape, read_bytes
from make import FILE, MODELINE, NOW, RECORD_TEXT, a_handbook, a_record, an_entry
from paths import ROOT
from rules.records_drawn import records


def a_fixer() -> Fixer:
    return Fixer(Archive(ROOT, a_handbook()), record_check(a_handbook(), NOW))


def fix(text: str, file: str = FILE) -> FixResult:
    return a_fixer().fix(file, text)


def test_a_record_that_is_fine_stays_as_it_is():
    fixed = fix(RECORD_TEXT)
    assert (RECORD_TEXT, False, (), "") == (fixed.after, fixed.changed, fixed.done, fixed.diff())


@pytest.mark.parametrize(
    ("broken", "fine"),
    [
        ("2026-11-21T16:50:00+01:00", "2026-11-21T15:50:00Z"),
        ("severity: s3", "severity: S3"),
        ("engage: EOC", "engage: eoc"),
        ("  - {at: 2026-11-21T15:50:00Z, by: anna,", "  - {at: 2026-11-21T15:50:00Z, by: ana,"),
        ("[regisrty]", "[registry]"),
        ("titlle:", "title:"),
        ("{by: ana, at: 2026-11-21T15:52:00Z, note:", "{at: 2026-11-21T15:52:00Z, by: ana, note:"),
        ("title: Registry pushes fail\nkind: incident\n", "kind: incident\ntitle: Registry pushes fail\n"),
        ("", MODELINE),
    ],
)
def test_each_fault_with_one_right_fix_is_fixed(broken: str, fine: str):
    assert fine in RECORD_TEXT
    fixed = fix(RECORD_TEXT.replace(fine, broken))
    assert RECORD_TEXT == fixed.after
    assert 1 == len(fixed.done)


def test_one_fix_makes_another_possible():
    text = """\
services: [registry]
kind: incident
titlle: Registry pushes fail   # as the alert had it
timeline:
  - {by: Ana, at: 2026-11-21T17:52:00+02:00, note: Chart 4.2 dropped the storage secret}
  - {at: 2026-11-21T16:50:00+01:00, by: ana, severity: s3, engage: eoc}
"""
    fixed = fix(text)
    assert RECORD_TEXT.replace("pushes fail\n", "pushes fail   # as the alert had it\n") == fixed.after
    assert "timeline.0.at: '2026-11-21T17:52:00+02:00' → '2026-11-21T15:52:00Z'" in fixed.done
    assert "the entries of the timeline in time order" in fixed.done


def test_entries_of_one_moment_keep_their_order():
    later = "  - {{at: 2026-11-21T15:{}:00Z, by: ana, note: {}}}\n"
    first, second, third = later.format("54", "later"), later.format("53", "one"), later.format("53", "two")
    assert RECORD_TEXT + second + third + first == fix(RECORD_TEXT + first + second + third).after


def test_an_order_that_brings_a_finding_is_not_for_a_program_to_make():
    """By time ana resolves what bo owns by then: somebody has to say which of the times is wrong."""
    text = MODELINE + json.dumps(
        a_record(
            an_entry("14:02", severity="S3", engage="eoc", state="investigating"),
            an_entry("14:40", state="resolved", status="operational"),
            an_entry("14:30", by="bo", engage="imoc"),
        )
    )
    fixed = fix(text)
    assert text == fixed.after
    assert "TIM001" in {finding.code for finding in fixed.left}


def test_what_cannot_be_read_is_left_alone():
    fixed = fix("kind: incident\nkind: incident\n")
    assert (False, False) == (fixed.changed, fixed.readable)
    assert ["YML002"] == [finding.code for finding in fixed.left]


def test_what_is_not_utf8_is_left_alone():
    text = b"kind: incident \xff".decode("utf-8", "surrogateescape")
    assert (text, False) == (fix(text).after, fix(text).readable)


def test_what_has_no_one_answer_is_left_with_its_findings():
    fixed = fix(RECORD_TEXT.replace("S3", "S9"))
    assert not fixed.changed
    assert ["SCH001"] == [finding.code for finding in fixed.left]


@pytest.mark.parametrize(
    ("file", "up"), [("incidents/x.yaml", "../"), ("incidents/2026/x/y.yaml", "../../../"), ("-", "../../")]
)
def test_the_schema_is_found_from_where_the_record_lies(file: str, up: str):
    after = fix(RECORD_TEXT.removeprefix(MODELINE), file).after
    assert after.startswith(f"# yaml-language-server: $schema={up}schemas/incident.schema.json\n")


def test_a_fix_that_cannot_be_made_safely_is_not_made(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> str:
        raise Refused("no", "")

    monkeypatch.setattr(yaml_fix, "arrange_members", refuse)
    text = RECORD_TEXT.replace("{at: 2026-11-21T15:52:00Z, by: ana,", "{by: ana, at: 2026-11-21T15:52:00Z,")
    assert text == fix(text).after


@pytest.mark.parametrize("path", sorted(ROOT.glob("incidents/*/*.yaml")), ids=lambda path: path.stem)
def test_the_records_of_this_repository_need_no_fix(path: Path):
    text = path.read_text(encoding="utf-8")
    assert text == fix(text, path.relative_to(ROOT).as_posix()).after


SLIPS = {
    "T14:": "T15:", "Z": "+01:00", "severity: ": "severty: ", "resolved": "resolve", "engage": "Engage", "ana": "anaa",
    "registry": "regisrty", "note: ": "notes: ", "S2": "s2", "\n  - ": "\n  # above it\n  - ", "\n": " # beside it\n",
}  # fmt: skip


@st.composite
def drafts(draw: st.DrawFn) -> str:
    """Records in several styles, keys and entries in any order, with slips of the pen here and there."""
    data = dict(draw(records()).source.data)
    keys = draw(st.permutations(list(data)))
    data = {key: data[key] for key in keys}
    data["timeline"] = [{key: entry[key] for key in draw(st.permutations(list(entry)))} for entry in data["timeline"]]
    if draw(st.booleans()):
        text = json.dumps(data, indent=draw(st.sampled_from([None, 1])), ensure_ascii=draw(st.booleans()))
    else:
        try:
            text = edit.new_record(data)
        except (WrongUse, Refused):
            assume(False)
    for slip in draw(st.lists(st.sampled_from(list(SLIPS)), max_size=4)):
        places = [found.start() for found in re.finditer(re.escape(slip), text)]
        if places:
            at = draw(st.sampled_from(places))
            text = text[:at] + SLIPS[slip] + text[at + len(slip) :]
    return text


@pytest.mark.slow
@settings(max_examples=examples(150))
@given(drafts())
def test_a_fix_is_final_keeps_every_comment_and_makes_nothing_worse(text: str):
    fixer = a_fixer()
    before, fixed = fixer.fix(FILE, text), fixer.fix(FILE, text)
    assert before == fixed
    again = fixer.fix(FILE, fixed.after)
    assert (fixed.after, (), fixed.left) == (again.after, again.done, again.left)
    read = read_bytes(text.encode(), FILE, Shape.INCIDENT)
    if read.document is not None:
        was = Counter(f.code for f in check(fixer, text))
        assert not Counter(f.code for f in fixed.left) - was
        assert sorted(map(repr, map(sorted_keys, read.document.data["timeline"]))) == sorted(
            map(repr, map(sorted_keys, yaml_fix.parsed(fixed.after)["timeline"]))
        ) or any("→" in message for message in fixed.done)
    else:
        reading = [f.code for f in fixed.left if f.code[:3] in ("YML", "SCH")]
        assert not Counter(reading) - Counter(f.code for f in read.findings)
    if fixed.changed:
        old, new = (Counter(roundtrip.load(t).comments) for t in (text, fixed.after))
        assert not old - new
        assert new - old <= Counter([MODELINE.strip()])


def sorted_keys(entry: dict[str, object]) -> list[tuple[str, object]]:
    return sorted(entry.items())


def check(fixer: Fixer, text: str):
    opened = fixer.archive.build(FILE, text.encode())
    return fixer.check(opened.incident, opened.text)
