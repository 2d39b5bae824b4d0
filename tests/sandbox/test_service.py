"""What a service is to what all of them pass through."""

import pytest

from incidentops.sandbox.app import SERVICES, SandboxOptions, services_of
from incidentops.sandbox.faults import Faults
from incidentops.sandbox.service import Incoming
from incidentops.sandbox.store import Store


@pytest.fixture
def services():
    store = Store()
    yield services_of(store, Faults(["409"]), SandboxOptions(statusio_gap=0.5))
    store.close()


def test_no_two_services_log_under_one_name_and_each_under_its_own(services):
    logs = [name for service in services for name, _ in service.logs]
    assert len(logs) == len(set(logs))
    assert list(SERVICES) == [service.logs[0][0] for service in services]


def test_one_service_requires_a_pause_and_the_others_do_not(services):
    gaps = {name: service.gap_of(name) for service in services for name, _ in service.logs}
    assert {"gitlab": None, "statusio": 0.5, "feed": None} == gaps


def test_a_fault_counts_by_method_and_path():
    assert "POST /x" == Incoming("gitlab", "POST", "/x", "", b"", write=True).key


@pytest.mark.parametrize(
    ("method", "path", "body", "write"),
    [
        ("GET", "/api/v4/user", b"", False),
        ("POST", "/api/v4/projects/1/issues", b"", True),
        ("POST", "/api/graphql", b"query { a }", False),
        ("POST", "/api/graphql", b"mutation { a }", True),
        ("POST", "/statusio/v2/incident/create", b"", True),
    ],
)
def test_a_request_that_changes_something_is_a_write(services, method, path, body, write):
    (service,) = [one for one in services if one.log_of(path)]
    assert write == service.writes(method, path, body)


def test_a_lock_is_a_fault_of_one_service_alone(services):
    request = Incoming("x", "POST", "/x", "", b"", write=True)
    assert ["409", ""] == [service.refusal(request)[1] for service in services]
