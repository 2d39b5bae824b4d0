import pytest

from incidentops.sandbox.seed import EXPIRED_TOKEN, READ_TOKEN

ISSUES = """
query($p: ID!, $iids: [String!], $labels: [String]) { project(fullPath: $p) { issues(iids: $iids, labelName: $labels) {
  count nodes { iid title description state type confidential severity labels { nodes { title } }
  assignees { nodes { username } } author { username } } } } }
"""
SET = """
mutation($iid: String!, $to: IssuableSeverity!, $p: ID = "acme/production") {
  issueSetSeverity(input: {projectPath: $p, iid: $iid, severity: $to}) { issue { iid severity } errors } }
"""


def nodes(answer):
    return answer["data"]["project"]["issues"]["nodes"]


def test_issues_are_read_in_bulk(gitlab):
    gitlab.issue("One", issue_type="incident", labels="a", assignee_ids=[2], description="Text")
    gitlab.issue("Two")
    answer = gitlab.graphql(ISSUES, p="acme/production", iids=["1", "7"])
    assert answer["data"]["project"]["issues"] == {
        "count": 1,
        "nodes": [
            {
                "iid": "1",
                "title": "One",
                "description": "Text",
                "state": "opened",
                "type": "INCIDENT",
                "confidential": False,
                "severity": "UNKNOWN",
                "labels": {"nodes": [{"title": "a"}]},
                "assignees": {"nodes": [{"username": "ana"}]},
                "author": {"username": "incident-bot"},
            }
        ],
    }


@pytest.mark.parametrize(
    ("filters", "iids"),
    [
        ('labelName: ["a"]', ["1"]),
        ("state: closed", ["2"]),
        ("state: all", ["2", "1"]),
        ("types: [INCIDENT]", ["1"]),
        ("confidential: true", ["2"]),
        ('authorUsername: "ana"', []),
        ('assigneeUsername: "ana"', ["1"]),
        ('search: "first"', ["1"]),
        ('iid: "2"', ["2"]),
        ("sort: CREATED_ASC", ["1", "2"]),
        ("first: 1", ["2"]),
    ],
)
def test_a_filter_keeps_what_it_says(gitlab, filters, iids):
    gitlab.issue("First", issue_type="incident", labels="a", assignee_ids=[2])
    gitlab.issue("Second", confidential=True)
    gitlab.edit(2, state_event="close")
    query = f'{{ project(fullPath: "acme/production") {{ issues({filters}) {{ nodes {{ iid }} }} }} }}'
    assert iids == [node["iid"] for node in nodes(gitlab.graphql(query))]


def test_severity_is_set_on_an_incident(gitlab):
    gitlab.issue(issue_type="incident")
    answer = gitlab.graphql(SET, iid="1", to="HIGH")
    assert {"issue": {"iid": "1", "severity": "HIGH"}, "errors": []} == answer["data"]["issueSetSeverity"]
    assert "HIGH" == gitlab.read(1)["severity"]


def test_severity_of_an_issue_that_is_not_an_incident_is_ignored(gitlab):
    gitlab.issue()
    answer = gitlab.graphql(SET, iid="1", to="HIGH")["data"]["issueSetSeverity"]
    assert ("UNKNOWN", []) == (answer["issue"]["severity"], answer["errors"])


@pytest.mark.parametrize(("token", "iid", "project"), [
    (READ_TOKEN, "1", "acme/production"), ("sandbox-gus", "1", "acme/production"), ("", "1", "acme/production"),
    ("sandbox-token", "9", "acme/production"), ("sandbox-token", "1", "acme/other"),
])  # fmt: skip
def test_without_the_right_to_it_the_answer_is_an_error_with_http_200(gitlab, token, iid, project):
    gitlab.issue(issue_type="incident")
    gitlab.token = token
    answer = gitlab.graphql(SET, iid=iid, to="HIGH", p=project)
    assert "does not exist or you don't have permission" in answer["errors"][0]["message"]
    assert "UNKNOWN" == gitlab.box.issues()[0]["severity"]


@pytest.mark.parametrize(
    "document",
    ["", "{", "{ nonsense }", '{ project(fullPath: "x") { issues(first: "one") { count } } }', "x" * 10_001],
)
def test_faults_of_the_document_are_answered_with_http_200(gitlab, document):
    assert gitlab.graphql(document)["errors"]


def test_a_body_of_invalid_json_is_an_error_of_the_document(gitlab):
    answer = gitlab.session.post(f"{gitlab.box.url}/api/graphql", data="nonsense")
    assert (200, "errors") == (answer.status_code, *answer.json())


@pytest.mark.parametrize("token", ["nonsense", EXPIRED_TOKEN])
def test_a_token_that_does_not_hold_is_refused(gitlab, token):
    answer = gitlab.session.post(f"{gitlab.box.url}/api/graphql", json={}, headers={"PRIVATE-TOKEN": token})
    assert (401, {"errors": [{"message": "Invalid token"}]}) == (answer.status_code, answer.json())


def test_several_documents_in_one_request_are_answered_in_order(gitlab):
    sent = [{"query": "{ currentUser { username bot } }"}, {"query": "{ metadata { version } }"}]
    answer = gitlab.session.post(f"{gitlab.box.url}/api/graphql", json=sent, headers={"PRIVATE-TOKEN": gitlab.token})
    assert [
        {"data": {"currentUser": {"username": "incident-bot", "bot": True}}},
        {"data": {"metadata": {"version": "18.9.1-ee"}}},
    ] == answer.json()


def test_without_a_token_there_is_no_project(gitlab):
    gitlab.token = ""
    assert {"project": None, "currentUser": None} == gitlab.graphql(
        '{ project(fullPath: "acme/production") { id } currentUser { id } }'
    )["data"]


def test_one_issue_with_all_its_parts(gitlab):
    gitlab.issue("One", labels="a")
    gitlab.post("/projects/1217/issues/1/notes", body="Hello")
    query = """{ project(fullPath: "acme/production") { id name path webUrl labels(searchTerm: "ON-call") { count }
      issue(iid: "1") { id reference(full: true) webUrl webPath userNotesCount dueDate closedAt
      labels(first: 1) { nodes { id title color textColor } } notes { nodes { body system author { username } } } }
      none: issue(iid: "9") { id } } }"""
    project = gitlab.graphql(query)["data"]["project"]
    assert ("acme/production#1", 1) == (project["issue"]["reference"], project["issue"]["userNotesCount"])
    assert ["Hello"] == [note["body"] for note in project["issue"]["notes"]["nodes"]]
    assert (project["none"], project["labels"]["count"]) == (None, 1)


def test_a_guest_does_not_see_confidential_issues(gitlab):
    gitlab.issue(confidential=True)
    assert [] == nodes(gitlab.by("gus").graphql(ISSUES, p="acme/production"))
