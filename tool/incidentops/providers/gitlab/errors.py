"""What went wrong with GitLab, in one sentence that names the variable or key to look at. Pure; quotes no secret."""

from msgspec import Struct

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Unknown
from incidentops.core.text import quoted
from incidentops.providers.base import Forbidden, NotFound
from incidentops.providers.gitlab import variables
from incidentops.providers.gitlab.variables import PROJECT_KEY, GitLabAccount
from incidentops.providers.http import NoAnswer

URL, TOKEN, PROJECT = (one.name for one in (variables.URL, variables.TOKEN, variables.PROJECT))

_LONGEST = 200
_LOCKED = "Resource lock"
_SCOPE = "make a project access token with the scope api and the role Reporter or higher, and set it in {}"


class WriteConflict(Failed):
    """It is there already."""


class GitLabRefusal(Struct, frozen=True):
    """An answer that was no success. `message` is GitLab's message; None when the body was not GitLab's JSON.

    `what` says what was tried, as in `update issue 7`; `once` marks what must not be done twice.
    """

    what: str
    status: int
    message: object
    once: bool = False


def refusal(account: GitLabAccount, answer: GitLabRefusal) -> IncidentError:
    """Return the error that an answer means."""
    message = quotation(account, answer.message)
    status = answer.status
    if status == 401:
        return _unauthorized(message)
    if status == 403:
        return _forbidden(answer, message)
    if status == 409 and not is_lock(answer.message):
        return WriteConflict(f"GitLab refused to {answer.what} (409){message}", outage=True)
    if status == 404:
        return _not_found(account, answer, message)
    if 300 <= status < 400:
        return BadConfiguration(
            f"GitLab at {quoted(account.host)} answers with a redirect: it, or the project, has moved",
            f"set {URL} to the address that GitLab has now, and {PROJECT} to the number of the project",
        )
    if status >= 500:
        return _broken(answer)
    busy = status in (409, 429)
    return Failed(f"GitLab refused to {answer.what} ({status}){message}", outage=busy)


def is_lock(message: object) -> bool:
    """Return whether GitLab says that somebody else is writing: nothing was done, and it may be tried again."""
    return _LOCKED in str(message)


def quotation(account: GitLabAccount, message: object) -> str:
    """Return a colon and GitLab's own words, short, escaped, in quotes and without the token; nothing without any."""
    if isinstance(message, dict):
        message = "; ".join(f"{key} {_flat(value)}" for key, value in message.items())
    text = _flat(message)
    return f": {quoted(account.token.redact(text), _LONGEST)}" if text else ""


def unanswered(account: GitLabAccount, what: str, lost_answer: NoAnswer, *, once: bool) -> IncidentError:
    """Return the error for a request without an answer; `once` marks what must not be done twice."""
    if once and lost_answer.sent:
        return lost(what)
    if lost_answer.untrusted:
        return Failed(
            f"the certificate of GitLab at {quoted(account.host)} cannot be verified",
            f"check {URL}; for a certificate authority of your own set REQUESTS_CA_BUNDLE",
            outage=True,
        )
    return Failed(
        f"GitLab at {quoted(account.host)} cannot be reached: {lost_answer.reason}",
        f"check {URL} and the network",
        outage=True,
    )


def no_address(account: GitLabAccount) -> BadConfiguration:
    """Return the error for an address that is not valid."""
    return BadConfiguration(
        f"{URL} is not the address of a web server (host {quoted(account.host)})",
        "write it as https://gitlab.example.com",
    )


def unreadable(account: GitLabAccount, what: str, *, once: bool) -> IncidentError:
    """Return the error for an answer that is not of GitLab's API; `once` marks what must not be done twice."""
    return lost(what) if once else not_gitlab(account)


def not_gitlab(account: GitLabAccount) -> BadConfiguration:
    """Return the error for a server that answers with something else than GitLab's API."""
    return BadConfiguration(
        f"{quoted(account.host)} answers, but not as GitLab's API does",
        f"check {URL}: it is the address of GitLab itself, and no proxy or login page may stand before its API",
    )


def lost(what: str) -> Unknown:
    """Return the error for a write whose answer did not come."""
    return Unknown(f"no answer came to '{what}', so GitLab may or may not have done it")


def _flat(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_flat, value))
    return value if isinstance(value, str) else ""


def _unauthorized(message: str) -> BadConfiguration:
    why = "has expired" if "expired" in message.lower() else "was revoked" if "revoked" in message.lower() else ""
    return BadConfiguration(f"GitLab does not accept {TOKEN}" + (f": it {why}" if why else ""), _SCOPE.format(TOKEN))


def _forbidden(answer: GitLabRefusal, message: str) -> IncidentError:
    if isinstance(answer.message, str) and "scope" in answer.message:
        missing = f"GitLab does not let {TOKEN} {answer.what}: the token lacks the scope api"
        return BadConfiguration(missing, _SCOPE.format(TOKEN))
    return Forbidden(
        f"GitLab does not let us {answer.what}{message}",
        f"the owner of {TOKEN} needs the role Reporter or higher, and the project needs issues switched on",
        outage=True,
    )


def _not_found(account: GitLabAccount, answer: GitLabRefusal, message: str) -> IncidentError:
    if "project not found" in message.lower():
        return BadConfiguration(
            f"project {quoted(account.project)} was not found on {quoted(account.host)}, or the token may not see it",
            f"check {PROJECT}, or else {PROJECT_KEY}, and that the owner of {TOKEN} is a member",
        )
    if answer.message is None:
        return not_gitlab(account)
    return NotFound(f"GitLab could not {answer.what}{message or ': it was not found'}")


def _broken(answer: GitLabRefusal) -> IncidentError:
    if answer.once:
        return lost(answer.what)
    return Failed(f"GitLab is out of order: {answer.status} to '{answer.what}'", "try again later", outage=True)
