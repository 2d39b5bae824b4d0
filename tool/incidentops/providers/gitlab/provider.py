"""GitLab as a provider. What is wanted stands in `desired`, what is seen in `lookup`, what is sent in `parameters`."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from incidentops.core.errors import BadConfiguration, Failed, Unknown
from incidentops.core.text import quoted
from incidentops.core.variable import VariableValues
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.plan.effect import Verb
from incidentops.plan.resource import Absent, Fields, Observed, Resource, ResourceName, Sighting, Unclear
from incidentops.providers.base import Applied, ApplyRequest, Check, CheckStatus, Query, RecordContext
from incidentops.providers.gitlab import desired, lookup, parameters
from incidentops.providers.gitlab.checks import checks
from incidentops.providers.gitlab.mapping import Issue, LabelSeen, names
from incidentops.providers.gitlab.section import PROVIDER, section
from incidentops.providers.gitlab.variables import OWN_PROJECT, PROJECT, PROJECT_KEY, GitLabAccount, account, unusable

if TYPE_CHECKING:  # its library loads when it is used
    from incidentops.providers.gitlab.client import GitLabClient

_ISSUES = ("issue", "review", "action")
_LONGEST_DESCRIPTION = 1_048_576
"""Bytes of an issue's description that GitLab takes (docs/services.md: Issues)."""


def build(values: VariableValues, handbook: Handbook, connect: Callable[[GitLabAccount], "GitLabClient"]) -> "GitLab":
    """Return the provider; `connect` makes its client when it is needed first."""
    project = values.text(PROJECT) or section(handbook).project or values.texts.get(OWN_PROJECT, "")
    nowhere = "" if project else f"no project is named: set {PROJECT.name}, or {PROJECT_KEY}"
    return GitLab(handbook, lambda: connect(account(values, project)), unusable(values) or nowhere)


