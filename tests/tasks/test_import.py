"""Importing a shop: everything arrives, once, and what was imported is in step."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import func, select

from models import (
    Category,
    Combination,
    ItemStatus,
    JobItem,
    JobStatus,
    Product,
    ProductFeature,
    ProductImage,
    ProductSyncStatus,
    Shop,
    SpecificPrice,
)
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.intake import ImportSelection, open_import
from sync.selection import Selection
from sync.services import Services
from sync.shops import apply_report
from sync.shops import test_connection as check_connection
from tasks.actors import bulk_import_products, bulk_sync_products
from tests.factories import make_product, make_shop
from tests.tasks.conftest import Run

RECORDED = Path(__file__).parent.parent / "data" / "recorded"
QUEUES = ("import", "prestashop_sync", "default")
WRITES = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def demo() -> Iterator[Sandbox]:
    """A shop with PrestaShop's recorded demo catalogue."""
    with Sandbox.running(load=RECORDED) as running:
        yield running


class Intake:
    """A shop, and what comes of importing it."""

    def __init__(self, services: Services, run: Run, sandbox: Sandbox) -> None:
        self.services, self.run, self.sandbox = services, run, sandbox
        with services.db.write() as session:
            shop = make_shop(
                session, services, sandbox.address, sandbox.key, languages={}, tax_rules_groups={}, name=sandbox.address
            )
            apply_report(shop, check_connection(services, shop))
            self.shop_id = shop.id

    def imports(self, selection: ImportSelection | None = None) -> int:
        """Import, and the job's id."""
        with self.services.db.write() as session:
            job = open_import(session, session.get_one(Shop, self.shop_id), selection or ImportSelection("all"))
        bulk_import_products.send(job.id)
        self.run.until_idle(*QUEUES)
        return job.id

    def pushes(self) -> int:
        """Push everything, and the job's id."""
        with self.services.db.write() as session:
            job = jobs.open_push(session, session.get_one(Shop, self.shop_id), Selection("all"))
        bulk_sync_products.send(job.id)
        self.run.until_idle(*QUEUES)
        return job.id

    def counts(self, progress_id: int) -> dict[str, int]:
        """Items by what became of them."""
        with self.services.db.read() as session:
            job = jobs.get(session, progress_id)
            assert job.completed_at is not None, job.status
            query = select(func.coalesce(JobItem.operation, JobItem.status), func.count())
            rows = session.execute(query.where(JobItem.progress_id == progress_id).group_by(query.selected_columns[0]))
            return {word: number for word, number in rows}  # noqa: C416

    def errors(self, progress_id: int) -> list[str]:
        with self.services.db.read() as session:
            query = select(JobItem.error).where(JobItem.progress_id == progress_id, JobItem.error.is_not(None))
            return [error or "" for error in session.scalars(query.order_by(JobItem.id))]

    def writes(self) -> list[str]:
        """What was written to the shop so far."""
        return [f"{one.method} {one.path}" for one in self.sandbox.requests if one.method in WRITES]

    @property
    def client(self) -> PrestaShopClient:
        return PrestaShopClient(self.sandbox.address, self.sandbox.key)


@pytest.fixture
def intake(broker: StubBroker, in_tasks: Services, run: Run, demo: Sandbox) -> Intake:
    return Intake(in_tasks, run, demo)


def test_a_whole_shop_arrives_and_is_in_step(intake: Intake) -> None:
    job = intake.imports()
    assert intake.errors(job) == []
    assert intake.counts(job) == {"imported": 19}
    assert intake.writes() == []
    assert intake.counts(intake.pushes()) == {"unchanged": 19}
    assert intake.writes() == []
