"""The client of GitLab: python-gitlab on our transport (docs/services.md: Repeats and errors).

No object of the library leaves it, and no token stands in any text.
"""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

import gitlab
import requests

from incidentops import __version__
from incidentops.core import moment
from incidentops.core.errors import Failed
from incidentops.core.pauses import Pauses
from incidentops.core.text import quoted
from incidentops.providers import http
from incidentops.providers.base import Forbidden, NotFound
from incidentops.providers.decode import json_object
from incidentops.providers.gitlab import errors as gitlab_errors
from incidentops.providers.gitlab import mapping
from incidentops.providers.gitlab.errors import GitLabRefusal, WriteConflict
from incidentops.providers.gitlab.mapping import Issue, LabelSeen, Project, TokenInfo, User
from incidentops.providers.gitlab.variables import GitLabAccount
from incidentops.providers.http import HttpRules, NoAnswer, Transport

PAGE = 100
"""Items of a page at most, and so the issues that one bulk read asks for."""

_REPEATABLE_POST = re.compile(r"/(?:labels|links|graphql)$")
_NO_ADDRESS = (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema)
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

_T = TypeVar("_T")


class _Library(gitlab.Gitlab):
    """The library without repetitions of its own: one layer waits and asks again, and that is the transport."""

    def http_request(self, verb: str, path: str, *args: Any, **kwargs: Any) -> requests.Response:
        return super().http_request(verb, path, *args, **{**kwargs, "obey_rate_limit": False, "max_retries": 0})


def only_reads(request: requests.PreparedRequest) -> bool:
    """Return whether a request changes nothing: by its method, or because it is a GraphQL query."""
    return http.only_reads(request) or _is_query(request)


def harmless_twice(request: requests.PreparedRequest) -> bool:
    """Return whether a request may be sent again when the outcome of the first is not known.

    Reads; PUT, for only absolute values are sent; labels and links, where a second one is refused as a duplicate.
    """
    repeatable = request.method == "POST" and _REPEATABLE_POST.search(request.path_url.partition("?")[0])
    return http.only_reads(request) or request.method == "PUT" or bool(repeatable)


def not_done(request: requests.PreparedRequest, response: requests.Response) -> bool:
    """Return whether an answer says that nothing was done: too many requests, or somebody else is writing."""
    locked = response.status_code == 409 and gitlab_errors.is_lock(response.text)
    return locked or http.too_many(request, response)


_HTTP = HttpRules("GitLab", only_reads, harmless_twice, not_done)


