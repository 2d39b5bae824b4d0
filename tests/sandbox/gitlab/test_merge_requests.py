P = "/projects/1217"


def test_a_merge_request_is_opened_listed_and_read(gitlab):
    fields = {"title": "Declare", "source_branch": "incident", "target_branch": "main", "description": "cc @ana"}
    made = gitlab.post(f"{P}/merge_requests", **fields)
    assert (201, "acme/production!1") == (made.status_code, made.json()["references"]["full"])
    assert [1] == [found["iid"] for found in gitlab.get(f"{P}/merge_requests", source_branch="incident").json()]
    assert [] == gitlab.get(f"{P}/merge_requests", source_branch="other").json()
    assert "main" == gitlab.get(f"{P}/merge_requests/1").json()["target_branch"]
    assert 404 == gitlab.get(f"{P}/issues/1").status_code


def test_a_second_one_for_the_same_branch_conflicts(gitlab):
    fields = {"title": "x", "source_branch": "a", "target_branch": "main"}
    gitlab.post(f"{P}/merge_requests", **fields)
    again = gitlab.post(f"{P}/merge_requests", **fields)
    message = ["Another open merge request already exists for this source branch: !1"]
    assert (409, {"message": message}) == (again.status_code, again.json())


def test_branches_must_be_named(gitlab):
    answer = gitlab.post(f"{P}/merge_requests", title="x")
    assert {"error": "source_branch is missing, target_branch is missing"} == answer.json()
