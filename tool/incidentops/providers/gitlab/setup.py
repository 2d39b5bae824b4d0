"""GitLab's provider put together from variables and handbook. Importing this loads no library of the service."""

from collections.abc import Callable

from incidentops.core.variable import VariableValues
from incidentops.model.handbook import Handbook
from incidentops.providers.gitlab.api import GitLabApi
from incidentops.providers.gitlab.provider import GitLab
from incidentops.providers.gitlab.section import section
from incidentops.providers.gitlab.variables import PROJECT, PROJECT_KEY, GitLabAccount, account, unusable

_OWN_PROJECT = "CI_PROJECT_ID"


def build(values: VariableValues, handbook: Handbook, connect: Callable[[GitLabAccount], GitLabApi]) -> GitLab:
    """Return the provider; `connect` makes its client when it is needed first."""
    project = values.text(PROJECT) or section(handbook).project or values.texts.get(_OWN_PROJECT, "")
    nowhere = "" if project else f"no project is named: set {PROJECT.name}, or {PROJECT_KEY}"
    return GitLab(handbook, lambda: connect(account(values, project)), unusable(values) or nowhere)


def merge_requests_unusable(values: VariableValues, project: str) -> str:
    """Return why nothing can be asked about the merge requests of a project; nothing when it can."""
    if not project.isdecimal():
        return f"{_OWN_PROJECT} does not name the project of the merge requests"
    return unusable(values)
