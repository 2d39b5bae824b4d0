import pytest

from incidentops.sandbox.seed import EXPIRED_TOKEN, READ_TOKEN

P = "/projects/1217"


def test_no_token_and_a_wrong_token_are_unauthorized(gitlab):
    for token in ("", "nonsense"):
        gitlab.token = token
        answer = gitlab.get(P)
        assert (401, {"message": "401 Unauthorized"}) == (answer.status_code, answer.json())


def test_an_expired_token_has_its_own_error(gitlab):
    gitlab.token = EXPIRED_TOKEN
    answer = gitlab.get("/user")
    message = "Token is expired. You can either do re-authorization or token refresh."
    assert (401, {"error": "invalid_token", "error_description": message}) == (answer.status_code, answer.json())


def test_a_token_that_only_reads_cannot_write(gitlab):
    gitlab.token = READ_TOKEN
    assert gitlab.get(P).status_code == 200
    answer = gitlab.post(f"{P}/issues", title="x")
    assert (403, "insufficient_scope") == (answer.status_code, answer.json()["error"])


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer sandbox-ana"}, {"PRIVATE-TOKEN": "sandbox-ana"}])
def test_a_token_may_stand_in_either_header(gitlab, headers):
    answer = gitlab.session.get(f"{gitlab.box.url}/api/v4/user", headers=headers)
    assert "ana" == answer.json()["username"]


def test_a_token_may_stand_in_the_query_and_is_masked_in_the_log(gitlab):
    gitlab.token = ""
    assert gitlab.get("/user", private_token="sandbox-ana").json()["username"] == "ana"
    assert "sandbox-ana" not in repr(gitlab.box.requests())


@pytest.mark.parametrize("project", ["1217", "acme%2Fproduction"])
def test_the_project_goes_by_id_and_by_encoded_path(gitlab, project):
    assert gitlab.get(f"/projects/{project}").json()["path_with_namespace"] == "acme/production"


@pytest.mark.parametrize("project", ["1", "acme%2Fother", "acme%252Fproduction"])
def test_an_unknown_project_is_not_found(gitlab, project):
    answer = gitlab.get(f"/projects/{project}/issues")
    assert (404, {"message": "404 Project Not Found"}) == (answer.status_code, answer.json())


def test_an_unknown_group_is_not_found(gitlab):
    assert gitlab.get("/groups/acme/labels").status_code == 200
    assert gitlab.get("/groups/other/labels").json() == {"message": "404 Group Not Found"}


def test_without_access_the_project_is_not_found(gitlab):
    assert gitlab.by("out").get(P).status_code == 404
