def test_another_host_name_is_not_served(sandbox, session):
    """A web page elsewhere that lets its name point to this machine gets nothing."""
    answer = session.get(f"{sandbox.url}/api/v4/user", headers={"Host": "evil.example"})
    assert 400 == answer.status_code


def test_both_services_the_control_and_the_pages_are_served(sandbox, session):
    paths = {"/api/v4/user": 401, "/statusio/v2/incidents/x": 200, "/sandbox/faults": 200, "/": 200, "/nothing": 404}
    assert paths == {path: session.get(f"{sandbox.url}{path}").status_code for path in paths}
