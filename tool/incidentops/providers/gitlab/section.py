"""GitLab's part of the handbook: the section `gitlab`, labels of severities and services, usernames of people.

Its shape stands in `handbook.json`. Defaults are what GitLab itself uses for its incidents.
"""

from collections.abc import Mapping
from typing import cast

from msgspec import Struct

from incidentops.core.source import DataNode
from incidentops.model.handbook import Handbook, Person
from incidentops.model.vocabulary import Severity

PROVIDER = "gitlab"
"""The word for it in names, and for its section of the handbook."""
_COLORS = {Severity.S1: "#8b0000", Severity.S2: "#c5221f", Severity.S3: "#b06000", Severity.S4: "#5f6368"}


class Label(Struct, frozen=True):
    """A label that belongs to us: `color` is `#rrggbb`.

    `styled` names which of the two the handbook gave itself: a label that is there already is changed in those only.
    """

    name: str
    color: str
    description: str
    styled: frozenset[str] = frozenset()


class GitLabSection(Struct, frozen=True):
    """Where issues live and which labels are ours. `public` says that customers can open the issues."""

    project: str
    public: bool
    managed: Label
    incident: Label
    near_miss: Label
    review: Label
    corrective_action: Label
    active: Label
    mitigated: Label
    resolved: Label
    severities: Mapping[Severity, Label]
    services: Mapping[str, Label]

    def labels(self) -> tuple[Label, ...]:
        """Return every label that the handbook names, each name once, in a fixed order."""
        named = (
            self.managed, self.incident, self.near_miss, self.review, self.corrective_action,
            self.active, self.mitigated, self.resolved, *self.severities.values(), *self.services.values(),
        )  # fmt: skip
        return tuple({label.name: label for label in reversed(named)}.values())[::-1]


def section(handbook: Handbook) -> GitLabSection:
    """Return GitLab's part of a handbook."""
    node = handbook.written(PROVIDER)
    labels, states = handbook.written(PROVIDER, "labels"), handbook.written(PROVIDER, "labels", "states")
    return GitLabSection(
        project=str(node.get("project", "")),
        public=bool(node.get("public", False)),
        managed=_label(labels, "managed", "incidentops", "#6e49cb", "Kept by incidentops from the incident repository"),
        incident=_label(labels, "incident", "incident", "#e24329", "Something is broken for users"),
        near_miss=_label(labels, "near_miss", "Near Miss", "#6699cc", "It could have been an incident"),
        review=_label(labels, "review", "incident-review", "#8e6bb5", "Incident review (RCA)"),
        corrective_action=_label(
            labels, "corrective_action", "corrective action", "#1aaa55", "Keeps an incident from happening again"
        ),
        active=_label(states, "active", "Incident::Active", "#d9534f", "People are working on it"),
        mitigated=_label(states, "mitigated", "Incident::Mitigated", "#f0ad4e", "The fix is in and watched"),
        resolved=_label(states, "resolved", "Incident::Resolved", "#5cb85c", "It is over"),
        severities={severity: _severity(severity, handbook) for severity in Severity},
        services={key: _service(key, handbook) for key in handbook.services},
    )


def username(person: Person) -> str:
    """Return somebody's username: the key of the handbook when it names none."""
    return person.accounts.get(PROVIDER, person.key)


def _severity(severity: Severity, handbook: Handbook) -> Label:
    node, meaning = handbook.written("severities", severity), handbook.severities[severity].meaning
    return _label(node, "label", f"severity::{severity.rank}", _COLORS[severity], meaning)


def _service(key: str, handbook: Handbook) -> Label:
    node, name = handbook.written("services", key), handbook.services[key].name
    return _label(node, "label", f"Service::{name}", "#1f75cb", f"Incidents that touch {name}")


def _label(labels: DataNode, key: str, name: str, color: str, description: str) -> Label:
    """A label as the handbook has it: nothing, its name alone, or name, colour and description."""
    value = labels.get(key)
    if isinstance(value, str):
        return Label(value.strip(), color, description)
    node = cast("Mapping[str, str]", value or {})
    return Label(
        node.get("name", name).strip(),
        node.get("color", color).lower(),
        node.get("description", description).strip(),
        styled=frozenset({"color", "description"} & node.keys()),
    )
