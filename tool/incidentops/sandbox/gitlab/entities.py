"""The JSON of GitLab's answers, built from rows (docs/services.md: Issues)."""

import json
from functools import cache
from importlib import resources
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
        """The short form of a user; None when there is no such user."""
        row = self.store.find("users", id=user_id)
        return self.user_row(row) if row else None

    def user_row(self, row: DatabaseRow) -> GitLabJson:
        """The short form of a user."""
        return _shape("user", row) | {"web_url": f"{self.base}/{row['username']}"}

    def me(self, row: DatabaseRow) -> GitLabJson:
        """The long form, as `/user` shows it."""
        email = f"{row['username']}@sandbox.invalid"
        own = {"bot": bool(row["bot"]), "email": email, "commit_email": email}
        return self.user_row(row) | _shape("me", row) | own

    def member(self, row: DatabaseRow) -> GitLabJson:
        """A member of the project: the user and the access level, a number."""
        return self.user_row(row) | _shape("member", row) | {"access_level": row["level"]}

    def label(self, row: DatabaseRow) -> GitLabJson:
        """The part of a label that every form has."""
        own = {"description_html": row["description"] or "", "text_color": text_color(row["color"])}
        return _shape("label", row) | own

    def project_label(self, row: DatabaseRow) -> GitLabJson:
        """A label in the project's list; inherited ones say `is_project_label: false`."""
        return self.group_label(row) | {"priority": row["priority"], "is_project_label": not row["inherited"]}

    def group_label(self, row: DatabaseRow) -> GitLabJson:
        """A label in the group's list."""
        (counts,) = self.store.all(
            "SELECT coalesce(sum(kind = 'Issue' AND state = 'opened'), 0) AS open_issues_count,"
            " coalesce(sum(kind = 'Issue' AND state = 'closed'), 0) AS closed_issues_count,"
            " coalesce(sum(kind = 'MergeRequest' AND state = 'opened'), 0) AS open_merge_requests_count"
            " FROM item_labels JOIN items ON items.id = item WHERE label = ?",
            row["id"],
        )
        return self.label(row) | counts | {"subscribed": False}

    def labels_of(self, item: int) -> list[DatabaseRow]:
        """The labels on an issue, by title."""
        query = "SELECT labels.* FROM labels JOIN item_labels ON label = labels.id WHERE item = ? ORDER BY name"
        return self.store.all(query, item)

    def assignees_of(self, item: int) -> list[DatabaseRow]:
        """The assignees of an issue, in the order they were sent."""
        query = "SELECT users.* FROM users JOIN item_assignees ON user = users.id WHERE item = ? ORDER BY position"
        return self.store.all(query, item)

    def issue(self, row: DatabaseRow, *, label_details: bool = False) -> GitLabJson:
        """An issue as lists and single answers show it."""
        project = f"{self.base}/api/v4/projects/{PROJECT_ID}"
        url = f"{project}/issues/{row['iid']}"
        links = {"self": url, "notes": f"{url}/notes", "award_emoji": f"{url}/award_emoji", "project": project}
        own = {
            "closed_by": self.user(row["closed_by"]),
            "type": row["type"].upper(),
            "issue_type": row["type"],
            "confidential": bool(row["confidential"]),
            "web_url": f"{self.project_url}/-/issues/{row['iid']}",
            "references": self._references(row, "#"),
            "_links": links | {"closed_as_duplicate_of": None},
        }
        return self._item(row, label_details=label_details) | _shape("issue", row) | own

    def merge_request(self, row: DatabaseRow) -> GitLabJson:
        """A merge request, with what is known of its commits: git itself is elsewhere."""
        head = self.store.find("heads", item=row["id"]) or {}
        draft = row["title"].startswith("Draft:")
        own = {
            "merged_at": head.get("merged_at"),
            "sha": head.get("sha"),
            "merge_commit_sha": head.get("merge_commit"),
            "source_project_id": PROJECT_ID,
            "target_project_id": PROJECT_ID,
            "draft": draft,
            "work_in_progress": draft,
            "reference": f"!{row['iid']}",
            "references": self._references(row, "!"),
            "web_url": f"{self.project_url}/-/merge_requests/{row['iid']}",
        }
        return self._item(row) | _shape("merge_request", row) | own

    def note(self, row: DatabaseRow, item: DatabaseRow) -> GitLabJson:
        """A comment or a system note."""
        return _shape("note", row) | {
            "author": self.user(row["author"]),
            "system": bool(row["system"]),
            "noteable_id": item["id"],
            "noteable_type": item["kind"],
            "project_id": PROJECT_ID,
            "confidential": bool(row["internal"]),
            "internal": bool(row["internal"]),
            "noteable_iid": item["iid"],
        }

    def link(self, row: DatabaseRow, source: DatabaseRow, target: DatabaseRow) -> GitLabJson:
        """A link between two issues, seen from its source."""
        issues = {"source_issue": self.issue(source), "target_issue": self.issue(target)}
        return issues | {"id": row["id"], "link_type": row["type"]}

    def event(self, row: DatabaseRow) -> GitLabJson:
        """A resource event: a label added or removed, or a change of state."""
        own = {"user": self.user(row["author"]), "created_at": row["at"], "resource_id": row["item"]}
        shown = _shape("event", row) | own
        if row["kind"] == "state":
            return shown | {"source_commit": None, "source_merge_request_id": None, "state": row["action"]}
        label = self.store.find("labels", id=row["label"])
        return shown | {"label": self.label(label) if label else None, "action": row["action"]}

    def pipeline(self, row: DatabaseRow, item: DatabaseRow) -> GitLabJson:
        """A pipeline of a merge request."""
        return _shape("pipeline", row) | {
            "iid": row["id"],
            "project_id": row["project"],
            "ref": f"refs/merge-requests/{item['iid']}/head",
            "updated_at": row["created_at"],
            "web_url": f"{self.project_url}/-/pipelines/{row['id']}",
        }

    def job(self, row: DatabaseRow, pipeline: DatabaseRow) -> GitLabJson:
        """A job of a pipeline."""
        files = self.store.count("artifacts", job=row["id"])
        return _shape("job", row) | {
            "created_at": pipeline["created_at"],
            "artifacts_file": {"filename": "artifacts.zip", "size": files} if files else None,
            "pipeline": {name: pipeline[name] for name in ("id", "sha", "status")},
            "web_url": f"{self.project_url}/-/jobs/{row['id']}",
        }

    def project(self) -> GitLabJson:
        """The one project."""
        path, group = self.store.seed.project, self.store.seed.group
        name = path.rpartition("/")[2]
        return _shape("project", {}) | {
            "id": PROJECT_ID,
            "name": name.title(),
            "name_with_namespace": f"{group.title()} / {name.title()}",
            "path": name,
            "path_with_namespace": path,
            "web_url": self.project_url,
            "http_url_to_repo": f"{self.project_url}.git",
            "open_issues_count": self.store.count("items", kind="Issue", state="opened"),
        }

    def _item(self, row: DatabaseRow, *, label_details: bool = False) -> GitLabJson:
        labels = self.labels_of(row["id"])
        assignees = [self.user_row(user) for user in self.assignees_of(row["id"])]
        return _shape("item", row) | {
            "project_id": PROJECT_ID,
            "labels": [self.label(label) if label_details else label["name"] for label in labels],
            "assignees": assignees,
            "assignee": assignees[0] if assignees else None,
            "author": self.user(row["author"]),
            "user_notes_count": self.store.count("notes", item=row["id"], system=False),
            "discussion_locked": None if row["locked"] is None else bool(row["locked"]),
        }

    def _references(self, row: DatabaseRow, mark: str) -> GitLabJson:
        short = f"{mark}{row['iid']}"
        return {"short": short, "relative": short, "full": f"{self.store.seed.project}{short}"}


@cache
def _shapes() -> dict[str, Any]:
    return dict(json.loads(resources.files(__package__).joinpath("shapes.json").read_text(encoding="utf-8")))


def _shape(name: str, row: DatabaseRow) -> GitLabJson:
    """The fields of a shape that are columns of the row, and those with a fixed value."""
    shape = _shapes()[name]
    return {field: row[field] for field in shape["row"]} | dict(shape["fixed"])


def text_color(color: str) -> str:
    """White or near-black, whichever reads better on a label of this colour (`#rrggbb`)."""
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return "#1F1E24" if luminance > 0.179 else "#FFFFFF"
