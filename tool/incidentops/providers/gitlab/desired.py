"""What a record and the handbook want on GitLab. Pure (handbook: Ownership, Near Misses)."""

from collections.abc import Iterable, Iterator

from incidentops.model.handbook import Handbook
from incidentops.model.incident import CorrectiveAction, Incident
from incidentops.model.obligations import ReviewAssignment, review_assignment, review_required
from incidentops.model.vocabulary import Audience, Severity, State
from incidentops.plan.nature import Nature
from incidentops.plan.resource import SHARED, Fields, Ref, Resource, ResourceName, Value
from incidentops.providers.gitlab.documents import action_body, issue_body, name_of, review_body
from incidentops.providers.gitlab.mapping import SEVERITIES, names, stored
from incidentops.providers.gitlab.section import PROVIDER, Label, section, username
from incidentops.render.escape import markdown_line


def shared(handbook: Handbook) -> Iterator[Resource]:
    """Yield the labels that the handbook names, and its people: they are looked up once and then known by id."""
    for label in section(handbook).labels():
        look: Fields = {"color": label.color, "description": label.description}
        yield Resource(
            name_of(SHARED, "label", label.name),
            fields={key: value for key, value in look.items() if key in label.styled},
            initial={key: value for key, value in look.items() if key not in label.styled},
            idempotent=True,
        )
    for name in sorted({username(person) for person in handbook.people.values()}):
        yield Resource(name_of(SHARED, "user", name), fields={}, nature=Nature.LOOKUP)


def desired(incident: Incident, handbook: Handbook) -> Iterator[Resource]:
    """Yield what one record wants. Issues need their labels, links need both of their ends, and nothing else waits."""
    anchor = name_of(incident.id, "review" if incident.is_near_miss else "issue")
    if not incident.is_near_miss:
        yield _issue(incident, handbook)
    linked = []
    assigned = _review_wanted(incident, handbook)
    if assigned:
        yield _review(incident, assigned, handbook)
        linked.append(name_of(incident.id, "review"))
    for action in incident.corrective_actions:
        yield _action(incident, action, handbook)
        linked.append(name_of(incident.id, "action", action.key))
    yield from (_link(anchor, name) for name in linked if name != anchor)


def assignable(people: Iterable[str], handbook: Handbook) -> tuple[str, ...]:
    """Return usernames in the order given, each once; somebody whom the handbook does not know has none."""
    known = [username(handbook.people[key]) for key in people if key in handbook.people]
    return tuple(dict.fromkeys(known))


def issue_assignees(incident: Incident, handbook: Handbook) -> tuple[str, ...]:
    """Return the usernames of everybody engaged, the owner first; with nobody engaged, the owner's."""
    now = incident.now
    engaged = [now.holders[role].person for role in now.ownership if role in now.holders]
    return assignable([now.owner, *engaged], handbook)


def _issue(incident: Incident, handbook: Handbook) -> Resource:
    now, lab = incident.now, section(handbook)
    labels = [
        lab.managed,
        lab.incident,
        _state_label(incident, handbook),
        *_classes(now.severity, now.services, handbook),
    ]
    fields: dict[str, Value] = {
        "title": markdown_line(incident.title) or incident.id,
        "description": stored(issue_body(incident, handbook)),
        "labels": _names(labels),
        "assignees": tuple(sorted(issue_assignees(incident, handbook))),
        "state": "closed" if now.state is State.RESOLVED else "opened",
    }
    if now.severity:
        fields["severity"] = SEVERITIES[now.severity]
    return _resource(name_of(incident.id, "issue"), fields, incident, handbook)


