"""A database in which nothing stays: the bookkeeping of a rehearsal."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from models import Database


class ForgetfulDatabase(Database):
    """Reads as the inner one; what is written is rolled back at the end of each `write()`."""

    def __init__(self, inner: Database) -> None:
        self.engine, self.sessions = inner.engine, inner.sessions
        self.inner = inner

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in a transaction of its own, rolled back at the end; its objects may be used on."""
        with self.inner.read() as session:
            yield session
            session.flush()
            session.expunge_all()  # a rollback would expire them
            session.rollback()

    def dispose(self) -> None:
        """The inner one is whose engine it is."""