class GitLabClient:
    """Talks to one project. Raises Failed, Unknown, BadConfiguration and Refused; shows no token."""

    def __init__(
        self, account: GitLabAccount, pauses: Pauses, *, writable: bool, jitter: Callable[[], float] = random.random
    ) -> None:
        self._account = account
        self._transport = Transport(_HTTP, pauses, writable=writable, jitter=jitter)
        self._session = self._transport.session()
        self._gitlab = _Library(
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
        return self._transport.server_time

    @cached_property
    def me(self) -> User:
        """Our own user, asked for once: every issue that is found by its marker is checked against it."""
        return mapping.user(self._get("ask who we are", "/user"))

    def version(self) -> str:
        """Return GitLab's version."""
        return str(self._get("ask for the version", "/version").get("version", ""))

    def token(self) -> TokenInfo | None:
        """Return what is known of our token; None where GitLab does not tell (an older one, or another kind)."""
        try:
            return mapping.token(self._get("look at the token", "/personal_access_tokens/self"))
        except (NotFound, Forbidden):
            return None

    def project(self) -> Project:
        """Return the project."""
        found = self._plain("look at the project", lambda: self._gitlab.projects.get(self._account.project))
        return mapping.project(found)

    def issues(self, iids: Sequence[int]) -> tuple[Issue, ...]:
        """Return those of the issues that the list shows, one request for every hundred."""
        starts = range(0, len(iids), PAGE)
        return tuple(issue for at in starts for issue in self._list("read issues", iids=list(iids[at : at + PAGE])))

    def issue(self, iid: int) -> Issue | None:
        """Return one issue by its number; None when there is none that we may see."""
        what = f"read issue {iid}"
        try:
            return mapping.issue(self._plain(what, lambda: self._project.issues.get(iid)))
        except NotFound:
            return None

    def labelled(self, label: str, since: datetime) -> tuple[Issue, ...]:
        """Return every issue with a label that was made since a moment, oldest first, each once."""
        order = {"order_by": "created_at", "sort": "asc"}
        found = self._list("look for issues", labels=[label], created_after=moment.show(since), **order)
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
        """Make an issue. Raises Unknown when it is not known whether it was made."""
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
            raise Failed(f"GitLab did not {what}{gitlab_errors.quotation(self._account, done.get('errors'))}")

    def labels(self) -> Mapping[str, LabelSeen]:
        """Return every label that the project knows, those of its groups included, by name."""
        found = self._plain_list("list labels", self._project.labels)
        return {seen.name: seen for seen in map(mapping.label, found)}

    def create_label(self, name: str, values: Mapping[str, object]) -> None:
        """Make a label; one that is there already is fine."""
        what = f"create the label {quoted(name)}"
        with suppress(WriteConflict):
            self._plain(what, lambda: self._project.labels.create({"name": name, **values}))

    def update_label(self, name: str, values: Mapping[str, object]) -> None:
        """Change the look of a label; one that belongs to a group is not ours to change and stays as it is."""
        path = f"{self._project.labels.path}/{gitlab.utils.EncodedId(name)}"
        with suppress(NotFound):
            self._plain(f"update the label {quoted(name)}", lambda: self._gitlab.http_put(path, post_data=dict(values)))

    def link(self, iid: int, other: int) -> None:
        """Relate two issues of the project; a pair that is related already is fine."""
        target = {"target_project_id": self._account.project, "target_issue_iid": other, "link_type": "relates_to"}
        path = f"{self._project.issues.path}/{iid}/links"
        with suppress(WriteConflict):
            self._plain(f"link issues {iid} and {other}", lambda: self._gitlab.http_post(path, post_data=target))

    def members(self) -> tuple[User, ...]:
        """Return the members of the project, those of its groups included."""
        return tuple(map(mapping.user, self._plain_list("list members", self._project.members_all)))

    def user(self, username: str) -> User | None:
        """Return somebody by the exact username."""
        users = map(mapping.user, self._plain_list("look for a user", self._gitlab.users, username=username))
        return next((user for user in users if user.username.lower() == username.lower()), None)

    def _list(self, what: str, **filters: Any) -> list[Issue]:
        found = self._plain_list(what, self._project.issues, state="all", scope="all", **filters)
        return [mapping.issue(raw) for raw in found]

    def _get(self, what: str, path: str) -> Mapping[str, Any]:
        return self._plain(what, lambda: self._gitlab.http_get(path))

    def _plain(self, what: str, call: Callable[[], Any], *, once: bool = False) -> Mapping[str, Any]:
        """Return one answer as a plain mapping, without the library's object around it."""
        answer = self._translated(what, call, once=once)
        plain = getattr(answer, "attributes", answer)
        if not isinstance(plain, Mapping):
            raise gitlab_errors.unreadable(self._account, what, once=once)
        return plain

    def _plain_list(self, what: str, manager: Any, *, get_all: bool = True, **filters: Any) -> list[Mapping[str, Any]]:
        """Return what a manager of the library lists: all of it, or the first page."""
        found = self._translated(what, lambda: manager.list(get_all=get_all, per_page=PAGE, **filters))
        return [item.attributes for item in found]

    def _graphql(self, what: str, query: str, variables: Mapping[str, object]) -> Mapping[str, Any]:
        """Carry out one document. HTTP says 200 to a faulty one: `errors` tells."""
        url = f"{self._gitlab.url}/api/graphql"
        body = {"query": query, "variables": variables}
        headers = {"Authorization": f"Bearer {self._account.token.reveal()}"}
        response = self._translated(what, lambda: self._session.post(url, json=body, headers=headers))
        if response.status_code != 200:
            refusal = GitLabRefusal(what, response.status_code, _message(response.content))
            raise gitlab_errors.refusal(self._account, refusal)
        answer = json_object(response.content)
        if answer is None:
            raise gitlab_errors.not_gitlab(self._account)
        data, errors = answer.get("data"), answer.get("errors")
        if errors or not isinstance(data, dict) or None in data.values():
            message = gitlab_errors.quotation(self._account, _messages(errors))
            raise Failed(f"GitLab's GraphQL did not {what}{message}")
        return data

    def _translated(self, what: str, call: Callable[[], _T], *, once: bool = False) -> _T:
        """Carry out a call of the library and turn each of its many exceptions into one of ours."""
        try:
            return call()
        except NoAnswer as unanswered:
            raise gitlab_errors.unanswered(self._account, what, unanswered, once=once) from None
        except _NO_ADDRESS:
            raise gitlab_errors.no_address(self._account) from None
        except (gitlab.GitlabParsingError, ValueError):
            raise gitlab_errors.unreadable(self._account, what, once=once) from None
        except gitlab.GitlabError as error:
            refusal = GitLabRefusal(what, error.response_code or 0, _message(error.response_body), once)
            raise gitlab_errors.refusal(self._account, refusal) from None


def _is_query(request: requests.PreparedRequest) -> bool:
    """Whether a POST is a GraphQL document that only reads."""
    if request.method != "POST" or not request.path_url.endswith("/api/graphql"):
        return False
    try:
        query = json.loads(request.body or b"")["query"]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(query, str) and query.lstrip().startswith("query") and "mutation" not in query


def _message(body: bytes | None) -> object:
    """GitLab's own words in an error; None when the body is not its JSON."""
    answer = json_object(body or b"")
    if answer is None:
        return None
    if isinstance(answer.get("error"), str) and answer.get("error_description"):
        return f"{answer['error']}: {answer['error_description']}"
    return answer.get("message") or answer.get("error") or answer.get("errors") or ""


def _messages(errors: object) -> list[object]:
    listed = errors if isinstance(errors, list) else []
    return [error.get("message") for error in listed if isinstance(error, dict)]


connect = GitLabClient
"""What the registry makes a client with."""
