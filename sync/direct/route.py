"""The SQL route into one shop: test, look, plan, write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from models.availability import ShopDatabase
from prestashop_client.database import Connection, DatabaseSettings, Layout, examine, read_layout
from prestashop_client.database.known import PURPOSES
from prestashop_client.doctor import Diagnosis
from prestashop_client.secret import Secret
from sync.direct.batch import Batch
from sync.direct.change import Change, Written, total
from sync.direct.dry_run import DryRun, look
from sync.secrets import Vault

# Rows of texts in a batch: its transaction takes some tenths of a second, and MariaDB's own table of new values (2 kB a
# row) stays within 16 MB of memory, its default; beyond, the statement takes half as long again (measured, 10.11).
TEXT_ROWS = 6000


def open_route(database: ShopDatabase, vault: Vault, time_zone: str | None = None) -> ShopSql:
    """The route that is set up for a shop. Raises SecretUnreadable, and ValueError for a prefix that none can be."""
    settings = DatabaseSettings(
        host=database.host,
        port=database.port,
        name=database.name,
        user=database.user,
        password=Secret(vault.decrypt(database.password_encrypted)),
        prefix=database.prefix,
        tls=database.tls,
    )
    return ShopSql(settings, database.id_shop, time_zone)


class ShopSql:
    """A shop's database. Each call makes a connection of its own and closes it; nothing is kept in between.

    time_zone: the shop's own (IANA), for date_upd; without it the database server's clock is taken.
    """

    def __init__(self, settings: DatabaseSettings, id_shop: int, time_zone: str | None = None) -> None:
        self.settings, self.id_shop = settings, id_shop
        self._zone = ZoneInfo(time_zone) if time_zone else None

    def test(self, purposes: Iterable[str] = PURPOSES) -> Diagnosis:
        """Every step on the way to writing, each with what was seen and what to do; never raises DatabaseError."""
        return examine(self.settings, self.id_shop, tuple(purposes))

    def layout(self) -> Layout:
        with self._connect() as connection:
            return read_layout(connection, self.id_shop)

    def plan(self, changes: Iterable[Change], batch: int | None = None) -> DryRun:
        """What `write` would do, with numbers and examples; writes nothing."""
        found = DryRun()
        with self._connect() as connection:
            layout = read_layout(connection, self.id_shop)
            for some in _batched(changes, batch or batch_size(layout)):
                look(connection, layout, some, found)
        return found

    def batches(self, changes: Iterable[Change], batch: int | None = None) -> Iterator[Written]:
        """Write, a transaction a batch; what each gives is committed. Memory holds one batch.

        Raises DatabaseError: what was given before stands, nothing of the batch at hand does (UncertainCommit: nobody
        knows). All may be written again at any time: only what differs is.
        """
        with self._connect() as connection:
            layout = read_layout(connection, self.id_shop)
            with closing(Batch(connection, self._connect, layout, self._now())) as writer:
                for some in _batched(changes, batch or batch_size(layout)):
                    yield writer.write(some)

    def write(self, changes: Iterable[Change], batch: int | None = None) -> Written:
        """All of `batches` as one."""
        return total(self.batches(changes, batch))

    def _connect(self) -> Connection:
        return Connection(self.settings)

    def _now(self) -> Callable[[], datetime] | None:
        zone = self._zone
        return None if zone is None else lambda: datetime.now(zone)


def batch_size(layout: Layout) -> int:
    """Products in a batch, unless the caller says otherwise: 3,000 in a shop of two languages."""
    return max(500, TEXT_ROWS // max(1, len(layout.languages)))


def _batched(changes: Iterable[Change], size: int) -> Iterator[tuple[Change, ...]]:
    given = iter(changes)
    while some := tuple(islice(given, size)):
        yield some
