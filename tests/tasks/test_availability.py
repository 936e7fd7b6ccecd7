"""Availability into a shop over the web service, with a real worker and a sandbox."""

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select, update

from models import JobItem, JobProgress, JobStatus, Offer
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.availability.job import AvailabilityBusy, AvailabilityOff, open_availability
from sync.services import Services
from tasks.actors import bulk_sync_products
from tasks.availability_actors import sync_supplier_availability
from tests.availability_scene import (
    add_settings,
    combination_in_shop,
    links,
    offered_products,
    products_in_shop,
    shown,
)
from tests.factories import make_shop
from tests.tasks.conftest import Run

OFFERS = ({"stock_quantity": 9, "delivery_days": 2}, {"stock_quantity": 4}, {"is_available": False})


class Shop:
    """A sandbox shop with three products that a supplier offers; the last has a combination."""

    def __init__(self, services: Services, sandbox: Sandbox, run: Run) -> None:
        self.services, self.run, self.sandbox = services, run, sandbox
        self.client = PrestaShopClient(sandbox.address, sandbox.key)
        self.there = products_in_shop(self.client, 3)
        combination_in_shop(self.client, self.there[2])
        with services.db.write() as session:
            self.id = make_shop(session, services, sandbox.address, sandbox.key).id
            add_settings(session, self.id)
        self.ids = offered_products(services, self.id, self.there, OFFERS)

    def tell(self, **options: object) -> JobProgress:
        with self.services.db.write() as session:
            job = open_availability(session, self.id, **options).id  # type: ignore[arg-type]
        bulk_sync_products.send(job)
        self.run.until_idle("prestashop_high", "prestashop_sync", "default")
        with self.services.db.read() as session:
            return jobs.get(session, job)

    def shown(self) -> dict[int, dict[str, object]]:
        return shown(self.client, self.there)


@pytest.fixture
def shop(broker: StubBroker, run: Run, in_tasks: Services, sandbox: Sandbox) -> Shop:
    return Shop(in_tasks, sandbox, run)


def test_a_shop_is_told_in_all_its_languages_and_stock_rows(shop: Shop) -> None:
    job = shop.tell()
    assert (job.status, job.current_count, job.total_count) == (JobStatus.COMPLETED, 3, 3), job.error_details
    first, second, third = (shop.shown()[number] for number in shop.there)
    assert first["later"] == {1: "Ships in 2 days", 2: "2 dni"}
    assert first["now"] == {1: "In stock", 2: "Jest"}
    assert first["stock"] == {0: (1, 0)}
    assert second["later"] == {1: "Sold out", 2: "Brak"}
    assert second["stock"] == {0: (0, 0)}
    assert {out for out, _ in dict(third["stock"]).values()} == {0}  # type: ignore[call-overload]
    assert len(dict(third["stock"])) == 2  # type: ignore[call-overload]


def test_what_was_told_is_remembered_and_not_told_again(shop: Shop) -> None:
    shop.tell()
    sent = links(shop.services)[shop.ids[shop.there[0]]]
    assert sent.availability is not None
    assert sent.availability["out_of_stock"] == 1
    assert sent.availability_sent_at is not None
    job = shop.tell()
    assert (job.status, job.total_count) == (JobStatus.COMPLETED, 0)
    with shop.services.db.write() as session:
        session.execute(update(Offer).where(Offer.product_id == shop.ids[shop.there[0]]).values(stock_quantity=0))
    job = shop.tell()
    assert (job.total_count, job.summary["pushed"]) == (1, 1)
    assert shop.shown()[shop.there[0]]["later"] == {1: "Sold out", 2: "Brak"}


def test_everything_is_told_when_asked_for(shop: Shop) -> None:
    shop.tell()
    shop.client.patch("products", shop.there[0], {"available_later": {1: "by hand", 2: "recznie"}})
    assert shop.tell(everything=True).total_count == 3
    assert shop.shown()[shop.there[0]]["later"] == {1: "Ships in 2 days", 2: "2 dni"}


def test_a_product_that_is_gone_there_is_skipped_and_not_remembered(shop: Shop) -> None:
    shop.client.delete("products", shop.there[1])
    job = shop.tell()
    assert job.status == JobStatus.COMPLETED
    with shop.services.db.read() as session:
        item = session.scalars(select(JobItem).where(JobItem.product_id == shop.ids[shop.there[1]])).one()
    assert item.status == "skipped"
    assert links(shop.services)[shop.ids[shop.there[1]]].availability is None


def test_it_happens_once_at_a_time_and_only_where_it_is_set_up(shop: Shop) -> None:
    with shop.services.db.write() as session:
        open_availability(session, shop.id)
    with pytest.raises(AvailabilityBusy), shop.services.db.write() as session:
        open_availability(session, shop.id)
    with shop.services.db.write() as session:
        other = make_shop(session, shop.services, shop.sandbox.address, shop.sandbox.key, name="Other").id
    with pytest.raises(AvailabilityOff), shop.services.db.write() as session:
        open_availability(session, other)


def test_the_actor_opens_the_job_itself(shop: Shop) -> None:
    sync_supplier_availability.send(shop.id)
    shop.run.until_idle("prestashop_high", "prestashop_sync", "default")
    with shop.services.db.read() as session:
        job = session.scalars(select(JobProgress)).one()
    assert (job.kind, job.status, job.current_count) == ("availability", JobStatus.COMPLETED, 3)


def test_few_requests(shop: Shop) -> None:
    there = products_in_shop(shop.client, 500)
    with shop.services.db.write() as session:
        from models import Supplier

        session.delete(session.scalars(select(Supplier)).one())
    offered_products(shop.services, shop.id, there, [{"stock_quantity": n % 10} for n in range(500)])
    before = len(shop.sandbox.requests)
    assert shop.tell().status == JobStatus.COMPLETED
    assert len(shop.sandbox.requests) - before <= 0.03 * 500
