"""The diff: one place decides what is an effect, for every provider."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from incidentops.plan.diff import KnownState, diff
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.nature import Nature
from incidentops.plan.resource import Absent, Observed, Receipt, Resource, ResourceName, Unclear, remembered_fields

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
AT = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


def a_resource(**changes: object) -> Resource:
    return Resource(**{"name": NAME, "fields": {"title": "new", "state": "opened"}, **changes})  # type: ignore[arg-type]


def a_receipt(fields: dict[str, object] | None = None, **changes: object) -> Receipt:
    given_fields = {"title": "new", "state": "opened"} if fields is None else fields
    return Receipt(**{"id": "7", "url": "", "fields": given_fields, "at": AT, "run": "r", **changes})  # type: ignore[arg-type]


def seen(**fields: object) -> Observed:
    return Observed("7", "", {"title": "new", "state": "opened", **fields})  # type: ignore[arg-type]


def short(effects: tuple[Effect, ...]) -> list[tuple[object, ...]]:
    return [(str(e.verb), dict(e.before), dict(e.after)) for e in effects]


def test_what_is_as_it_should_be_has_no_effect() -> None:
    assert diff(a_resource(), KnownState(seen(), a_receipt())) == ()


def test_what_was_never_made_and_is_not_there_is_made_with_all_it_needs() -> None:
    resource = a_resource(initial={"kind": "incident"})
    assert short(diff(resource, KnownState(Absent(), None))) == [
        ("create", {}, {"kind": "incident", "title": "new", "state": "opened"})
    ]


def test_a_message_is_posted_and_the_one_that_a_thread_begins_with_is_created() -> None:
    opener = diff(a_resource(nature=Nature.MESSAGE), KnownState(None, None))[0]
    assert opener.verb is Verb.CREATE
    assert diff(a_resource(fields={}, nature=Nature.MESSAGE), KnownState(None, None))[0].verb is Verb.POST


def test_only_what_differs_is_changed() -> None:
    effects = diff(a_resource(), KnownState(seen(title="old"), a_receipt({"title": "old", "state": "opened"})))
    assert short(effects) == [("update", {"title": "old"}, {"title": "new"})]
    assert effects[0].restored == ()


def test_a_field_that_a_person_changed_is_restored() -> None:
    effects = diff(a_resource(), KnownState(seen(title="theirs"), a_receipt()))
    assert effects[0].restored == ("title",)
    assert effects[0].remark == "restored: a person had moved it"


def test_a_field_that_was_restored_before_is_contested_and_the_others_are_not() -> None:
    receipt = a_receipt({"title": "new", "state": "closed"}, restored={"title": 1})
    effects = diff(a_resource(), KnownState(seen(title="theirs", state="closed"), receipt))
    assert short(effects) == [
        ("update", {"state": "closed"}, {"state": "opened"}),
        ("manual", {"title": "theirs"}, {"title": "new"}),
    ]
    assert effects[1].unresolved == (
        "contested: a person moved it again after it was restored, so it is left alone from now on"
    )
    assert not effects[1].to_do


def test_what_the_service_cannot_change_is_for_a_person() -> None:
    resource = a_resource(fixed=frozenset({"title"}))
    effects = diff(resource, KnownState(seen(title="old"), a_receipt({"title": "old", "state": "opened"})))
    assert short(effects) == [("manual", {"title": "old"}, {"title": "new"})]
    assert not effects[0].to_do
    assert not effects[0].unresolved


def test_without_a_look_the_ledger_tells_what_is_there() -> None:
    effects = diff(a_resource(), KnownState(None, a_receipt({"title": "old", "state": "opened"})))
    assert short(effects) == [("update", {"title": "old"}, {"title": "new"})]
    assert diff(a_resource(), KnownState(None, a_receipt())) == ()


def test_what_is_not_watched_is_compared_with_the_ledger_alone() -> None:
    resource = a_resource(handed_over=True)
    assert diff(resource, KnownState(seen(title="theirs"), a_receipt())) == ()


def test_a_value_that_the_service_normalised_is_not_sent_again() -> None:
    receipt = a_receipt(normalised={"title": "cut"})
    assert diff(a_resource(), KnownState(seen(title="cut"), receipt)) == ()
    assert short(diff(a_resource(), KnownState(seen(title="theirs"), receipt))) == [
        ("update", {"title": "theirs"}, {"title": "new"})
    ]


def test_a_gone_object_is_a_matter_for_a_person() -> None:
    effect = diff(a_resource(), KnownState(Absent(), a_receipt()))[0]
    assert effect.verb is Verb.MANUAL
    assert effect.unresolved == "gitlab.issue 7 is gone; nothing is made in its place"


def test_an_unclear_answer_stops_the_making() -> None:
    effect = diff(a_resource(), KnownState(Unclear("the list is empty"), None))[0]
    assert (effect.verb, effect.unresolved, effect.to_do) == (Verb.CREATE, "the list is empty", False)


def test_an_intent_that_nobody_could_look_up_is_unresolved() -> None:
    effect = diff(a_resource(), KnownState(None, None, intended=True))[0]
    assert "a run that did not end" in effect.unresolved


def test_what_is_found_is_adopted_and_updated() -> None:
    effects = diff(a_resource(), KnownState(seen(state="closed"), None))
    assert short(effects) == [("adopt", {}, {"id": "7"}), ("update", {"state": "closed"}, {"state": "opened"})]
    assert effects[0].found == seen(state="closed")


def test_what_can_only_be_found_is_never_made() -> None:
    resource = a_resource(nature=Nature.LOOKUP)
    assert diff(resource, KnownState(Absent(), None))[0].remark == "there is no gitlab.issue"
    assert diff(resource, KnownState(None, None)) == ()


def test_what_is_skipped_stays_skipped_with_its_reason() -> None:
    effect = diff(a_resource(skip_reason="too late"), KnownState(None, None))[0]
    assert (effect.skip_reason, effect.to_do) == ("too late", False)


def test_a_page_rings_even_when_nobody_can_tell_whether_it_rang() -> None:
    page = a_resource(fields={}, nature=Nature.PAGE)
    for seen_now in (None, Unclear("no answer")):
        [effect] = diff(page, KnownState(seen_now, None, intended=False))
        assert (effect.verb, effect.to_do) == (Verb.POST, True)
        assert effect.remark == "it is not known whether it was sent before"
    assert diff(page, KnownState(Absent(), None))[0].remark == ""
    assert diff(page, KnownState(seen(), None))[0].verb is Verb.ADOPT


_values = st.recursive(
    st.one_of(st.text(max_size=300), st.integers(), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=5,
)
_fields = st.dictionaries(st.sampled_from(["title", "state", "labels", "due"]), _values)


@given(_fields)
def test_equal_sides_have_no_effect(fields: dict[str, object]) -> None:
    resource = a_resource(fields=fields)
    receipt = a_receipt(remembered_fields(fields))  # type: ignore[arg-type]
    assert diff(resource, KnownState(Observed("7", "", fields), receipt)) == ()  # type: ignore[arg-type]
    assert diff(resource, KnownState(None, receipt)) == ()


@given(_fields, _fields)
def test_a_plan_made_from_the_ledger_has_the_digests_of_one_made_from_the_service(
    wanted: dict[str, object], there: dict[str, object]
) -> None:
    resource = a_resource(fields=wanted)
    receipt = a_receipt(remembered_fields(there), restored={})  # type: ignore[arg-type]
    from_service = diff(resource, KnownState(Observed("7", "", there), receipt))  # type: ignore[arg-type]
    from_ledger = diff(resource, KnownState(None, receipt))
    assert [e.digest for e in from_service] == [e.digest for e in from_ledger]
