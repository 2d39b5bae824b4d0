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


def test_a_file_keeps_what_landed_and_takes_new_people(tmp_path):
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


def test_one_is_none_when_there_is_no_row(store):
    assert store.one("SELECT * FROM items") is None
    assert store.number("SELECT id FROM items") == 0
