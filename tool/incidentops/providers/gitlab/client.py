"""The only door to GitLab: python-gitlab with what it lacks (facts/gitlab.md 0.5, 0.6, 14).

Timeouts on every call, bounded retries of what is harmless twice, no redirects, no object of the library outside,
no token in any text. A client that must not write has a transport that cannot.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import gitlab
import requests
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from incidentops import __version__
from incidentops.core import moment
from incidentops.core.errors import Failed, IncidentError, Refused
from incidentops.core.text import quoted
from incidentops.providers.base import Forbidden, NotFound
from incidentops.providers.gitlab import errors as gitlab_errors
from incidentops.providers.gitlab import mapping, retry
from incidentops.providers.gitlab.api import TokenInfo
from incidentops.providers.gitlab.errors import GitLabAccount, GitLabRefusal, WriteConflict
from incidentops.providers.gitlab.limits import PAGE
from incidentops.providers.gitlab.mapping import Issue, LabelSeen, Project, User
from incidentops.providers.gitlab.retry import RetryPolicy, RetryReply

_TIMEOUT = (5, 30)  # seconds to connect, and between two bytes
_LOCKED = "Resource lock"
_ISSUES = """query($path: ID!, $labels: [String], $after: String) {
  project(fullPath: $path) {
    issues(labelName: $labels, sort: CREATED_DESC, first: 100, after: $after) {
      nodes { iid createdAt } pageInfo { hasNextPage endCursor }
    }
  }
}"""
_SEVERITY = """mutation($path: ID!, $iid: String!, $severity: IssuableSeverity!) {
  issueSetSeverity(input: {projectPath: $path, iid: $iid, severity: $severity}) { errors issue { severity } }
}"""

_NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)

_T = TypeVar("_T")


class _GitLabSession(requests.Session):
    """A transport that waits and asks again where that is harmless, and follows no redirect."""

    def __init__(self, patience: RetryPolicy) -> None:
        super().__init__()
        self.auth = _as_it_is  # otherwise a .netrc could put its own credentials in
        self.server_time: datetime | None = None
        self._patience = patience

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send, and send again what may be sent again, a bounded number of times."""
        options = {**kwargs, "timeout": _TIMEOUT, "allow_redirects": False}
        method, path = request.method or "GET", request.path_url.partition("?")[0]
        attempt = 0
        while True:
            last, told = attempt == self._patience.tries - 1, None
            try:
                response = super().send(request, **options)
            except requests.RequestException as error:
                if last or not (retry.harmless_twice(method, path) or _never_sent(error)) or _hopeless(error):
                    raise
            else:
                self.server_time = retry.server_time(response.headers) or self.server_time
                locked = response.status_code == 409 and _LOCKED in response.text
                answer = RetryReply(method, path, response.status_code, locked, response.headers)
                if last or not retry.worth_another(answer):
                    return response
                told = retry.told_to_wait(response.headers)
            self._patience.sleep(self._patience.pause(attempt, told))
            attempt += 1


class ReadOnlySession(_GitLabSession):
    """A transport that cannot write: what a plan is given (facts/never.md 13)."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send what only reads. Raises Refused for anything else."""
        if request.method not in ("GET", "HEAD") and not _is_query(request):
            raise Refused(f"a plan only reads: {request.method} was not sent to GitLab")
        return super().send(request, **kwargs)


