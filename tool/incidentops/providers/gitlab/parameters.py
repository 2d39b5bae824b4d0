"""From fields to the parameters of one request: what is people's is never named, so it stays. Pure."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from incidentops.model.handbook import Handbook
from incidentops.plan.resource import Fields, Receipt, Resource, ResourceName, Value
from incidentops.providers.gitlab import mapping, markers
from incidentops.providers.gitlab.mapping import Issue, names
from incidentops.providers.gitlab.section import section

_EVENTS = {"closed": "close", "opened": "reopen"}


class OwnedLabels(Struct, frozen=True):
    """Which labels and assignees of an issue are ours to change: what we want now, and what we set before."""

    labels: Collection[str]
    people: Collection[str]


def ordered_ids(known: Mapping[str, int], first: Sequence[str], usernames: Collection[str]) -> list[int]:
    """Return the ids of those who are known, the first ones first: where GitLab keeps only one it is the first."""
    order = [*(name for name in first if name in usernames), *sorted(usernames)]
    return [known[name] for name in dict.fromkeys(order) if name in known]


def ours(resource: Resource, receipt: Receipt | None, handbook: Handbook) -> OwnedLabels:
    """Return what of an issue belongs to us."""
    before: Fields = receipt.fields if receipt else {}
    families = {label.name for label in section(handbook).labels()}
    wanted = {**resource.initial, **resource.fields}
    return OwnedLabels(
        families | set(names(wanted.get("labels"))) | set(names(before.get("labels"))),
        set(names(wanted.get("assignees"))) | set(names(before.get("assignees"))),
    )


def shown(issue: Issue, resource: Resource, mine: OwnedLabels) -> dict[str, Value]:
    """Return an issue as the fields that we keep on it; what people added is not among them."""
    seen: dict[str, Value] = {
        "title": issue.title,
        "description": markers.ours(resource.name, issue.description),
        "labels": tuple(name for name in issue.labels if name in mine.labels),
        "assignees": mapping.usernames(issue.assignees, mine.people),
        "confidential": issue.confidential,
        "state": issue.state,
        "severity": issue.severity,
        "due_date": issue.due_date,
    }
    return {name: value for name, value in seen.items() if name in resource.fields}


def creation(name: ResourceName, after: Fields, people: Sequence[int]) -> dict[str, object]:
    """Return the parameters that make an issue, with everything that the first request can carry.

    `people` are the ids of its assignees, here as in `update`.
    """
    values: dict[str, object] = {key: after[key] for key in ("title", "description") if key in after}
    values["issue_type"] = "incident" if name.kind == "issue" else "issue"
    values["labels"] = list(names(after.get("labels")))
    values["confidential"] = after.get("confidential") is True
    if people:
        values["assignee_ids"] = list(people)
    if after.get("due_date"):
        values["due_date"] = after["due_date"]
    return values


def update(
    name: ResourceName, after: Fields, current: Issue, mine: OwnedLabels, people: Sequence[int]
) -> dict[str, object]:
    """Return the parameters that bring an issue from what it is to the fields, and nothing else.

    Confidentiality can only be raised here: False is never sent.
    """
    values: dict[str, object] = {key: after[key] for key in ("title", "due_date") if key in after}
    if "description" in after:
        values["description"] = markers.spliced(name, current.description, str(after["description"]))
    if "labels" in after:
        wanted = set(names(after["labels"]))
        values["add_labels"] = sorted(wanted - set(current.labels))
        values["remove_labels"] = sorted((set(current.labels) & set(mine.labels)) - wanted)
    if "assignees" in after:
        others = [user.id for user in current.assignees if user.username not in mine.people]
        values["assignee_ids"] = [*people, *others] or [0]
    if after.get("confidential") is True:
        values["confidential"] = True
    if "severity" in after and current.type != "incident":
        values["issue_type"] = "incident"  # one made by hand: GitLab keeps a severity on incidents only
    if "state" in after and after["state"] != current.state:
        values["state_event"] = _EVENTS[str(after["state"])]
    return {key: value for key, value in values.items() if value != []}


def normalised(issue: Issue, after: Fields) -> dict[str, Value]:
    """Return the assignees that GitLab kept when it did not keep all: one on the Free tier, known ones anywhere."""
    wanted = names(after.get("assignees"))
    left = mapping.usernames(issue.assignees, wanted)
    return {} if set(left) == set(wanted) else {"assignees": left}
