"""What came of a commit whose answer was lost: written, or not, by looking."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from prestashop_client.database import Connection, Layout
from prestashop_client.database.errors import DatabaseError, DatabaseUnavailable, UncertainCommit
from sync.direct.change import Change
from sync.direct.findings import Findings, find
from sync.direct.staging import lay_tables, stage

PAUSES = (0.0, 0.5, 2.0)  # seconds before each attempt to connect again


def recall(
    connect: Callable[[], Connection], layout: Layout, changes: Sequence[Change], planned: Findings
) -> tuple[Connection, frozenset[int]]:
    """A new connection, and the products that differ again though the commit took place.

    Raises DatabaseUnavailable where it did not (nothing was written), UncertainCommit where nobody can tell.
    """
    connection: Connection | None = None
    try:
        connection = _connect_again(connect)
        _wait_for_the_end(connection, layout, planned.changed[0])
        found = _look(connection, layout, changes)
    except DatabaseError as error:
        if connection is not None:
            connection.close()
        raise UncertainCommit(
            f"the connection broke during the commit, and looking failed: {error.message}", maybe_written=True
        ) from None
    again = frozenset(found.changed).intersection(planned.changed)
    if len(again) == len(planned.changed):
        connection.close()
        raise DatabaseUnavailable("the connection broke before the commit; nothing of the batch was written")
    return connection, again


def _connect_again(connect: Callable[[], Connection]) -> Connection:
    last: DatabaseError | None = None
    for pause in PAUSES:
        time.sleep(pause)
        try:
            return connect()
        except DatabaseUnavailable as error:
            last = error
    raise last or DatabaseUnavailable("no connection")


def _wait_for_the_end(connection: Connection, layout: Layout, product: int) -> None:
    """Have a lock on a row that the lost transaction wrote: it is over then, one way or the other.

    Without it, a transaction that still waits for its COMMIT would look like one that was rolled back.
    """
    connection.execute(
        f"UPDATE {layout.table('product_shop')} SET date_upd = date_upd WHERE id_product = %s AND id_shop = %s",
        (product, layout.id_shop),
    )


def _look(connection: Connection, layout: Layout, changes: Sequence[Change]) -> Findings:
    lay_tables(connection)
    staged = stage(connection, changes, layout.languages)
    with connection.transaction(read_only=True):
        return find(connection, layout, staged)
