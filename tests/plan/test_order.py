"""The order of effects: people, customers, live, severe, old; and nothing before what it needs."""

from hypothesis import given
from hypothesis import strategies as st

from incidentops.model.incident import Incident
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.nature import Nature
from incidentops.plan.order import in_order
from incidentops.plan.resource import SHARED, Ref, Resource, ResourceName
from make import an_entry, an_incident


def a_name(incident: str, kind: str = "issue", provider: str = "gitlab") -> ResourceName:
    return ResourceName(incident, provider, kind)


def an_effect(
    name: ResourceName, nature: Nature = Nature.STATE, *needs: ResourceName, verb: Verb = Verb.CREATE
) -> Effect:
    return Effect(name, verb, {}, {}, Resource(name, {}, nature=nature, depends_on=needs))


def a_record(slug: str, severity: str | None = "S2", at: str = "14:02", *, over: bool = False) -> Incident:
    first = an_entry(at, **({"severity": severity} if severity else {}), state="investigating")
    last = [an_entry("15:00", state="resolved", status="operational")] if over else []
    return an_incident(first, *last, file=f"incidents/2026/2026-11-21-{slug}.yaml")


def ordered(effects: list[Effect], *incidents: Incident) -> list[str]:
    found = in_order(effects, {incident.id: incident for incident in incidents})
    return [str(effect.name).removeprefix("2026-11-21-") for effect in found]


def test_people_come_first_then_customers_then_the_rest_whatever_provider_they_are_at() -> None:
    web = a_record("web")
    effects = [
        an_effect(a_name(SHARED, "label")),
        an_effect(a_name(web.id)),
        an_effect(a_name(web.id, "update", "statusio"), Nature.MESSAGE),
        an_effect(a_name(web.id, "alarm", "slack"), Nature.ALARM),
        an_effect(a_name(web.id, "page", "pagerduty"), Nature.PAGE),
    ]
    assert ordered(effects, web) == [
        "web pagerduty.page", "web statusio.update", "gitlab.label", "web gitlab.issue", "web slack.alarm",
    ]  # fmt: skip


def test_live_comes_before_over_severe_before_mild_and_old_before_new() -> None:
    records = [
        a_record("a-over", "S1", over=True), a_record("b-unrated", None), a_record("c-mild", "S4", "13:00"),
        a_record("d-late", "S1", "14:30"), a_record("e-early", "S1", "14:10"),
    ]  # fmt: skip
    found = ordered([an_effect(a_name(record.id)) for record in records], *records)
    assert [name.partition(" ")[0] for name in found] == ["e-early", "d-late", "c-mild", "b-unrated", "a-over"]


def test_what_is_needed_comes_first_and_nothing_else_moves() -> None:
    web = a_record("web")
    review, issue = a_name(web.id, "review"), a_name(web.id)
    label = a_name(SHARED, "label")
    link = Effect(a_name(web.id, "link"), Verb.CREATE, {}, {}, Resource(a_name(web.id, "link"), {"to": Ref(review)}))
    effects = [link, an_effect(issue, Nature.STATE, label), an_effect(review), an_effect(label)]
    assert ordered(effects, web) == ["gitlab.label", "web gitlab.review", "web gitlab.link", "web gitlab.issue"]


def test_what_a_message_needs_is_made_before_it_and_what_follows_from_it_goes_along() -> None:
    web = a_record("web")
    message, issue, other = a_name(web.id, "message", "slack"), a_name(web.id), a_name(web.id, "action")
    follows = a_name(web.id, "component", "statusio")
    effects = [
        an_effect(other), an_effect(issue), an_effect(follows, Nature.STATE, message),
        an_effect(message, Nature.MESSAGE, issue),
    ]  # fmt: skip
    assert ordered(effects, web) == [
        "web gitlab.issue",
        "web slack.message",
        "web statusio.component",
        "web gitlab.action",
    ]


def test_effects_of_one_resource_stay_together_in_their_order() -> None:
    name, needed = a_name("i"), a_name("i", "zebra")
    effects = [an_effect(name, Nature.STATE, needed, verb=verb) for verb in (Verb.ADOPT, Verb.UPDATE, Verb.MANUAL)]
    found = in_order([*effects, an_effect(needed)], {})
    assert [effect.verb for effect in found] == [Verb.CREATE, Verb.ADOPT, Verb.UPDATE, Verb.MANUAL]


def test_a_circle_is_left_as_it_is() -> None:
    one, other = a_name("i", "a"), a_name("i", "b")
    effects = [an_effect(one, Nature.STATE, other), an_effect(other, Nature.STATE, one)]
    assert sorted(effect.name for effect in in_order(effects, {})) == [one, other]


KINDS = ["a", "b", "c", "d", "e"]
resources = st.lists(
    st.tuples(st.sampled_from(["i", "j"]), st.sampled_from(Nature), st.sets(st.integers(0, 4))), min_size=1, max_size=5
)


@given(resources, st.randoms())
def test_nothing_comes_before_what_it_needs_and_the_order_of_the_providers_does_not_matter(drawn, random) -> None:
    """Each may need those before it, so there is no circle; each is at a provider of its own."""
    names = [ResourceName(incident, provider, "x") for provider, (incident, _, _) in zip(KINDS, drawn, strict=False)]
    effects = [
        an_effect(names[n], nature, *(names[need] for need in sorted(needs) if need < n))
        for n, (_, nature, needs) in enumerate(drawn)
    ]
    found = in_order(effects, {})
    place = {effect.name: n for n, effect in enumerate(found)}
    assert sorted(place) == sorted(names)
    assert all(place[need] < place[effect.name] for effect in effects for need in effect.resource.needs)
    shuffled = random.sample(effects, len(effects))
    assert in_order(shuffled, {}) == found
