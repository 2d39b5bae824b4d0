"""The sandbox's memory: one SQLite database, in a file or in memory, safe to read from any thread."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from threading import RLock
from typing import Any

from msgspec.structs import astuple

from incidentops.sandbox.seed import COMPONENTS, GROUP_LABELS, Seed

DatabaseRow = dict[str, Any]
_FIRST_ITEM_ID = 41000
"""Ids start far from iids, so that a client that confuses them fails."""
_NOW = "SELECT max(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), strftime('%Y-%m-%dT%H:%M:%fZ', ?, '+0.001 seconds'))"


class Store:
    """Rows in, rows out. Every method may be called from any thread."""

    def __init__(self, path: str = ":memory:", seed: Seed | None = None) -> None:
        self.seed = seed or Seed()
        self._lock = RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._last = "0000-01-01T00:00:00.000Z"
        self._db.executescript(resources.files(__package__).joinpath("store.sql").read_text(encoding="utf-8"))
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._plant()

    def all(self, query: str, *values: object) -> list[DatabaseRow]:
        """Every row of a query."""
        with self._lock:
            cursor = self._db.execute(query, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def rows(self, table: str, order: str = "rowid", **where: Any) -> list[DatabaseRow]:
        """Every row of a table whose columns have these values."""
        condition = " AND ".join(f"{column} = ?" for column in where) or "1"
        return self.all(f"SELECT * FROM {table} WHERE {condition} ORDER BY {order}", *where.values())  # noqa: S608

    def find(self, table: str, **where: Any) -> DatabaseRow | None:
        """The first of those rows, if there is one."""
        return next(iter(self.rows(table, **where)), None)

    def run(self, statement: str, *values: object) -> int:
        """Run a statement; returns the id of the row it inserted, if it did."""
        with self._lock:
            return self._db.execute(statement, values).lastrowid or 0

    def insert(self, table: str, **values: object) -> int:
        """Add a row; returns its id."""
        marks = ", ".join("?" * len(values))
        return self.run(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", *values.values())  # noqa: S608

    def update(self, table: str, key: int, **values: object) -> None:
        """Change columns of the row with this id."""
        columns = ", ".join(f"{column} = ?" for column in values)
        self.run(f"UPDATE {table} SET {columns} WHERE rowid = ?", *values.values(), key)  # noqa: S608

    def number(self, query: str, *values: object) -> int:
        """The first value of the first row, as a whole number; 0 when there is none."""
        with self._lock:
            found = self._db.execute(query, values).fetchone()
        return int(found[0] or 0) if found else 0

    def count(self, table: str, **where: object) -> int:
        """How many rows of a table have these values."""
        condition = " AND ".join(f"{column} = ?" for column in where) or "1"
        return self.number(f"SELECT count(*) FROM {table} WHERE {condition}", *where.values())  # noqa: S608

    def now(self) -> str:
        """The server's clock, in UTC with milliseconds; no two calls return the same moment."""
        with self._lock:
            (self._last,) = self._db.execute(_NOW, (self._last,)).fetchone()
            return self._last

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all of it or nothing; a transaction inside another belongs to the outer one."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            with self._db:
                self._db.execute("BEGIN")
                yield

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()

    def _plant(self) -> None:
        """Add what the seed has and the file does not have yet."""
        with self.transaction():
            for user in self.seed.people:
                self.run("INSERT OR IGNORE INTO users (username, name, level, bot) VALUES (?, ?, ?, ?)", *astuple(user))
            if self.rows("pairs"):
                return
            self.insert("sqlite_sequence", name="items", seq=_FIRST_ITEM_ID)
            for name, color, description in GROUP_LABELS:
                self.insert("labels", name=name, color=color, description=description, inherited=True)
            for component in COMPONENTS:
                self.insert("pairs", pair=component.pair, status=100, updated=self.now())
