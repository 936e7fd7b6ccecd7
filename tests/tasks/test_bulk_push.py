"""A bulk push from the job's opening to its end, over a real worker and a sandbox shop."""

from decimal import Decimal

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select, update

from models import ItemStatus, JobItem, JobProgress, JobStatus, Product, ProductSyncStatus, Shop, SyncLog, SyncStatus
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.catalogue import touch
from sync.selection import Selection
from sync.services import Services
from tasks.actors import bulk_sync_products
from tests.factories import add_image, make_category, make_product, make_shop, texts
from tests.pictures import png
from tests.tasks.conftest import Run


@pytest.fixture
def shop(in_tasks: Services, sandbox: Sandbox) -> int:
    with in_tasks.db.write() as session:
        return make_shop(session, in_tasks, sandbox.address, sandbox.key).id


@pytest.fixture
def client(sandbox: Sandbox) -> PrestaShopClient:
    return PrestaShopClient(sandbox.address, sandbox.key)


class Pushes:
    """Pushes a selection and gives the job as it ended."""

    def __init__(self, services: Services, run: Run, shop_id: int) -> None:
        self.services, self.run, self.shop_id = services, run, shop_id

    def __call__(self, selection: Selection | None = None) -> JobProgress:
        with self.services.db.write() as session:
            chosen = selection or Selection("all")
            job = jobs.open_push(session, session.get_one(Shop, self.shop_id), chosen)
        bulk_sync_products.send(job.id)
        self.run.until_idle()
        with self.services.db.read() as session:
            return jobs.get(session, job.id)


@pytest.fixture
def push(broker: StubBroker, run: Run, in_tasks: Services, shop: int) -> Pushes:
    return Pushes(in_tasks, run, shop)


def make_products(services: Services, count: int, **values: object) -> None:
    with services.db.write() as session:
        for number in range(count):
            make_product(session, f"SKU-{number:03}", **values)


def link_of(services: Services, sku: str) -> ProductSyncStatus:
    with services.db.read() as session:
        return session.scalars(
            select(ProductSyncStatus)
            .join(Product, Product.id == ProductSyncStatus.product_id)
            .where(Product.sku == sku)
        ).one()


def written(sandbox: Sandbox, resource: str) -> int:
    return len([one for one in sandbox.requests if one.resource == resource and one.method in {"POST", "PATCH", "PUT"}])


