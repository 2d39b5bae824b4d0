from concurrent.futures import ThreadPoolExecutor

import pytest

from incidentops.sandbox.seed import Seed
from incidentops.sandbox.store import Store


@pytest.fixture
def store():
    opened = Store()
    yield opened
    opened.close()


def test_a_new_store_holds_the_seed(store):
    assert store.number("SELECT count(*) FROM users") == len(Seed().people)
    assert store.number("SELECT count(*) FROM labels WHERE inherited") == 3


def test_no_two_moments_are_equal(store):
    moments = [store.now() for _ in range(50)]
    assert moments == sorted(set(moments))
    assert all(moment.endswith("Z") and len(moment) == 24 for moment in moments)


def fail_after_deleting(store):
    with store.transaction(), store.transaction():
        store.run("DELETE FROM users")
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing(store):
    with pytest.raises(ZeroDivisionError):
        fail_after_deleting(store)
    assert store.number("SELECT count(*) FROM users")


def test_a_file_keeps_its_rows_and_accepts_new_people(tmp_path):
    path = str(tmp_path / "box.db")
    first = Store(path)
    first.run("DELETE FROM labels WHERE name = 'severity::1'")
    first.close()
    second = Store(path, Seed(users=("zoe",)))
    assert store_names(second) == {"severity::2", "group::on-call"}
    assert second.number("SELECT id FROM users WHERE username = 'zoe'")
    second.close()


def store_names(store):
    return {row["name"] for row in store.all("SELECT name FROM labels")}


def test_threads_may_write_at_the_same_time(store):
    def write(number):
        with store.transaction():
            store.run("INSERT INTO users (username, name, level, bot) VALUES (?, '', 30, 0)", f"user{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    assert store.number("SELECT count(*) FROM users WHERE username LIKE 'user%'") == 40


def test_rows_are_found_by_their_columns_in_the_given_order(store):
    for pair in ("b", "a"):
        store.insert("pairs", pair=pair, status=7, updated="now")
    assert ["b", "a"] == [row["pair"] for row in store.rows("pairs", status=7)]
    assert ["a", "b"] == [row["pair"] for row in store.rows("pairs", "pair", status=7)]
    assert (2, 0) == (store.count("pairs", status=7), store.count("pairs", status=8))
    assert None is store.find("pairs", status=8)


def test_an_update_changes_one_row(store):
    one, other = (store.insert("labels", name=name, color="#000", inherited=False) for name in ("one", "other"))
    store.update("labels", one, color="#fff", description="New")
    assert ("#fff", "New") == (store.find("labels", id=one)["color"], store.find("labels", id=one)["description"])
    assert "#000" == store.find("labels", id=other)["color"]
