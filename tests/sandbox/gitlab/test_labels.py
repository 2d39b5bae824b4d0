import pytest

P = "/projects/1217"


def test_the_list_includes_what_the_group_gives_and_tells_it_apart(gitlab):
    gitlab.post(f"{P}/labels", name="ours", color="#112233")
    own = {label["name"]: label["is_project_label"] for label in gitlab.get(f"{P}/labels").json()}
    assert own == {"group::on-call": False, "ours": True, "severity::1": False, "severity::2": False}
    without = gitlab.get(f"{P}/labels", include_ancestor_groups="false").json()
    assert ["ours"] == [label["name"] for label in without]


def test_the_list_can_be_searched(gitlab):
    assert ["severity::2"] == [label["name"] for label in gitlab.get(f"{P}/labels", search="Y::2").json()]


def test_the_group_lists_only_its_own(gitlab):
    gitlab.post(f"{P}/labels", name="ours", color="#112233")
    assert 3 == len(gitlab.get("/groups/77/labels").json())
    assert 200 == gitlab.get("/groups/77/labels/severity::1").status_code
    assert 404 == gitlab.get("/groups/77/labels/ours").status_code


def test_a_new_label_is_answered_with_201(gitlab):
    answer = gitlab.post(f"{P}/labels", name=" S::x ", color="red", description="why", priority=3)
    label = answer.json()
    assert 201 == answer.status_code
    assert ("S::x", "#ff0000", "why", 3) == tuple(label[k] for k in ("name", "color", "description", "priority"))


@pytest.mark.parametrize("name", ["ours", "severity::1"])
def test_a_label_that_is_there_already_conflicts_even_when_the_group_has_it(gitlab, name):
    gitlab.post(f"{P}/labels", name="ours", color="#112233")
    answer = gitlab.post(f"{P}/labels", name=name, color="#112233")
    assert (409, {"message": "Label already exists"}) == (answer.status_code, answer.json())


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "x"}, 400),
        ({"name": "a,b", "color": "#123"}, 400),
        ({"name": " ", "color": "#123"}, 400),
        ({"name": "x", "color": "reddish"}, 400),
        ({"name": "x", "color": "#123"}, 201),
    ],
)
def test_a_label_needs_a_name_without_comma_and_a_colour(gitlab, fields, status):
    assert status == gitlab.post(f"{P}/labels", **fields).status_code


def test_a_rename_keeps_the_label_on_its_issues(gitlab):
    issue = gitlab.issue(labels="old")
    assert 200 == gitlab.put(f"{P}/labels/old", new_name="new").status_code
    assert ["new"] == gitlab.read(issue["iid"])["labels"]


def test_a_label_can_be_addressed_in_the_body(gitlab):
    gitlab.post(f"{P}/labels", name="a b", color="#112233")
    assert "#445566" == gitlab.put(f"{P}/labels", name="a b", color="#445566").json()["color"]
    assert 400 == gitlab.put(f"{P}/labels", color="#445566").status_code
    assert 204 == gitlab.call("DELETE", f"{P}/labels", json={"name": "a b"}).status_code


def test_a_label_can_be_addressed_by_encoded_name_and_by_id(gitlab):
    label = gitlab.post(f"{P}/labels", name="a/b::c", color="#112233").json()
    assert label["id"] == gitlab.get(f"{P}/labels/a%2Fb%3A%3Ac").json()["id"]
    assert label["id"] == gitlab.get(f"{P}/labels/{label['id']}").json()["id"]


def test_an_update_must_change_something_and_not_take_a_name_that_is_taken(gitlab):
    gitlab.post(f"{P}/labels", name="ours", color="#112233")
    assert 400 == gitlab.put(f"{P}/labels/ours").status_code
    assert 400 == gitlab.put(f"{P}/labels/ours", new_name="severity::1").status_code


def test_an_inherited_label_cannot_be_changed_through_the_project(gitlab):
    for answer in (gitlab.put(f"{P}/labels/severity::1", color="#000000"), gitlab.delete(f"{P}/labels/severity::1")):
        assert (404, {"message": "404 Label Not Found"}) == (answer.status_code, answer.json())


def test_a_deleted_label_is_gone_from_its_issues(gitlab):
    issue = gitlab.issue(labels="a,b")
    assert 204 == gitlab.delete(f"{P}/labels/a").status_code
    assert ["b"] == gitlab.read(issue["iid"])["labels"]
    assert 404 == gitlab.get(f"{P}/labels/a").status_code


def test_a_guest_may_not_make_labels(gitlab):
    assert 403 == gitlab.by("gus").post(f"{P}/labels", name="x", color="#123").status_code
