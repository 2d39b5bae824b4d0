"""The variables that GitLab's provider reads, and the account that they mean."""

from contextlib import suppress
from urllib.parse import urlsplit

from msgspec import Struct

from incidentops.core.secret import Secret
from incidentops.core.variable import RepositoryHost, Variable, VariableValues

URL = Variable(
    "INCIDENT_GITLAB_URL",
    "the address of the GitLab instance; when left out, `CI_SERVER_URL`",
    required=True,
    instead="CI_SERVER_URL",
)
TOKEN = Variable(
    "INCIDENT_GITLAB_TOKEN",
    "the token of the bot, with the scopes `api` and `write_repository`; without it GitLab is not configured",
    secret=True,
    required=True,
)
PROJECT = Variable(
    "INCIDENT_GITLAB_PROJECT",
    "the project of the issues, path or number; when left out, the handbook's, then `CI_PROJECT_ID`",
)
LOGIN = Variable("GITLAB_USER_LOGIN", "who you are, when `--by` is left out; GitLab sets it in pipelines")
VARIABLES = (URL, TOKEN, PROJECT, LOGIN)

OWN_PROJECT = "CI_PROJECT_ID"
PROJECT_KEY = "gitlab.project in incidents/handbook.yaml"


class GitLabAccount(Struct, frozen=True):
    """Where GitLab is, who we are there, and the project that is ours (a path or a number)."""

    url: str
    token: Secret
    project: str

    @property
    def host(self) -> str:
        """The host alone: the address could hold a password."""
        with suppress(ValueError):
            return urlsplit(self.url).hostname or ""
        return ""

    @property
    def is_address(self) -> bool:
        """Whether the address can be that of a web server."""
        return self.url.lower().startswith(("http://", "https://")) and bool(self.host)


def account(values: VariableValues, project: str) -> GitLabAccount:
    """Return the account that the variables mean, for a project.

    The address is never the handbook's: a merge request could send the token anywhere with it.
    """
    return GitLabAccount(values.text(URL).rstrip("/"), values.secret(TOKEN), project)


def host(values: VariableValues) -> RepositoryHost:
    """Return where the repository is, and who we are there."""
    return RepositoryHost(account(values, "").url, values.secret(TOKEN), values.text(LOGIN))


def unusable(values: VariableValues) -> str:
    """Return why GitLab cannot be talked to; nothing when it can."""
    if values.text(URL) and not account(values, "").is_address:
        return f"{URL.name} is not the address of a web server, such as https://gitlab.example.com"
    return values.missing(VARIABLES)


def merge_requests_unusable(values: VariableValues, project: str) -> str:
    """Return why nothing can be asked about the merge requests of a project; nothing when it can."""
    if not project.isdecimal():
        return f"{OWN_PROJECT} does not name the project of the merge requests"
    return unusable(values)
