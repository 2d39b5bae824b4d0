"""The providers, put together from what the environment says. A service's library loads when it is talked to first."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from incidentops.core.secret import Secret
from incidentops.model.handbook import Handbook
from incidentops.providers.base import MergeRequestApi, Provider
from incidentops.providers.gitlab.api import GitLabApi
from incidentops.providers.gitlab.errors import PROJECT, PROJECT_KEY, TOKEN, URL, GitLabAccount
from incidentops.providers.gitlab.provider import GitLab
from incidentops.providers.gitlab.retry import RetryPolicy
from incidentops.providers.statusio import api as statusio_api
from incidentops.providers.statusio.provider import StatusIo

_NONE = Secret("")


@dataclass(frozen=True, slots=True)
class Access:
    """Where the services are and who we are there (DESIGN 7); empty where nothing is set."""

    gitlab_url: str = ""
    gitlab_token: Secret = _NONE
    gitlab_project: str = ""
    ci_project: str = ""
    statusio_url: str = ""
    statusio_id: Secret = _NONE
    statusio_key: Secret = _NONE


@dataclass(frozen=True, slots=True)
class Pauses:
    """How providers wait: the gap in seconds that Status.io wants between requests, and who does the waiting."""

    statusio_gap: float = 1.0
    sleep: Callable[[float], None] = time.sleep


_USUAL = Pauses()


def build(access: Access, handbook: Handbook, *, writable: bool, pauses: Pauses = _USUAL) -> tuple[Provider, ...]:
    """Return every provider, in the order in which effects are carried out; those without variables are off.

    Customers come first: the status page does not wait for GitLab. Without `writable` each gets a transport that
    cannot write.
    """
    return (
        _statusio(access, handbook, writable=writable, pauses=pauses),
        _gitlab(access, handbook, writable=writable, pauses=pauses),
    )


def _gitlab(access: Access, handbook: Handbook, *, writable: bool, pauses: Pauses) -> GitLab:
    """GitLab. The address is never the handbook's: a merge request could send the token anywhere with it."""
    project = access.gitlab_project or handbook.gitlab.project or access.ci_project
    account = GitLabAccount(access.gitlab_url, access.gitlab_token, project)

    def connect() -> GitLabApi:
        from incidentops.providers.gitlab.client import GitLabClient

        return GitLabClient(account, writable=writable, patience=RetryPolicy(sleep=pauses.sleep))

    return GitLab(handbook, connect, _gitlab_off(account))


def _gitlab_off(account: GitLabAccount) -> str:
    return _unreachable(account) or ("" if account.project else f"no project is named: set {PROJECT}, or {PROJECT_KEY}")


def _unreachable(account: GitLabAccount) -> str:
    if not account.url:
        return f"{URL} is not set"
    if not _is_address(account.url):
        return f"{URL} is no address of a web server, such as https://gitlab.example.com"
    return "" if account.token else f"{TOKEN} is not set"


def merge_requests_off(access: Access) -> str:
    """Return why nothing can be asked about merge requests; nothing when it can."""
    if not access.ci_project.isdecimal():
        return "CI_PROJECT_ID does not name the project of the merge requests"
    return _unreachable(GitLabAccount(access.gitlab_url, access.gitlab_token, access.ci_project))


def merge_requests(access: Access, pauses: Pauses = _USUAL) -> MergeRequestApi:
    """Open the door to the merge requests of the pipeline's own project, where the records are."""
    from incidentops.providers.gitlab.merge_requests_client import MergeRequestClient

    account = GitLabAccount(access.gitlab_url, access.gitlab_token, access.ci_project)
    return MergeRequestClient(account, writable=True, patience=RetryPolicy(sleep=pauses.sleep))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _statusio(access: Access, handbook: Handbook, *, writable: bool, pauses: Pauses) -> StatusIo:
    """Status.io. Page and pairs are the handbook's: they tell where on the page, never where to send credentials."""
    account = statusio_api.StatusIoAccount(
        access.statusio_url, access.statusio_id, access.statusio_key, handbook.statusio.page
    )

    def connect() -> statusio_api.StatusIoApi:
        from incidentops.providers.statusio.client import CallPacing, StatusIoClient

        return StatusIoClient(account, writable=writable, pace=CallPacing(gap=pauses.statusio_gap, sleep=pauses.sleep))

    return StatusIo(connect, account.missing)
