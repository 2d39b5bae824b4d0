"""The answer of `validate`: how many findings stop the pipeline."""

from msgspec.structs import replace

from incidentops.core.finding import Finding, Level, Location
from incidentops.flows.validate.verdict import Verdict
from make import FILE

ADVICE = Finding("OWN002", Level.ADVISE, Location(FILE), "nobody engaged")
BLOCK = Finding("OWN001", Level.BLOCK, Location(FILE), "resolved by 'bo'")


def test_only_what_blocks_and_is_not_waived_stops_the_pipeline():
    verdict = Verdict((ADVICE, BLOCK, replace(BLOCK, waived="until then"), replace(ADVICE, waived="until then")), 3)
    assert 1 == verdict.blocking
