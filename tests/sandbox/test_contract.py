"""GitLab's answers against its OpenAPI document. A scenario test: it has no module of its own."""

import copy

import pytest
import yaml
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse

import runner
from paths import TESTS
from scripts.cut_contract import shortened

pytestmark = pytest.mark.no_cover

CONTRACT = TESTS / "contracts" / "gitlab.yaml"
P = "/projects/1217"

UNTYPED = {
    ("APIEntitiesMember", "access_level"): "integer",
    ("APIEntitiesMetadata", "kas"): "object",
    ("APIEntitiesResourceLabelEvent", "resource_id"): "integer",
    ("APIEntitiesResourceStateEvent", "resource_id"): "integer",
}
"""Fields that the document calls strings for want of a type in its source, where GitLab answers otherwise."""


def corrected(node, schemas):
    """The document with what it means: a nullable reference may be null, and 204 has no body."""
    if isinstance(node, list):
        return [corrected(item, schemas) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("nullable") and [*node] == ["nullable", "allOf"]:
        return schemas[node["allOf"][0]["$ref"].rpartition("/")[2]] | {"nullable": True}
    return {
        key: {"description": "No Content"} if key == "204" else corrected(part, schemas) for key, part in node.items()
    }


@pytest.fixture(scope="session")
def contract():
    """The document as a dictionary, corrected as described above."""
    document = yaml.load(CONTRACT.read_text(encoding="utf-8"), yaml.CSafeLoader)
    schemas = document["components"]["schemas"]
    for (schema, field), kind in UNTYPED.items():
        schemas[schema]["properties"][field]["type"] = kind
    return corrected(document, schemas)


class Checked:
    """Checks every answer that a session gets."""

    def __init__(self, document, url):
        document = copy.copy(document) | {"servers": [{"url": url}], "security": []}
        self.openapi = OpenAPI.from_dict(document)
        self.seen = set()

    def __call__(self, answer, *_, **__):
        request = RequestsOpenAPIRequest(answer.request)
        self.openapi.validate_response(request, RequestsOpenAPIResponse(answer))
        self.seen.add((answer.request.method, answer.status_code))


@pytest.fixture
def checked(contract, gitlab):
    """The bot, with every answer checked."""
    check = Checked(contract, gitlab.box.url)
    gitlab.session.hooks["response"].append(check)
    gitlab.check = check
    return gitlab


def two_linked_issues(api):
    one = api.issue("One", labels=["a", "severity::1"], issue_type="incident", description="x", assignee_ids=[2, 3])
    two = api.issue("Two", confidential=True, due_date="2026-12-05")
    fields = {"target_project_id": 1217, "target_issue_iid": two["iid"]}
    return one["iid"], two["iid"], api.post(f"{P}/issues/{one['iid']}/links", **fields).json()["id"]


def test_issues_and_links_keep_the_contract(checked):
    one, two, link = two_linked_issues(checked)
    checked.edit(one, state_event="close", add_labels=["b"], discussion_locked=True)
    checked.read(one)
    for path in (f"{P}/issues", "/groups/77/issues", "/issues"):
        assert checked.get(path).json()
    checked.get(f"{P}/issues", with_labels_details="true", state="closed")
    checked.get(f"{P}/issues/{one}/links")
    checked.get(f"{P}/issues/{one}/links/{link}")
    checked.delete(f"{P}/issues/{two}/links/{link}")
    for kind in ("label", "state"):
        assert checked.get(f"{P}/issues/{one}/resource_{kind}_events").json()
    assert {("GET", 200), ("POST", 201), ("PUT", 200), ("DELETE", 204)} == checked.check.seen


def test_notes_keep_the_contract(checked):
    notes = f"{P}/issues/{checked.issue()['iid']}/notes"
    note = checked.post(notes, body="x", internal=True).json()["id"]
    checked.edit(1, title="Other")
    checked.put(f"{notes}/{note}", body="y")
    checked.get(notes)
    checked.get(f"{notes}/{note}")
    checked.post(notes, body="/close")
    checked.delete(f"{notes}/{note}")
    assert {("GET", 200), ("POST", 201), ("POST", 202), ("PUT", 200), ("DELETE", 204)} == checked.check.seen


def test_labels_keep_the_contract(checked):
    checked.post(f"{P}/labels", name="a", color="#112233", description="x", priority=1)
    checked.put(f"{P}/labels/a", new_name="b")
    checked.put(f"{P}/labels", name="b", color="red")
    for path in (f"{P}/labels", f"{P}/labels/b", "/groups/77/labels", "/groups/77/labels/severity::1"):
        checked.get(path)
    checked.delete(f"{P}/labels/b")
    assert {("GET", 200), ("POST", 201), ("PUT", 200), ("DELETE", 204)} == checked.check.seen


def test_merge_requests_keep_the_contract(checked):
    checked.post(f"{P}/merge_requests", title="x", source_branch="a", target_branch="main", assignee_ids=[2])
    checked.get(f"{P}/merge_requests")
    checked.get(f"{P}/merge_requests/1")
    runner.moved(checked.box.store, 1, "a" * 40)
    runner.merged(checked.box.store, 1, "b" * 40)
    assert checked.get(f"{P}/repository/commits/{'b' * 40}/merge_requests").json()
    note = checked.post(f"{P}/merge_requests/1/notes", body="x").json()["id"]
    checked.get(f"{P}/merge_requests/1/notes")
    checked.put(f"{P}/merge_requests/1/notes/{note}", body="y")
    checked.delete(f"{P}/merge_requests/1/notes/{note}")
    assert {("GET", 200), ("POST", 201), ("PUT", 200), ("DELETE", 204)} == checked.check.seen


def test_people_project_and_version_keep_the_contract(checked):
    paths = ["/user", "/users", "/users/2", "/version", "/metadata", P, f"{P}/members/all", f"{P}/members/all/2"]
    for path in paths:
        assert 200 == checked.get(path).status_code


def test_what_the_sandbox_accepts_the_contract_accepts(contract, gitlab):
    """Requests as the tests of this folder send them are requests of the document."""
    openapi = OpenAPI.from_dict(copy.copy(contract) | {"servers": [{"url": gitlab.box.url}], "security": []})
    gitlab.session.hooks["response"].append(
        lambda answer, **_: openapi.validate_request(RequestsOpenAPIRequest(answer.request)) and None
    )
    one, _, _ = two_linked_issues(gitlab)
    gitlab.get(f"{P}/issues", state="all", order_by="created_at", sort="asc", per_page=100, labels="a")
    gitlab.edit(one, assignee_ids=[0], labels=["a"], confidential=True)
    gitlab.post(f"{P}/issues/{one}/notes", body="x")
    gitlab.post(f"{P}/labels", name="a2", color="#112233")


def test_the_contract_is_cut_to_what_it_needs():
    document = yaml.load(CONTRACT.read_text(encoding="utf-8"), yaml.CSafeLoader)
    kept = {path: tuple(methods) for path, methods in document["paths"].items()}
    assert document == shortened(document, kept)
