"""Status.io's provider put together from variables and handbook. Importing this loads no library of the service."""

from collections.abc import Callable

from incidentops.core.variable import VariableValues
from incidentops.model.handbook import Handbook
from incidentops.providers.statusio.api import StatusIoApi
from incidentops.providers.statusio.provider import StatusIo
from incidentops.providers.statusio.section import section
from incidentops.providers.statusio.variables import StatusIoAccount, account, unusable


def build(values: VariableValues, handbook: Handbook, connect: Callable[[StatusIoAccount], StatusIoApi]) -> StatusIo:
    """Return the provider; `connect` makes its client when it is needed first."""
    page = section(handbook).page
    return StatusIo(lambda: connect(account(values, page)), unusable(values, page))
