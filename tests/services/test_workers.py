"""Workers on several machines, over one Redis and one PostgreSQL: killed, without broker, without database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine, func, make_url, select, text, update

import migrations
from models import (
    Database,
    ItemStatus,
    JobItem,
    JobProgress,
    JobStatus,
    Presence,
    ProductSyncStatus,
    Shop,
    SyncStatus,
    now,
)
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from settings import Settings
from sync import jobs
from sync.selection import Selection
from tasks.actors import bulk_sync_products, reap
from tasks.broker import build
from tests.conftest import SERVERS, make_services, server_database
from tests.factories import make_product, make_shop
from tests.processes import Processes, wait_until

PRODUCTS = 150


class House:
    """A shop, products that are not in it yet, and processes that share one Redis and one PostgreSQL."""

    def __init__(self, database: Database, sandbox: Sandbox, key: str, folder: Path, redis_url: str) -> None:
        self.database, self.sandbox, self.redis_url = database, sandbox, redis_url
        self.services = make_services(database, key, folder / "media")
        self.client = PrestaShopClient(sandbox.address, sandbox.key)
        self.broker = build(Settings(broker_url=redis_url))
        logs = folder / "logs"
        logs.mkdir()
        self.processes = Processes(
            {
                "BROKER_URL": redis_url,
                "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
                "SHOPFERRY_DATA_DIR": str(folder),
                "SHOPFERRY_ENCRYPTION_KEYS": key,
                "SHOPFERRY_RETRY_DELAYS": "0.3,0.3,0.3",
                "SHOPFERRY_MESSAGE_HEARTBEAT": "2",
                "SHOPFERRY_CLAIM_SECONDS": "3",
                "SHOPFERRY_CHUNK_SIZE": "10",
            },
            logs,
        )
        with database.write() as session:
            shop = make_shop(session, self.services, sandbox.address, sandbox.key, max_concurrency=2)
            for number in range(PRODUCTS):
                make_product(session, f"SKU-{number:04}")
            self.job = jobs.open_push(session, session.get_one(Shop, shop.id), Selection("all")).id

    def send(self, actor: object, *arguments: int) -> None:
        message = actor.message(*arguments)  # type: ignore[attr-defined]
        self.broker.declare_queue(message.queue_name)
        self.broker.enqueue(message)

    def in_shop(self) -> int:
        return self.client.count("products")

    def row(self) -> JobProgress:
        with self.database.read() as session:
            return jobs.get(session, self.job)

    def check(self) -> None:
        """Ended by itself, every item settled, nothing doubled, nothing held by anybody."""
        wait_until(lambda: self.row().completed_at is not None, "the job's end", 60)
        row = self.row()
        assert (row.status, row.current_count, row.error_count) == (JobStatus.COMPLETED, PRODUCTS, 0)
        references = [one["reference"] for one in self.client.iterate("products", display=["reference"], page=1000)]
        assert len(references) == len(set(references)) == PRODUCTS
        with self.database.read() as session:
            settled = set(session.scalars(select(JobItem.status)))
            assert settled <= {ItemStatus.PUSHED, ItemStatus.UNCHANGED, ItemStatus.SUPERSEDED}
            assert set(session.scalars(select(ProductSyncStatus.sync_status))) == {SyncStatus.SYNCED}
            bound = func.count(func.distinct(ProductSyncStatus.external_id))
            assert session.scalar(select(bound)) == PRODUCTS
        wait_until(lambda: self._held() == 0, "all claims to be given back", 20)

    def _held(self) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).where(ProductSyncStatus.claimed_by.is_not(None))) or 0


@pytest.fixture
def house(sandbox: Sandbox, redis_url: str, encryption_key: str, tmp_path: Path) -> Iterator[House]:
    with server_database("postgresql") as url:
        database = Database(url)
        migrations.upgrade(database.engine)
        made = House(database, sandbox, encryption_key, tmp_path, redis_url)
        yield made
        made.processes.stop_all()
        database.dispose()


def test_two_machines_share_a_job_and_one_of_them_is_killed(house: House) -> None:
    """Given workers on two machines / When one is killed in the middle / Then the other ends the job alone."""
    first, _second = house.processes.worker(), house.processes.worker()
    house.send(bulk_sync_products, house.job)
    wait_until(lambda: house.in_shop() >= 40, "the first products")
    house.processes.kill(first)
    house.check()


def test_a_broker_that_loses_everything_with_its_workers(house: House) -> None:
    """Given a running job / When the workers are killed and the broker is emptied / Then the reaper takes it up."""
    worker = house.processes.worker()
    house.send(bulk_sync_products, house.job)
    wait_until(lambda: house.in_shop() >= 40, "the first products")
    house.processes.kill(worker)
    redis.Redis.from_url(house.redis_url).flushdb()
    with house.database.write() as session:
        assert session.scalar(select(func.count()).select_from(Presence)) is not None
        session.execute(update(JobProgress).values(due_at=now()))  # as a minute later
    house.processes.worker()
    house.send(reap)
    house.check()


def test_a_database_that_is_away_for_a_while(house: House) -> None:
    """Given a running job / When the database refuses everybody for a while / Then it goes on, nothing is doubled."""
    house.processes.worker()
    house.send(bulk_sync_products, house.job)
    wait_until(lambda: house.in_shop() >= 40, "the first products")
    name = house.database.engine.url.database
    admin = create_engine(make_url(SERVERS["postgresql"]), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(others), {"name": name})
        wait_until(lambda: "does not answer" in house.processes.output(), "the worker's notice")
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    admin.dispose()
    house.database.dispose()
    house.check()
