"""A dry run counts what a write would do, and does nothing."""

from decimal import Decimal

from sync.direct import Change, ShopSql
from sync.direct.dry_run import EXAMPLES, Example
from tests.prestashop_tables import EN, PL, PrestaShopDatabase

CHANGES = [
    Change(1, 1, {EN: "Yes", PL: "old now"}, price=Decimal(12), active=True),
    Change(2, 2, quantity=10, active=False),
    Change(3, 2, {EN: "old now"}),
    Change(4, combinations={41: 3}),
    Change(99, 1),
]


def test_numbers_and_examples_and_not_a_byte_written(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    two_shops.stock([(4, 41, 1, 1, 0)])
    two_shops.run("UPDATE ps_product SET id_shop_default = 2 WHERE id_product = 1")
    before = two_shops.everything()
    plan = route.plan(CHANGES, batch=2)
    assert two_shops.everything() == before
    assert (plan.changed, plan.unchanged, plan.missing, plan.incomplete) == (3, 1, [99], {})
    assert {name: field.rows for name, field in plan.fields.items() if field.rows} == {
        "stock_available.out_of_stock": 1,
        "stock_available.quantity": 2,
        "product_lang.available_now": 1,
        "product_shop.price": 1,
        "product_shop.active": 1,
        "product.active": 1,
    }
    assert plan.fields["product_lang.available_now"].examples == [Example(1, EN, "old now", "Yes")]
    assert plan.fields["stock_available.out_of_stock"].examples == [Example(1, 0, "2", "1")]
    assert plan.fields["stock_available.quantity"].examples == [Example(4, 0, "10", "3"), Example(4, 41, "1", "3")]
    assert plan.fields["product_shop.price"].examples == [Example(1, None, "10.000000", "12.000000")]
    written = route.write(CHANGES)
    assert (len(written.changed), len(written.unchanged), list(written.missing)) == (3, 1, [99])


def test_examples_are_few(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    two_shops.products(range(10, 40))
    plan = route.plan((Change(number, 1) for number in range(10, 40)), batch=4)
    field = plan.fields["stock_available.out_of_stock"]
    assert (field.rows, len(field.examples)) == (30, EXAMPLES)


def test_rights_to_read_are_enough(two_shops: PrestaShopDatabase) -> None:
    account = two_shops.account("SELECT, CREATE TEMPORARY TABLES ON {db}.*")
    assert ShopSql(account, 1).plan(CHANGES[:2]).changed == 2
