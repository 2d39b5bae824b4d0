"""Status.io as a service of the sandbox."""

import pytest

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
    asked = Incoming("statusio", "POST", "/statusio/v2/x", "", b"", write=True)
    assert (None, "", {}) == (*service.refusal(asked), service.headers(asked))


def test_the_card_shows_the_worst_status(service):
    assert {"worst": 100, "status": "Operational", "open": 0, "resolved": 0} == service.overview()
