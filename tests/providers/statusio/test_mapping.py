"""Status.io's JSON in our words and back: every code both ways, and nothing that is guessed."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.errors import Failed
from incidentops.model.vocabulary import State, Status
from incidentops.providers.statusio import mapping
from incidentops.providers.statusio.mapping import IncidentField

FLAGS = {"notify_email", "notify_sms", "notify_webhook", "social", "irc", "msteams", "slack"}
AFTER = {
    IncidentField.NAME: "Pushes fail", IncidentField.INFRASTRUCTURE: ("a-b",), IncidentField.DETAILS: "Text. Ref 1-2",
    IncidentField.STATE: "identified", IncidentField.STATUS: "service_disruption", IncidentField.SUBJECT: "Pushes fail",
    IncidentField.NOTIFY: ("email", "slack"), IncidentField.FIRST: "x",
}  # fmt: skip
MESSAGE = {"details": "A", "state": 100, "status": 400, "datetime": "2026-11-21T14:00:00.000Z"}
INCIDENT = {
    "_id": "i1", "name": "Pushes", "datetime_open": "2026-11-21T14:00:00.000Z", "messages": [MESSAGE],
    "components_affected": [{"_id": "c1"}, {"_id": "c2"}], "containers_affected": [{"_id": "k1"}],
    "infrastructure_affected": ["c2-k1", "c1-k1"],
}  # fmt: skip


def test_an_incident_is_opened_with_all_flags_as_texts_and_codes_as_numbers():
    body = mapping.create_body("page", AFTER)
    assert {name: body[name] for name in FLAGS} == dict.fromkeys(FLAGS, "0") | {"notify_email": "1", "slack": "1"}
    assert {name: value for name, value in body.items() if name not in FLAGS} == {
        "statuspage_id": "page", "incident_name": "Pushes fail", "incident_details": "Text. Ref 1-2",
        "message_subject": "Pushes fail", "current_status": 500, "current_state": 200,
        "all_infrastructure_affected": "0", "infrastructure_affected": ["a-b"],
    }  # fmt: skip


def test_a_resolve_sends_the_status_along_and_no_state():
    body = mapping.resolve_body(
        "page", "i1", {**AFTER, IncidentField.STATE: "resolved", IncidentField.STATUS: "operational"}
    )
    assert body["current_status"] == 100
    assert "current_state" not in body
    assert set(body) >= FLAGS


def test_one_pair_is_one_component_and_one_container():
    body = mapping.component_body("page", "aa-bb", "degraded_performance")
    assert (body["component"], body["container"], body["current_status"]) == ("aa", "bb", 300)


@pytest.mark.parametrize(("status", "code"), list(zip(Status, (100, 300, 400, 500, 600), strict=True)))
def test_every_status_has_its_code(status, code):
    assert mapping.update_body("p", "i", {**AFTER, IncidentField.STATUS: status.value})["current_status"] == code
    [shown] = mapping.incidents([{**INCIDENT, "messages": [{**MESSAGE, "status": code}]}])
    assert shown.status == status


@pytest.mark.parametrize(("state", "code"), list(zip(State, (100, 200, 300, 400), strict=True)))
def test_every_state_has_its_code(state, code):
    [shown] = mapping.incidents([{**INCIDENT, "messages": [{**MESSAGE, "state": code}]}])
    assert shown.messages[0].state == state
    assert shown.open is (code != 400)


def test_messages_are_put_in_order_of_time():
    late = {**MESSAGE, "details": "B", "datetime": "2026-11-21T15:00:00.000Z", "status": 300}
    [shown] = mapping.incidents([{**INCIDENT, "messages": [late, MESSAGE]}])
    assert [message.text for message in shown.messages] == ["a", "b"]
    assert shown.status == "degraded_performance"


def test_an_incident_without_messages_is_open_and_says_nothing():
    [shown] = mapping.incidents([{**INCIDENT, "messages": []}])
    assert (shown.open, shown.status) == (True, "operational")


def test_a_time_without_zone_is_utc():
    [shown] = mapping.incidents([{**INCIDENT, "datetime_open": "2026-11-21T14:00:00"}])
    assert shown.opened == datetime(2026, 11, 21, 14, tzinfo=UTC)


def test_pairs_that_are_named_are_exact():
    [shown] = mapping.incidents([INCIDENT])
    assert shown.is_about(("c1-k1", "c2-k1"))
    assert not shown.is_about(("c1-k1",))


@pytest.mark.parametrize("untyped", [None, [], {}, [1], "all"])
def test_pairs_that_are_not_named_are_what_components_and_containers_allow(untyped):
    [shown] = mapping.incidents([{**INCIDENT, "infrastructure_affected": untyped}])
    assert shown.pairs == ("c1-k1", "c2-k1")
    assert shown.is_about(("c1-k1", "c2-k1"))
    assert not shown.is_about(("c1-k1",))


def test_the_summary_has_the_status_of_every_pair():
    node = {"id": "c1", "containers": [{"id": "k1", "status_code": 400}, {"id": "k2", "status_code": 200}]}
    page = mapping.summary({"status": [node], "incidents": [INCIDENT]})
    assert page.statuses == {"c1-k1": "partial_service_disruption", "c1-k2": "planned_maintenance"}
    assert [shown.id for shown in page.incidents] == ["i1"]


def test_the_pairs_of_a_page_have_names():
    listed = [{"_id": "c1", "name": "API", "containers": [{"_id": "k1", "name": "Europe"}]}]
    assert mapping.pairs_of_page(listed) == {"c1-k1": "API / Europe"}


def test_ids_come_as_open_and_resolved():
    ids = mapping.ids({"active_incidents": ["a"], "resolved_incidents": ["b", "c"]})
    assert (ids.active, ids.resolved) == (("a",), ("b", "c"))
    assert ("a" in ids, "c" in ids, "d" in ids) == (True, True, False)


@pytest.mark.parametrize("given", [None, 3, "", " ", {"id": "x"}])
def test_what_is_no_id_is_no_id(given):
    assert mapping.created_id(given) == ""


def test_an_id_is_an_id():
    assert mapping.created_id("5f1e") == "5f1e"


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"messages": [{**MESSAGE, "state": 500}]}, "500 is none of the codes .* at `state`"),
        ({"messages": [{**MESSAGE, "status": "400"}]}, r"expected `int`, got `str` at `\[0\].messages\[0\].status`"),
        ({"messages": [{**MESSAGE, "status": True}]}, r"expected `int`, got `bool` at `\[0\].messages\[0\].status`"),
        ({"messages": None}, r"expected `array`, got `null` at `\[0\].messages`"),
        ({"messages": ["x"]}, r"expected `object`, got `str` at `\[0\].messages\[0\]`"),
        ({"name": None}, r"expected `str`, got `null` at `\[0\].name`"),
        ({"datetime_open": "soon"}, r"datetime at `\[0\].datetime_open`"),
        ({"infrastructure_affected": None, "components_affected": None}, "got `null` at `components_affected`"),
    ],
)
def test_what_is_not_understood_names_its_field(broken, named):
    with pytest.raises(Failed, match=named):
        mapping.incidents([{**INCIDENT, **broken}])


@pytest.mark.parametrize(
    "call",
    [
        lambda: mapping.incidents({}),
        lambda: mapping.incidents(None),
        lambda: mapping.ids({"active_incidents": [1], "resolved_incidents": []}),
        lambda: mapping.ids([]),
        lambda: mapping.summary({}),
        lambda: mapping.pairs_of_page([1]),
    ],
)
def test_a_strange_shape_fails(call):
    with pytest.raises(Failed, match=r"Status\.io's answer cannot be read"):
        call()


def test_the_worst_of_nothing_is_operational():
    assert mapping.worst() == "operational"
    assert mapping.worst("degraded_performance", "service_disruption", "operational") == "service_disruption"
    assert mapping.worse("security_issue", than="service_disruption")


@pytest.mark.parametrize("shown", ["Ref 5c1e09ab-3f2a9c", "ref&nbsp;5C1E09AB-3f2a9c ", "  REF\n5c1e09ab-3f2a9c"])
def test_texts_are_compared_without_regard_for_layout(shown):
    assert mapping.normal(shown) == "ref 5c1e09ab-3f2a9c"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5) | st.booleans(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*INCIDENT, *MESSAGE, "status", "incidents", "containers"]), inner, max_size=6
            )
        ),
    )
)
def test_no_answer_crashes_the_mapping(answer):
    for read in (mapping.incidents, mapping.ids, mapping.summary, mapping.pairs_of_page):
        with suppress(Failed):
            read(answer)
