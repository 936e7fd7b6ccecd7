"""Real workers over a real Redis: killed in the middle, with answers lost, and with the shop down for a while."""

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import func, select

from models import ItemStatus, JobItem, JobStatus, ProductSyncStatus, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from settings import Settings
from sync import jobs
from sync.selection import Selection
from sync.services import Services
from tasks.actors import bulk_sync_products
from tasks.broker import build
from tests.factories import make_product, make_shop
from tests.processes import Processes, wait_until


class Scene:
    """One shop, products that are not in it yet, and the means to push them."""

    def __init__(self, services: Services, sandbox: Sandbox, processes: Processes, redis_url: str) -> None:
        self.services, self.sandbox, self.processes = services, sandbox, processes
        self.broker = build(Settings(broker_url=redis_url))
        self.client = PrestaShopClient(sandbox.address, sandbox.key)

    def start(self, products: int) -> None:
        with self.services.db.write() as session:
            shop = make_shop(session, self.services, self.sandbox.address, self.sandbox.key)
            for number in range(products):
                make_product(session, f"SKU-{number:04}")
            self.job = jobs.open_push(session, session.get_one(Shop, shop.id), Selection("all")).id
        message = bulk_sync_products.message(self.job)
        self.broker.declare_queue(message.queue_name)
        self.broker.enqueue(message)

    def in_shop(self) -> int:
        return self.client.count("products")

    def ended(self) -> bool:
        with self.services.db.read() as session:
            return jobs.get(session, self.job).completed_at is not None

    def check(self, products: int) -> None:
        """Every product once in the shop, every item settled, every link bound, every count exact."""
        references = [one["reference"] for one in self.client.iterate("products", display=["reference"], page=1000)]
        assert len(references) == len(set(references)) == products
        with self.services.db.read() as session:
            job = jobs.get(session, self.job)
            assert (job.status, job.current_count, job.error_count) == (JobStatus.COMPLETED, products, 0)
            assert set(session.scalars(select(JobItem.status))) == {ItemStatus.PUSHED}
            bound = select(func.count(func.distinct(ProductSyncStatus.external_id)))
            assert session.scalar(bound) == products


@pytest.fixture
def scene(services: Services, sandbox: Sandbox, processes: Processes, redis_url: str) -> Scene:
    assert not isinstance(dramatiq.get_broker(), RedisBroker)
    return Scene(services, sandbox, processes, redis_url)


def test_2000_creates_survive_a_killed_worker(scene: Scene) -> None:
    """Given a worker in the middle of 2,000 creates / When it is killed / Then another ends the job, none doubled."""
    scene.start(2000)
    first = scene.processes.worker()
    wait_until(lambda: scene.in_shop() >= 400, "the first 400 products")
    scene.processes.kill(first)
    assert not scene.ended()
    scene.processes.worker()
    wait_until(scene.ended, "the job's end")
    scene.check(2000)


def test_a_shop_that_is_down_for_a_while(scene: Scene) -> None:
    """Given a running push / When the shop is down and comes back / Then every product arrives, none fails."""
    fault = scene.sandbox.faults.add("reset")
    scene.start(120)
    scene.processes.worker()
    wait_until(lambda: len(scene.sandbox.requests) >= 3, "a few requests that fail")
    scene.sandbox.faults.remove(fault)
    wait_until(scene.ended, "the job's end")
    scene.check(120)


def test_answers_that_are_lost_after_saving(scene: Scene) -> None:
    """Given a shop that saves and then does not answer, now and then / Then no product is there twice."""
    scene.sandbox.faults.add("lost", method=("POST",), rate=0.3)
    scene.start(200)
    scene.processes.worker()
    wait_until(scene.ended, "the job's end")
    scene.check(200)
