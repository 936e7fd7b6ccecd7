"""A shop that is told what can be ordered: the push leaves that alone until availability is off."""

from decimal import Decimal
from typing import Any

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select, update

from models import JobProgress, Offer, Product, ProductSyncStatus, Shop, ShopAvailability
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.availability.job import open_availability
from sync.availability.told import switched_off
from sync.catalogue import touch
from sync.selection import Selection
from sync.services import Services
from tasks import availability_actors  # noqa: F401 - its actors are to be known
from tasks.actors import bulk_sync_products
from tests.availability_scene import add_offer, add_settings, add_supplier, shown
from tests.factories import make_product, make_shop, texts
from tests.tasks.conftest import Run

TOLD = {"now": {1: "In stock", 2: "Jest"}, "later": {1: "Ships in 2 days", 2: "2 dni"}, "stock": {0: (1, 40)}}
OURS = {"now": {1: "Here", 2: "Here (pl)"}, "later": {1: "Soon", 2: "Soon (pl)"}, "stock": {0: (1, 7)}}


class World:
    """A mug that is in the shop by a push, and that a supplier offers."""

    def __init__(self, services: Services, sandbox: Sandbox, run: Run) -> None:
        self.services, self.run = services, run
        self.client = PrestaShopClient(sandbox.address, sandbox.key)
        with services.db.write() as session:
            self.shop_id = make_shop(session, services, sandbox.address, sandbox.key).id
            add_settings(session, self.shop_id, write_quantities=True)
            said = texts("Mug", available_now="Here", available_later="Soon")
            self.product_id = make_product(session, "MUG", texts=said, quantity=7).id
            add_offer(session, self.product_id, add_supplier(session), stock_quantity=40, delivery_days=2)
        self.push()
        self.tell()

    def push(self, kind: str = "all", **options: Any) -> JobProgress:
        with self.services.db.write() as session:
            job = jobs.open_push(session, session.get_one(Shop, self.shop_id), Selection(kind), **options).id
        return self.finish(job)

    def tell(self, **options: Any) -> JobProgress:
        with self.services.db.write() as session:
            job = open_availability(session, self.shop_id, **options).id
        return self.finish(job)

    def finish(self, number: int) -> JobProgress:
        bulk_sync_products.send(number)
        self.run.until_idle("prestashop_high", "prestashop_sync", "default")
        with self.services.db.read() as session:
            job = jobs.get(session, number)
            assert job.status == "completed", job.error_details
            return job

    def edit(self, **values: Any) -> None:
        with self.services.db.write() as session:
            product = session.get_one(Product, self.product_id)
            for name, value in values.items():
                setattr(product, name, value)
            session.flush()
            touch(session, [product.id])

    def switch(self, on: bool) -> None:
        with self.services.db.write() as session:
            session.get_one(ShopAvailability, self.shop_id).active = on
            if not on:
                switched_off(session, self.shop_id)

    @property
    def link(self) -> ProductSyncStatus:
        with self.services.db.read() as session:
            return session.scalars(select(ProductSyncStatus)).one()

    @property
    def there(self) -> dict[str, Any]:
        number = self.link.external_id or 0
        return shown(self.client, [number])[number]


@pytest.fixture
def world(broker: StubBroker, run: Run, in_tasks: Services, sandbox: Sandbox) -> World:
    return World(in_tasks, sandbox, run)


@pytest.mark.parametrize("options", [{}, {"force": True}, {"mode": "availability", "force": True}])
def test_a_push_leaves_alone_what_was_told(world: World, options: dict[str, Any]) -> None:
    assert world.there == TOLD
    world.edit(texts=texts("Cup", available_now="Ours", available_later="Ours"), quantity=9, weight=Decimal(2))
    world.push(**options)
    assert world.there == TOLD
    if not options:
        number = world.link.external_id or 0
        assert world.client.get("products", number, display=["id", "name"])["name"][1] == "Cup"
        assert world.tell().total_count == 0


def test_switched_off_the_push_has_the_fields_again(world: World) -> None:
    world.switch(on=False)
    assert world.push("changed").summary["pushed"] == 1
    assert world.there == OURS
    assert world.push("changed").total_count == 0
    world.switch(on=True)
    assert world.tell().summary["pushed"] == 1
    assert world.there == TOLD


def test_they_are_given_back_too_after_pushes_in_between(world: World) -> None:
    world.edit(quantity=9)
    world.push()
    world.switch(on=False)
    world.push("changed")
    assert world.there == {**OURS, "stock": {0: (1, 9)}}


def test_what_the_settings_do_not_say_stays_the_pushs(world: World) -> None:
    world.push()
    silent = {iso: {"unavailable": "-", "delivery": {"other": "{days}"}} for iso in ("en", "pl")}
    with world.services.db.write() as session:
        row = session.get_one(ShopAvailability, world.shop_id)
        row.texts, row.write_quantities = silent, False
    world.tell()
    world.push()
    assert world.there == {"now": OURS["now"], "later": {1: "2", 2: "2"}, "stock": {0: (1, 7)}}


def test_a_product_that_the_push_made_anew_is_told_anew(world: World) -> None:
    world.client.delete("products", world.link.external_id or 0)
    world.edit(weight=Decimal(2))
    world.push()
    assert world.tell().summary["pushed"] == 1
    assert world.there == TOLD


def test_the_quantities_of_combinations_stay_the_pushs(world: World) -> None:
    from models import Combination
    from tests.unit.sync.content.test_combinations import option

    def quantity() -> str:
        rows = world.client.list(
            "stock_availables",
            filters={"id_product": world.link.external_id},
            display=["id_product_attribute", "quantity"],
        )
        return next(str(row["quantity"]) for row in rows if str(row["id_product_attribute"]) != "0")

    world.edit(combinations=[Combination(sku="MUG-S", options=option("S9"), quantity=3)])
    world.push()
    with world.services.db.write() as session:
        session.execute(update(Offer).values(stock_quantity=50))
    world.tell()
    with world.services.db.write() as session:
        session.scalars(select(Combination)).one().quantity = 4
    world.edit()
    world.push()
    assert quantity() == "4"
