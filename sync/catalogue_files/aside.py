"""Pieces of a document laid aside until their product comes, in a file of its own, so that memory stays flat."""

import sqlite3
from collections.abc import Iterable, Iterator


class Aside:
    """Texts by a product's key. SQLite keeps an unnamed database in memory until it grows, then on disk."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("PRAGMA cache_size = -2000")
        self._rows.execute("CREATE TABLE aside (key TEXT, piece TEXT)")
        self.empty = True

    def fill(self, pieces: Iterable[tuple[str, str]]) -> "Aside":
        """Lay pieces aside: (key, text)."""
        self._rows.executemany("INSERT INTO aside VALUES (?, ?)", pieces)
        self._rows.execute("CREATE INDEX by_key ON aside (key)")
        self.empty = self._rows.execute("SELECT 1 FROM aside LIMIT 1").fetchone() is None
        return self

    def of(self, key: str) -> Iterator[str]:
        """The pieces of one key, in their order."""
        if not self.empty:
            for (piece,) in self._rows.execute(
                "SELECT piece FROM aside WHERE key = ? ORDER BY rowid", (key,)
            ).fetchall():
                yield piece

    def close(self) -> None:
        self._rows.close()
