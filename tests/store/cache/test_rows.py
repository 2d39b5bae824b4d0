"""Rows of JSON: what goes in comes out, every field of it."""

import json
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.finding import Finding
from incidentops.store.cache.rows import (
    CachedVerdict,
    RecordFacts,
    facts_of,
    facts_row,
    finding_of,
    finding_row,
    known_of,
    known_row,
)

moments = st.datetimes(timezones=st.just(UTC))
facts = st.builds(RecordFacts, declared=st.none() | moments)
"""The other fields are drawn by their types, so one that is added is drawn too."""


def through_json(row: object) -> list[object]:
    return json.loads(json.dumps(row))


@given(st.builds(Finding))
def test_a_finding_comes_back_whole(finding):
    assert finding == finding_of(through_json(finding_row(finding)))


@given(facts)
def test_facts_come_back_whole(told):
    assert told == facts_of(through_json(facts_row(told)))


@given(st.builds(CachedVerdict, until=moments, facts=facts))
def test_a_verdict_comes_back_whole(known):
    assert known == known_of(through_json(known_row(known)))
