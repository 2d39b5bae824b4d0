"""Status.io as a service of the sandbox."""

import pytest
import requests

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.service import Incoming
from incidentops.sandbox.statusio.service import StatusPageService
from incidentops.sandbox.store import Store


@pytest.fixture
def service():
    store = Store()
    yield StatusPageService(store, Faults(["409"]), gap=1.0)
    store.close()


def test_it_turns_away_with_its_envelope(service):
    assert b'"error":"yes"' in service.too_many(1).body


def test_it_has_no_faults_and_no_headers_of_its_own(service):
    request = Incoming("statusio", "POST", "/statusio/v2/x", "", b"", write=True)
    assert (None, "", {}) == (*service.refusal(request), service.headers(request))


def test_the_card_shows_the_worst_status(service):
    assert {"worst": 100, "status": "Operational", "open": 0, "resolved": 0} == service.overview()


def test_what_is_open_is_shown_and_then_among_the_past(statusio):
    incident = statusio.opened(incident_name="Pushes fail")
    open_now = requests.get(f"{statusio.box.url}/status/").text
    statusio.resolve(incident)
    over = requests.get(f"{statusio.box.url}/status/").text
    assert open_now.index("Pushes fail") < open_now.index("Past incidents")
    assert over.index("Pushes fail") > over.index("Past incidents")
