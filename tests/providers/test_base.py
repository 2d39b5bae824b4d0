"""What a provider gets to plan and to apply."""

from datetime import timedelta

import pytest

from incidentops.core.errors import Failed
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.resource import LedgerEntry, NewsPolicy, Ref, Resource, ResourceName
from incidentops.providers.base import ApplyRequest, RecordContext
from make import NOW, a_handbook

ISSUE, REVIEW = (ResourceName("i", "gitlab", kind) for kind in ("issue", "review"))
LINK = Resource(ResourceName("i", "gitlab", "link"), {"to": Ref(REVIEW)})
REQUEST = ApplyRequest(Effect(LINK.name, Verb.CREATE, {}, {}, LINK), None, a_handbook(), None, {ISSUE: "7"})


def test_a_reference_is_resolved_to_an_id() -> None:
    assert REQUEST.id_of(Ref(ISSUE)) == "7"


@pytest.mark.parametrize(("value", "named"), [(Ref(REVIEW), "gitlab.review"), ("gitlab.issue", "'gitlab.issue'")])
def test_what_refers_to_nothing_that_is_there_fails_with_both_names(value: object, named: str) -> None:
    with pytest.raises(Failed, match=f"gitlab.link needs {named}, which is not there"):
        REQUEST.id_of(value)  # type: ignore[arg-type]


def test_the_handbook_says_when_news_is_late() -> None:
    context = RecordContext(a_handbook(timers={"publish_max_age": "30m"}), NOW, LedgerEntry("i"), late=True)
    assert context.news_policy == NewsPolicy(NOW, timedelta(minutes=30), send_late=True)
