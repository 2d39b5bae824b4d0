"""Running quick actions: each becomes the change of a parameter (docs/services.md: Text)."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from incidentops.sandbox.gitlab.http import Call
from incidentops.sandbox.gitlab.text import QuickAction
from incidentops.sandbox.gitlab.tracker import IssueChanges
from incidentops.sandbox.store import DatabaseRow

_LABEL = re.compile(r'~"([^"]+)"|~([^\s"]+)|"([^"]+)"|([^\s"~]+)')
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SEVERITIES = {"s1": "CRITICAL", "s2": "HIGH", "s3": "MEDIUM", "s4": "LOW", "unknown": "UNKNOWN"}
_SEVERITIES |= {value.lower(): value for value in _SEVERITIES.values()}
_SEVERITIES |= {"1": "CRITICAL", "2": "HIGH", "3": "MEDIUM", "4": "LOW"}


Step = Callable[[Call, DatabaseRow | None, IssueChanges, str], IssueChanges | None]
"""Takes the item as it is, None while it is being created. Returns None when the quick action has no effect."""


def run_commands(
    call: Call, item: DatabaseRow | None, commands: Sequence[QuickAction], changes: IssueChanges
) -> IssueChanges:
    """Add the changes of the commands to those requested, and record each command. A guest's have no effect."""
    for command in commands:
        step = STEPS.get(command.name)
        changed = step(call, item, changes, command.argument) if step and call.actor.is_reporter else None
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


def _users(call: Call, argument: str) -> tuple[int, ...]:
    """The users an argument names: `@ana @bo`, `me`."""
    words = [word.lstrip("@") for word in re.split(r"[\s,]+|\band\b", argument) if word]
    names = [call.actor.username if word == "me" else word for word in words]
    rows = [call.store.find("users", username=name) for name in names]
    return tuple(dict.fromkeys(row["id"] for row in rows if row))


def _assignees(call: Call, item: DatabaseRow | None, changes: IssueChanges) -> tuple[int, ...]:
    """The assignees so far."""
    if changes.assignees is not None or item is None:
        return changes.assignees or ()
    return tuple(row["id"] for row in call.entities.assignees_of(item["id"]))


def _labels(call: Call, argument: str) -> tuple[str, ...]:
    """The labels an argument names; only those that exist, a quick action creates none."""
    names = ["".join(groups) for groups in _LABEL.findall(argument)]
    return tuple(name for name in names if call.store.find("labels", name=name))


def _fixed(**fields: Any) -> Step:
    """A quick action that always sets the same values."""
    return lambda _call, _item, changes, _argument: replace(changes, **fields)


def _value(field: str, parse: Callable[[Call, str], Any]) -> Step:
    """A quick action that sets a field to its argument; without effect when that is not valid."""

    def step(call: Call, _: DatabaseRow | None, changes: IssueChanges, argument: str) -> IssueChanges | None:
        value = parse(call, argument)
        return replace(changes, **{field: value}) if value else None

    return step


def _state(before: str, event: str) -> Step:
    """A quick action that moves an item from one state to the other."""
    return lambda _call, item, changes, _argument: (
        replace(changes, state_event=event) if item and item["state"] == before else None
    )


def _assign(call: Call, item: DatabaseRow | None, changes: IssueChanges, argument: str) -> IssueChanges | None:
    users = _users(call, argument)
    assignees = dict.fromkeys((*_assignees(call, item, changes), *users))
    return replace(changes, assignees=tuple(assignees)) if users else None


def _unassign(call: Call, item: DatabaseRow | None, changes: IssueChanges, argument: str) -> IssueChanges | None:
    before = _assignees(call, item, changes)
    removed = _users(call, argument) if argument else before
    return replace(changes, assignees=tuple(user for user in before if user not in removed))


def _label(call: Call, _: DatabaseRow | None, changes: IssueChanges, argument: str) -> IssueChanges | None:
    names = _labels(call, argument)
    return replace(changes, add_labels=(*changes.add_labels, *names)) if names else None


def _unlabel(call: Call, item: DatabaseRow | None, changes: IssueChanges, argument: str) -> IssueChanges | None:
    rows = call.entities.labels_of(item["id"]) if item else []
    names = _labels(call, argument) if argument else tuple(row["name"] for row in rows)
    return replace(changes, remove_labels=(*changes.remove_labels, *names)) if names else None


def _duplicate(call: Call, item: DatabaseRow | None, changes: IssueChanges, argument: str) -> IssueChanges | None:
    match = re.search(r"#(\d{1,9})", argument)
    original = call.store.find("items", kind="Issue", iid=int(match[1])) if match and item else None
    return replace(changes, state_event="close") if original else None


STEPS: dict[str, Step] = {
    "close": _state("opened", "close"),
    "reopen": _state("closed", "reopen"),
    "assign": _assign,
    "reassign": _value("assignees", _users),
    "unassign": _unassign,
    "label": _label,
    "labels": _label,
    "unlabel": _unlabel,
    "remove_label": _unlabel,
    "relabel": _value("labels", _labels),
    "confidential": _fixed(confidential=True),
    "title": _value("title", lambda _, argument: argument),
    "due": _value("due_date", lambda _, argument: next(iter(_ISO_DAY.findall(argument)), None)),
    "remove_due_date": _fixed(due_date=""),
    "severity": _value("severity", lambda _, argument: _SEVERITIES.get(argument.lower())),
    "lock": _fixed(locked=True),
    "unlock": _fixed(locked=False),
    "duplicate": _duplicate,
    "promote_to_incident": _fixed(type="incident"),
}
"""The quick actions with an effect here. The others of GitLab are taken out of the text and recorded."""
