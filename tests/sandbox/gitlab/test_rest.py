P = "/projects/1217"


def test_the_version_is_shown(gitlab):
    assert "18.9.1-ee" == gitlab.get("/version").json()["version"]
    assert gitlab.get("/metadata").json()["enterprise"] is True


def test_the_bot_knows_itself(gitlab):
    me = gitlab.get("/user").json()
    assert ("incident-bot", True) == (me["username"], me["bot"])


def test_people_are_found_by_their_exact_name(gitlab):
    assert ["ana"] == [user["username"] for user in gitlab.get("/users", username="Ana").json()]
    assert [] == gitlab.get("/users", username="an").json()
    assert ["bo"] == [user["username"] for user in gitlab.get("/users", search="Berg").json()]


def test_a_user_is_read_by_id(gitlab):
    assert "ana" == gitlab.get("/users/2").json()["username"]
    assert {"message": "404 User Not Found"} == gitlab.get("/users/999").json()


def test_members_come_with_their_access_level(gitlab):
    levels = {member["username"]: member["access_level"] for member in gitlab.get(f"{P}/members/all").json()}
    assert (40, 30, 10) == (levels["incident-bot"], levels["ana"], levels["gus"])
    assert "out" not in levels
    assert 30 == gitlab.get(f"{P}/members/all/2").json()["access_level"]
    assert 404 == gitlab.get(f"{P}/members/all/9").status_code
    assert ["bo"] == [m["username"] for m in gitlab.get(f"{P}/members/all", query="bo b").json()]
    assert [2, 3] == [m["id"] for m in gitlab.get(f"{P}/members/all", **{"user_ids[]": [2, 3]}).json()]


def test_what_is_not_served_is_not_found(gitlab):
    answer = gitlab.get("/projects/1217/pipelines")
    assert (404, {"error": "404 Not Found"}) == (answer.status_code, answer.json())
