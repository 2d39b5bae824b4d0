"""What `doctor` looks at on GitLab: server, token, project, labels, people. Only reads."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from incidentops.core.errors import IncidentError
from incidentops.core.text import one_of, quoted, visible
from incidentops.model.handbook import Handbook
from incidentops.providers.base import Check, CheckStatus
from incidentops.providers.gitlab.mapping import TokenInfo
from incidentops.providers.gitlab.section import section, username
from incidentops.providers.gitlab.variables import TOKEN

if TYPE_CHECKING:  # its library loads when it is used
    from incidentops.providers.gitlab.client import GitLabClient

_SOON = timedelta(days=14)
_PLANNER = 15
"""The lowest access level that may set labels, assignees and due dates (docs/services.md: Issues)."""

_NEW_TOKEN = f"make a project access token with the scope api and the role Reporter, and set {TOKEN.name}"


def checks(client: "GitLabClient", handbook: Handbook) -> tuple[Check, ...]:
    """Return what was found; whatever cannot be asked is a finding and never an exception."""
    try:
        version, me = client.version(), client.me.username
    except IncidentError as error:
        return (Check.failed("gitlab", error),)
    found = [
        Check.ok("gitlab", f"version {visible(version)} answers"),
        *_attempt("gitlab token", lambda: _token(client, me)),
        *_attempt("gitlab project", lambda: _project(client)),
        *_attempt("gitlab labels", lambda: _labels(client, handbook)),
        *_attempt("gitlab people", lambda: _people(client, handbook)),
    ]
    return tuple(found)


def _attempt(name: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    try:
        return list(look())
    except IncidentError as error:
        return [Check.failed(name, error)]


def _failed(name: str, message: str, hint: str) -> Check:
    return Check(name, CheckStatus.FAILED, message, hint)


def _token(client: "GitLabClient", me: str) -> Iterator[Check]:
    token = client.token()
    if token is None:
        yield Check.ok("gitlab token", f"accepted as {quoted(me)}")
        return
    if token.scopes and "api" not in token.scopes:
        message = f"accepted as {quoted(me)}, but its scopes are {one_of(token.scopes)}: it cannot write"
        yield _failed("gitlab token", message, _NEW_TOKEN)
        return
    left = _days_left(client, token)
    until = f", expires {visible(token.expires)}" if token.expires else ""
    soon = left is not None and left < _SOON
    message = f"accepted as {quoted(me)}{until}"
    yield Check("gitlab token", CheckStatus.WARNING, message, _NEW_TOKEN) if soon else Check.ok("gitlab token", message)


def _days_left(client: "GitLabClient", token: TokenInfo) -> timedelta | None:
    """The time until the token expires, by the server's own calendar."""
    try:
        last = date.fromisoformat(token.expires)
    except ValueError:
        return None
    now = client.server_time
    return last - now.date() if now else None


def _project(client: "GitLabClient") -> Iterator[Check]:
    project = client.project()
    path = quoted(project.full_path)
    if project.archived:
        yield _failed("gitlab project", f"{path} is archived", "unarchive it, or set another project")
    elif not project.issues_enabled:
        yield _failed("gitlab project", f"{path} has issues switched off", "switch them on in its settings")
    elif 0 < project.level < _PLANNER:
        message = f"we are only a guest of {path}: labels, assignees and due dates would be dropped in silence"
        yield _failed("gitlab project", message, f"give the owner of {TOKEN.name} the role Reporter")
    else:
        yield Check.ok("gitlab project", f"{path} (number {project.id}) is there and takes issues")


def _labels(client: "GitLabClient", handbook: Handbook) -> Iterator[Check]:
    there, wanted = client.labels(), section(handbook).labels()
    missing = [label.name for label in wanted if label.name not in there]
    with_comma = [label.name for label in wanted if "," in label.name]
    if with_comma:
        message = f"the label {quoted(with_comma[0])} has a comma, and GitLab takes it for two"
        yield _failed("gitlab labels", message, "rename it in incidents/handbook.yaml")
        return
    made = f"; {len(missing)} are made by the first reconcile: {one_of(missing)}" if missing else ""
    yield Check.ok("gitlab labels", f"{len(wanted) - len(missing)} of ours are there{made}")


def _people(client: "GitLabClient", handbook: Handbook) -> Iterator[Check]:
    members = {user.username.lower() for user in client.members()}
    wanted = sorted({username(person) for person in handbook.people.values()})
    strangers = [name for name in wanted if name.lower() not in members]
    unknown = [name for name in strangers if client.user(name) is None]
    for name in unknown:
        message = f"there is no user {quoted(name)} on GitLab"
        yield _failed("gitlab people", message, f"set people.{visible(name)}.gitlab in incidents/handbook.yaml")
    for name in sorted(set(strangers) - set(unknown)):
        message = f"{quoted(name)} is not a member of the project, and GitLab drops such assignees in silence"
        yield _failed("gitlab people", message, "add them to the project, as Reporter or higher")
    if not strangers:
        yield Check.ok("gitlab people", f"all {len(wanted)} people of the handbook are members")
