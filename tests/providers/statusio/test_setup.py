"""The provider put together from variables and handbook."""

from incidentops.core.variable import values_of
from incidentops.providers.statusio.setup import build
from incidentops.providers.statusio.variables import VARIABLES
from make import a_handbook

FULL = {"STATUSIO_API_ID": "i", "STATUSIO_API_KEY": "k"}


def test_the_page_is_the_handbooks():
    asked = []
    provider = build(values_of(FULL, VARIABLES), a_handbook(statusio={"page": "p"}), asked.append)
    provider._connect()
    assert ("", "p") == (provider.not_configured, asked[0].page)


def test_without_its_variables_it_says_which():
    assert (
        "STATUSIO_API_ID is not set"
        == build(values_of({}, VARIABLES), a_handbook(), lambda account: None).not_configured
    )
