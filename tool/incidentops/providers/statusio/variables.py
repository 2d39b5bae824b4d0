"""The variables that Status.io's provider reads, and the account that they mean."""

from msgspec import Struct

from incidentops.core.secret import Secret
from incidentops.core.variable import Variable, VariableValues

ADDRESS = Variable(
    "STATUSIO_API_URL",
    "the address of the Status.io API; when left out, its public one",
    required=True,
    default="https://api.status.io/v2",
)
ID = Variable(
    "STATUSIO_API_ID",
    "the Status.io API id; without it, or the key, the status page is not configured",
    secret=True,
    required=True,
)
KEY = Variable("STATUSIO_API_KEY", "the Status.io API key", secret=True, required=True)
VARIABLES = (ADDRESS, ID, KEY)

PAGE_KEY = "statusio.page in incidents/handbook.yaml"


class StatusIoAccount(Struct, frozen=True):
    """Where the API is, who we are there, and the page that is ours."""

    url: str
    id: Secret
    key: Secret
    page: str


def account(values: VariableValues, page: str) -> StatusIoAccount:
    """Return the account that the variables mean, for a page.

    The page is the handbook's: it tells where on the service, never where to send credentials.
    """
    return StatusIoAccount(values.text(ADDRESS).rstrip("/"), values.secret(ID), values.secret(KEY), page)


def unusable(values: VariableValues, page: str) -> str:
    """Return why the page cannot be talked to; nothing when it can."""
    return values.missing(VARIABLES) or ("" if page else f"{PAGE_KEY} is not set")
