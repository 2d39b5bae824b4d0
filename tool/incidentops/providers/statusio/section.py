"""Status.io's part of the handbook: the section `statusio`, and where services have their place on the page.

Its shape stands in `handbook.json`.
"""

from collections.abc import Mapping

from msgspec import Struct

from incidentops.model.handbook import Handbook, Service

PROVIDER = "statusio"
"""The word for it in names, and for its section of the handbook."""
CHANNELS = ("email", "sms", "webhook", "social", "irc", "msteams", "slack")
"""The channels that a message can go to, by the names of the handbook."""


class StatusIoSection(Struct, frozen=True):
    """The status page, and which of its channels a message goes to."""

    page: str
    notify: Mapping[str, bool]


def section(handbook: Handbook) -> StatusIoSection:
    """Return Status.io's part of a handbook."""
    notify = handbook.written(PROVIDER, "notify")
    return StatusIoSection(
        str(handbook.written(PROVIDER).get("page", "")),
        {channel: bool(notify.get(channel, False)) for channel in CHANNELS},
    )


def pairs(service: Service) -> tuple[str, ...]:
    """Return the `<component>-<container>` pairs of a service on the page."""
    return service.places.get(PROVIDER, ())
