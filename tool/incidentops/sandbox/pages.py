"""Pages for people: placeholder until the templates land."""

from starlette.routing import BaseRoute

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.store import Store


def page_routes(_: Store, __: Faults) -> list[BaseRoute]:
    """None yet."""
    return []
