"""What a verdict depends on, from the bytes of a record to the findings: on what it says, and on nothing around it."""

import io
import json
import random
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from ruamel.yaml import YAML

from flows.files import put_handbook
from incidentops.core.finding import Finding, Pointer
from incidentops.flows.validate.validate import validate
from incidentops.flows.validate.verdict import Verdict
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.store.yaml.fix import parsed
from make import FILE, NOW, a_handbook, an_incident
from rules.records_drawn import words, written

pytestmark = pytest.mark.slow  # whole records, drawn and checked

RULE_SET = prepare(context(NOW, a_handbook()))
Data = Mapping[str, object]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a handbook; the records are given."""
    folder = tmp_path_factory.mktemp("repository")
    put_handbook(folder)
    return folder


def contents(verdict: Verdict) -> list[tuple[object, ...]]:
    """What the findings say and of which node; where that stands in the file is a matter of layout."""
    assert verdict.bugs == ()
    return sorted((f.location.file, f.code, f.level, f.pointer, f.message, f.hint, f.waived) for f in verdict.findings)


# How it is written


def as_blocks(record: Data) -> str:
    return yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=60)


def as_quoted_blocks(record: Data) -> str:
    return yaml.safe_dump(record, sort_keys=True, default_style='"', indent=4)


def as_one_line(record: Data) -> str:
    return yaml.safe_dump(record, sort_keys=False, default_flow_style=True, width=10**9)


def as_edited(record: Data) -> str:
    """As an editor leaves it: a byte order mark, a modeline, indented lists, comments."""
    editor, out = YAML(), io.StringIO()
    editor.indent(mapping=2, sequence=4, offset=2)
    editor.dump(record, out)
    return f"\ufeff# yaml-language-server: $schema=x.json\n\n{out.getvalue()}\n# the end"


def turned(node: object, chance: random.Random) -> object:
    """The same data, the keys of every mapping in another order."""
    if isinstance(node, Mapping):
        keys = list(node)
        chance.shuffle(keys)
        return {key: turned(node[key], chance) for key in keys}
    return [turned(value, chance) for value in node] if isinstance(node, list) else node


def storable(node: object) -> object:
    """The same data without the characters that no file may hold: they would be all that is found in it."""
    if isinstance(node, Mapping):
        return {key: storable(value) for key, value in node.items()}
    if isinstance(node, str):
        return "".join(char for char in node if unicodedata.category(char) not in ("Cc", "Cn", "Cs")) or "x"
    return [storable(item) for item in node] if isinstance(node, list) else node


def as_json(record: Data) -> str:
    return json.dumps(record, ensure_ascii=False)


@given(written().map(storable), st.sampled_from([as_blocks, as_quoted_blocks, as_one_line, as_edited]), st.randoms())
def test_neither_style_nor_the_order_of_keys_counts(root: Path, record, style, chance):
    found = []
    for text in (as_json(record), style(turned(record, chance))):
        assume(parsed(text) == record)  # not every writer writes every text as it was: PyYAML writes '0E0' as a number
        verdict = validate(root, NOW, {FILE: text.encode()})
        assume(not any(f.code.startswith("YML") for f in verdict.findings))
        found.append(contents(verdict))
    assert found[0] == found[1]


# What lies beside it

NAMES = [f"incidents/2026/2026-11-21-{name}.yaml" for name in ("registry-503", "web", "git", "backup")]
RELATED = st.lists(st.sampled_from([Path(name).stem for name in NAMES]), max_size=2).map(
    lambda ids: [{"to": to, "as": "caused_by"} for to in ids]
)


@given(st.lists(st.tuples(written(), RELATED), min_size=2, max_size=4), st.randoms())
def test_the_order_of_files_does_not_count(root: Path, records, chance):
    files = {
        name: json.dumps({**record, "related": related}).encode()
        for name, (record, related) in zip(NAMES, records, strict=False)
    }
    names = list(files)
    chance.shuffle(names)
    first, second = (validate(root, NOW, given) for given in (files, {name: files[name] for name in names}))
    assert first == second


# When it is looked at, and what came later

ACTIONS = st.fixed_dictionaries(
    {"by": st.sampled_from(["ana", "bo", "cy"])},
    optional={
        "severity": words(Severity), "state": words(State), "status": words(Status), "audience": words(Audience),
        "engage": words(Role), "release": words(Role), "page": words(Role),
        "publish": st.sampled_from(["We are looking into it.", "see #12", "x" * 300]), "note": st.just("A note"),
        "why": st.just("It had to be"), "services": st.sampled_from([["registry"], ["web", "git"]]),
    },
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from([0, 1, 5, 15, 16, 31, 61]), ACTIONS), min_size=1, max_size=8)
FIRST = {"at": "2026-11-21T14:02:00Z", "by": "ana", "severity": "S3"}


def findings_at(timeline: Sequence[Data], now: datetime, more: Data) -> tuple[Finding, ...]:
    rules = replace(RULE_SET, context=RULE_SET.context.at(now))
    return rules.check(an_incident(*timeline, **more), "").findings


def index(pointer: Pointer) -> int | None:
    return pointer[1] if pointer[:1] == ("timeline",) and len(pointer) > 1 else None  # type: ignore[return-value]


def earlier(findings: Sequence[Finding], count: int) -> set[tuple[object, ...]]:
    return {(f.code, f.level, f.pointer) for f in findings if (i := index(f.pointer)) is not None and i < count}


@given(STEPS, st.sampled_from([{}, {"audience": "public"}, {"kind": "near_miss"}]))
def test_appending_a_valid_entry_keeps_every_earlier_finding(steps, more):
    timeline, now = [FIRST], datetime.fromisoformat(FIRST["at"])
    for minutes, actions in steps:
        now += timedelta(minutes=minutes)
        count, entry = len(timeline), {"at": now.isoformat().replace("+00:00", "Z"), **actions}
        before, after = findings_at(timeline, now, more), findings_at([*timeline, entry], now, more)
        if any(f.blocks and index(f.pointer) == count for f in after):
            continue
        assert earlier(before, count) == earlier(after, count)
        timeline = [*timeline, entry]
