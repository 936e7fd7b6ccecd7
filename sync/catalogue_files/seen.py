"""Remembers which SKUs a file had already, in a file of its own, so that memory stays flat."""

import sqlite3
from types import TracebackType


class Seen:
    """SKUs and the place of each. SQLite keeps an unnamed database in memory until it grows, then on disk."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("PRAGMA cache_size = -2000")
        self._rows.execute("CREATE TABLE seen (sku TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID")
        self._rows.execute("BEGIN")

    def __enter__(self) -> "Seen":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()

    def before(self, sku: str, place: str) -> str | None:
        """Where the SKU stood before; None when it is new, and then it is remembered."""
        if self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (sku, place)).rowcount:
            return None
        known: tuple[str] = self._rows.execute("SELECT place FROM seen WHERE sku = ?", (sku,)).fetchone()
        return known[0]
