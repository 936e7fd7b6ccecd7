"""The shop's tables in SQLite: made from the definitions, shaped as PrestaShop's own.

One connection behind one lock: a request holds it while it reads and writes, and commits whatever it wrote when it
ends, be the answer good or bad, because PrestaShop has no transactions.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prestashop_client.sandbox import collation
from prestashop_client.sandbox.columns import Column, Stored
from prestashop_client.sandbox.fields import Resource
from prestashop_client.sandbox.tables import INDEXES, LINKS

Row = dict[str, Any]
_CHUNK = 500


class Store:
    """The tables. `path` is a file, or None for memory."""

    def __init__(self, resources: Iterable[Resource], path: str | Path | None = None) -> None:
        self.lock = threading.RLock()
        self.writes = 0
        self._db = sqlite3.connect(str(path or ":memory:"), check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.create_collation("general_ci", collation.compare)
        self._db.create_function("ps_like", 2, collation.matches, deterministic=True)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._make(list(resources))

    def close(self) -> None:
        """Close the connection; the file stays."""
        with self.lock:
            self._db.close()

    @contextmanager
    def request(self) -> Iterator[None]:
        """Hold the shop for one request, and keep what it wrote."""
        with self.lock:
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("COMMIT")

    def _make(self, resources: list[Resource]) -> None:
        with self.request():
            for resource in resources:
                for statement in _tables(resource):
                    self._db.execute(statement)
            for statement in (*LINKS, *INDEXES):
                self._db.execute(statement)

    def rows(self, sql: str, parameters: Sequence[Stored] = ()) -> list[Row]:
        """The rows of a SELECT, as dicts."""
        return [dict(row) for row in self._db.execute(sql, parameters)]

    def row(self, sql: str, parameters: Sequence[Stored] = ()) -> Row | None:
        """The first row, or None."""
        found = self._db.execute(sql, parameters).fetchone()
        return dict(found) if found else None

    def value(self, sql: str, parameters: Sequence[Stored] = ()) -> Any:
        """The first column of the first row, or None."""
        found = self._db.execute(sql, parameters).fetchone()
        return found[0] if found else None

    def column(self, sql: str, parameters: Sequence[Stored] = ()) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self._db.execute(sql, parameters)]

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a writing statement; the number of rows it touched."""
        self.writes += 1
        return self._db.execute(sql, parameters).rowcount

    def insert(self, table: str, values: dict[str, Any], verb: str = "INSERT") -> int:
        """Insert a row; its id."""
        self.writes += 1
        names = ",".join(f'"{name}"' for name in values)
        marks = ",".join("?" * len(values))
        sql = f'{verb} INTO "{table}" ({names}) VALUES ({marks})'
        return self._db.execute(sql, tuple(values.values())).lastrowid or 0

    def update(self, table: str, values: dict[str, Any], where: str, parameters: Sequence[Stored]) -> int:
        """Update rows; how many."""
        self.writes += 1
        sets = ",".join(f'"{name}"=?' for name in values)
        return self._db.execute(f'UPDATE "{table}" SET {sets} WHERE {where}', (*values.values(), *parameters)).rowcount

    def chunks(self, sql: str, ids: Sequence[int]) -> Iterator[Row]:
        """The rows of a SELECT whose `{ids}` stands for a list, asked for in pieces."""
        for start in range(0, len(ids), _CHUNK):
            piece = ids[start : start + _CHUNK]
            for row in self._db.execute(sql.format(ids=",".join("?" * len(piece))), piece):
                yield dict(row)

    def raw_chunks(self, sql: str, ids: Sequence[int]) -> Iterator[Sequence[Any]]:
        """As chunks(), each row as a sequence."""
        for start in range(0, len(ids), _CHUNK):
            piece = ids[start : start + _CHUNK]
            yield from self._db.execute(sql.format(ids=",".join("?" * len(piece))), piece)

    def languages(self) -> list[int]:
        """The ids of all languages."""
        return self.column("SELECT id_lang FROM lang ORDER BY id_lang")

    def setting(self, name: str) -> str:
        """A configuration's value; '' where there is none."""
        found = self.value("SELECT value FROM configuration WHERE name = ?", (name,))
        return "" if found is None else str(found)


def _tables(resource: Resource) -> Iterator[str]:
    def columns(names: Iterable[Any]) -> str:
        return "".join(f', "{f.name}" {Column.of(f.column).sql}' for f in names)

    stored = [f for f in resource.definition if f.stored]
    table, primary = resource.table, resource.primary
    main = columns(f for f in stored if not f.lang)
    yield f'CREATE TABLE IF NOT EXISTS "{table}" ("{primary}" INTEGER PRIMARY KEY AUTOINCREMENT{main})'
    if resource.shop == "shop":
        own = columns(f for f in stored if f.shop)
        yield (
            f'CREATE TABLE IF NOT EXISTS "{table}_shop" ("{primary}" INTEGER, id_shop INTEGER{own}, '
            f'PRIMARY KEY ("{primary}", id_shop)) WITHOUT ROWID'
        )
    if resource.multilang:
        texts = columns(f for f in stored if f.lang)
        yield (
            f'CREATE TABLE IF NOT EXISTS "{table}_lang" ("{primary}" INTEGER, id_shop INTEGER, '
            f'id_lang INTEGER{texts}, PRIMARY KEY ("{primary}", id_shop, id_lang)) WITHOUT ROWID'
        )