def test_products_are_created_with_all_that_they_need(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    with in_tasks.db.write() as session:
        top = make_category(session, "Kitchen")
        leaf = make_category(session, "Mugs", top)
        product = make_product(
            session, "MUG", texts=texts("Mug", description="<p>Round</p>"), price=Decimal("10.5"), tax_rate=Decimal(23),
            manufacturer="Acme", categories=[top, leaf], default_category=leaf, quantity=7,
            ean="5901234123457", weight=Decimal("0.3"),
        )  # fmt: skip
        add_image(session, in_tasks, product, png(1), "front.png")
        add_image(session, in_tasks, product, png(2), "back.png")
    assert push().status == JobStatus.COMPLETED
    found = client.find_by_reference(["MUG"])["MUG"]
    assert len(found) == 1
    stored = client.get("products", found[0]["id"])
    assert stored["name"] == {1: "Mug", 2: "Mug (pl)"}
    assert stored["description"] == {1: "<p>Round</p>", 2: "<p>Round</p> (pl)"}
    assert (stored["price"], stored["ean13"], stored["active"], stored["state"]) == (
        "10.500000", "5901234123457", "1", "1",
    )  # fmt: skip
    assert stored["id_tax_rules_group"] == "1"
    assert client.get("manufacturers", int(stored["id_manufacturer"]))["name"] == "Acme"
    default = client.get("categories", int(stored["id_category_default"]))
    assert default["name"] == {1: "Mugs", 2: "Mugs (pl)"}
    assert client.get("categories", int(default["id_parent"]))["id_parent"] == "2"
    assert len(stored["associations"]["categories"]) == 2
    row = client.get("stock_availables", int(stored["associations"]["stock_availables"][0]["id"]))
    assert row["quantity"] == "7"
    assert len(client.images.list("products", stored["id"])) == 2
    link = link_of(in_tasks, "MUG")
    assert (link.external_id, link.sync_status, link.claimed_by) == (stored["id"], SyncStatus.SYNCED, None)


def test_a_second_push_sends_nothing(in_tasks: Services, push: Pushes, sandbox: Sandbox) -> None:
    make_products(in_tasks, 60)
    push()
    before = len(sandbox.requests)
    job = push()
    assert (job.status, job.summary) == (JobStatus.COMPLETED, {"unchanged": 60})
    assert len(sandbox.requests) == before


def test_only_changed_products_are_selected_as_changed(in_tasks: Services, push: Pushes) -> None:
    make_products(in_tasks, 5)
    push()
    with in_tasks.db.write() as session:
        session.execute(update(Product).where(Product.sku == "SKU-002").values(price=Decimal(1)))
        touch(session, session.scalars(select(Product.id).where(Product.sku == "SKU-002")).all())
    assert push(Selection("changed")).summary == {"pushed": 1}
    assert push(Selection("changed")).summary == {"message": "no products"}


def test_price_changes_of_many_products_share_requests(
    in_tasks: Services, push: Pushes, sandbox: Sandbox, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 100)
    push()
    before = written(sandbox, "products")
    with in_tasks.db.write() as session:
        session.execute(update(Product).values(price=Decimal("3.33")))
    assert push().summary == {"pushed": 100}
    assert written(sandbox, "products") - before == 2
    assert {one["price"] for one in client.list("products", display=["price"])} == {"3.330000"}


def test_a_bad_product_fails_alone(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    make_products(in_tasks, 50)
    with in_tasks.db.write() as session:
        bad = session.scalars(select(Product).where(Product.sku == "SKU-025")).one()
        bad.texts = texts("Mug <b>")
    job = push()
    assert (job.status, job.error_count) == (JobStatus.COMPLETED_WITH_ERRORS, 1)
    assert client.count("products") == 49
    assert "name" in job.error_details[0]["error"]
    link = link_of(in_tasks, "SKU-025")
    assert (link.sync_status, link.retry_count, link.external_id) == (SyncStatus.ERROR, 1, None)
    with in_tasks.db.read() as session:
        assert session.scalars(select(SyncLog.status).where(SyncLog.product_id == link.product_id)).all() == ["error"]


def test_a_product_of_the_shop_is_taken_over_not_doubled(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    there = client.create(
        "products", {"reference": "SKU-000", "price": 5, "name": {1: "Old", 2: "Old"}, "link_rewrite": {1: "o", 2: "o"}}
    )
    make_products(in_tasks, 1)
    assert push().summary == {"pushed": 1}
    assert client.count("products") == 1
    assert link_of(in_tasks, "SKU-000").external_id == there["id"]
    assert client.get("products", there["id"])["name"] == {1: "Product SKU-000", 2: "Product SKU-000 (pl)"}


def test_two_products_with_one_reference_are_refused(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    for _ in range(2):
        client.create("products", {"reference": "SKU-000", "price": 5, "name": {1: "Old", 2: "Old"}})
    make_products(in_tasks, 1)
    assert push().status == JobStatus.FAILED
    assert "2 products with reference 'SKU-000'" in (link_of(in_tasks, "SKU-000").error_message or "")
    assert client.count("products") == 2


def test_a_product_that_was_deleted_in_the_shop_is_made_again(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 3)
    push()
    client.delete("products", link_of(in_tasks, "SKU-001").external_id or 0)
    with in_tasks.db.write() as session:
        session.execute(update(Product).values(price=Decimal("3.33")))
    assert push().summary == {"pushed": 3}
    assert len(client.find_by_reference(["SKU-001"])["SKU-001"]) == 1


def test_an_answer_that_is_lost_after_saving_doubles_nothing(
    in_tasks: Services, push: Pushes, sandbox: Sandbox, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 40)
    sandbox.faults.add("lost", method=("POST",), path="/products", times=1)
    job = push()
    assert job.status == JobStatus.COMPLETED
    assert client.count("products") == 40


def test_a_shop_that_is_down_and_back_loses_nothing(
    in_tasks: Services, push: Pushes, sandbox: Sandbox, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 40)
    sandbox.faults.add("503", path="/products", times=3)
    job = push()
    assert (job.status, job.summary) == (JobStatus.COMPLETED, {"pushed": 40})
    assert client.count("products") == 40
    with in_tasks.db.read() as session:
        assert set(session.scalars(select(JobItem.attempts))) == {1}


def test_a_refused_key_ends_the_job_with_the_shops_name(in_tasks: Services, push: Pushes, shop: int) -> None:
    make_products(in_tasks, 120)
    with in_tasks.db.write() as session:
        session.get_one(Shop, shop).key_encrypted = in_tasks.vault.encrypt("X" * 32)
    job = push()
    assert (job.status, job.error_count) == (JobStatus.FAILED, 120)
    with in_tasks.db.read() as session:
        errors = set(session.scalars(select(JobItem.error)))
    assert any("(Cyan)" in (error or "") for error in errors)
    assert not any("X" * 32 in (error or "") for error in errors)


def test_a_shop_that_is_switched_off_meanwhile_ends_the_job(in_tasks: Services, push: Pushes, shop: int) -> None:
    make_products(in_tasks, 3)
    with in_tasks.db.write() as session:
        job = jobs.open_push(session, session.get_one(Shop, shop), Selection("all"))
        session.get_one(Shop, shop).active = False
    bulk_sync_products.send(job.id)
    push.run.until_idle()
    with in_tasks.db.read() as session:
        assert jobs.get(session, job.id).status == JobStatus.INTERRUPTED
        assert {item.status for item in session.scalars(select(JobItem))} == {ItemStatus.FAILED}
        assert "'Cyan' is not active" in (session.scalars(select(JobItem.error)).first() or "")
