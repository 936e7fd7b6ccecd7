"""A plan, its apply and its undo on SQLite, PostgreSQL and MariaDB, lane by lane without a broker."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from models import Database, JobItem, JobProgress, JobStatus, Product, ProductSyncStatus, Shop, ShopMapping, now
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs, lanes, stages
from sync.kinds.registry import kind_of
from sync.rehearsal.approval import approve, open_plan
from sync.selection import Selection
from sync.services import Services
from sync.undo.open import open_undo
from tests.conftest import make_services
from tests.factories import make_category, make_product, make_shop


@pytest.fixture
def here(any_database: Database, encryption_key: str, tmp_path: Path) -> Services:
    return make_services(any_database, encryption_key, tmp_path / "media")


@pytest.fixture
def shop_id(here: Services, sandbox: Sandbox) -> int:
    with here.db.write() as session:
        return make_shop(session, here, sandbox.address, sandbox.key).id


def planned(services: Services, shop_id: int) -> JobProgress:
    with services.db.write() as session:
        job = open_plan(session, session.get_one(Shop, shop_id), Selection("all"))
    return worked(services, job.id)


def worked(services: Services, progress_id: int) -> JobProgress:
    """The job after its stage and one lane have worked on it to the end."""
    with services.db.write() as session:
        job = jobs.get(session, progress_id)
        jobs.fill(session, job, kind_of(job.kind))
    stages.prepare(services, progress_id, "lane")
    while True:
        pause = lanes.work_turn(services, progress_id, "lane", 0)
        with services.db.read() as session:
            job = jobs.get(session, progress_id)
        if pause is None or job.status != JobStatus.RUNNING:
            return job


def test_a_plan_is_made_applied_and_undone(here: Services, shop_id: int, sandbox: Sandbox) -> None:
    client = PrestaShopClient(sandbox.address, sandbox.key)
    with here.db.write() as session:
        mugs = make_category(session, "Mugs")
        for number in range(60):
            make_product(session, f"SKU-{number:02}", categories=[mugs], manufacturer="Acme")
    first = planned(here, shop_id)
    assert (first.status, first.current_count) == (JobStatus.AWAITING_APPROVAL, 60)
    with here.db.read() as session:
        assert session.scalar(select(func.count(ShopMapping.id))) == 0
        assert session.scalar(select(func.count(ProductSyncStatus.external_id))) == 0
        assert set(session.scalars(select(ProductSyncStatus.claimed_by))) == {None}
        assert set(session.scalars(select(JobItem.status))) == {"planned"}
    with here.db.write() as session:
        assert approve(session, first.id) == 60
    assert worked(here, first.id).summary["pushed"] == 60
    assert client.count("products") == 60
    with here.db.write() as session:
        session.execute(update(Product).values(price=Decimal(12), changed_at=now()))
    second = planned(here, shop_id)
    with here.db.write() as session:
        approve(session, second.id)
    worked(here, second.id)
    assert {one["price"] for one in client.list("products", display=["price"])} == {"12.000000"}
    with here.db.write() as session:
        undo = open_undo(session, second.id)
    assert worked(here, undo.id).summary == {"pushed": 60}
    assert {one["price"] for one in client.list("products", display=["price"])} == {"19.900000"}
