"""What has to be right before the first message: credentials, the page, and every pair that the handbook names."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from incidentops.core.errors import IncidentError
from incidentops.core.text import quoted, visible
from incidentops.model.handbook import Handbook
from incidentops.providers.base import Check, CheckStatus
from incidentops.providers.statusio import mapping
from incidentops.providers.statusio.section import pairs as places
from incidentops.providers.statusio.variables import ID, KEY

if TYPE_CHECKING:  # its library loads when it is used
    from incidentops.providers.statusio.client import StatusIoClient

_PLACE = "<component>-<container>"


def checks(client: "StatusIoClient", handbook: Handbook) -> Iterator[Check]:
    """Yield the checks; one request answers all of them."""
    try:
        pairs = mapping.pairs_of_page(client.get(f"component/list/{client.page}"))
    except IncidentError as error:
        yield Check("statusio page", CheckStatus.FAILED, error.message, error.hint)
        return
    yield Check("statusio credentials", CheckStatus.OK, f"{ID.name} and {KEY.name} are accepted")
    yield Check(
        "statusio page", CheckStatus.OK, f"{quoted(client.page)} has {len(pairs)} pairs of component and container"
    )
    wrong = [
        (key, pair)
        for key, service in sorted(handbook.services.items())
        for pair in places(service)
        if pair not in pairs
    ]
    for key, pair in wrong:
        yield Check(
            "statusio services",
            CheckStatus.FAILED,
            f"services.{key}.statusio names {quoted(pair)}, which is not on the page {quoted(client.page)}",
            _hint(pairs),
        )
    placed = sum(1 for service in handbook.services.values() if places(service))
    if not wrong and placed:
        yield Check("statusio services", CheckStatus.OK, f"{placed} services have their place on the page")
    if not placed:
        yield Check(
            "statusio services",
            CheckStatus.FAILED,
            "no service has a place on the page, so no public message can be sent",
            f"set services.<key>.statusio: [{_PLACE}] in incidents/handbook.yaml; {_hint(pairs)}",
        )


def _hint(pairs: Mapping[str, str]) -> str:
    shown = [f"{visible(pair)} ({visible(name)})" for pair, name in sorted(pairs.items(), key=lambda item: item[1])]
    return f"the page has: {', '.join(shown[:12])}" + (" ..." if len(shown) > 12 else "")
