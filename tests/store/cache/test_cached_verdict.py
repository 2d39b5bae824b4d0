"""Verdicts as JSON: what is written is read, every field of it."""

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from incidentops.core.finding import Finding
from incidentops.store.cache.cached_verdict import CachedVerdict, RecordFacts

moments = st.datetimes(timezones=st.just(UTC))
facts = st.builds(RecordFacts, declared=st.none() | moments)
"""The other fields are drawn by their types, so one that is added is drawn too."""


@given(st.builds(Finding))
def test_a_finding_comes_back_whole(finding):
    assert finding == json.decode(json.encode(finding), type=Finding)


@given(st.builds(CachedVerdict, until=moments, facts=facts))
def test_a_verdict_comes_back_whole(verdict):
    assert verdict == json.decode(json.encode(verdict), type=CachedVerdict)
