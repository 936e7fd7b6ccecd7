"""A worker killed in the middle of applying a plan: everything planned arrives once."""

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import func, select

from models import ItemStatus, JobItem, JobProgress, JobStatus, ProductSyncStatus, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from settings import Settings
from sync import jobs
from sync.rehearsal.approval import approve, open_plan
from sync.selection import Selection
from sync.services import Services
from tasks.actors import bulk_sync_products
from tasks.broker import build
from tests.factories import make_product, make_shop
from tests.processes import Processes, wait_until

PRODUCTS = 600


class Scene:
    """One shop, products that are not in it, a plan to bring them there, and workers to kill."""

    def __init__(self, services: Services, sandbox: Sandbox, processes: Processes, redis_url: str) -> None:
        self.services, self.sandbox, self.processes = services, sandbox, processes
        self.broker = build(Settings(broker_url=redis_url))
        self.client = PrestaShopClient(sandbox.address, sandbox.key)
        with services.db.write() as session:
            shop = make_shop(session, services, sandbox.address, sandbox.key)
            for number in range(PRODUCTS):
                make_product(session, f"SKU-{number:04}")
            self.job = open_plan(session, session.get_one(Shop, shop.id), Selection("all")).id

    def start(self) -> None:
        message = bulk_sync_products.message(self.job)
        self.broker.declare_queue(message.queue_name)
        self.broker.enqueue(message)

    def progress(self) -> JobProgress:
        with self.services.db.read() as session:
            return jobs.get(session, self.job)

    def approve(self) -> None:
        with self.services.db.write() as session:
            assert approve(session, self.job) == PRODUCTS


@pytest.fixture
def scene(services: Services, sandbox: Sandbox, processes: Processes, redis_url: str) -> Scene:
    assert not isinstance(dramatiq.get_broker(), RedisBroker)
    return Scene(services, sandbox, processes, redis_url)


def test_an_apply_survives_a_killed_worker(scene: Scene) -> None:
    """Given a plan of 600 creates / When its worker is killed while it is applied / Then every product is in the shop
    once, by the plan."""
    scene.start()
    first = scene.processes.worker()
    wait_until(lambda: scene.progress().status == JobStatus.AWAITING_APPROVAL, "the plan")
    assert scene.client.count("products") == 0
    scene.approve()
    scene.start()
    wait_until(lambda: scene.client.count("products") >= 200, "a part of the products")
    scene.processes.kill(first)
    assert scene.progress().completed_at is None
    scene.processes.worker()
    wait_until(lambda: scene.progress().completed_at is not None, "the job's end")
    references = [one["reference"] for one in scene.client.iterate("products", display=["reference"], page=1000)]
    assert len(references) == len(set(references)) == PRODUCTS
    rows = scene.client.iterate("stock_availables", display=["quantity"], page=1000)
    assert {row["quantity"] for row in rows} == {"5"}
    with scene.services.db.read() as session:
        assert set(session.scalars(select(JobItem.status))) == {ItemStatus.PUSHED}
        assert session.scalar(select(func.count(func.distinct(ProductSyncStatus.external_id)))) == PRODUCTS
    assert scene.progress().status == JobStatus.COMPLETED
