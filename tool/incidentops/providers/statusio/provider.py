"""Status.io as a provider: incidents, their messages, and the status of what they touch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Unknown
from incidentops.core.text import quoted, visible
from incidentops.core.variable import VariableValues
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Audience, State, Status
from incidentops.plan.resource import Ref, Resource, ResourceName, Sighting
from incidentops.providers.base import Applied, ApplyRequest, Check, CheckStatus, Query, RecordContext
from incidentops.providers.statusio import desired, lookup, mapping
from incidentops.providers.statusio.mapping import IncidentField, StatusIoRejected
from incidentops.providers.statusio.section import PROVIDER, pairs, section
from incidentops.providers.statusio.threads import is_public
from incidentops.providers.statusio.variables import ID, KEY, StatusIoAccount, account, unusable

if TYPE_CHECKING:  # its library loads when it is used
    from incidentops.providers.statusio.client import StatusIoClient


def build(
    values: VariableValues, handbook: Handbook, connect: Callable[[StatusIoAccount], "StatusIoClient"]
) -> "StatusIo":
    """Return the provider; `connect` makes its client when it is needed first."""
    page = section(handbook).page
    return StatusIo(lambda: connect(account(values, page)), unusable(values, page))


class StatusIo:
    """The provider. `connect` makes the client when it is needed first; `not_configured` says why there is none."""

    name = PROVIDER
    rings = False

    def __init__(self, connect: Callable[[], "StatusIoClient"], not_configured: str = "") -> None:
        self.not_configured = not_configured
        self._connect = connect
        self._ids: dict[ResourceName, str] = {}  # incidents on the page that this run has learned of

    def shared(self, handbook: Handbook) -> Sequence[Resource]:  # noqa: ARG002
        """Return nothing: components are made by people, on the dashboard."""
        return ()

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        """Return what one record wants on the page."""
        return desired.desired(incident, context)

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        """Look at incidents and messages; one request when all are as they should be. Raises Failed."""
        incidents = (query for query in queries if query.resource.name.kind == "incident")
        self._ids |= {query.resource.name: query.receipt.id for query in incidents if query.receipt}
        if all(query.resource.name.kind == "component" for query in queries):
            return {}
        return lookup.sightings(self._client, queries, self._ids)

    def apply(self, request: ApplyRequest) -> Applied:
        """Make one effect true. Raises Failed, Unknown, BadConfiguration."""
        apply = {"incident": self._create, "update": self._update, "component": self._set_component}
        return apply[request.effect.name.kind](request)

    def check(self, handbook: Handbook) -> Sequence[Check]:
        """Look at credentials, page and pairs."""
        if self.not_configured:
            used = section(handbook).page or any(map(pairs, handbook.services.values()))
            hint = "set it to have public messages sent" if used else ""
            return (Check("statusio", CheckStatus.SKIPPED, f"not configured: {self.not_configured}", hint),)
        return tuple(_checks(self._client, handbook))

    @cached_property
    def _client(self) -> "StatusIoClient":
        if self.not_configured:
            raise BadConfiguration(f"Status.io is not configured: {self.not_configured}")
        return self._connect()

    def _create(self, request: ApplyRequest) -> Applied:
        client, after = self._client, request.effect.after
        _check_public(request, str(after[IncidentField.FIRST]))
        try:
            made = mapping.created_id(client.post("incident/create", mapping.create_body(client.page, after)))
        except StatusIoRejected as error:
            raise StatusIoRejected(error.message, error.hint or _pairs_hint(request)) from None
        if not made:
            raise Unknown("Status.io created an incident and did not return its id")
        self._ids[request.effect.name] = made
        return Applied(made, "")

    def _update(self, request: ApplyRequest) -> Applied:
        client, after = self._client, request.effect.after
        _check_public(request, request.effect.name.key)
        incident = self._incident_of(request)
        closes = after[IncidentField.STATE] == State.RESOLVED
        path, body = ("incident/resolve", mapping.resolve_body) if closes else ("incident/update", mapping.update_body)
        try:
            client.post(path, body(client.page, incident, after))
        except StatusIoRejected as error:
            hint = f"look at {quoted(incident)} on the status page: a person may have resolved or deleted it"
            raise StatusIoRejected(error.message, error.hint or hint) from None
        return Applied(str(after[IncidentField.DETAILS]).rpartition("Ref ")[2], "")

    def _incident_of(self, request: ApplyRequest) -> str:
        """The id of the incident on the page that a message or a component belongs to."""
        ref = request.effect.resource.initial[IncidentField.INCIDENT]
        identity = request.id_of(ref)
        if isinstance(ref, Ref):
            self._ids[ref.name] = identity
        return identity

    def _set_component(self, request: ApplyRequest) -> Applied:
        """Give a pair the status that is wanted, or the worse one of an incident that a person opened by hand."""
        client, resource = self._client, request.effect.resource
        own = self._incident_of(request)
        pair, wanted = resource.name.key, str(resource.fields[IncidentField.STATUS])
        page = mapping.summary(client.get(f"status/summary/{client.page}"))
        shown = page.statuses.get(pair)
        if shown is None:
            hint = "check services.<key>.statusio in incidents/handbook.yaml"
            raise Failed(f"{quoted(pair)} is not on the status page", hint)
        open_there = [one.status for one in page.incidents if one.id != own and pair in one.pairs]
        right = mapping.worst(wanted, *open_there)
        if shown == mapping.MAINTENANCE and right == Status.OPERATIONAL:
            right = mapping.MAINTENANCE  # planned by people; it ends when they say so
        if shown != right:
            client.post("component/status/update", mapping.component_body(client.page, pair, right))
        return Applied(pair, "", normalised={} if right == wanted else {IncidentField.STATUS: right})


def _pairs_hint(request: ApplyRequest) -> str:
    services = request.incident.services if request.incident else ()
    keys = " and ".join(f"services.{visible(key)}.statusio" for key in services)
    return f"check {keys} in incidents/handbook.yaml: incident doctor lists the pairs of the page"


def _check_public(request: ApplyRequest, key: str) -> None:
    """Refuse to send what the record does not clearly say is public: the last look before customers read it."""
    incident = request.incident
    if incident is not None and incident.now.audience is Audience.PUBLIC:
        for entry, snapshot in zip(incident.timeline, incident.snapshots, strict=True):
            if entry.key == key and is_public(incident, entry, snapshot):
                return
    raise Failed(f"{request.effect.name.short} is not public, and was not sent")


def _checks(client: "StatusIoClient", handbook: Handbook) -> Iterator[Check]:
    """Yield the checks; one request answers all of them."""
    try:
        there = mapping.pairs_of_page(client.get(f"component/list/{client.page}"))
    except IncidentError as error:
        yield Check.failed("statusio page", error)
        return
    yield Check.ok("statusio credentials", f"{ID.name} and {KEY.name} are accepted")
    counted = f"{len(there)} pairs of component and container"
    yield Check.ok("statusio page", f"{quoted(client.page)} has {counted}")
    services = sorted(handbook.services.items())
    wrong = [(key, pair) for key, service in services for pair in pairs(service) if pair not in there]
    for key, pair in wrong:
        message = f"services.{key}.statusio names {quoted(pair)}, which is not on the page {quoted(client.page)}"
        yield Check("statusio services", CheckStatus.FAILED, message, _pair_list(there))
    placed = sum(1 for _, service in services if pairs(service))
    if not wrong and placed:
        yield Check.ok("statusio services", f"{placed} services have their place on the page")
    if not placed:
        message = "no service has a place on the page, so no public message can be sent"
        hint = "set services.<key>.statusio: [<component>-<container>] in incidents/handbook.yaml"
        yield Check("statusio services", CheckStatus.FAILED, message, f"{hint}; {_pair_list(there)}")


def _pair_list(there: Mapping[str, str]) -> str:
    shown = [f"{visible(pair)} ({visible(name)})" for pair, name in sorted(there.items(), key=lambda item: item[1])]
    return f"the page has: {', '.join(shown[:12])}" + (" ..." if len(shown) > 12 else "")