def _review(incident: Incident, assigned: ReviewAssignment, handbook: Handbook) -> Resource:
    lab = section(handbook)
    severity = (incident.review.severity if incident.review else None) or incident.now.severity
    labels = [lab.managed, lab.review, *_classes(severity, incident.now.services, handbook)]
    if incident.is_near_miss:
        labels.append(lab.near_miss)
    kind = "Near miss review" if incident.is_near_miss else "Incident review"
    initial: dict[str, Value] = {
        "title": markdown_line(f"{kind}: {incident.title}"),
        "description": stored(review_body(incident, handbook)),
        "labels": _names(labels),
        "assignees": assignable([assigned.owner], handbook),
        "due_date": assigned.day.isoformat() if assigned.day else "",
    }
    confidential = _confidential(incident, handbook)
    return Resource(
        name_of(incident.id, "review"),
        fields={"confidential": True} if confidential else {},
        initial=initial if confidential else {**initial, "confidential": False},
        depends_on=_needed(initial),
        handed_over=True,
    )


def _action(incident: Incident, action: CorrectiveAction, handbook: Handbook) -> Resource:
    lab = section(handbook)
    severity = action.severity or incident.now.severity
    fields: dict[str, Value] = {
        "title": markdown_line(action.title) or action.key,
        "description": stored(action_body(incident, action, handbook)),
        "labels": _names([lab.managed, lab.corrective_action, *_classes(severity, (), handbook)]),
    }
    if action.owner:
        fields["assignees"] = assignable([action.owner], handbook)
    if action.due:
        fields["due_date"] = action.due.isoformat()
    if action.closed:
        fields["state"] = "closed"
    return _resource(name_of(incident.id, "action", action.key), fields, incident, handbook)


def _link(anchor: ResourceName, other: ResourceName) -> Resource:
    """A link from the incident's issue, or a near miss's review, to what follows from it."""
    key = other.short.removeprefix(f"{PROVIDER}.")
    ends: Fields = {"from": Ref(anchor), "to": Ref(other)}
    return Resource(name_of(anchor.incident, "link", key), ends, idempotent=True)


def _resource(name: ResourceName, fields: dict[str, Value], incident: Incident, handbook: Handbook) -> Resource:
    """An issue that is kept true. Confidentiality is only ever raised: ours while it is wanted, people's otherwise."""
    needed = _needed(fields)
    if _confidential(incident, handbook):
        return Resource(name, {**fields, "confidential": True}, depends_on=needed)
    return Resource(name, fields, initial={"confidential": False}, depends_on=needed)


def _needed(fields: Fields) -> tuple[ResourceName, ...]:
    """What an issue needs: its labels, which GitLab would make up itself, and the ids of its assignees."""
    labels, people = names(fields.get("labels")), names(fields.get("assignees"))
    return (*(name_of(SHARED, "label", name) for name in labels), *(name_of(SHARED, "user", name) for name in people))


def _confidential(incident: Incident, handbook: Handbook) -> bool:
    """Whether only those who need to know may see it: also what is internal, where customers can open issues."""
    audience = incident.now.audience
    return audience is Audience.CONFIDENTIAL or (audience is Audience.INTERNAL and section(handbook).public)


def _classes(severity: Severity | None, services: Iterable[str], handbook: Handbook) -> list[Label]:
    """The labels of a severity and of services."""
    lab = section(handbook)
    labels = [lab.severities[severity]] if severity else []
    return labels + [lab.services[key] for key in services if key in lab.services]


def _names(labels: Iterable[Label]) -> tuple[str, ...]:
    """Names in order. Of labels with one scope (`Service::Web`) Premium keeps only one on an issue: the first named."""
    one_of_each: dict[str, str] = {}
    for label in labels:
        scope, _, _ = label.name.rpartition("::")
        one_of_each.setdefault(scope or label.name, label.name)
    return tuple(sorted(one_of_each.values()))


def _state_label(incident: Incident, handbook: Handbook) -> Label:
    lab = section(handbook)
    return {State.MONITORING: lab.mitigated, State.RESOLVED: lab.resolved}.get(
        incident.now.state or State.INVESTIGATING, lab.active
    )


def _review_wanted(incident: Incident, handbook: Handbook) -> ReviewAssignment | None:
    """A near miss at once; an incident once resolved, when its worst severity or the record asks for a review."""
    if incident.is_near_miss or incident.review is not None or review_required(incident, handbook):
        return review_assignment(incident, handbook)
    return None
