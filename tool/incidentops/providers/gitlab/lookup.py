"""Looking at issues: the known ones in bulk, the others by our marker, and never believing an empty list alone.

docs/services.md, Lists: hundreds of duplicates were made because a list came back empty. Something is absent only when
two ways of asking agree and everything that we know to be there is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from incidentops.core.moment import EARLIEST, plus
from incidentops.core.text import numbered, quoted
from incidentops.plan.resource import Absent, ResourceName, Unclear
from incidentops.providers.base import Query
from incidentops.providers.gitlab import markers
from incidentops.providers.gitlab.mapping import Issue

if TYPE_CHECKING:  # its library loads when it is used
    from incidentops.providers.gitlab.client import GitLabClient

_MARGIN = timedelta(days=1)

IssueSighting = Issue | Absent | Unclear


class Listing(Struct, frozen=True):
    """The issues with our label, and why one that is not among them may still exist."""

    issues: tuple[Issue, ...]
    doubt: str


def known(client: "GitLabClient", queries: Sequence[tuple[Query, int]]) -> Mapping[ResourceName, IssueSighting]:
    """Read issues by their numbers: one request for every hundred, one more for each that the list does not show."""
    listed = {issue.iid: issue for issue in client.issues(sorted({iid for _, iid in queries}))}
    found: dict[ResourceName, IssueSighting] = {}
    for query, iid in queries:
        issue = listed.get(iid) or client.issue(iid)
        found[query.resource.name] = checked(query.resource.name, issue) if issue else Absent()
    return found


def checked(name: ResourceName, issue: Issue) -> Issue | Unclear:
    """Return an issue that is surely that of the resource; otherwise why a person must look at it."""
    if issue.moved_to_id is not None:
        return Unclear(f"issue {issue.iid} was moved to another project; {_adopt(name)}")
    found = markers.marks(issue.description)
    if markers.begin(name) in found:
        return issue
    if found:
        other = quoted(found[0], 160)
        return Unclear(f"issue {issue.iid} carries the marker of something else: {other}; {_adopt(name)}")
    return Unclear(
        f"issue {issue.iid} does not carry our marker, so it is left alone: if it is ours, put the line"
        f" {quoted(markers.begin(name), 200)} into its description, else {_adopt(name)}"
    )


def search(client: "GitLabClient", name: ResourceName, listing: Listing) -> IssueSighting:
    """Find a resource in a listing by its exact marker, written by ourselves."""
    marked = [issue for issue in listing.issues if markers.begin(name) in markers.marks(issue.description)]
    if len(marked) > 1:
        places = " and ".join(issue.url for issue in marked)
        return Unclear(f"two issues carry the marker of {name}: {places}; {_adopt(name)}")
    if marked:
        issue = marked[0]
        if issue.author.username == client.me.username:
            return checked(name, issue)
        written = f"an issue with our marker was written by {quoted(issue.author.username)}: {issue.url}"
        return Unclear(f"{written}; if it is ours, {_adopt(name)}")
    if listing.doubt:
        return Unclear(f"{listing.doubt}, so nothing is made; {_adopt(name)}")
    return Absent()


def listing(client: "GitLabClient", label: str, since: datetime, seen: Iterable[Issue]) -> Listing:
    """List the issues that carry our label, in two ways, and compare them with each other and with what is known."""
    project = client.project()
    bound = plus(min(since, client.server_time or since), -_MARGIN) if since > EARLIEST else since
    issues = client.labelled(label, bound)
    listed = {issue.iid for issue in issues}
    missing = sorted(
        issue.iid for issue in seen if label in issue.labels and issue.created_at > bound and issue.iid not in listed
    )
    if missing:
        return Listing(issues, f"GitLab's list of issues does not show issue {missing[0]}, which is there")
    other = client.labelled_otherwise(project.full_path, label, bound)
    if other != listed:
        by_rest = numbered(len(listed), "issue")
        return Listing(issues, f"GitLab's lists disagree: {by_rest} by REST, {len(other)} by GraphQL")
    return Listing(issues, "")


def _adopt(name: ResourceName) -> str:
    return f"record which one it is with: incident adopt {name.incident} {name.short} NUMBER"
