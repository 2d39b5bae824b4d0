"""What doctor says about GitLab."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from incidentops.core.errors import Failed
from incidentops.providers.base import CheckStatus
from incidentops.providers.gitlab.checks import checks
from incidentops.providers.gitlab.mapping import LabelSeen, Project, TokenInfo, User
from incidentops.providers.gitlab.section import section
from make import a_handbook
from providers.gitlab.driver import a_client

HANDBOOK = a_handbook()
GOOD = Project(1217, "acme/production", issues_enabled=True, archived=False, level=30)


@dataclass
class Server:
    """A GitLab that passes all checks, unless a field says otherwise."""

    of: Project = GOOD
    seen: TokenInfo | None = None
    people: tuple[str, ...] = ("ana", "Bo", "cy", "dee")
    strangers: tuple[str, ...] = ()
    known: tuple[str, ...] = field(default_factory=lambda: tuple(label.name for label in section(HANDBOOK).labels()))
    down: bool = False
    secretive: bool = False
    server_time: datetime | None = datetime(2026, 11, 21, tzinfo=UTC)
    me = User(1, "incident-bot")

    def version(self):
        if self.down:
            raise Failed("GitLab cannot be reached", "check INCIDENT_GITLAB_URL")
        return "18.9.1"

    def token(self):
        return self.seen

    def project(self):
        return self.of

    def labels(self):
        if self.secretive:
            raise Failed("GitLab does not let us list labels", "ask for more rights")
        return {name: LabelSeen(name, "#ffffff") for name in self.known}

    def members(self):
        return tuple(User(number, name) for number, name in enumerate(self.people))

    def user(self, username):
        return User(99, username) if username in self.strangers else None


def found(handbook=HANDBOOK, **changes):
    return {check.name: check for check in checks(Server(**changes), handbook)}


def test_a_project_that_is_set_up_passes_all_checks():
    looked_at = found()
    assert ["gitlab", "gitlab token", "gitlab project", "gitlab labels", "gitlab people"] == list(looked_at)
    assert all(check.status is CheckStatus.OK and not check.hint for check in looked_at.values())


def test_the_sandbox_passes_all_checks_but_the_one_for_people(sandbox):
    looked_at = {check.name: check.status is CheckStatus.OK for check in checks(a_client(sandbox), HANDBOOK)}
    assert {
        "gitlab": True,
        "gitlab token": True,
        "gitlab project": True,
        "gitlab labels": True,
        "gitlab people": False,
    } == (looked_at)


def test_a_server_out_of_reach_is_one_line():
    (check,) = found(down=True).values()
    assert (False, "GitLab cannot be reached", "check INCIDENT_GITLAB_URL") == (
        check.status is CheckStatus.OK,
        check.message,
        check.hint,
    )


@pytest.mark.parametrize(
    ("token", "ok", "message"),
    [
        (TokenInfo(("api",), "2027-11-21"), True, "expires 2027-11-21"),
        (TokenInfo(("api",), "2026-12-01"), False, "expires 2026-12-01"),
        (TokenInfo(("api",), ""), True, "accepted as 'incident-bot'"),
        (TokenInfo((), "no day"), True, "accepted"),
        (TokenInfo(("read_api", "read_user"), ""), False, "its scopes are read_api or read_user: it cannot write"),
    ],
)
def test_a_token_that_expires_soon_or_cannot_write_fails(token, ok, message):
    check = found(seen=token)["gitlab token"]
    assert (ok, True) == (check.status is CheckStatus.OK, message in check.message)
    assert ok == (not check.hint)


@pytest.mark.parametrize(
    ("project", "message"),
    [
        (Project(1, "a/b", issues_enabled=True, archived=True, level=40), "is archived"),
        (Project(1, "a/b", issues_enabled=False, archived=False, level=40), "has issues switched off"),
        (Project(1, "a/b", issues_enabled=True, archived=False, level=10), "only a guest"),
    ],
)
def test_a_project_in_which_we_cannot_create_issues_fails(project, message):
    check = found(of=project)["gitlab project"]
    assert (False, True, True) == (check.status is CheckStatus.OK, message in check.message, bool(check.hint))


def test_labels_that_are_not_there_yet_are_made():
    check = found(known=("incident",))["gitlab labels"]
    assert check.status is CheckStatus.OK
    assert "14 are made by the first reconcile: incidentops, Near Miss" in check.message


def test_a_label_with_a_comma_is_two():
    handbook = a_handbook(services={"registry": {"name": "Registry", "label": "a, b"}})
    check = found(handbook)["gitlab labels"]
    assert (False, True) == (check.status is CheckStatus.OK, "the label 'a, b' has a comma" in check.message)


def test_people_without_a_user_or_a_membership_are_named():
    server = Server(people=("ana", "bo"), strangers=("cy",))
    messages = [check.message for check in checks(server, HANDBOOK) if check.name == "gitlab people"]
    assert ["there is no user 'dee' on GitLab", "'cy' is not a member of the project"] == [
        messages[0],
        messages[1].partition(",")[0],
    ]


def test_a_check_that_cannot_ask_fails_and_the_others_still_run():
    looked_at = found(secretive=True)
    assert (False, "GitLab does not let us list labels") == (
        looked_at["gitlab labels"].status is CheckStatus.OK,
        looked_at["gitlab labels"].message,
    )
    assert looked_at["gitlab people"].status is CheckStatus.OK
