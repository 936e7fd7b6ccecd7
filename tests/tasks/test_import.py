"""Importing a shop: everything arrives, once, and what was imported is in step."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from models import Category, JobProgress, Product, ProductImage, ProductSyncStatus, Shop, SpecificPrice, now
from prestashop_client.sandbox import Sandbox
from sync.intake import ImportSelection, chunk
from sync.services import Services
from tests.factories import make_product
from tests.intake import Intake, furnish, goods, named
from tests.pictures import png
from tests.tasks.conftest import Run

RECORDED = Path(__file__).parent.parent / "data" / "recorded"


@pytest.fixture
def demo(broker: StubBroker, in_tasks: Services, run: Run) -> Iterator[Intake]:
    """A shop with PrestaShop's recorded demo catalogue."""
    with Sandbox.running(load=RECORDED) as running:
        yield Intake(in_tasks, run, running)


@pytest.fixture
def intake(broker: StubBroker, in_tasks: Services, run: Run, sandbox: Sandbox) -> Intake:
    """An empty shop."""
    return Intake(in_tasks, run, sandbox)


def product(services: Services, sku: str) -> Product:
    """Our product with all that belongs to it."""
    parts = (Product.categories, Product.combinations, Product.features, Product.specific_prices, Product.images)
    query = select(Product).where(Product.sku == sku).options(*(selectinload(part) for part in parts))
    with services.db.read() as session:
        return session.scalars(query).one()


def change(services: Services, sku: str, **values: object) -> None:
    with services.db.write() as session:
        row = session.scalars(select(Product).where(Product.sku == sku)).one()
        for name, value in values.items():
            setattr(row, name, value)
        row.changed_at = now()


def test_a_whole_shop_arrives_and_is_in_step(demo: Intake) -> None:
    job = demo.imports()
    assert demo.errors(job) == []
    assert demo.counts(job) == {"imported": 19}
    assert demo.counts(demo.pushes()) == {"unchanged": 19}
    assert demo.counts(demo.imports()) == {"unchanged": 19}
    assert demo.writes() == []
    with demo.services.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Product)) == 19
        assert {link.linked_by for link in session.scalars(select(ProductSyncStatus))} == {"import"}


def test_a_shop_s_tree_becomes_ours(demo: Intake) -> None:
    demo.imports()
    with demo.services.db.read() as session:
        tree = {category.id: category for category in session.scalars(select(Category))}
        paths = {_path(one, tree) for one in tree.values()}
    assert {"Clothes", "Clothes/Men", "Clothes/Women", "Accessories/Stationery", "Art"} <= paths
    assert "Home" not in paths


def _path(category: Category, tree: dict[int, Category]) -> str:
    above = _path(tree[category.parent_id], tree) + "/" if category.parent_id else ""
    return above + category.name


def test_all_that_belongs_to_a_product_comes_along(intake: Intake) -> None:
    ids = furnish(intake.client)
    intake.stock(ids["shirt"], 3, ids["small"])
    intake.stock(ids["shirt"], 4, ids["large"])
    intake.forget()
    job = intake.imports()
    assert (intake.counts(job), intake.errors(job)) == ({"imported": 1}, [])
    shirt = product(intake.services, "SHIRT-1")
    assert (shirt.ean, shirt.price, shirt.weight, shirt.quantity) == (
        "5901234123457",
        Decimal("12.9"),
        Decimal("0.25"),
        7,
    )
    assert (shirt.manufacturer, shirt.supplier_reference, shirt.tax_rate) == ("Żółw & Co", "SUP-9", Decimal(23))
    assert shirt.texts["pl"]["description"] == "<p>Miękka</p>"
    assert {category.name for category in shirt.categories} == {"Clothes", "Shirts"}
    assert [(row.feature["en"], row.value["pl"]) for row in shirt.features] == [("Material", "cotton (pl)")]
    small, large = shirt.combinations
    assert (small.sku, small.quantity, small.is_default) == ("SHIRT-1-S", 3, True)
    assert (large.sku, large.quantity, large.price) == ("SHIRT-1-L", 4, Decimal("2.5"))
    assert large.options == [{"option": {"en": "Size", "pl": "Size (pl)"}, "value": {"en": "L", "pl": "L (pl)"}}]
    (price,) = shirt.specific_prices
    assert (price.customer_group, price.from_quantity, price.reduction) == ("Customer", 5, Decimal("0.1"))
    assert (price.shop_id, price.starts_at is not None, price.ends_at) == (intake.shop_id, True, None)
    assert intake.counts(intake.pushes()) == {"unchanged": 1}
    assert intake.writes() == []


