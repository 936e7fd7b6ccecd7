"""A product that was changed in the shop and here, by each policy; and what a push leaves in the history."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import delete, select, update

from models import (
    Category,
    ItemChange,
    JobItem,
    JobStatus,
    Product,
    ProductSyncStatus,
    SentDocument,
    Shop,
    SyncStatus,
    now,
)
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import conflicts, jobs
from sync.errors import Missing, Refusal
from sync.selection import Selection
from sync.services import Services
from sync.transform.remote import unpack
from tasks.actors import bulk_sync_products
from tests.factories import make_category, make_product, make_shop, texts
from tests.tasks.conftest import Run
from tests.tasks.test_bulk_push import Pushes, link_of, make_products, written


@pytest.fixture(params=["9.1", "1.7"])
def sandbox(request: pytest.FixtureRequest) -> Any:
    with Sandbox.running(version=request.param) as running:
        yield running


@pytest.fixture
def shop(in_tasks: Services, sandbox: Sandbox) -> int:
    with in_tasks.db.write() as session:
        return make_shop(session, in_tasks, sandbox.address, sandbox.key, time_zone="Europe/Warsaw").id


@pytest.fixture
def client(sandbox: Sandbox) -> PrestaShopClient:
    return PrestaShopClient(sandbox.address, sandbox.key)


@pytest.fixture
def push(broker: StubBroker, run: Run, in_tasks: Services, shop: int) -> Pushes:
    return Pushes(in_tasks, run, shop)


@pytest.fixture
def both_changed(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> Callable[[str], int]:
    """A product whose price was changed to 11 in the shop and to 12 here, in a shop of that policy; its id there."""

    def make(policy: str) -> int:
        make_products(in_tasks, 1)
        push()
        number = link_of(in_tasks, "SKU-000").external_id or 0
        client.patch("products", number, {"price": 11})
        with in_tasks.db.write() as session:
            session.execute(update(Shop).values(conflict_policy=policy))
            session.execute(
                update(Product).values(price=Decimal(12), texts=texts("New name"), changed_at=now(), quantity=9)
            )
        return number

    return make


def test_ours_wins(push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient) -> None:
    number = both_changed("ours")
    assert push().summary == {"pushed": 1}
    assert client.get("products", number)["price"] == "12.000000"


def test_the_shops_value_stays_until_ours_changes_again(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient
) -> None:
    number = both_changed("shop")
    assert push().summary == {"pushed": 1}
    stored = client.get("products", number)
    assert (stored["price"], stored["name"][1]) == ("11.000000", "New name")
    with in_tasks.db.read() as session:
        assert "kept as changed in the shop: price" in session.scalars(select(JobItem.error)).all()
    assert push().summary == {"unchanged": 1}
    with in_tasks.db.write() as session:
        session.execute(update(Product).values(price=Decimal(13)))
    assert push().summary == {"pushed": 1}
    assert client.get("products", number)["price"] == "13.000000"


@pytest.mark.parametrize(("years", "price"), [(-1, "12.000000"), (1, "11.000000")])
def test_the_newest_wins_by_the_shops_clock(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient, sandbox: Sandbox,
    years: int, price: str,
) -> None:  # fmt: skip
    number = both_changed("newest")
    moment = now()
    with sandbox.store.request():
        for table in ("product", "product_shop"):
            there = f"{moment.replace(year=moment.year + years):%Y-%m-%d %H:%M:%S}"
            sandbox.store.execute(f'UPDATE "{table}" SET date_upd = ? WHERE id_product = ?', (there, number))
    push()
    assert client.get("products", number)["price"] == price


def test_ask_writes_nothing_and_names_the_fields(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient, sandbox: Sandbox
) -> None:
    number = both_changed("ask")
    before = written(sandbox, "products"), written(sandbox, "stock_availables")
    job = push()
    assert (job.status, job.summary) == (JobStatus.COMPLETED, {"skipped": 1})
    assert (written(sandbox, "products"), written(sandbox, "stock_availables")) == before
    link = link_of(in_tasks, "SKU-000")
    assert (link.sync_status, link.conflict) == (
        SyncStatus.CONFLICT, {"price": {"agreed": "19.9", "ours": "12", "theirs": "11"}},
    )  # fmt: skip
    with in_tasks.db.read() as session:
        item = session.scalars(select(JobItem).order_by(JobItem.id.desc())).first()
    assert item is not None
    assert (item.operation, item.external_id) == ("conflict", number)
    assert "conflict: price changed both here and in the shop" in (item.error or "")


def test_a_conflict_that_the_shop_takes_back_is_over(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient
) -> None:
    number = both_changed("ask")
    push()
    client.patch("products", number, {"price": Decimal("19.9")})
    assert push().summary == {"pushed": 1}
    link = link_of(in_tasks, "SKU-000")
    assert (link.sync_status, link.conflict) == (SyncStatus.SYNCED, None)
    assert client.get("products", number)["price"] == "12.000000"


def test_html_that_the_shop_cleans_is_no_conflict(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    messy = '<p>Red<br>& round <b>mug<p data-x="1">A < B'
    with in_tasks.db.write() as session:
        session.execute(update(Shop).values(conflict_policy="ask"))
        make_product(session, "SKU-000", texts=texts("Mug", description=messy))
    push()
    with in_tasks.db.write() as session:
        session.execute(update(Product).values(texts=texts("Mug", description="<p>Blue</p>")))
    assert push().summary == {"pushed": 1}
    number = link_of(in_tasks, "SKU-000").external_id or 0
    assert client.get("products", number)["description"][1] == "<p>Blue</p>"


def test_what_a_push_replaced_is_kept(in_tasks: Services, push: Pushes, client: PrestaShopClient, shop: int) -> None:
    make_products(in_tasks, 2)
    created = push()
    with in_tasks.db.write() as session:
        session.execute(update(Product).values(price=Decimal(12), quantity=9))
    changed = push()
    with in_tasks.db.read() as session:
        rows = session.scalars(select(ItemChange).order_by(ItemChange.id)).all()
        documents = [unpack(one) for one in session.scalars(select(SentDocument.document))]
    made = [row for row in rows if row.progress_id == created.id and row.resource == "products"]
    assert [(row.operation, row.before, row.after["reference"], row.shop_id) for row in made] == [
        ("create", {}, "SKU-000", shop),
        ("create", {}, "SKU-001", shop),
    ]
    later = [(row.resource, row.operation, row.before, row.after) for row in rows if row.progress_id == changed.id]
    assert (
        later
        == [
            ("products", "update", {"price": "19.9"}, {"price": "12"}),
            ("stock_availables", "update", {"quantity": "5"}, {"quantity": "9"}),
        ]
        * 2
    )
    assert {document["price"] for document in documents} == {"12"}
    link = link_of(in_tasks, "SKU-000")
    assert link.shop_changed_at is not None
    assert f"{link.shop_changed_at:%Y-%m-%d %H:%M:%S}" <= f"{now():%Y-%m-%d %H:%M:%S}"


def test_a_hundred_price_changes_cost_five_requests_at_most(in_tasks: Services, push: Pushes, sandbox: Sandbox) -> None:
    if sandbox.profile.major < 8:
        pytest.skip("below 8 a PUT reads the whole product first")
    make_products(in_tasks, 100)
    push()
    before = len(sandbox.requests)
    with in_tasks.db.write() as session:
        session.execute(update(Product).values(price=Decimal("3.33")))
    push()
    assert len(sandbox.requests) - before <= 5


def test_a_link_from_before_the_history_has_no_conflict(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient
) -> None:
    number = both_changed("ask")
    with in_tasks.db.write() as session:
        session.execute(delete(SentDocument))
        session.execute(update(ProductSyncStatus).values(seen={}, shop_changed_at=None))
    assert push().summary == {"pushed": 1}
    assert client.get("products", number)["price"] == "12.000000"


def test_ours_is_chosen_and_overwrites_once(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient
) -> None:
    number = both_changed("ask")
    push()
    with in_tasks.db.write() as session:
        assert conflicts.count(session) == 1
        assert conflicts.resolve(session, conflicts.find(session)[0].link_id, {"price": "ours"}) == []
        assert conflicts.count(session) == 0
    assert push(Selection("changed")).summary == {"pushed": 1}
    assert client.get("products", number)["price"] == "12.000000"


def test_ours_is_chosen_but_the_shop_changes_it_again(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient
) -> None:
    number = both_changed("ask")
    push()
    with in_tasks.db.write() as session:
        conflicts.resolve_all(session, "ours")
    client.patch("products", number, {"price": 15})
    assert push().summary == {"skipped": 1}
    assert (link_of(in_tasks, "SKU-000").conflict or {})["price"]["theirs"] == "15"


def test_the_shops_value_becomes_its_override(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient
) -> None:
    number = both_changed("ask")
    push()
    with in_tasks.db.write() as session:
        assert conflicts.resolve_all(session, "shop") == 1
    assert push().summary == {"pushed": 1}
    stored = client.get("products", number)
    assert (stored["price"], stored["name"][1]) == ("11.000000", "New name")
    with in_tasks.db.read() as session:
        product = session.scalars(select(Product)).one()
        assert (product.price, product.overrides[0].fields) == (Decimal(12), {"price": "11"})
    with in_tasks.db.write() as session:
        session.execute(update(Product).values(price=Decimal(14)))
    assert push().summary == {"unchanged": 1}


def test_what_no_override_can_say_is_locked_for_the_shop(
    in_tasks: Services, push: Pushes, client: PrestaShopClient, shop: int
) -> None:
    with in_tasks.db.write() as session:
        session.execute(update(Shop).values(conflict_policy="ask"))
        one, other = make_category(session, "One"), make_category(session, "Other")
        make_product(session, "SKU-000", categories=[one])
        other_id = other.id
    push()
    number = link_of(in_tasks, "SKU-000").external_id or 0
    client.patch("products", number, {"id_category_default": 2, "associations": {"categories": [{"id": 2}]}})
    with in_tasks.db.write() as session:
        session.scalars(select(Product)).one().categories = [session.get_one(Category, other_id)]
    assert push().summary == {"skipped": 1}
    with in_tasks.db.write() as session:
        assert conflicts.resolve_all(session, "shop", shop_id=shop) == 1
    push()
    stored = client.get("products", number)
    assert (stored["id_category_default"], stored["associations"]["categories"]) == ("2", [{"id": "2"}])
    with in_tasks.db.read() as session:
        assert session.scalars(select(Product)).one().overrides[0].locked == ["categories"]


def test_a_field_that_is_not_in_conflict_cannot_be_decided(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int]
) -> None:
    both_changed("ask")
    push()
    with in_tasks.db.write() as session:
        number = conflicts.find(session)[0].link_id
        with pytest.raises(Refusal, match="name: is not in conflict"):
            conflicts.resolve(session, number, {"name": "ours"})
        with pytest.raises(Missing):
            conflicts.resolve(session, 999, {"price": "ours"})


def test_a_conflict_is_over_when_ours_goes_back(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient
) -> None:
    number = both_changed("ask")
    push()
    with in_tasks.db.write() as session:
        name = texts("Product SKU-000")
        session.execute(update(Product).values(price=Decimal("19.9"), texts=name, quantity=5, changed_at=now()))
    assert push().summary == {"unchanged": 1}
    link = link_of(in_tasks, "SKU-000")
    assert (link.sync_status, link.conflict) == (SyncStatus.SYNCED, None)
    assert client.get("products", number)["price"] == "11.000000"


def test_a_part_of_a_product_in_conflict_is_not_pushed_either(
    in_tasks: Services, push: Pushes, both_changed: Callable[[str], int], client: PrestaShopClient, run: Run, shop: int
) -> None:
    number = both_changed("ask")
    push()
    for mode in ("stock", "texts"):
        with in_tasks.db.write() as session:
            job = jobs.open_push(session, session.get_one(Shop, shop), Selection("all"), mode=mode)
        bulk_sync_products.send(job.id)
        run.until_idle()
        with in_tasks.db.read() as session:
            assert jobs.get(session, job.id).summary == {"skipped": 1}
    assert list(link_of(in_tasks, "SKU-000").conflict or {}) == ["price"]
    assert client.get("products", number)["name"][1] == "Product SKU-000"
