"""What GitLab's answers look like: rows in, JSON out, quirks included (docs/services.md: Issues)."""

from typing import Any

from incidentops.sandbox.seed import PROJECT_ID
from incidentops.sandbox.store import DatabaseRow, Store

GitLabJson = dict[str, Any]


class Entities:
    """Builds the JSON of users, labels, issues, notes, links and events, with addresses under `base`."""

    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.base = base
        self.project_url = f"{base}/{store.seed.project}"

    def user(self, user_id: int | None) -> GitLabJson | None:
        """The short form of a user; None for nobody."""
        row = self.store.one("SELECT * FROM users WHERE id = ?", user_id)
        return self.user_row(row) if row else None

    def user_row(self, row: DatabaseRow) -> GitLabJson:
        """The short form of a user."""
        return {
            "id": row["id"],
            "username": row["username"],
            "public_email": None,
            "name": row["name"],
            "state": "active",
            "locked": False,
            "avatar_url": None,
            "web_url": f"{self.base}/{row['username']}",
        }

    def me(self, row: DatabaseRow) -> GitLabJson:
        """The long form, as `/user` shows it."""
        return self.user_row(row) | {
            "created_at": "2026-01-01T00:00:00.000Z",
            "bio": "",
            "bot": bool(row["bot"]),
            "email": f"{row['username']}@sandbox.invalid",
            "commit_email": f"{row['username']}@sandbox.invalid",
            "external": False,
            "private_profile": False,
            "two_factor_enabled": False,
            "can_create_group": False,
            "can_create_project": False,
            "identities": [],
        }

    def member(self, row: DatabaseRow) -> GitLabJson:
        """A member of the project: the user and the access level, a number."""
        return self.user_row(row) | {
            "access_level": row["level"],
            "created_at": "2026-01-01T00:00:00.000Z",
            "expires_at": None,
            "membership_state": "active",
        }

    def label(self, row: DatabaseRow) -> GitLabJson:
        """The part of a label that every form has."""
        return {
            "id": row["id"],
            "name": row["name"],
            "description": row["description"],
            "description_html": row["description"] or "",
            "text_color": text_color(row["color"]),
            "color": row["color"],
            "archived": False,
        }

    def project_label(self, row: DatabaseRow) -> GitLabJson:
        """A label in the project's list; inherited ones say `is_project_label: false`."""
        return self.group_label(row) | {
            "priority": row["priority"],
            "is_project_label": not row["inherited"],
        }

    def group_label(self, row: DatabaseRow) -> GitLabJson:
        """A label in the group's list."""
        counted = self.store.one(
            "SELECT sum(kind = 'Issue' AND state = 'opened') AS open,"
            " sum(kind = 'Issue' AND state = 'closed') AS closed,"
            " sum(kind = 'MergeRequest' AND state = 'opened') AS merging"
            " FROM item_labels JOIN items ON items.id = item WHERE label = ?",
            row["id"],
        )
        counts = counted or {}
        return self.label(row) | {
            "open_issues_count": counts.get("open") or 0,
            "closed_issues_count": counts.get("closed") or 0,
            "open_merge_requests_count": counts.get("merging") or 0,
            "subscribed": False,
        }

    def labels_of(self, item: int) -> list[DatabaseRow]:
        """The labels on an issue, by title."""
        return self.store.all(
            "SELECT labels.* FROM labels JOIN item_labels ON label = labels.id WHERE item = ? ORDER BY name", item
        )

    def assignees_of(self, item: int) -> list[DatabaseRow]:
        """Who an issue is assigned to, in the order it was asked for."""
        return self.store.all(
            "SELECT users.* FROM users JOIN item_assignees ON user = users.id WHERE item = ? ORDER BY position", item
        )

    def issue(self, row: DatabaseRow, *, label_details: bool = False) -> GitLabJson:
        """An issue as lists and single answers show it."""
        url, web = f"{self.base}/api/v4/projects/{PROJECT_ID}", f"{self.project_url}/-/issues/{row['iid']}"
        return self._common(row, label_details=label_details) | {
            "closed_at": row["closed_at"],
            "closed_by": self.user(row["closed_by"]),
            "type": row["type"].upper(),
            "issue_type": row["type"],
            "severity": row["severity"],
            "merge_requests_count": 0,
            "start_date": None,
            "due_date": row["due_date"],
            "confidential": bool(row["confidential"]),
            "weight": None,
            "blocking_issues_count": 0,
            "has_tasks": False,
            "task_status": "",
            "moved_to_id": None,
            "service_desk_reply_to": None,
            "epic_iid": None,
            "epic": None,
            "iteration": None,
            "health_status": None,
            "web_url": web,
            "references": self._references(row, "#"),
            "_links": {
                "self": f"{url}/issues/{row['iid']}",
                "notes": f"{url}/issues/{row['iid']}/notes",
                "award_emoji": f"{url}/issues/{row['iid']}/award_emoji",
                "project": url,
                "closed_as_duplicate_of": None,
            },
        }

    def merge_request(self, row: DatabaseRow) -> GitLabJson:
        """A merge request, with what is known of its commits: git itself is elsewhere."""
        head = self.store.one("SELECT * FROM heads WHERE item = ?", row["id"]) or {}
        return self._common(row) | {
            "merged_at": head.get("merged_at"),
            "sha": head.get("sha"),
            "merge_commit_sha": head.get("merge_commit"),
            "squash_commit_sha": None,
            "closed_at": row["closed_at"],
            "source_branch": row["source_branch"],
            "target_branch": row["target_branch"],
            "source_project_id": PROJECT_ID,
            "target_project_id": PROJECT_ID,
            "reviewers": [],
            "draft": row["title"].startswith("Draft:"),
            "work_in_progress": row["title"].startswith("Draft:"),
            "merge_status": "can_be_merged",
            "detailed_merge_status": "mergeable",
            "has_conflicts": False,
            "squash": False,
            "reference": f"!{row['iid']}",
            "references": self._references(row, "!"),
            "web_url": f"{self.project_url}/-/merge_requests/{row['iid']}",
        }

    def note(self, row: DatabaseRow, item: DatabaseRow) -> GitLabJson:
        """A comment or a system note."""
        return {
            "id": row["id"],
            "type": None,
            "body": row["body"],
            "author": self.user(row["author"]),
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
            "system": bool(row["system"]),
            "noteable_id": item["id"],
            "noteable_type": item["kind"],
            "project_id": PROJECT_ID,
            "resolvable": False,
            "confidential": bool(row["internal"]),
            "internal": bool(row["internal"]),
            "imported": False,
            "imported_from": "none",
            "noteable_iid": item["iid"],
            "commands_changes": {},
        }

    def link(self, row: DatabaseRow, source: DatabaseRow, target: DatabaseRow) -> GitLabJson:
        """A link between two issues, seen from the one it was made on."""
        return {
            "id": row["id"],
            "source_issue": self.issue(source),
            "target_issue": self.issue(target),
            "link_type": row["type"],
        }

    def event(self, row: DatabaseRow) -> GitLabJson:
        """A resource event: a label that came or went, or a change of state."""
        shown = {
            "id": row["id"],
            "user": self.user(row["author"]),
            "created_at": row["at"],
            "resource_type": "Issue",
            "resource_id": row["item"],
        }
        if row["kind"] == "state":
            return shown | {"source_commit": None, "source_merge_request_id": None, "state": row["action"]}
        label = self.store.one("SELECT * FROM labels WHERE id = ?", row["label"])
        return shown | {"label": self.label(label) if label else None, "action": row["action"]}

    def project(self) -> GitLabJson:
        """The one project."""
        path = self.store.seed.project
        name, group = path.rpartition("/")[2], self.store.seed.group
        return {
            "id": PROJECT_ID,
            "description": "Incident records",
            "name": name.title(),
            "name_with_namespace": f"{group.title()} / {name.title()}",
            "path": name,
            "path_with_namespace": path,
            "created_at": "2026-01-01T00:00:00.000Z",
            "default_branch": "main",
            "topics": [],
            "web_url": self.project_url,
            "http_url_to_repo": f"{self.project_url}.git",
            "visibility": "private",
            "archived": False,
            "empty_repo": False,
            "issues_enabled": True,
            "merge_requests_enabled": True,
            "issues_access_level": "enabled",
            "autoclose_referenced_issues": True,
            "ci_default_git_depth": 20,
            "open_issues_count": self.store.number(
                "SELECT count(*) FROM items WHERE kind = 'Issue' AND state = 'opened'"
            ),
            "permissions": {
                "project_access": {"access_level": 40, "notification_level": 3},
                "group_access": None,
            },
        }

    def _common(self, row: DatabaseRow, *, label_details: bool = False) -> GitLabJson:
        labels, assignees = self.labels_of(row["id"]), self.assignees_of(row["id"])
        notes = self.store.number("SELECT count(*) FROM notes WHERE item = ? AND NOT system", row["id"])
        people = [self.user_row(user) for user in assignees]
        return {
            "id": row["id"],
            "iid": row["iid"],
            "project_id": PROJECT_ID,
            "title": row["title"],
            "description": row["description"],
            "state": row["state"],
            "created_at": row["created_at"],
            "updated_at": row["updated_at"],
            "labels": [self.label(label) if label_details else label["name"] for label in labels],
            "milestone": None,
            "assignees": people,
            "assignee": people[0] if people else None,
            "author": self.user(row["author"]),
            "user_notes_count": notes,
            "upvotes": 0,
            "downvotes": 0,
            "discussion_locked": None if row["locked"] is None else bool(row["locked"]),
            "time_stats": {
                "time_estimate": 0,
                "total_time_spent": 0,
                "human_time_estimate": None,
                "human_total_time_spent": None,
            },
            "task_completion_status": {"count": 0, "completed_count": 0},
            "imported": False,
            "imported_from": "none",
            "subscribed": True,
        }

    def _references(self, row: DatabaseRow, mark: str) -> GitLabJson:
        short = f"{mark}{row['iid']}"
        return {"short": short, "relative": short, "full": f"{self.store.seed.project}{short}"}


def text_color(color: str) -> str:
    """White or near-black, whichever reads better on a label of this colour (`#rrggbb`)."""
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return "#1F1E24" if luminance > 0.179 else "#FFFFFF"
