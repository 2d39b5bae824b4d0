"""The answer of `validate`: what stops the pipeline, what advises, what a waiver covers."""

from msgspec.structs import replace

from incidentops.core.finding import Finding, Level, Location
from incidentops.flows.validate.verdict import Verdict
from make import FILE

ADVICE = Finding("OWN002", Level.ADVISE, Location(FILE), "nobody engaged")
BLOCK = Finding("OWN001", Level.BLOCK, Location(FILE), "resolved by 'bo'")


def test_each_finding_counts_once():
    verdict = Verdict((ADVICE, BLOCK, replace(BLOCK, waived="until then"), replace(ADVICE, waived="until then")), 3)
    assert (1, 2, 1) == (verdict.blocking, verdict.waived, verdict.advice)
