import jsonschema
import pytest

from incidentops.sandbox.seed import COMPONENTS, PAIRS, STATUSIO_PAGE

P = STATUSIO_PAGE
TEXT, MOMENT = {"type": "string"}, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
ID, NUMBER = {"type": "string", "pattern": "^[0-9a-f]{24}$"}, {"type": "integer"}


def shape(**properties):
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def many(items):
    return {"type": "array", "items": items}


CONTAINER = shape(_id=ID, name=TEXT, location=TEXT, __v=NUMBER)
AFFECTED = shape(_id=ID, name=TEXT, position=NUMBER, statuspage=ID, containers=many(ID), __v=NUMBER)
COMPONENT = shape(
    _id=ID,
    name=TEXT,
    position=NUMBER,
    statuspage=ID,
    description=TEXT,
    hook_key=TEXT,
    history=many({}),
    containers=many(CONTAINER),
    __v=NUMBER,
)
MESSAGE = shape(
    _id=ID,
    incident=ID,
    statuspage=ID,
    details=TEXT,
    state=NUMBER,
    status=NUMBER,
    datetime=MOMENT,
    source=TEXT,
    ip=TEXT,
    components=many(ID),
    containers=many(ID),
    __v=NUMBER,
)
INCIDENT = shape(
    _id=ID,
    name=TEXT,
    statuspage=ID,
    kind=TEXT,
    datetime_open=MOMENT,
    messages=many(MESSAGE),
    components_affected=many(AFFECTED),
    containers_affected=many(CONTAINER),
    infrastructure_affected={},
    post_mortem_url=TEXT,
    __v=NUMBER,
)
STATUS = {"updated": MOMENT, "status": TEXT, "status_code": NUMBER}
PART = shape(id=ID, name=TEXT, **STATUS)
PUBLIC = shape(
    _id=ID,
    name=TEXT,
    datetime_open=MOMENT,
    current_active={"type": "boolean"},
    messages=many(shape(details=TEXT, state=NUMBER, status=NUMBER, datetime=MOMENT)),
    components_affected=many(shape(_id=ID, name=TEXT)),
    containers_affected=many(shape(_id=ID, name=TEXT)),
)
SUMMARY = shape(
    status_overall=shape(**STATUS),
    status=many(shape(id=ID, name=TEXT, **STATUS, containers=many(PART))),
    incidents=many(PUBLIC),
    maintenance=shape(active=many({}), upcoming=many({})),
)
IDS = shape(active_incidents=many(ID), resolved_incidents=many(ID))
LEGACY = shape(active_incidents=many(INCIDENT), resolved_incidents=many(INCIDENT))


def result(answer, schema=None):
    """The result of an answer without an error, checked against its shape."""
    body = answer.json()
    assert (200, {"error": "no", "message": "OK"}) == (answer.status_code, body["status"])
    jsonschema.validate(body["result"], schema or {})
    return body["result"]


def refused(answer, status=200):
    """The message of an answer that refuses."""
    body = answer.json()
    assert (status, "yes") == (answer.status_code, body["status"]["error"])
    assert "result" not in body
    return body["status"]["message"]


def test_every_answer_has_the_shape_of_the_contract(statusio):
    open_one = result(statusio.create(), ID)
    resolved = result(statusio.create(PAIRS["Pages"]), ID)
    assert result(statusio.update(open_one)) is True
    assert result(statusio.resolve(resolved)) is True
    result(statusio.get(f"/component/list/{P}"), many(COMPONENT))
    shown = result(statusio.get(f"/incident/list/active/{P}", page=1), many(INCIDENT))
    assert [open_one] == [incident["_id"] for incident in shown]
    result(statusio.get(f"/incident/list/resolved/{P}", page=1), many(INCIDENT))
    result(statusio.get(f"/incidents/{P}"), IDS)
    result(statusio.get(f"/incident/list/{P}"), LEGACY)
    assert 1 == len(result(statusio.get(f"/incident/{P}/{open_one}"), many(INCIDENT)))
    message = shown[0]["messages"][0]["_id"]
    properties = MESSAGE["properties"] | {"user_email": TEXT, "user_full_name": TEXT, "social": TEXT}
    result(statusio.get(f"/incident/message/{P}/{message}"), shape(**properties))
    result(statusio.get(f"/status/summary/{P}"), SUMMARY)


@pytest.mark.parametrize("path", ["/1.0/status/", "/statusio/1.0/status/"])
def test_the_public_feed_needs_no_credentials_and_has_no_envelope(statusio, path):
    statusio.create()
    answer = statusio.session.get(f"{statusio.box.url}{path}{P}")
    assert {"result"} == set(answer.json())
    jsonschema.validate(answer.json()["result"], SUMMARY)
    assert P == answer.headers["x-status-page-id"]
    assert 404 == statusio.session.get(f"{statusio.box.url}{path}{'0' * 24}").status_code


def test_wrong_credentials_are_answered_with_200_and_an_error(statusio):
    statusio.key = "nonsense"
    assert "Authentication failed" == refused(statusio.get(f"/component/list/{P}"))
    assert "Authentication failed" == refused(statusio.create())


