import pytest

from incidentops.sandbox.seed import PAIRS


@pytest.fixture
def control(sandbox, session):
    def call(method, path, **options):
        return session.request(method, f"{sandbox.url}/sandbox{path}", **options)

    return call


def test_the_seed_can_be_read(control, sandbox):
    seed = control("GET", "/seed.json").json()
    assert sandbox.environment() == seed["environment"]
    assert PAIRS == {item["name"]: item["pair"] for item in seed["statusio"]["components"]}


def test_faults_are_switched_while_it_runs(control, sandbox):
    answer = control("POST", "/faults", json={"on": ["503:1", "slow"], "lose_reply_of": 3, "slow_seconds": 0.5})
    assert ["503:1", "slow:always"] == answer.json()["on"]
    assert (3, 0.5) == (sandbox.faults.lose_in, sandbox.faults.slow_seconds)
    assert ["503:1"] == control("POST", "/faults", json={"off": ["slow"]}).json()["on"]
    assert 3 == control("GET", "/faults").json()["lose_reply_of"]


@pytest.mark.parametrize("body", ["{", "[]", '{"on": "503"}', '{"on": ["x"]}', '{"no": []}', '{"lose_reply_of": "x"}'])
def test_an_invalid_switch_is_refused_with_the_reason(control, body):
    answer = control("POST", "/faults", data=body)
    assert 400 == answer.status_code
    assert answer.json()["error"]


def test_the_log_can_be_read_from_a_point_on_and_emptied(control, gitlab):
    gitlab.issue("One")
    gitlab.issue("Two")
    rows = control("GET", "/requests.json").json()
    assert [1, 2] == [row["id"] for row in rows]
    assert [2] == [row["id"] for row in control("GET", "/requests.json?since=1").json()]
    assert 204 == control("DELETE", "/requests").status_code
    assert [] == control("GET", "/requests.json?since=x").json()
    assert 2 == len(gitlab.box.issues())
