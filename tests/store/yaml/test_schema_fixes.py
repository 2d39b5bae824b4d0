"""What in a misshapen record has one right answer."""

import pytest

from incidentops.store.yaml.schema_fixes import Rename, Reword, schema_fixes
from make import a_record, an_entry


def test_words_and_times_are_found_wherever_they_stand():
    data = a_record(
        an_entry("2026-11-21T15:02:00+01:00", severity="s3", state="investigate"),
        impact={"started": "2026-11-21T14:00Z"},
        audience="publik",
    )
    assert {
        Reword(("timeline", 0, "at"), "2026-11-21T15:02:00+01:00", "2026-11-21T14:02:00Z"),
        Reword(("timeline", 0, "severity"), "s3", "S3"),
        Reword(("timeline", 0, "state"), "investigate", "investigating"),
        Reword(("impact", "started"), "2026-11-21T14:00Z", "2026-11-21T14:00:00Z"),
        Reword(("audience",), "publik", "public"),
    } == set(schema_fixes(data))


def test_a_key_takes_a_name_that_is_free_and_meant_by_no_other():
    assert [Rename(("timeline", 0, "severty"), "severity")] == list(
        schema_fixes(a_record(an_entry(severty="S3", note="x")))
    )
    assert [] == list(schema_fixes(a_record(titlle="x")))  # there is a title
    assert [] == list(schema_fixes(a_record(reviews={}, reviewed={})))


@pytest.mark.parametrize("data", [a_record(), None, [], "x", a_record(audience=3), a_record(an_entry(severity="S7"))])
def test_what_has_no_one_answer_is_left_alone(data: object):
    assert [] == list(schema_fixes(data))
