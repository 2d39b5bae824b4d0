"""The status page as customers see it."""

import requests


def test_what_is_open_is_shown_and_then_among_the_past(statusio):
    incident = statusio.opened(incident_name="Pushes fail")
    open_now = requests.get(f"{statusio.box.url}/status/").text
    statusio.resolve(incident)
    over = requests.get(f"{statusio.box.url}/status/").text
    assert open_now.index("Pushes fail") < open_now.index("Past incidents")
    assert over.index("Pushes fail") > over.index("Past incidents")
