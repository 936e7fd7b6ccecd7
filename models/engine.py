"""The database: one engine, its sessions, and how each server is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

BUSY_TIMEOUT_MS = 15_000


class Database:
    """One database. `read()` and `write()` give a session each; `write()` commits when its block ends.

    On SQLite `write()` takes the write lock at once (BEGIN IMMEDIATE): a transaction that reads first and
    writes later would otherwise fail as "database is locked" without waiting.
    """

    def __init__(self, url: str, **engine_options: Any) -> None:
        self.engine = make_engine(url, **engine_options)
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to read with; what it changes is not kept."""
        with self.sessions() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on any error."""
        with self.sessions.begin() as session:
            take_write_lock(session)
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def take_write_lock(session: Session) -> None:
    """Begin the session's transaction as a writing one. To be called before its first statement."""
    session.connection(execution_options={"shopferry_writes": True})


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for a SQLAlchemy URL, with the settings that Shopferry needs on that server."""
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        engine = create_engine(url, **options)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = {"pool_pre_ping": True, "isolation_level": "READ COMMITTED", **options}
    return create_engine(url, **options)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to say, see _begin_sqlite
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("shopferry_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
