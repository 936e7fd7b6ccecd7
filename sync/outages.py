"""Telling a database that is away from a mistake of ours."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

DELAY = 5.0
"""Seconds after which one that met an outage looks again."""


def is_outage(error: BaseException) -> bool:
    """Whether the database was away, or too busy, when this was raised: the same work may go well a moment later."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    # SQLite calls a missing table or column an operational error, too.
    return isinstance(error, OperationalError | InterfaceError) and "no such" not in str(error.orig)