def test_what_cannot_be_told_apart_is_skipped_with_the_ids(intake: Intake) -> None:
    client = intake.client
    one, two = (client.create("products", goods("TWICE"))["id"] for _ in range(2))
    client.create("products", goods("twice"))
    client.create("products", goods("TWICE "))
    with intake.services.db.write() as session:
        make_product(session, "A", ean="5900000000001")
        make_product(session, "B", ean="5900000000001")
    client.create("products", goods("C", ean13="5900000000001"))
    job = intake.imports()
    assert intake.counts(job) == {"imported": 2, "skipped": 3}
    said = "\n".join(intake.errors(job))
    assert f"2 products with reference 'TWICE' (ids {one}, {two})" in said
    assert "EAN 5900000000001 is that of 2 products of ours" in said
    assert intake.counts(intake.imports()) == {"unchanged": 2, "skipped": 3}


def test_ours_are_found_by_sku_and_then_by_ean(intake: Intake) -> None:
    intake.client.create("products", goods("BY-SKU", price="5.00"))
    intake.client.create("products", goods("SHOP-NAME", ean13="5900000000002"))
    with intake.services.db.write() as session:
        make_product(session, "BY-SKU", price=Decimal(9), tax_rate=Decimal(23))
        make_product(session, "BY-EAN", ean="5900000000002")
    assert intake.counts(intake.imports()) == {"updated": 2}
    assert product(intake.services, "BY-SKU").price == Decimal(5)
    assert product(intake.services, "BY-EAN").texts["en"]["name"] == "Product SHOP-NAME"
    with intake.services.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Product)) == 2


def test_a_product_without_reference_gets_a_sku_of_its_shop(intake: Intake) -> None:
    number = intake.client.create("products", goods(""))["id"]
    intake.imports()
    assert product(intake.services, f"PS-{intake.shop_id}-{number}").price == Decimal("12.9")
    intake.forget()
    assert intake.counts(intake.pushes()) == {"unchanged": 1}
    assert intake.counts(intake.imports()) == {"unchanged": 1}
    assert intake.writes() == []


def test_an_update_takes_what_the_shop_changed_and_keeps_what_we_changed(intake: Intake) -> None:
    number = intake.client.create("products", goods("P"))["id"]
    intake.imports()
    change(intake.services, "P", price=Decimal(20))
    intake.client.patch("products", number, {"weight": "3.5", "name": named("Renamed")})
    job = intake.imports()
    assert intake.counts(job) == {"updated": 1}
    assert intake.errors(job) == ["kept as changed here: price"]
    ours = product(intake.services, "P")
    assert (ours.price, ours.weight, ours.texts["pl"]["name"]) == (Decimal(20), Decimal("3.5"), "Renamed (pl)")
    intake.forget()
    assert intake.counts(intake.pushes()) == {"update": 1}
    assert Decimal(intake.client.get("products", number)["price"]) == 20


@pytest.mark.parametrize(
    ("policy", "word", "price"), [("ours", "unchanged", 20), ("shop", "updated", 30), ("ask", "conflict", 20)]
)
def test_where_both_changed_the_policy_speaks(intake: Intake, policy: str, word: str, price: int) -> None:
    number = intake.client.create("products", goods("P"))["id"]
    intake.imports()
    with intake.services.db.write() as session:
        session.get_one(Shop, intake.shop_id).conflict_policy = policy
    change(intake.services, "P", price=Decimal(20))
    intake.client.patch("products", number, {"price": "30"})
    assert intake.counts(intake.imports()) == {word: 1}
    assert product(intake.services, "P").price == price
    with intake.services.db.read() as session:
        link = session.scalars(select(ProductSyncStatus)).one()
        assert (link.sync_status, bool(link.conflict)) == (
            ("conflict", True) if policy == "ask" else ("synced" if policy == "shop" else "pending", False)
        )


