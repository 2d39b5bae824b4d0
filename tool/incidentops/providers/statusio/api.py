"""What the provider asks of Status.io's client; the library that it needs loads with `client`, when it is used."""

from collections.abc import Mapping
from typing import Protocol

from incidentops.core.errors import Failed


class StatusIoRejected(Failed):
    """Status.io understood the request and said no; nothing was changed."""


class StatusIoApi(Protocol):
    """One status page. Raises Failed, StatusIoRejected, Unknown and BadConfiguration."""

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
