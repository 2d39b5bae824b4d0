"""What the provider asks of GitLab's client. Importing this loads no library, so a plan without a token stays quick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from incidentops.providers.gitlab.mapping import Issue, LabelSeen, Project, User


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """What GitLab tells about the token: scopes and the day it expires; empty when it does not tell."""

    scopes: tuple[str, ...]
    expires: str


class GitLabApi(Protocol):
    """The calls, as `client.GitLabClient` makes them; see there for what each raises."""

    @property
    def server_time(self) -> datetime | None:
        """What the server took for the present when it answered last."""
        ...

    def me(self) -> str:
        """Return our own username."""
        ...

    def version(self) -> str:
        """Return GitLab's version."""
        ...

    def token(self) -> TokenInfo | None:
        """Return what is known of our token."""
        ...

    def project(self) -> Project:
        """Return the project."""
        ...

    def issues(self, iids: Sequence[int]) -> tuple[Issue, ...]:
        """Return those of the issues that the list shows."""
        ...

    def issue(self, iid: int) -> Issue | None:
        """Return one issue by its number."""
        ...

    def labelled(self, label: str, since: datetime) -> tuple[Issue, ...]:
        """Return every issue with a label that was made since a moment."""
        ...

    def labelled_otherwise(self, full_path: str, label: str, since: datetime) -> frozenset[int]:
        """Return the numbers of the same issues by GraphQL."""
        ...

    def create_issue(self, values: Mapping[str, object]) -> Issue:
        """Make an issue."""
        ...

    def update_issue(self, iid: int, values: Mapping[str, object]) -> Issue:
        """Change an issue in the values given."""
        ...

    def set_severity(self, full_path: str, iid: int, severity: str) -> None:
        """Set the severity of an incident issue."""
        ...

    def labels(self) -> Mapping[str, LabelSeen]:
        """Return every label that the project knows, by name."""
        ...

    def create_label(self, name: str, values: Mapping[str, object]) -> None:
        """Make a label."""
        ...

    def update_label(self, name: str, values: Mapping[str, object]) -> bool:
        """Change the look of a label."""
        ...

    def link(self, iid: int, other: int) -> None:
        """Relate two issues."""
        ...

    def members(self) -> tuple[User, ...]:
        """Return the members of the project."""
        ...

    def user(self, username: str) -> User | None:
        """Return somebody by the exact username."""
        ...
