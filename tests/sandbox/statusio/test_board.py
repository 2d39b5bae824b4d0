import pytest

from incidentops.sandbox.seed import PAIRS
from incidentops.sandbox.statusio.board import Board, Post
from incidentops.sandbox.store import Store

API, PAGES = PAIRS["API"], PAIRS["Pages"]


@pytest.fixture
def board():
    store = Store()
    yield Board(store)
    store.close()


def post(status=400, state=100, details="Text"):
    return Post(details, state, status, {"social": "0"}, "Subject")


def test_an_incident_sets_what_it_touches(board):
    board.create("One", [API, API], post(400))
    assert (400, 100) == (board.statuses()[API], board.statuses()[PAGES])
    board.update(board.rows(resolved=False)[0], post(500))
    assert 500 == board.statuses()[API]


def test_a_resolve_turns_everything_operational_even_under_another_open_incident(board):
    one = board.create("One", [API], post(400))
    board.create("Two", [API], post(500))
    board.resolve(board.store.find("incidents", id=one), post(100, 400))
    assert 100 == board.statuses()[API]


def test_messages_are_kept_oldest_first_and_trimmed(board):
    one = board.create("One", [API], post(details=" First \n"))
    board.update(board.store.find("incidents", id=one), post(details="Second"))
    shown = board.incident(board.store.find("incidents", id=one))["messages"]
    assert ["First", "Second"] == [message["details"] for message in shown]
    assert shown[0]["datetime"] < shown[1]["datetime"]


def test_the_public_summary_shows_open_incidents_newest_message_first(board):
    one = board.create("One", [API], post(details="First"))
    board.update(board.store.find("incidents", id=one), post(details="Second"))
    summary = board.summary()
    assert ["Second", "First"] == [message["details"] for message in summary["incidents"][0]["messages"]]
    assert ("Partial Service Disruption", 400) == (
        summary["status_overall"]["status"],
        summary["status_overall"]["status_code"],
    )


def test_a_deleted_incident_is_gone_with_its_messages(board):
    one = board.create("One", [API], post())
    board.delete(board.store.find("incidents", id=one))
    assert board.store.find("incidents", id=one) is None
    assert [] == board.store.rows("messages", incident=one)


def test_ids_are_of_24_hex_digits_and_differ(board):
    ids = {board.create("One", [API], post()) for _ in range(3)}
    assert len(ids) == 3
    assert all(len(one) == 24 and int(one, 16) for one in ids)


def test_a_pair_that_does_not_exist_is_passed_over(board):
    board.set_pairs(["nonsense"], 500)
    assert {100} == set(board.statuses().values())
