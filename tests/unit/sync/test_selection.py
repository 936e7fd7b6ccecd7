"""Which products a job speaks of."""

import pytest

from models import Database, Product, ProductSyncStatus, Shop
from sync.selection import Selection
from tests.factories import make_category, make_product


@pytest.fixture
def catalogue(database: Database) -> Database:
    """Five products: a, b in a category tree, c changed, d in error, e inactive; a and b in step."""
    with database.write() as session:
        session.add(Shop(id=1, name="Cyan", address="http://127.0.0.1:9", key_encrypted=""))
        top = make_category(session, "Top")
        below = make_category(session, "Below", top)
        a, b, c, d, _ = (
            make_product(session, "a", categories=[top]),
            make_product(session, "b", categories=[below]),
            make_product(session, "c", ean="5901234123457"),
            make_product(session, "d"),
            make_product(session, "e", active=False),
        )
        session.add_all(
            [
                ProductSyncStatus(product_id=a.id, shop_id=1, sync_status="synced", product_changed_at=a.changed_at),
                ProductSyncStatus(product_id=b.id, shop_id=1, sync_status="synced", product_changed_at=b.changed_at),
                ProductSyncStatus(product_id=c.id, shop_id=1, sync_status="synced"),
                ProductSyncStatus(product_id=d.id, shop_id=1, sync_status="error"),
            ]
        )
    return database


@pytest.mark.parametrize(
    ("selection", "skus"),
    [
        (Selection("all"), "abcd"),
        (Selection("ids", ids=(1, 5)), "ae"),
        (Selection("changed"), "cd"),
        (Selection("errors"), "d"),
        (Selection("category", category_id=1), "ab"),
        (Selection("category", category_id=2), "b"),
        (Selection("search", search="590123"), "c"),
        (Selection("search", search="PRODUCT B"), "b"),
        (Selection("search", search="%"), ""),
    ],
)
def test_selections(catalogue: Database, selection: Selection, skus: str) -> None:
    again = Selection.from_params(selection.as_params())
    with catalogue.read() as session:
        found = [session.get_one(Product, number).sku for number in session.scalars(again.products(session, 1))]
        assert sorted(found) == list(skus)
        assert again.count(session, 1) == len(skus)


def test_a_product_that_was_switched_off_is_pushed_where_it_is_for_sale(catalogue: Database) -> None:
    with catalogue.write() as session:
        product = session.get_one(Product, 5)
        assert not product.active
        session.add(ProductSyncStatus(product_id=5, shop_id=1, sync_status="synced", external_id=77))
    with catalogue.read() as session:
        assert 5 in session.scalars(Selection("all").products(session, 1)).all()
        assert 5 in session.scalars(Selection("changed").products(session, 1)).all()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown selection 'some'"):
        Selection("some")
