"""GitLab as a service of the sandbox."""

import pytest

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.service import GitLabService
from incidentops.sandbox.service import Incoming
from incidentops.sandbox.store import Store


@pytest.fixture
def service():
    store = Store()
    yield GitLabService(store, Faults(["gitlab/409:1"]), retry_after=7)
    store.close()


def test_it_turns_away_in_two_ways_in_turn(service):
    plain, limit = service.too_many(1), service.too_many(2)
    assert ("7", None) == (plain.headers.get("retry-after"), limit.headers.get("retry-after"))
    assert (429, 429) == (plain.status_code, limit.status_code)


def test_a_write_may_find_a_lock_and_a_read_never_does(service):
    write, read = (Incoming("gitlab", method, "/api/x", "", b"", method == "PUT") for method in ("PUT", "GET"))
    assert (None, "") == service.refusal(read)
    assert ["409", ""] == [service.refusal(write)[1] for _ in range(2)]


def test_the_headers_of_limits_count_its_requests(service):
    request = Incoming("gitlab", "GET", "/api/x", "", b"", write=False)
    assert "1" == service.headers(request)["ratelimit-observed"]


def test_the_card_counts_issues(service):
    assert {"project": "acme/production", "open": 0, "closed": 0} == service.overview()
