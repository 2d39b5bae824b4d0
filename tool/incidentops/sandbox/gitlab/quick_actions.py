"""Running quick actions: each becomes the change that a parameter would have asked for (docs/services.md: Text)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from incidentops.sandbox.gitlab.text import QuickAction
from incidentops.sandbox.gitlab.tracker import IssueChanges, Tracker
from incidentops.sandbox.store import DatabaseRow, Store

_LABEL = re.compile(r'~"([^"]+)"|~([^\s"]+)|"([^"]+)"|([^\s"~]+)')
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SEVERITIES = {"s1": "CRITICAL", "s2": "HIGH", "s3": "MEDIUM", "s4": "LOW", "unknown": "UNKNOWN"}
_SEVERITIES |= {value.lower(): value for value in _SEVERITIES.values()}
_SEVERITIES |= {"1": "CRITICAL", "2": "HIGH", "3": "MEDIUM", "4": "LOW"}


@dataclass(frozen=True, slots=True)
class QuickActionTarget:
    """What the commands are about: the item as it is (None while it is being created) and who is on it."""

    store: Store
    item: DatabaseRow | None
    labels: tuple[str, ...]
    assignees: tuple[int, ...]
    me: int

    def users(self, argument: str) -> tuple[int, ...]:
        """The users an argument names: `@ana @bo`, `me`."""
        words = [word.lstrip("@") for word in re.split(r"[\s,]+|\band\b", argument) if word]
        found = [
            self.me if word == "me" else self.store.number("SELECT id FROM users WHERE username = ?", word)
            for word in words
        ]
        return tuple(user for user in dict.fromkeys(found) if user)


Step = Callable[[QuickActionTarget, IssueChanges, str], IssueChanges | None]


def run_commands(
    tracker: Tracker, item: DatabaseRow | None, commands: Sequence[QuickAction], asked: IssueChanges
) -> IssueChanges:
    """Add what the commands change to what was asked, and write down which ran. A guest's commands do nothing."""
    target = _target(tracker, item)
    changes = asked
    for command in commands:
        step = STEPS.get(command.name)
        changed = step(target, changes, command.argument) if step and tracker.actor.is_reporter else None
        tracker.store.run(
            "INSERT INTO quick_actions (item, name, argument, author, applied, at) VALUES (?, ?, ?, ?, ?, ?)",
            item["id"] if item else None,
            command.name,
            command.argument,
            tracker.actor.id,
            changed is not None,
            tracker.store.now(),
        )
        changes = changes if changed is None else changed
    return changes


def _target(tracker: Tracker, item: DatabaseRow | None) -> QuickActionTarget:
    store, key = tracker.store, item["id"] if item else 0
    labels = store.all("SELECT name FROM labels JOIN item_labels ON label = labels.id WHERE item = ?", key)
    users = store.all("SELECT user FROM item_assignees WHERE item = ? ORDER BY position", key)
    return QuickActionTarget(
        store,
        item,
        tuple(row["name"] for row in labels),
        tuple(row["user"] for row in users),
        tracker.actor.id,
    )


def _names(target: QuickActionTarget, argument: str) -> tuple[str, ...]:
    """The labels an argument names; only those that exist, a quick action creates none."""
    found = ["".join(groups) for groups in _LABEL.findall(argument)]
    return tuple(name for name in found if target.store.number("SELECT id FROM labels WHERE name = ?", name))


def _close(target: QuickActionTarget, changes: IssueChanges, _: str) -> IssueChanges | None:
    is_open = target.item is not None and target.item["state"] == "opened"
    return replace(changes, state_event="close") if is_open else None


def _reopen(target: QuickActionTarget, changes: IssueChanges, _: str) -> IssueChanges | None:
    is_closed = target.item is not None and target.item["state"] == "closed"
    return replace(changes, state_event="reopen") if is_closed else None


def _assign(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    users = target.users(argument)
    before = target.assignees if changes.assignees is None else changes.assignees
    return replace(changes, assignees=tuple(dict.fromkeys((*before, *users)))) if users else None


def _reassign(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    users = target.users(argument)
    return replace(changes, assignees=users) if users else None


def _unassign(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    before = target.assignees if changes.assignees is None else changes.assignees
    gone = target.users(argument) if argument else before
    return replace(changes, assignees=tuple(user for user in before if user not in gone))


def _label(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    names = _names(target, argument)
    return replace(changes, add_labels=(*changes.add_labels, *names)) if names else None


def _unlabel(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    names = _names(target, argument) if argument else target.labels
    return replace(changes, remove_labels=(*changes.remove_labels, *names)) if names else None


def _relabel(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    names = _names(target, argument)
    return replace(changes, labels=names) if names else None


def _confidential(_: QuickActionTarget, changes: IssueChanges, __: str) -> IssueChanges | None:
    return replace(changes, confidential=True)


def _title(_: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    return replace(changes, title=argument) if argument else None


def _due(_: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    match = _ISO_DAY.search(argument)
    return replace(changes, due_date=match[0]) if match else None


def _remove_due(_: QuickActionTarget, changes: IssueChanges, __: str) -> IssueChanges | None:
    return replace(changes, due_date="")


def _severity(_: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    value = _SEVERITIES.get(argument.strip().lower())
    return replace(changes, severity=value) if value else None


def _lock(_: QuickActionTarget, changes: IssueChanges, __: str) -> IssueChanges | None:
    return replace(changes, locked=True)


def _unlock(_: QuickActionTarget, changes: IssueChanges, __: str) -> IssueChanges | None:
    return replace(changes, locked=False)


def _duplicate(target: QuickActionTarget, changes: IssueChanges, argument: str) -> IssueChanges | None:
    match = re.search(r"#(\d{1,9})", argument)
    if match is None or target.item is None:
        return None
    known = target.store.number("SELECT id FROM items WHERE kind = 'Issue' AND iid = ?", int(match[1]))
    return replace(changes, state_event="close") if known else None


def _promote(_: QuickActionTarget, changes: IssueChanges, __: str) -> IssueChanges | None:
    return replace(changes, type="incident")


STEPS: dict[str, Step] = {
    "close": _close,
    "reopen": _reopen,
    "assign": _assign,
    "reassign": _reassign,
    "unassign": _unassign,
    "label": _label,
    "labels": _label,
    "unlabel": _unlabel,
    "remove_label": _unlabel,
    "relabel": _relabel,
    "confidential": _confidential,
    "title": _title,
    "due": _due,
    "remove_due_date": _remove_due,
    "severity": _severity,
    "lock": _lock,
    "unlock": _unlock,
    "duplicate": _duplicate,
    "promote_to_incident": _promote,
}
"""The quick actions that do something here. Others that GitLab knows are taken out of the text and written down."""
