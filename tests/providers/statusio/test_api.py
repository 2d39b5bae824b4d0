"""What has to be set before the door opens."""

import pytest

from incidentops.core.secret import Secret
from incidentops.providers.statusio.api import StatusIoAccount

WHOLE = {"url": "https://api.status.io/v2", "id": Secret("i"), "key": Secret("k"), "page": "p"}


def test_nothing_is_missing_when_all_is_set():
    assert StatusIoAccount(**WHOLE).missing == ""


@pytest.mark.parametrize(
    ("name", "empty", "said"),
    [
        ("url", "", "STATUSIO_API_URL is not set"),
        ("id", Secret(""), "STATUSIO_API_ID is not set"),
        ("key", Secret(""), "STATUSIO_API_KEY is not set"),
        ("page", "", "statusio.page in incidents/handbook.yaml is not set"),
    ],
)
def test_what_is_missing_is_named(name, empty, said):
    assert StatusIoAccount(**{**WHOLE, name: empty}).missing == said