class GitLab:
    """The provider. `connect` makes the client when it is needed first; `not_configured` says why there is none."""

    name = PROVIDER
    rings = False

    def __init__(self, handbook: Handbook, connect: Callable[[], "GitLabClient"], not_configured: str = "") -> None:
        self.not_configured = not_configured
        self._handbook = handbook
        self._connect = connect
        self._last_seen: dict[int, Issue] = {}

    def shared(self, handbook: Handbook) -> Sequence[Resource]:
        """Return the labels that the handbook names and the people it knows."""
        return tuple(desired.shared(handbook))

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        """Return the issue, the review, the corrective actions and the links of one record."""
        return tuple(desired.desired(incident, context.handbook))

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        """Look at resources: known issues in bulk by number, others by our marker, labels and people by name."""
        seen: dict[ResourceName, Sighting] = {}
        for kinds, look in ((("label",), self._labels), (("user",), self._users), (_ISSUES, self._issues)):
            some = [query for query in queries if query.resource.name.kind in kinds]
            seen |= look(some) if some else {}
        return seen

    def apply(self, request: ApplyRequest) -> Applied:
        """Make one effect true. Raises Failed when it was not done, or not wholly, Unknown when that is not known."""
        kind = request.effect.name.kind
        if kind == "label":
            return self._label(request)
        if kind == "link":
            return self._link(request)
        if kind in _ISSUES:
            return self._create(request) if request.effect.verb is Verb.CREATE else self._update(request)
        raise Failed(f"{request.effect.name.short} is looked up and never made")

    def check(self, handbook: Handbook) -> Sequence[Check]:
        """Look at server, token, project, labels and people."""
        if self.not_configured:
            message = f"not configured: {self.not_configured}"
            return (Check("gitlab", CheckStatus.SKIPPED, message, "set it to have issues on GitLab"),)
        return checks(self._client, handbook)

    @cached_property
    def _client(self) -> "GitLabClient":
        if self.not_configured:
            raise BadConfiguration(self.not_configured)
        return self._connect()

    def _issues(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        client = self._client
        known = [(query, int(query.receipt.id)) for query in queries if query.receipt and _is_number(query.receipt.id)]
        fresh = [query for query in queries if not query.receipt]
        found: dict[ResourceName, lookup.IssueSighting] = {
            query.resource.name: _numberless(query.resource.name) for query in queries
        }
        if known:
            found |= lookup.known(client, known)
        if fresh:
            there = [issue for issue in found.values() if isinstance(issue, Issue)]
            since = min(query.since for query in fresh)
            listing = lookup.listing(client, section(self._handbook).managed.name, since, there)
            found |= {query.resource.name: lookup.search(client, query.resource.name, listing) for query in fresh}
        return {query.resource.name: self._sighting(query, found[query.resource.name]) for query in queries}

    def _sighting(self, query: Query, found: lookup.IssueSighting) -> Sighting:
        if not isinstance(found, Issue):
            return found
        self._last_seen[found.iid] = found
        mine = parameters.ours(query.resource, query.receipt, self._handbook)
        return Observed(str(found.iid), found.url, parameters.shown(found, query.resource, mine))

    def _labels(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        there, wanted = self._client.labels(), [query.resource for query in queries]
        return {resource.name: _label_sighting(resource, there.get(resource.name.key)) for resource in wanted}

    def _users(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        """Members are read in bulk; others, who may still be able to read the issues, one by one."""
        client = self._client
        members = {user.username.lower(): user for user in client.members()}
        if not members:
            doubt = Unclear("GitLab shows no member of the project at all, which cannot be")
            return {query.resource.name: doubt for query in queries}
        seen: dict[ResourceName, Sighting] = {}
        for query in queries:
            username = query.resource.name.key
            user = members.get(username.lower()) or client.user(username)
            seen[query.resource.name] = Observed(str(user.id), "", {}) if user else Absent()
        return seen

    def _create(self, request: ApplyRequest) -> Applied:
        after = request.effect.after
        _check_labels(request, names(after.get("labels")))
        values = parameters.creation(request.effect.name, after, _assignee_ids(request))
        try:
            issue = self._client.create_issue(values)
        except Unknown as lost:
            issue = self._made_after_all(request, lost)
        if after.get("confidential") is True and not issue.confidential:
            hint = f"make it confidential now: {issue.url}"
            raise Failed(f"GitLab did not keep issue {issue.iid} confidential", hint)
        if after.get("state") == "closed" and issue.state != "closed":
            issue = self._client.update_issue(issue.iid, {"state_event": "close"})
        self._set_severity(issue, after)
        self._last_seen[issue.iid] = issue
        return Applied(str(issue.iid), issue.url, parameters.normalised(issue, after))

    def _made_after_all(self, request: ApplyRequest, lost: Unknown) -> Issue:
        """Look for the issue whose answer was lost. Raises the Unknown again when it is not surely there."""
        client, name = self._client, request.effect.name
        if request.incident is None:
            raise lost
        label = section(self._handbook).managed.name
        listing = lookup.listing(client, label, request.incident.declared, self._last_seen.values())
        found = lookup.search(client, name, listing)
        if isinstance(found, Issue):
            return found
        raise Unknown(found.reason if isinstance(found, Unclear) else lost.message, lost.hint) from None

    def _update(self, request: ApplyRequest) -> Applied:
        after, name, client = request.effect.after, request.effect.name, self._client
        iid = _number(name, request.receipt.id if request.receipt else "")
        current = self._last_seen.get(iid) or client.issue(iid)
        if current is None:
            raise Failed(f"issue {iid} is gone")
        if set(after) != {"confidential"}:  # shielding what leaks needs no proof but the receipt
            checked = lookup.checked(name, current)
            if isinstance(checked, Unclear):
                raise Failed(checked.reason)
        mine = parameters.ours(request.effect.resource, request.receipt, self._handbook)
        values = parameters.update(name, after, current, mine, _assignee_ids(request))
        _check_labels(request, [label for label in names(after.get("labels")) if label not in current.labels])
        _check_length(iid, values)
        issue = client.update_issue(iid, values) if values else current
        self._set_severity(issue, after)
        self._last_seen[iid] = issue
        return Applied(str(iid), issue.url, parameters.normalised(issue, after))

    def _set_severity(self, issue: Issue, after: Fields) -> None:
        severity = after.get("severity")
        if isinstance(severity, str) and severity != issue.severity:
            self._client.set_severity(issue.full_path, issue.iid, severity)

    def _label(self, request: ApplyRequest) -> Applied:
        label, client = request.effect.name.key, self._client
        send = client.create_label if request.effect.verb is Verb.CREATE else client.update_label
        send(label, request.effect.after)
        return Applied(label, "")

    def _link(self, request: ApplyRequest) -> Applied:
        one, other = (_number(name, request.ids.get(name, "")) for name in request.effect.resource.refs)
        self._client.link(one, other)
        return Applied(f"{one}-{other}", "")


def _is_number(identity: str) -> bool:
    return identity.isascii() and identity.isdigit()


def _numberless(name: ResourceName) -> Unclear:
    """The doubt about a receipt that a person wrote with something else than a number."""
    command = f"incident adopt {name.incident} {name.short} NUMBER"
    return Unclear(f"the ledger has no number of the issue; record it with: {command}")


def _number(name: ResourceName, identity: str) -> int:
    """The number of an issue. Raises Failed for anything else that a person wrote into the ledger."""
    if not _is_number(identity):
        raise Failed(_numberless(name).reason)
    return int(identity)


def _assignee_ids(request: ApplyRequest) -> list[int]:
    known = {name.key: int(id_) for name, id_ in request.ids.items() if name.kind == "user" and _is_number(id_)}
    first = desired.issue_assignees(request.incident, request.handbook) if request.incident else ()
    return parameters.ordered_ids(known, first, names(request.effect.after.get("assignees")))


def _check_labels(request: ApplyRequest, wanted: Sequence[str]) -> None:
    """GitLab makes a label of every name it does not know: only those that are surely there are sent."""
    there = {name.key for name in request.ids if name.kind == "label"}
    unknown = [label for label in wanted if label not in there]
    if unknown:
        raise Failed(f"the label {quoted(unknown[0])} does not exist yet; it has to be created first")


def _check_length(iid: int, values: Mapping[str, object]) -> None:
    if len(str(values.get("description", "")).encode("utf-8", "replace")) > _LONGEST_DESCRIPTION:
        raise Failed(
            f"the description of issue {iid} would be longer than the 1 MiB that GitLab takes",
            "shorten the text above or below our part of it",
        )


def _label_sighting(resource: Resource, seen: LabelSeen | None) -> Sighting:
    """A group's label counts as it is: it cannot be changed through the project (docs/services.md: Labels)."""
    if seen is None:
        return Absent()
    look: Fields = {"color": seen.color, "description": seen.description}
    shown = {key: look[key] if seen.is_project_label else value for key, value in resource.fields.items()}
    return Observed(seen.name, "", shown)