def test_an_unknown_page_is_an_error(statusio):
    assert "Status page not found" == refused(statusio.get(f"/component/list/{'0' * 24}"))
    assert "Status page not found" == refused(statusio.create(statuspage_id="0" * 24))


@pytest.mark.parametrize("path", ["/incident/history/create", "/metric/update", "/nonsense"])
def test_what_is_not_served_is_forbidden(statusio, path):
    assert 403 == statusio.post(path).status_code


def test_a_wrong_method_is_not_answered(statusio):
    assert statusio.get("/incident/create").status_code in (403, 405)


@pytest.mark.parametrize(
    "field",
    [
        {"incident_name": None},
        {"incident_details": None},
        {"incident_details": "  "},
        {"current_status": None},
        {"current_status": "400"},
        {"current_status": True},
        {"current_status": 200},
        {"current_state": "100"},
        {"current_state": 400},
        {"all_infrastructure_affected": None},
        {"all_infrastructure_affected": 0},
        {"infrastructure_affected": None},
        {"infrastructure_affected": "a-b"},
        {"infrastructure_affected": [1]},
        {"infrastructure_affected": []},
        {"infrastructure_affected": ["0-0"]},
        {"social": None},
        {"social": 1},
        {"notify_email": "yes"},
        {"notify_email": True},
        {"slack": 0},
        {"message_subject": 7},
        {"statuspage_id": None},
    ],
)
def test_a_field_that_is_missing_or_of_the_wrong_type_is_refused(statusio, field):
    assert next(iter(field)) in refused(statusio.create(**field), 400)
    assert [] == statusio.box.statusio_incidents()


@pytest.mark.parametrize("data", ["{", "[]"])
def test_a_body_that_is_not_an_object_is_refused(statusio, data):
    url = f"{statusio.box.url}/statusio/v2/incident/create"
    assert "JSON" in refused(statusio.session.post(url, data=data, headers=statusio.headers), 400)


@pytest.mark.parametrize("field", [{"current_status": "400"}, {"current_state": 400}, {"social": None}])
def test_an_update_is_as_strict(statusio, field):
    incident = statusio.opened()
    assert 400 == statusio.update(incident, **field).status_code


def test_the_flags_that_were_sent_are_kept(statusio):
    statusio.create(notify_email="1", message_subject="Hello")
    message = statusio.box.statusio_messages()[0]
    assert ("1", "0", "Hello") == (message["flags"]["notify_email"], message["flags"]["social"], message["subject"])


def test_everything_can_be_affected(statusio):
    statusio.create(all_infrastructure_affected="1", infrastructure_affected=[])
    assert {400} == set(statusio.box.component_statuses().values())


def test_a_resolve_tolerates_codes_and_turns_components_operational(statusio):
    incident = statusio.opened()
    assert 400 == statusio.box.component_statuses()[PAIRS["API"]]
    result(statusio.resolve(incident, current_status=300, current_state=100))
    shown = statusio.box.statusio_incidents()[0]
    assert (True, 400, 100) == (shown["resolved"], shown["messages"][-1]["state"], shown["messages"][-1]["status"])
    assert 100 == statusio.box.component_statuses()[PAIRS["API"]]


def test_a_resolved_incident_accepts_no_message(statusio):
    incident = statusio.opened()
    statusio.resolve(incident)
    for answer in (statusio.update(incident), statusio.resolve(incident)):
        assert "Incident is already resolved" == refused(answer)


def test_an_unknown_incident_is_an_error(statusio):
    unknown = "0" * 24
    for answer in (statusio.update(unknown), statusio.resolve(unknown), statusio.get(f"/incident/{P}/{unknown}")):
        assert "Incident not found" == refused(answer)
    assert "Message not found" == refused(statusio.get(f"/incident/message/{P}/{unknown}"))


def test_a_deleted_incident_is_gone(statusio):
    incident = statusio.opened()
    answer = statusio.post("/incident/delete", incident_id=incident)
    assert "Successfully deleted incident" == answer.json()["status"]["message"]
    assert [] == statusio.box.statusio_incidents()


def test_a_component_is_set_and_a_wrong_one_is_answered_in_the_same_way(statusio):
    one = COMPONENTS[0]
    fields = {"details": "x", "current_status": 300}
    answer = statusio.post("/component/status/update", component=one.id, container=one.container, **fields)
    assert result(answer) is True
    assert 300 == statusio.box.component_statuses()[one.pair]
    assert result(statusio.post("/component/status/update", component="0", container="0", **fields)) is True
    assert 400 == statusio.post("/component/status/update", component="0", container="0", details="x").status_code


def test_lists_have_pages_and_end_with_an_empty_one(statusio):
    for _ in range(27):
        statusio.create()
    sizes = [len(result(statusio.get(f"/incident/list/active/{P}", page=page))) for page in (1, 2, 3)]
    assert [25, 2, 0] == sizes
    assert 25 == len(result(statusio.get(f"/incident/list/active/{P}", page="x")))
