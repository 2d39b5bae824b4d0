"""The account that the variables mean."""

import pytest

from incidentops.core.secret import Secret
from incidentops.core.variable import values_of
from incidentops.providers.statusio.variables import VARIABLES, StatusIoAccount, account, unusable

FULL = {"STATUSIO_API_ID": "i", "STATUSIO_API_KEY": "k"}


def test_the_public_address_is_taken_when_none_is_named():
    assert StatusIoAccount("https://api.status.io/v2", Secret("i"), Secret("k"), "p") == account(
        values_of(FULL, VARIABLES), "p"
    )
    assert "https://x" == account(values_of({**FULL, "STATUSIO_API_URL": "https://x/"}, VARIABLES), "p").url


@pytest.mark.parametrize(
    ("changes", "page", "problem"),
    [
        ({}, "p", ""),
        ({"STATUSIO_API_ID": ""}, "p", "STATUSIO_API_ID is not set"),
        ({"STATUSIO_API_KEY": ""}, "p", "STATUSIO_API_KEY is not set"),
        ({}, "", "statusio.page in incidents/handbook.yaml is not set"),
    ],
)
def test_what_is_missing_is_named(changes, page, problem):
    assert problem == unusable(values_of({**FULL, **changes}, VARIABLES), page)
