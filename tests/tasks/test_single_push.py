"""One product, its images, or a category into one shop."""

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select

from models import Product, ProductSyncStatus, Shop, ShopMapping, SyncLog, SyncStatus
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync.catalogue import touch
from sync.services import Services
from tasks.actors import sync_category, sync_images, sync_product
from tests.factories import add_image, make_category, make_product, make_shop
from tests.pictures import png
from tests.tasks.conftest import Run


@pytest.fixture
def shop(broker: StubBroker, in_tasks: Services, sandbox: Sandbox) -> int:
    with in_tasks.db.write() as session:
        return make_shop(session, in_tasks, sandbox.address, sandbox.key).id


@pytest.fixture
def client(sandbox: Sandbox) -> PrestaShopClient:
    return PrestaShopClient(sandbox.address, sandbox.key)


@pytest.fixture
def product(in_tasks: Services, shop: int) -> int:
    with in_tasks.db.write() as session:
        return make_product(session, "MUG").id


def the_link(services: Services) -> ProductSyncStatus:
    with services.db.read() as session:
        return session.scalars(select(ProductSyncStatus)).one()


def test_a_product_is_pushed(in_tasks: Services, run: Run, shop: int, product: int, client: PrestaShopClient) -> None:
    sync_product.send(product, shop)
    run.until_idle()
    assert len(client.find_by_reference(["MUG"])["MUG"]) == 1
    assert the_link(in_tasks).sync_status == SyncStatus.SYNCED


def test_a_shop_that_stays_down_ends_in_an_error_with_the_attempts(
    in_tasks: Services, run: Run, shop: int, product: int, sandbox: Sandbox
) -> None:
    sandbox.faults.add("reset")
    sync_product.send(product, shop)
    run.until_idle()
    link = the_link(in_tasks)
    assert (link.sync_status, link.retry_count, link.claimed_by) == (SyncStatus.ERROR, 4, None)
    assert (link.error_message or "").startswith("given up after 4 attempts")
    with in_tasks.db.read() as session:
        assert session.scalars(select(SyncLog.status).order_by(SyncLog.id)).all() == ["retry"] * 3 + ["error"]


def test_an_inactive_shop_is_refused_by_name_without_a_second_try(
    in_tasks: Services, run: Run, shop: int, product: int, sandbox: Sandbox
) -> None:
    with in_tasks.db.write() as session:
        session.get_one(Shop, shop).active = False
        session.add(ProductSyncStatus(product_id=product, shop_id=shop))
    sync_product.send(product, shop)
    run.until_idle()
    assert "'Cyan' is not active" in (the_link(in_tasks).error_message or "")
    assert len(sandbox.requests) == 0


def test_images_are_uploaded_once_and_follow_the_catalogue(
    in_tasks: Services, run: Run, shop: int, product: int, client: PrestaShopClient
) -> None:
    with in_tasks.db.write() as session:
        row = session.get_one(Product, product)
        add_image(session, in_tasks, row, png(1), "front.png")
        add_image(session, in_tasks, row, png(2), "back.png")
    sync_product.send(product, shop)
    run.until_idle()
    number = the_link(in_tasks).external_id or 0
    first, second = client.images.list("products", number)
    sync_images.send(product, shop)
    run.until_idle()
    assert client.images.list("products", number) == [first, second]
    with in_tasks.db.write() as session:
        row = session.get_one(Product, product)
        row.images = row.images[1:]
        touch(session, [product])
    sync_images.send(product, shop)
    run.until_idle()
    assert client.images.list("products", number) == [second]
    assert client.get("products", number)["id_default_image"] == str(second)
    assert list(the_link(in_tasks).images.values()) == [second]


def test_an_upload_whose_answer_is_lost_is_not_doubled(
    in_tasks: Services, run: Run, shop: int, product: int, client: PrestaShopClient, sandbox: Sandbox
) -> None:
    with in_tasks.db.write() as session:
        add_image(session, in_tasks, session.get_one(Product, product), png(1), "front.png")
    sandbox.faults.add("lost", method=("POST",), path="/images/", times=1)
    sync_product.send(product, shop)
    run.until_idle()
    link = the_link(in_tasks)
    assert link.sync_status == SyncStatus.SYNCED
    assert client.images.list("products", link.external_id or 0) == list(link.images.values())


def test_a_picture_that_is_none_shows_and_leaves_no_ghost(
    in_tasks: Services, run: Run, shop: int, product: int, client: PrestaShopClient
) -> None:
    with in_tasks.db.write() as session:
        row = session.get_one(Product, product)
        add_image(session, in_tasks, row, b"no picture", "broken.jpg")
        add_image(session, in_tasks, row, png(2), "back.png")
    sync_product.send(product, shop)
    run.until_idle()
    link = the_link(in_tasks)
    assert link.sync_status == SyncStatus.ERROR
    assert "the product is in the shop, but image broken.jpg" in (link.error_message or "")
    assert client.images.list("products", link.external_id or 0) == list(link.images.values())
    assert len(link.images) == 1


def test_a_category_comes_after_its_parents_and_is_kept_current(
    in_tasks: Services, run: Run, shop: int, client: PrestaShopClient
) -> None:
    with in_tasks.db.write() as session:
        leaf = make_category(session, "Leaf", make_category(session, "Middle", make_category(session, "Top")))
    sync_category.send(leaf.id, shop)
    run.until_idle()
    made = {one["name"][1]: one for one in client.list("categories", display=["id", "id_parent", "name"])}
    assert made["Leaf"]["id_parent"] == str(made["Middle"]["id"])
    assert made["Top"]["id_parent"] == "2"
    with in_tasks.db.write() as session:
        merged = session.merge(leaf)
        merged.texts = {"en": {"name": "Blade"}, "pl": {"name": "Blaszka"}}
    sync_category.send(leaf.id, shop)
    run.until_idle()
    assert client.get("categories", made["Leaf"]["id"])["name"] == {1: "Blade", 2: "Blaszka"}
    assert client.count("categories", filters={"id_parent": made["Middle"]["id"]}) == 1


def test_a_category_of_the_same_name_is_taken_over(
    in_tasks: Services, run: Run, shop: int, client: PrestaShopClient
) -> None:
    there = client.create(
        "categories",
        {"id_parent": 2, "active": 1, "name": {1: "Mugs", 2: "Kubki"}, "link_rewrite": {1: "mugs", 2: "kubki"}},
    )
    with in_tasks.db.write() as session:
        category = make_category(session, "Mugs")
    sync_category.send(category.id, shop)
    run.until_idle()
    with in_tasks.db.read() as session:
        assert session.scalars(select(ShopMapping.external_id)).all() == [there["id"]]


def test_a_circle_of_categories_is_named_in_the_log(in_tasks: Services, run: Run, shop: int) -> None:
    with in_tasks.db.write() as session:
        top = make_category(session, "Top")
        below = make_category(session, "Below", top)
        top.parent_id = below.id
    sync_category.send(below.id, shop)
    run.until_idle()
    with in_tasks.db.read() as session:
        messages = session.scalars(select(SyncLog.message).where(SyncLog.status == "error")).all()
    assert any("Below > Top > Below" in message for message in messages)
