import pytest

P = "/projects/1217"


@pytest.fixture
def many(gitlab):
    for number in range(45):
        gitlab.issue(f"Issue {number}")
    return gitlab


def test_a_list_has_20_a_page_and_at_most_100(many):
    assert len(many.get(f"{P}/issues").json()) == 20
    assert len(many.get(f"{P}/issues", per_page=1000).json()) == 45


def test_the_headers_lead_through_the_pages(many):
    seen, url = [], f"{many.box.url}/api/v4{P}/issues?per_page=20&sort=asc"
    while url:
        answer = many.session.get(url, headers={"PRIVATE-TOKEN": many.token})
        seen += [issue["iid"] for issue in answer.json()]
        url = answer.links.get("next", {}).get("url")
    assert list(range(1, 46)) == seen
    wanted = {"x-page": "3", "x-total": "45", "x-total-pages": "3", "x-next-page": "", "x-prev-page": "2"}
    assert wanted == {name: answer.headers[name] for name in wanted}


def test_keyset_pages_give_no_totals(many):
    answer = many.get(f"{P}/issues", pagination="keyset", per_page=30, sort="asc", order_by="created_at")
    assert "x-total" not in answer.headers
    rest = many.session.get(answer.links["next"]["url"], headers={"PRIVATE-TOKEN": many.token}).json()
    assert list(range(31, 46)) == [issue["iid"] for issue in rest]


def test_every_answer_tells_the_rate_limit(gitlab):
    headers = gitlab.get("/nowhere").headers
    assert "2000" == headers["RateLimit-Limit"]
    assert 2000 == int(headers["RateLimit-Observed"]) + int(headers["RateLimit-Remaining"])
    assert int(headers["RateLimit-Reset"]) % 60 == 0


def test_a_body_may_be_a_form(gitlab):
    form = {"title": "By form", "labels": "a,b", "assignee_ids[]": ["2"], "confidential": "true"}
    issue = gitlab.call("POST", f"{P}/issues", data=form).json()
    assert ("By form", ["a", "b"], True) == (issue["title"], issue["labels"], issue["confidential"])
    assert ["ana"] == [user["username"] for user in issue["assignees"]]


def test_a_body_of_invalid_json_is_refused(gitlab):
    answer = gitlab.session.post(
        f"{gitlab.box.url}/api/v4{P}/issues",
        data="{",
        headers={"PRIVATE-TOKEN": gitlab.token, "Content-Type": "application/json"},
    )
    assert 400 == answer.status_code


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "title is missing"),
        ({"title": "x", "confidential": "foo"}, "confidential is invalid"),
        ({"title": "x", "assignee_ids": ["ana"]}, "assignee_ids is invalid"),
        ({"title": "x", "issue_type": "Incident"}, "issue_type does not have a valid value"),
    ],
)
def test_a_parameter_of_the_wrong_kind_is_named(gitlab, fields, error):
    answer = gitlab.post(f"{P}/issues", **fields)
    assert (400, {"error": error}) == (answer.status_code, answer.json())


@pytest.mark.parametrize("query", [{"page": "0"}, {"per_page": "0"}, {"page": "x"}, {"state": "open"}, {"iids[]": "x"}])
def test_a_filter_of_the_wrong_kind_is_refused(gitlab, query):
    assert 400 == gitlab.get(f"{P}/issues", **query).status_code


def test_an_iid_must_be_a_number(gitlab):
    assert {"error": "issue_iid is invalid"} == gitlab.get(f"{P}/issues/one").json()