def test_existing_products_stay_as_they_are_where_only_new_ones_are_asked_for(intake: Intake) -> None:
    intake.client.create("products", goods("OLD"))
    intake.client.create("products", goods("NEW"))
    with intake.services.db.write() as session:
        make_product(session, "OLD", price=Decimal(1))
    job = intake.imports(ImportSelection("all", update=False))
    assert intake.counts(job) == {"imported": 1, "skipped": 1}
    assert product(intake.services, "OLD").price == 1


def test_chosen_categories_ids_and_references(intake: Intake) -> None:
    ids = furnish(intake.client)
    plain = intake.client.create("products", goods("PLAIN"))["id"]
    drafts = intake.client.create("products", goods("DRAFT", state=0))["id"]
    assert intake.counts(intake.imports(ImportSelection("categories", ids=(ids["clothes"],)))) == {"imported": 1}
    job = intake.imports(ImportSelection("ids", ids=(plain, 4711)))
    assert intake.counts(job) == {"imported": 1, "skipped": 1}
    assert intake.errors(job) == ["the shop has no product 4711"]
    job = intake.imports(ImportSelection("references", references=("PLAIN", "plain", "nope")))
    assert intake.counts(job) == {"unchanged": 1, "skipped": 2}
    assert intake.counts(intake.imports(ImportSelection("all", limit=1))) == {"unchanged": 1}
    assert intake.counts(intake.imports()) == {"unchanged": 2}
    assert drafts not in {ids["shirt"], plain}


def test_images_come_once_and_are_not_sent_back(intake: Intake) -> None:
    number = intake.client.create("products", goods("P"))["id"]
    first, second = (intake.client.images.upload("products", number, png(tone), f"{tone}.png") for tone in (10, 200))
    intake.forget()
    assert intake.counts(intake.imports(ImportSelection("all", images=True))) == {"imported": 1}
    assert intake.counts(intake.imports(ImportSelection("all", images=True))) == {"unchanged": 1}
    downloads = [one for one in intake.sandbox.requests if f"images/products/{number}/" in one.path]
    assert len(downloads) == 2
    with intake.services.db.read() as session:
        images = session.scalars(select(ProductImage).order_by(ProductImage.position)).all()
        link = session.scalars(select(ProductSyncStatus)).one()
    assert [link.images[image.sha256] for image in images] == [first, second]
    assert intake.services.media.get(images[0].sha256) == intake.client.images.download("products", number, first)
    intake.forget()
    assert intake.counts(intake.pushes()) == {"unchanged": 1}
    assert intake.writes() == []


def test_without_their_files_the_shop_s_images_are_left_alone(intake: Intake) -> None:
    number = intake.client.create("products", goods("P"))["id"]
    intake.client.images.upload("products", number, png(10), "a.png")
    intake.imports()
    intake.forget()
    change(intake.services, "P", price=Decimal(1))
    assert intake.counts(intake.pushes()) == {"update": 1}
    assert [one for one in intake.writes() if "images" in one] == []


def test_a_combination_that_is_gone_from_the_shop_goes_here_too(intake: Intake) -> None:
    ids = furnish(intake.client)
    intake.imports()
    intake.client.delete("combinations", ids["large"])
    intake.client.patch("combinations", ids["small"], {"price": "1.5"})
    assert intake.counts(intake.imports()) == {"updated": 1}
    shirt = product(intake.services, "SHIRT-1")
    assert [(one.sku, one.price) for one in shirt.combinations] == [("SHIRT-1-S", Decimal("1.5"))]
    intake.forget()
    assert intake.counts(intake.pushes()) == {"unchanged": 1}
    assert intake.writes() == []