class GitLabClient:
    """Talks to one project. Raises Failed, Unknown, BadConfiguration and Refused; shows no token."""

    def __init__(self, account: GitLabAccount, *, writable: bool, patience: RetryPolicy | None = None) -> None:
        self._account = account
        waiting = patience or RetryPolicy()
        self._session = _GitLabSession(waiting) if writable else ReadOnlySession(waiting)
        self._gitlab = gitlab.Gitlab(
            account.url,
            private_token=account.token.reveal(),
            session=self._session,
            keep_base_url=True,
            user_agent=f"incidentops/{__version__}",
        )
        self._project = self._gitlab.projects.get(account.project, lazy=True)

    @property
    def server_time(self) -> datetime | None:
        """What the server took for the present when it answered last."""
        return self._session.server_time

    def me(self) -> str:
        """Return our own username."""
        return mapping.user(self._get("ask who we are", "/user")).username

    def version(self) -> str:
        """Return GitLab's version."""
        return str(self._get("ask for the version", "/version").get("version", ""))

    def token(self) -> TokenInfo | None:
        """Return what is known of our token; None where GitLab does not tell (an older one, or another kind)."""
        try:
            seen = self._get("look at the token", "/personal_access_tokens/self")
        except Failed:
            return None
        scopes, expires = seen.get("scopes"), seen.get("expires_at")
        known = tuple(map(str, scopes)) if isinstance(scopes, list) else ()
        return TokenInfo(known, expires if isinstance(expires, str) else "")

    def project(self) -> Project:
        """Return the project."""
        return mapping.project(
            self._plain("look at the project", lambda: self._gitlab.projects.get(self._account.project))
        )

    def issues(self, iids: Sequence[int]) -> tuple[Issue, ...]:
        """Return those of the issues that the list shows, one request for every hundred."""
        found: list[Issue] = []
        for start in range(0, len(iids), PAGE):
            some = list(iids[start : start + PAGE])
            found += self._list("read issues", iids=some)
        return tuple(found)

    def issue(self, iid: int) -> Issue | None:
        """Return one issue by its number; None when there is none that we may see."""
        what = f"read issue {iid}"
        try:
            return mapping.issue(self._plain(what, lambda: self._project.issues.get(iid)))
        except NotFound:
            return None

    def labelled(self, label: str, since: datetime) -> tuple[Issue, ...]:
        """Return every issue with a label that was made since a moment, oldest first, each once."""
        found = self._list(
            "look for issues", labels=[label], created_after=moment.show(since), order_by="created_at", sort="asc"
        )
        return tuple({issue.id: issue for issue in found}.values())

    def labelled_otherwise(self, full_path: str, label: str, since: datetime) -> frozenset[int]:
        """Return the numbers of the same issues by GraphQL: a second answer that does not come from the same list."""
        found: set[int] = set()
        after: str | None = None
        while True:
            data = self._graphql("count issues", _ISSUES, {"path": full_path, "labels": [label], "after": after})
            page = data["project"]["issues"]
            young = [node for node in page["nodes"] if datetime.fromisoformat(node["createdAt"]) > since]
            found.update(int(node["iid"]) for node in young)
            if len(young) < len(page["nodes"]) or not page["pageInfo"]["hasNextPage"]:
                return frozenset(found)
            after = page["pageInfo"]["endCursor"]

    def create_issue(self, values: Mapping[str, object]) -> Issue:
        """Make an issue. Raises Unknown when no answer tells whether it was made."""
        made = self._plain("create an issue", lambda: self._project.issues.create(dict(values)), once=True)
        return mapping.issue(made)

    def update_issue(self, iid: int, values: Mapping[str, object]) -> Issue:
        """Change an issue in the values given, all of them absolute, and return what became of it."""
        changed = self._plain(f"update issue {iid}", lambda: self._project.issues.update(iid, dict(values)))
        return mapping.issue(changed)

    def set_severity(self, full_path: str, iid: int, severity: str) -> None:
        """Set the severity of an incident issue, which only GraphQL can."""
        what = f"set the severity of issue {iid}"
        variables = {"path": full_path, "iid": str(iid), "severity": severity.upper()}
        done = self._graphql(what, _SEVERITY, variables)["issueSetSeverity"]
        shown = (done.get("issue") or {}).get("severity")
        if done.get("errors") or shown != severity.upper():
            said = gitlab_errors.sentence(self._account, done.get("errors"))
            raise Failed(f"GitLab did not {what}" + (f": it said {said}" if said else ""))

    def labels(self) -> Mapping[str, LabelSeen]:
        """Return every label that the project knows, those of its groups included, by name."""
        found = self._plain_list("list labels", lambda: self._project.labels.list(get_all=True, per_page=PAGE))
        return {seen.name: seen for seen in map(mapping.label, found)}

    def create_label(self, name: str, values: Mapping[str, object]) -> None:
        """Make a label; one that is there already is fine."""
        what = f"create the label {quoted(name)}"
        try:
            self._plain(what, lambda: self._project.labels.create({"name": name, **values}))
        except WriteConflict:
            return

    def update_label(self, name: str, values: Mapping[str, object]) -> bool:
        """Change the look of a label; False when it belongs to a group and so is not ours to change."""
        path = f"/projects/{_quoted_path(self._account.project)}/labels/{_quoted_path(name)}"
        try:
            self._plain(f"update the label {quoted(name)}", lambda: self._gitlab.http_put(path, post_data=dict(values)))
        except NotFound:
            return False
        return True

    def link(self, iid: int, other: int) -> None:
        """Relate two issues of the project; a pair that is related already is fine."""
        target = {"target_project_id": self._account.project, "target_issue_iid": other, "link_type": "relates_to"}
        path = f"/projects/{_quoted_path(self._account.project)}/issues/{iid}/links"
        try:
            self._plain(f"link issues {iid} and {other}", lambda: self._gitlab.http_post(path, post_data=target))
        except WriteConflict:
            return

    def members(self) -> tuple[User, ...]:
        """Return the members of the project, those of its groups included."""
        everybody = self._project.members_all
        return tuple(
            map(mapping.user, self._plain_list("list members", lambda: everybody.list(get_all=True, per_page=PAGE)))
        )

    def user(self, username: str) -> User | None:
        """Return somebody by the exact username."""
        found = self._plain_list("look for a user", lambda: self._gitlab.users.list(username=username, get_all=True))
        users = map(mapping.user, found)
        return next((user for user in users if user.username.lower() == username.lower()), None)

    def _list(self, what: str, **filters: Any) -> list[Issue]:
        found = self._plain_list(
            what, lambda: self._project.issues.list(state="all", scope="all", per_page=PAGE, get_all=True, **filters)
        )
        return [mapping.issue(raw) for raw in found]

    def _get(self, what: str, path: str) -> Mapping[str, Any]:
        return self._plain(what, lambda: self._gitlab.http_get(path))

    def _plain(self, what: str, call: Callable[[], Any], *, once: bool = False) -> Mapping[str, Any]:
        """Return one answer as a plain mapping, without the library's object around it."""
        answer = self._translated(what, call, once=once)
        plain = getattr(answer, "attributes", answer)
        if not isinstance(plain, Mapping):
            raise gitlab_errors.lost(what) if once else gitlab_errors.not_gitlab(self._account)
        return plain

    def _plain_list(self, what: str, call: Callable[[], Any]) -> list[Mapping[str, Any]]:
        return [item.attributes for item in self._translated(what, call)]

    def _graphql(self, what: str, query: str, variables: Mapping[str, object]) -> Mapping[str, Any]:
        """Carry out one document. HTTP says 200 to a faulty one: `errors` tells."""
        url = f"{self._gitlab.url}/api/graphql"
        body = {"query": query, "variables": variables}
        headers = {"Authorization": f"Bearer {self._account.token.reveal()}"}

        response = self._translated(what, lambda: self._session.post(url, json=body, headers=headers))
        if response.status_code != 200:
            raise gitlab_errors.refusal(
                self._account, GitLabRefusal(what, response.status_code, _said(response.content))
            )
        answer = self._translated(what, response.json)
        data = answer.get("data") if isinstance(answer, dict) else None
        errors = answer.get("errors") if isinstance(answer, dict) else None
        if errors or not isinstance(data, dict) or None in data.values():
            said = gitlab_errors.sentence(self._account, [error.get("message") for error in errors or ()])
            raise Failed(f"GitLab's GraphQL did not {what}" + (f": it said {said}" if said else ""))
        return data

    def _translated(self, what: str, call: Callable[[], _T], *, once: bool = False) -> _T:
        """Carry out a call of the library and turn each of its many exceptions into one of ours."""
        try:
            return call()
        except gitlab.GitlabParsingError:
            raise (gitlab_errors.lost(what) if once else gitlab_errors.not_gitlab(self._account)) from None
        except gitlab.GitlabError as error:
            raise self._refusal(what, error, once=once) from None
        except (requests.RequestException, ValueError) as error:
            raise self._unanswered(what, error, once=once) from None

    def _refusal(self, what: str, error: gitlab.GitlabError, *, once: bool) -> IncidentError:
        said, status = _said(error.response_body), error.response_code or 0
        meant = gitlab_errors.refusal(self._account, GitLabRefusal(what, status, said, once))
        if isinstance(meant, Failed) and status == 404:
            return NotFound(meant.message, meant.hint)
        if isinstance(meant, Failed) and status == 403:
            return Forbidden(meant.message, meant.hint, outage=meant.outage)
        if isinstance(meant, Failed) and status == 409 and _LOCKED not in str(said):
            return WriteConflict(meant.message, meant.hint)
        return meant

    def _unanswered(self, what: str, error: Exception, *, once: bool) -> IncidentError:
        if isinstance(error, requests.exceptions.SSLError):
            return gitlab_errors.untrusted(self._account)
        if isinstance(error, _NO_ADDRESS):
            return gitlab_errors.no_address(self._account)
        if isinstance(error, requests.RequestException) and not isinstance(error, requests.exceptions.InvalidJSONError):
            if once and not _never_sent(error):
                return gitlab_errors.lost(what)
            return gitlab_errors.unreachable(self._account, _reason(error))
        return gitlab_errors.lost(what) if once else gitlab_errors.not_gitlab(self._account)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _is_query(request: requests.PreparedRequest) -> bool:
    """Whether a POST is a GraphQL document that only reads."""
    if request.method != "POST" or not request.path_url.endswith("/api/graphql"):
        return False
    try:
        query = json.loads(request.body or b"")["query"]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(query, str) and query.lstrip().startswith("query") and "mutation" not in query


def _never_sent(error: requests.RequestException) -> bool:
    """Whether the request did not even reach the server."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError | ConnectTimeoutError)


def _hopeless(error: requests.RequestException) -> bool:
    """Whether asking again cannot help: the certificate or the address is wrong."""
    return isinstance(error, (requests.exceptions.SSLError, *_NO_ADDRESS))


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    if isinstance(reason, NameResolutionError):
        return "there is no such host"
    return "the connection was refused" if isinstance(reason, NewConnectionError) else "the connection was cut"


def _said(body: bytes | None) -> object:
    """GitLab's own words in an error; None when the body is not its JSON."""
    try:
        said = json.loads(body or b"")
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    if isinstance(said.get("error"), str) and said.get("error_description"):
        return f"{said['error']}: {said['error_description']}"
    return said.get("message") or said.get("error") or said.get("errors") or ""


def _quoted_path(part: str) -> str:
    return gitlab.utils.EncodedId(part)
