"""Looking for what may be there already: no list is believed alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from incidentops.core.moment import EARLIEST
from incidentops.plan.resource import Absent, Resource, ResourceName, Unclear
from incidentops.providers.base import Query
from incidentops.providers.gitlab import lookup, markers
from incidentops.providers.gitlab.lookup import Listing
from incidentops.providers.gitlab.mapping import Issue, Project, References, User

NAME = ResourceName("2026-11-21-registry-503", "gitlab", "issue")
OTHER = ResourceName("2026-11-21-registry-503", "gitlab", "review")
MOMENT = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
ISSUE = Issue(
    id=41007, iid=7, url="u/7", references=References("acme/production#7"), title="Down",
    description=markers.wrapped(NAME, "ours"), labels=("incidentops",), assignees=(),
    confidential=False, state="opened", severity="high", due_date="",
    author=User(1, "incident-bot"), created_at=MOMENT, type="incident",
)  # fmt: skip


@dataclass
class Server:
    """A GitLab of a few issues; what its lists hide can be chosen apart."""

    there: tuple[Issue, ...] = ()
    hidden: tuple[int, ...] = ()
    hidden_otherwise: tuple[int, ...] = ()
    server_time: datetime | None = MOMENT
    asked_since: datetime | None = None
    me = User(1, "incident-bot")

    def project(self):
        return Project(1217, "acme/production", issues_enabled=True, archived=False, level=40)

    def issues(self, iids):
        return tuple(issue for issue in self.there if issue.iid in iids and issue.iid not in self.hidden)

    def issue(self, iid):
        return next((issue for issue in self.there if issue.iid == iid), None)

    def labelled(self, label, since):
        self.asked_since = since
        return tuple(i for i in self.there if label in i.labels and i.created_at > since and i.iid not in self.hidden)

    def labelled_otherwise(self, full_path, label, since):
        shown = (issue for issue in self.there if label in issue.labels and issue.created_at > since)
        return frozenset(issue.iid for issue in shown if issue.iid not in self.hidden_otherwise)


def found(server, *known, name=NAME):
    listing = lookup.listing(server, "incidentops", MOMENT, known)
    return lookup.search(server, name, listing)


def read(server, iid=7, name=NAME):
    return lookup.known(server, [(Query(Resource(name, {}), None, None, MOMENT), iid)])[name]


def test_what_carries_our_marker_is_found():
    assert ISSUE == found(Server((ISSUE,)))


def test_what_nobody_shows_is_absent():
    assert Absent() == found(Server())
    assert Absent() == found(Server((ISSUE,)), name=OTHER)


@pytest.mark.parametrize("hides", [{"hidden": (7,)}, {"hidden_otherwise": (7,)}])
def test_two_lists_that_disagree_are_not_believed(hides):
    seen = found(Server((ISSUE,), **hides), name=OTHER)
    assert isinstance(seen, Unclear)
    assert seen.reason.startswith("GitLab's lists disagree: ")


def test_a_list_without_what_is_known_is_not_believed():
    both = {"hidden": (7,), "hidden_otherwise": (7,)}
    seen = found(Server((ISSUE,), **both), ISSUE, name=OTHER)
    assert isinstance(seen, Unclear)
    assert "does not show issue 7, which is there" in seen.reason


def test_what_is_known_but_older_or_unlabelled_need_not_be_in_the_list():
    older = replace(ISSUE, created_at=MOMENT - timedelta(days=30))
    assert Absent() == found(Server((older,)), older, name=OTHER)
    bare = replace(ISSUE, labels=())
    assert Absent() == found(Server((bare,)), bare, name=OTHER)


def test_what_is_found_is_believed_although_another_list_lacks_it():
    assert ISSUE == found(Server((ISSUE,), hidden_otherwise=(7,)))


def test_the_search_begins_a_day_before_the_record_by_the_servers_clock():
    server = Server(server_time=MOMENT - timedelta(days=400))
    found(server)
    assert MOMENT - timedelta(days=401) == server.asked_since
    server = Server(server_time=MOMENT + timedelta(days=400))
    found(server)
    assert MOMENT - timedelta(days=1) == server.asked_since


def test_a_search_since_ever_is_possible():
    server = Server()
    lookup.listing(server, "incidentops", EARLIEST, ())
    assert EARLIEST == server.asked_since


def test_a_marker_in_somebody_elses_issue_is_not_ours():
    seen = found(Server((replace(ISSUE, author=User(9, "mallory")),)))
    assert isinstance(seen, Unclear)
    assert "written by 'mallory': u/7" in seen.reason


def test_two_issues_with_one_marker_are_named():
    seen = found(Server((ISSUE, replace(ISSUE, id=41008, iid=8, url="u/8"))))
    assert isinstance(seen, Unclear)
    assert "u/7 and u/8" in seen.reason


def test_a_marker_inside_a_line_is_none():
    quoted = replace(ISSUE, description=f"> {markers.begin(NAME)}")
    assert Absent() == found(Server((quoted,)))


def test_a_known_issue_is_read_from_the_list_or_by_itself():
    assert ISSUE == read(Server((ISSUE,)))
    assert ISSUE == read(Server((ISSUE,), hidden=(7,)))
    assert Absent() == read(Server())


@pytest.mark.parametrize(
    ("issue", "reason"),
    [
        (replace(ISSUE, moved_to_id=12), "issue 7 was moved to another project"),
        (replace(ISSUE, description=markers.wrapped(OTHER, "x")), "carries the marker of something else"),
        (replace(ISSUE, description="cleared"), "does not carry our marker"),
    ],
)
def test_a_known_issue_that_is_not_surely_ours_is_for_a_person(issue, reason):
    seen = read(Server((issue,)))
    assert isinstance(seen, Unclear)
    assert reason in seen.reason
    assert "incident adopt 2026-11-21-registry-503 gitlab.issue NUMBER" in seen.reason


def test_a_listing_without_doubt_says_none():
    assert Listing((ISSUE,), "") == lookup.listing(Server((ISSUE,)), "incidentops", MOMENT, (ISSUE,))
