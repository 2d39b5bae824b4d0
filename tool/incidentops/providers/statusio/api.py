"""What the provider knows of the way to Status.io; the library that goes it loads with `client`, when it is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from incidentops.core.errors import Failed
from incidentops.core.secret import Secret

ADDRESS = "STATUSIO_API_URL"
ID, KEY = "STATUSIO_API_ID", "STATUSIO_API_KEY"
PAGE_KEY = "statusio.page in incidents/handbook.yaml"


class StatusIoRejected(Failed):
    """Status.io understood the request and said no; nothing was changed."""


@dataclass(frozen=True, slots=True)
class StatusIoAccount:
    """Where the API is, who we are there, and the page that is ours."""

    url: str
    id: Secret
    key: Secret
    page: str

    @property
    def missing(self) -> str:
        """What has to be set before anything can be sent; empty when all is there."""
        for name, value in ((ADDRESS, self.url), (ID, self.id), (KEY, self.key), (PAGE_KEY, self.page)):
            if not value:
                return f"{name} is not set"
        return ""


class StatusIoApi(Protocol):
    """One status page. Raises Failed, Rejected, Unknown and BadConfiguration."""

    @property
    def page(self) -> str:
        """The id of the page."""
        ...

    def get(self, path: str, **query: str | int) -> object:
        """Return the `result` of a read."""
        ...

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """Return the `result` of a write, which is never sent twice blindly."""
        ...
