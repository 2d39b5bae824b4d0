"""The providers, put together from what the environment says. A service's library loads when it is talked to first."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from incidentops.core.secret import Secret
from incidentops.model.handbook import Handbook
from incidentops.providers.base import Provider
from incidentops.providers.gitlab.door import Door
from incidentops.providers.gitlab.faults import PROJECT, PROJECT_KEY, TOKEN, URL, Account
from incidentops.providers.gitlab.provider import GitLab

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


def build(access: Access, handbook: Handbook, *, writable: bool) -> tuple[Provider, ...]:
    """Return every provider, in the order in which effects are carried out; those without variables are off.

    Without `writable` each gets a transport that cannot write.
    """
    return (_gitlab(access, handbook, writable=writable),)


def _gitlab(access: Access, handbook: Handbook, *, writable: bool) -> GitLab:
    """GitLab. The address is never the handbook's: a merge request could send the token anywhere with it."""
    project = access.gitlab_project or handbook.gitlab.project or access.ci_project
    account = Account(access.gitlab_url, access.gitlab_token, project)

    def connect() -> Door:
        from incidentops.providers.gitlab.client import Client

        return Client(account, writable=writable)

    return GitLab(handbook, connect, _gitlab_off(account))


def _gitlab_off(account: Account) -> str:
    if not account.url:
        return f"{URL} is not set"
    if not _is_address(account.url):
        return f"{URL} is no address of a web server, such as https://gitlab.example.com"
    if not account.token:
        return f"{TOKEN} is not set"
    if not account.project:
        return f"no project is named: set {PROJECT}, or {PROJECT_KEY}"
    return ""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
