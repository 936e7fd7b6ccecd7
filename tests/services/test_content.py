"""What a push reads and writes of combinations, mappings and removals, on each kind of database."""

from decimal import Decimal
from pathlib import Path

from sqlalchemy import event, select

from models import (
    Combination,
    CombinationLink,
    Database,
    JobItem,
    Product,
    ProductFeature,
    ProductOverride,
    ProductSyncStatus,
    Shop,
    SpecificPrice,
    SpecificPriceLink,
)
from sync import jobs, removals
from sync.fingerprint import field_marks
from sync.kinds.registry import KINDS
from sync.removals import Counts, delete_products
from sync.strategies.loading import load_products
from sync.transform.snapshot import snapshot
from tests.conftest import make_services
from tests.factories import make_product, make_shop

OPTIONS = [{"option": {"en": "Size"}, "value": {"en": "L"}}]


def prepared(database: Database, key: str, folder: Path) -> int:
    """A shop with products A to D in it."""
    with database.write() as session:
        shop = make_shop(session, make_services(database, key, folder), "http://shop.example", "K" * 32)
        for number, sku in enumerate("ABCD", 1):
            product = make_product(session, sku, active=sku != "B")
            sent = field_marks({"active": True, "price": Decimal(1)})
            link = ProductSyncStatus(product_id=product.id, shop_id=shop.id, external_id=number, sent=sent)
            session.add(link)
        return shop.id


def test_removals_are_counted_and_filled(any_database: Database, encryption_key: str, tmp_path: Path) -> None:
    shop_id = prepared(any_database, encryption_key, tmp_path)
    with any_database.write() as session:
        ids = {sku: number for sku, number in session.execute(select(Product.sku, Product.id))}  # noqa: C416
        session.add(ProductOverride(product_id=ids["B"], shop_id=shop_id, fields={"active": True, "price": "1"}))
        session.add(ProductOverride(product_id=ids["C"], shop_id=shop_id, fields={"active": False}))
        delete_products(session, [ids["D"]])
        delete_products(session, [ids["A"]])
    with any_database.write() as session:
        shop = session.get_one(Shop, shop_id)
        shop.removal_policy = "deactivate"
        assert removals.counts(session, shop) == Counts(inactive=1, departed=2)
        job = removals.open_removal(session, shop)
        jobs.fill(session, job, KINDS["remove"])
        items = session.scalars(select(JobItem).order_by(JobItem.sku)).all()
        assert [(item.sku, item.external_id, item.product_id) for item in items] == [
            ("A", 1, None), ("C", 3, ids["C"]), ("D", 4, None),
        ]  # fmt: skip
    with any_database.write() as session:
        link = session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.product_id == ids["C"])).one()
        link.sent = {**link.sent, **field_marks({"active": False})}
    with any_database.read() as session:
        assert removals.counts(session, session.get_one(Shop, shop_id)) == Counts(inactive=0, departed=2)


def test_parts_are_loaded_in_few_statements(any_database: Database) -> None:
    with any_database.write() as session:
        full = make_product(session, "FULL")
        full.combinations = [Combination(options=OPTIONS, position=1), Combination(options=[], position=0)]
        full.features = [ProductFeature(feature={"en": "F"}, value={"en": "V"})]
        full.specific_prices = [SpecificPrice(price=Decimal(3))]
        plain = [make_product(session, f"P{number}").id for number in range(5)]
        full_id = full.id
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(any_database.engine, "before_cursor_execute", note)
    with any_database.read() as session:
        loaded = {product.id: snapshot(product, 1) for product in load_products(session, [*plain, full_id])}
    assert len(statements) <= 6
    assert [variant.options for variant in loaded[full_id].variants] == [
        (), (((("en", "Size"),), (("en", "L"),)),),
    ]  # fmt: skip
    assert (len(loaded[full_id].features), len(loaded[full_id].group_prices)) == (1, 1)
    statements.clear()
    with any_database.read() as session:
        assert [snapshot(product, 1).variants for product in load_products(session, plain)] == [()] * 5
    assert len(statements) <= 3


def test_links_outlive_what_was_removed_here(any_database: Database, encryption_key: str, tmp_path: Path) -> None:
    shop_id = prepared(any_database, encryption_key, tmp_path)
    with any_database.write() as session:
        product = session.scalars(select(Product).where(Product.sku == "A")).one()
        product.combinations = [Combination(options=OPTIONS)]
        product.specific_prices = [SpecificPrice(price=Decimal(3))]
        session.flush()
        one, price = product.combinations[0], product.specific_prices[0]
        session.add(CombinationLink(product_id=product.id, combination_id=one.id, shop_id=shop_id, external_id=5))
        session.add(
            SpecificPriceLink(
                product_id=product.id, specific_price_id=price.id, shop_id=shop_id, external_id=6, fingerprint=""
            )
        )
    with any_database.write() as session:
        product = session.scalars(select(Product).where(Product.sku == "A")).one()
        product.combinations, product.specific_prices = [], []
    with any_database.read() as session:
        assert session.scalars(select(CombinationLink.combination_id)).all() == [None]
        assert session.scalars(select(SpecificPriceLink.specific_price_id)).all() == [None]
    with any_database.write() as session:
        assert delete_products(session, [product.id]) == 1
    with any_database.read() as session:
        assert session.scalars(select(CombinationLink.id)).all() == []
