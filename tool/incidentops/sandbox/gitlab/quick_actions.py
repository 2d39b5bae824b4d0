"""Running quick actions: each becomes the change of a parameter (docs/services.md: Text)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from incidentops.sandbox.gitlab.http import Call
from incidentops.sandbox.gitlab.text import QuickAction
from incidentops.sandbox.gitlab.tracker import IssueChanges
from incidentops.sandbox.store import DatabaseRow, Store

_LABEL = re.compile(r'~"([^"]+)"|~([^\s"]+)|"([^"]+)"|([^\s"~]+)')
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SEVERITIES = {"s1": "CRITICAL", "s2": "HIGH", "s3": "MEDIUM", "s4": "LOW", "unknown": "UNKNOWN"}
_SEVERITIES |= {value.lower(): value for value in _SEVERITIES.values()}
_SEVERITIES |= {"1": "CRITICAL", "2": "HIGH", "3": "MEDIUM", "4": "LOW"}


@dataclass(frozen=True, slots=True)
class QuickActionTarget:
    """The item of the commands as it is (None while it is being created), with its labels and assignees."""

    store: Store
    item: DatabaseRow | None
    labels: tuple[str, ...]
    assignees: tuple[int, ...]
    me: int

    def users(self, argument: str) -> tuple[int, ...]:
        """The users an argument names: `@ana @bo`, `me`."""
        words = [word.lstrip("@") for word in re.split(r"[\s,]+|\band\b", argument) if word]
        rows = [
            self.store.find("users", id=self.me) if word == "me" else self.store.find("users", username=word)
            for word in words
        ]
        return tuple(dict.fromkeys(row["id"] for row in rows if row))


Step = Callable[[QuickActionTarget, IssueChanges, str], IssueChanges | None]


def run_commands(
    call: Call, item: DatabaseRow | None, commands: Sequence[QuickAction], changes: IssueChanges
) -> IssueChanges:
    """Add the changes of the commands to those requested, and record each command. A guest's have no effect."""
    key = item["id"] if item else 0
    labels = tuple(row["name"] for row in call.entities.labels_of(key))
    assignees = tuple(row["id"] for row in call.entities.assignees_of(key))
    target = QuickActionTarget(call.store, item, labels, assignees, call.actor.id)
    for command in commands:
        step = STEPS.get(command.name)
        changed = step(target, changes, command.argument) if step and call.actor.is_reporter else None
        call.store.insert(
            "quick_actions",
            item=item["id"] if item else None,
            name=command.name,
            argument=command.argument,
            author=call.actor.id,
            applied=changed is not None,
            at=call.store.now(),
        )
        changes = changes if changed is None else changed
    return changes


def _names(target: QuickActionTarget, argument: str) -> tuple[str, ...]:
    """The labels an argument names; only those that exist, a quick action creates none."""
    names = ["".join(groups) for groups in _LABEL.findall(argument)]
    return tuple(name for name in names if target.store.find("labels", name=name))


def _fixed(**fields: Any) -> Step:
    """A quick action that always sets the same values."""
    return lambda _target, changes, _argument: replace(changes, **fields)


def _value(field: str, parse: Callable[[str], str | None]) -> Step:
    """A quick action that sets a field to its argument; without effect when that is not valid."""

    def step(_: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
        value: Any = parse(argument)
        return replace(changes, **{field: value}) if value else None

    return step


def _state(before: str, event: str) -> Step:
    """A quick action that moves an item from one state to the other."""
    return lambda target, changes, _: (
        replace(changes, state_event=event) if target.item and target.item["state"] == before else None
    )


def _assign(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    users = target.users(argument)
    before = target.assignees if changes.assignees is None else changes.assignees
    return replace(changes, assignees=tuple(dict.fromkeys((*before, *users)))) if users else None


def _reassign(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    users = target.users(argument)
    return replace(changes, assignees=users) if users else None


def _unassign(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    before = target.assignees if changes.assignees is None else changes.assignees
    removed = target.users(argument) if argument else before
    return replace(changes, assignees=tuple(user for user in before if user not in removed))


def _label(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    names = _names(target, argument)
    return replace(changes, add_labels=(*changes.add_labels, *names)) if names else None


def _unlabel(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    names = _names(target, argument) if argument else target.labels
    return replace(changes, remove_labels=(*changes.remove_labels, *names)) if names else None


def _relabel(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    names = _names(target, argument)
    return replace(changes, labels=names) if names else None


def _duplicate(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    match = re.search(r"#(\d{1,9})", argument)
    if match is None or target.item is None:
        return None
    original = target.store.find("items", kind="Issue", iid=int(match[1]))
    return replace(changes, state_event="close") if original else None


STEPS: dict[str, Step] = {
    "close": _state("opened", "close"),
    "reopen": _state("closed", "reopen"),
    "assign": _assign,
    "reassign": _reassign,
    "unassign": _unassign,
    "label": _label,
    "labels": _label,
    "unlabel": _unlabel,
    "remove_label": _unlabel,
    "relabel": _relabel,
    "confidential": _fixed(confidential=True),
    "title": _value("title", str),
    "due": _value("due_date", lambda argument: next(iter(_ISO_DAY.findall(argument)), None)),
    "remove_due_date": _fixed(due_date=""),
    "severity": _value("severity", lambda argument: _SEVERITIES.get(argument.lower())),
    "lock": _fixed(locked=True),
    "unlock": _fixed(locked=False),
    "duplicate": _duplicate,
    "promote_to_incident": _fixed(type="incident"),
}
"""The quick actions with an effect here. The others of GitLab are taken out of the text and recorded."""
