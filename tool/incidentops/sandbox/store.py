"""The sandbox's memory: one SQLite database, in a file or in memory, safe to read from any thread."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import resources
from threading import RLock
from typing import Any

from incidentops.sandbox.seed import COMPONENTS, GROUP_LABELS, Seed

DatabaseRow = dict[str, Any]
_FIRST_ITEM_ID = 41000
"""Ids start far from iids, so that a client that confuses them is found out."""


class Store:
    """Rows in, rows out. Every method may be called from any thread."""

    def __init__(self, path: str = ":memory:", seed: Seed | None = None) -> None:
        self.seed = seed or Seed()
        self._lock = RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._last = datetime.min.replace(tzinfo=UTC)
        self._depth = 0
        self._db.executescript(resources.files(__package__).joinpath("store.sql").read_text(encoding="utf-8"))
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA foreign_keys=ON")
        self._plant()

    def all(self, query: str, *values: object) -> list[DatabaseRow]:
        """Every row of a query."""
        with self._lock:
            return [dict(row) for row in self._db.execute(query, values)]

    def one(self, query: str, *values: object) -> DatabaseRow | None:
        """The first row of a query, if there is one."""
        found = self.all(query, *values)
        return found[0] if found else None

    def run(self, statement: str, *values: object) -> int:
        """Carry out a statement; returns the id of the row it inserted, if it did."""
        with self._lock:
            return self._db.execute(statement, values).lastrowid or 0

    def number(self, query: str, *values: object) -> int:
        """The first value of the first row, as a whole number; 0 when there is none."""
        with self._lock:
            found = self._db.execute(query, values).fetchone()
        return int(found[0] or 0) if found else 0

    def now(self) -> str:
        """The server's own clock, in UTC with milliseconds; no two calls give the same moment."""
        with self._lock:
            shown = str(self._db.execute("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')").fetchone()[0])
            moment = max(datetime.fromisoformat(shown), self._last + timedelta(milliseconds=1))
            self._last = moment
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; a transaction inside another belongs to the outer one."""
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._db.execute("BEGIN")
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def close(self) -> None:
        """Let the database go."""
        with self._lock:
            self._db.close()

    def _plant(self) -> None:
        """Put in what the seed says and is not there yet: a file that was served before keeps what it has."""
        with self.transaction():
            for person in self.seed.people:
                self.run(
                    "INSERT OR IGNORE INTO users (username, name, level, bot) VALUES (?, ?, ?, ?)",
                    person.username,
                    person.name,
                    person.level,
                    person.bot,
                )
            if self.number("SELECT count(*) FROM pairs"):
                return
            self.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('items', ?)", _FIRST_ITEM_ID)
            for name, color, description in GROUP_LABELS:
                self.run(
                    "INSERT INTO labels (name, color, description, inherited) VALUES (?, ?, ?, 1)",
                    name,
                    color,
                    description,
                )
            for component in COMPONENTS:
                self.run("INSERT INTO pairs (pair, status, updated) VALUES (?, 100, ?)", component.pair, self.now())