def test_a_product_made_anew_in_the_shop_takes_its_old_place(intake: Intake) -> None:
    number = intake.client.create("products", goods("P"))["id"]
    intake.imports()
    intake.client.delete("products", number)
    again = intake.client.create("products", goods("P", price="7"))["id"]
    assert intake.counts(intake.imports()) == {"updated": 1}
    with intake.services.db.read() as session:
        assert session.scalars(select(ProductSyncStatus.external_id)).all() == [again]
    assert product(intake.services, "P").price == 7


def test_two_shops_share_products_and_categories(broker: StubBroker, in_tasks: Services, run: Run) -> None:
    with Sandbox.running() as one, Sandbox.running() as two:
        first, second = Intake(in_tasks, run, one), Intake(in_tasks, run, two, "Magenta")
        for intake in (first, second):
            furnish(intake.client)
        assert first.counts(first.imports()) == {"imported": 1}
        assert second.counts(second.imports()) == {"updated": 1}  # its prices for groups are its own
        with in_tasks.db.read() as session:
            assert session.scalar(select(func.count()).select_from(Category)) == 2
            assert session.scalar(select(func.count()).select_from(Product)) == 1
        for intake in (first, second):
            intake.forget()
            assert intake.counts(intake.pushes()) == {"unchanged": 1}
            assert intake.writes() == []


def test_a_price_that_is_here_already_is_not_doubled(intake: Intake) -> None:
    furnish(intake.client)
    with intake.services.db.write() as session:
        shirt = make_product(session, "SHIRT-1", tax_rate=Decimal(23))
        zone = ZoneInfo(session.get_one(Shop, intake.shop_id).time_zone)
        begins = datetime(2026, 1, 1, tzinfo=zone)
        ours = {"customer_group": "Customer", "from_quantity": 5, "price": Decimal(1), "starts_at": begins}
        session.add(SpecificPrice(product_id=shirt.id, **ours))
    assert intake.counts(intake.imports()) == {"updated": 1}
    (price,) = product(intake.services, "SHIRT-1").specific_prices
    assert price.price == Decimal("9.9")
    intake.forget()
    assert intake.counts(intake.pushes()) == {"unchanged": 1}
    assert intake.writes() == []


def test_a_shop_that_was_never_tested_says_so(intake: Intake) -> None:
    with intake.services.db.write() as session:
        session.get_one(Shop, intake.shop_id).languages = {}
    job = intake.imports()
    assert intake.counts(job) == {"failed": 1}
    assert "test its connection first" in intake.errors(job)[0]


@pytest.mark.parametrize("had_it", [False, True])
def test_a_key_without_the_right_for_prices_leaves_them_out_and_says_so(intake: Intake, had_it: bool) -> None:
    furnish(intake.client)
    if had_it:
        intake.imports()
    names = ("products", "categories", "combinations", "stock_availables", "manufacturers", "product_features",
             "product_feature_values", "product_options", "product_option_values")  # fmt: skip
    intake.sandbox.add_key("N" * 32, rights={name: ["GET"] for name in names})
    with intake.services.db.write() as session:
        session.get_one(Shop, intake.shop_id).key_encrypted = intake.services.vault.encrypt("N" * 32)
    job = intake.imports()
    assert (intake.counts(job), intake.errors(job)) == ({"unchanged" if had_it else "imported": 1}, [])
    assert len(product(intake.services, "SHIRT-1").specific_prices) == int(had_it)
    with intake.services.db.read() as session:
        assert "may not read specific_prices" in session.get_one(JobProgress, job).summary["message"]


def test_a_chunk_that_failed_once_is_imported_all_the_same(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(intake.client)
    once = chunk.Chunk._once

    def failing(self: chunk.Chunk, *arguments: object) -> object:
        monkeypatch.setattr(chunk.Chunk, "_once", once)
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(chunk.Chunk, "_once", failing)
    assert intake.counts(intake.imports()) == {"imported": 1}
