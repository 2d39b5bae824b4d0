"""ALR: an alert is acknowledged or escalated, and the next shift knows of a changed alert."""

import pytest

from incidentops.rules import alerts
from make import a_moment, a_time, an_entry, an_incident
from rules.asked import messages, places


def an_alert(fired: str, acknowledged: str | None = None, **more: object) -> dict[str, object]:
    answered = {"acknowledged": a_moment(acknowledged)} if acknowledged else {}
    return {"source": "pagerduty", "id": "Q1ABC", "fired": a_moment(fired), **answered, **more}


LIVE = [an_entry("14:02", severity="S3", engage="eoc")]
OVER = [*LIVE, an_entry("14:16", state="resolved")]


@pytest.mark.parametrize(
    ("alert", "entries", "now", "late"),
    [
        pytest.param(an_alert("14:00", "14:15"), LIVE, "15:00", False, id="acknowledged at the last second"),
        pytest.param(an_alert("14:00", "14:15:01"), LIVE, "15:00", True, id="acknowledged too late"),
        pytest.param(an_alert("14:00"), LIVE, "14:15", False, id="not yet late"),
        pytest.param(an_alert("14:00"), LIVE, "14:15:01", True, id="never, and live"),
        pytest.param(an_alert("14:00"), OVER, "15:00", True, id="never, counted from the end"),
        pytest.param(an_alert("14:01"), OVER, "15:00", False, id="never, but over in time"),
        pytest.param(an_alert("14:01", "14:20"), OVER, "15:00", False, id="acknowledged late, but over in time"),
        pytest.param(an_alert("14:30"), OVER, "15:00", False, id="fired after the end"),
        pytest.param(
            an_alert("14:00"), [*LIVE, an_entry("14:15", page="imoc")], "15:00", False, id="the imoc was paged"
        ),
        pytest.param(an_alert("14:00"), [*LIVE, an_entry("14:15:01", page="imoc")], "15:00", True, id="paged too late"),
        pytest.param(an_alert("13:00"), LIVE, "14:02", True, id="fired long before it was declared"),
    ],
)
def test_an_alert_is_acknowledged_or_escalated_in_time(
    alert: dict[str, object], entries: list[dict[str, object]], now: str, late: bool
):
    incident = an_incident(*entries, alerts=[alert])
    assert (["alerts.0.acknowledged"] if late else []) == places(
        alerts.alert_not_acknowledged, incident, now=a_time(now)
    )


def test_the_message_says_when_it_was_acknowledged():
    incident = an_incident(*LIVE, alerts=[an_alert("14:00"), an_alert("14:00", "14:30")])
    never, late = messages(alerts.alert_not_acknowledged, incident)
    assert "was acknowledged never, and no imoc" in never
    assert "was acknowledged at 14:30Z, and no imoc" in late


def test_a_changed_alert_names_whom_of_the_next_shift_was_informed():
    change = {"at": a_moment("14:10"), "by": "ana", "why": "it fires on every deployment"}
    incident = an_incident(
        alerts=[
            an_alert("14:00", change=change),
            an_alert("14:00", change={**change, "told": "bo"}),
            an_alert("14:00"),
        ]
    )
    assert ["alerts.0.change"] == places(alerts.alert_change_not_told, incident)
