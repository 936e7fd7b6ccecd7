"""One connection to a shop's database: statements, transactions, and errors that say what to do."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn, Self

import pymysql
from pymysql.constants import CLIENT, CR, ER

from prestashop_client.database.errors import (
    AccessRefused,
    DatabaseBusy,
    DatabaseError,
    DatabaseUnavailable,
    GrantMissing,
    StatementRefused,
)
from prestashop_client.database.settings import DatabaseSettings

Row = tuple[Any, ...]

BUSY = {ER.LOCK_WAIT_TIMEOUT, ER.LOCK_DEADLOCK}
REFUSED = {ER.ACCESS_DENIED_ERROR, ER.DBACCESS_DENIED_ERROR, ER.BAD_DB_ERROR, 1698, 1130, 1129, 1820, 1862}
DENIED = {ER.TABLEACCESS_DENIED_ERROR, ER.COLUMNACCESS_DENIED_ERROR, ER.SPECIFIC_ACCESS_DENIED_ERROR}
# The connection is gone, or the server sends it away: shutdown, kill, too many connections, not reachable.
GONE = {
    0, CR.CR_SERVER_GONE_ERROR, CR.CR_SERVER_LOST, CR.CR_CONNECTION_ERROR, CR.CR_CONN_HOST_ERROR, CR.CR_UNKNOWN_HOST,
    ER.SERVER_SHUTDOWN, ER.CON_COUNT_ERROR, ER.TOO_MANY_USER_CONNECTIONS, ER.USER_LIMIT_REACHED, 1158, 1159, 1160,
    1161, 1317, 1927, 4031,
}  # fmt: skip


class Connection:
    """A session that is strict about values, takes READ COMMITTED, and waits `lock_wait` seconds for a row.

    Row counts are of rows that matched, not only of those whose values were otherwise. Autocommit is on outside of
    `transaction()`. Raises the errors of `prestashop_client.database.errors`.
    """

    def __init__(self, settings: DatabaseSettings) -> None:
        self.settings = settings
        try:
            self._raw = _open(settings)
        except pymysql.err.MySQLError as error:
            _translate(error, settings)
        except (OSError, ssl.SSLError) as error:
            raise DatabaseUnavailable(f"{settings.where}: {error}") from None
        self._prepare()

    def _prepare(self) -> None:
        """Strict, whatever the server's default. A binary log of statements cannot take READ COMMITTED."""
        statements_logged = self.one("SELECT @@log_bin AND @@binlog_format = 'STATEMENT'")[0]
        level = "REPEATABLE READ" if statements_logged else "READ COMMITTED"
        self.execute(f"SET SESSION TRANSACTION ISOLATION LEVEL {level}")
        self.execute(
            "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = %s",
            (self.settings.lock_wait,),
        )

    def execute(self, sql: str, values: Sequence[object] | None = None) -> int:
        """Run one statement; how many rows it matched."""
        with self._guard(), self._raw.cursor() as cursor:
            return int(cursor.execute(sql, values))

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """INSERT of many rows in few statements, each below a megabyte."""
        marks = ", ".join(["%s"] * len(columns))
        with self._guard(), self._raw.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def rows(self, sql: str, values: Sequence[object] | None = None) -> list[Row]:
        with self._guard(), self._raw.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def one(self, sql: str, values: Sequence[object] | None = None) -> Row:
        """The first row. Raises LookupError where there is none."""
        found = self.rows(sql, values)
        if not found:
            raise LookupError(sql)
        return found[0]

    @contextlib.contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[None]:
        """Rolls back on any error. The caller commits with `commit()`; what it leaves open is rolled back."""
        self.execute("START TRANSACTION READ ONLY" if read_only else "START TRANSACTION")
        try:
            yield
        finally:
            self.rollback()

    def commit(self) -> None:
        """Raises DatabaseUnavailable with `maybe_written` where the connection breaks meanwhile."""
        try:
            self.execute("COMMIT")
        except DatabaseUnavailable as error:
            raise error.but(maybe_written=True) from None

    def rollback(self) -> None:
        """Undo what is open. A connection that is gone has been rolled back by the server."""
        with contextlib.suppress(DatabaseError):
            self.execute("ROLLBACK")

    def close(self) -> None:
        with contextlib.suppress(pymysql.err.MySQLError, OSError):
            self._raw.close()

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except pymysql.err.MySQLError as error:
            _translate(error, self.settings)
        except OSError as error:
            raise DatabaseUnavailable(f"{self.settings.where}: {error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Connection({self.settings.where})"


def _open(settings: DatabaseSettings) -> pymysql.connections.Connection[Any]:
    return pymysql.connect(
        host=settings.host,
        port=settings.port,
        user=settings.user,
        password=settings.password.reveal(),
        database=settings.name,
        charset="utf8mb4",
        autocommit=True,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        write_timeout=settings.read_timeout,
        client_flag=CLIENT.FOUND_ROWS,
        ssl=ssl.create_default_context(cafile=settings.ca_file) if settings.tls else None,
    )


def _translate(error: pymysql.err.MySQLError, settings: DatabaseSettings) -> NoReturn:
    """Raise ours for PyMySQL's; the message is the server's, without the password."""
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    text = settings.password.redact(str(error.args[-1]) if error.args else type(error).__name__)
    raise _kind(code, error)(f"{settings.where}: {text}", code=code or None) from None


def _kind(code: int, error: pymysql.err.MySQLError) -> type[DatabaseError]:
    if code in BUSY:
        return DatabaseBusy
    if code in REFUSED:
        return AccessRefused
    if code in DENIED:
        return GrantMissing
    if code in GONE or isinstance(error, pymysql.err.InterfaceError):
        return DatabaseUnavailable
    return StatementRefused
