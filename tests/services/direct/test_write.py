"""What a write changes in a real MariaDB with PrestaShop's tables, and what it leaves."""

from decimal import Decimal

import pytest

from sync.availability.decision import AvailabilitySettings, OfferState, decide
from sync.availability.texts import Texts
from sync.direct import Change, ShopSql, change_of
from tests.prestashop_tables import EN, PL, PrestaShopDatabase

NOW, LATER = {EN: "In stock", PL: "Dostępny"}, {EN: "Ships in 2 days", PL: "Wysyłka za 2 dni"}


def test_availability_reaches_stock_texts_and_dates_of_this_shop_only(
    two_shops: PrestaShopDatabase, route: ShopSql
) -> None:
    before = two_shops.everything()
    written = route.write([Change(1, 1, NOW, LATER), Change(2, 0, None, {PL: "Brak"})])
    assert written.changed == (1, 2)
    assert written.rows == {"stock_available": 2, "product_lang": 3, "product_shop": 2, "product": 2}
    assert two_shops.stock_of(1) == {0: (10, 12, 1)}
    assert two_shops.stock_of(2) == {0: (10, 12, 0)}
    assert two_shops.texts_of(1) == {EN: ("In stock", "Ships in 2 days"), PL: ("Dostępny", "Wysyłka za 2 dni")}
    assert two_shops.texts_of(2) == {EN: ("old now", "old later"), PL: ("old now", "Brak")}
    assert two_shops.moved() == {"product": {1, 2}, "product_shop 1": {1, 2}, "product_shop 2": set()}
    after = two_shops.everything()
    for table, id_shop in (("product_shop", 1), ("product_lang", 1), ("stock_available", 3)):
        others = [[row for row in rows[table] if row[id_shop] == 2] for rows in (before, after)]
        assert len(others[0]) >= 4
        assert others[0] == others[1], table


def test_what_stands_already_is_not_written(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    changes = [Change(number, 1, NOW, LATER, 7, Decimal("9.99"), True) for number in (1, 2, 3, 4)]
    assert route.write(changes).changed == (1, 2, 3, 4)
    before = two_shops.everything()
    again = route.write(changes)
    assert (again.changed, again.unchanged, again.rows) == ((), (1, 2, 3, 4), {})
    assert again.settled == (1, 2, 3, 4)
    assert two_shops.everything() == before


def test_a_text_is_compared_to_the_byte(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    """The collation of the shop's tables takes these for equal."""
    two_shops.run("UPDATE ps_product_lang SET available_now = 'dostepny ' WHERE id_product = 1")
    assert route.write([Change(1, available_now={PL: "Dostępny"})]).changed == (1,)
    assert two_shops.texts_of(1)[PL][0] == "Dostępny"


def test_no_text_and_an_empty_one_are_the_same(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    two_shops.run("UPDATE ps_product_lang SET available_now = NULL WHERE id_product = 1")
    assert route.write([Change(1, available_now={EN: "", PL: ""})]).unchanged == (1,)
    assert route.write([Change(2, available_now={EN: "", PL: ""})]).changed == (2,)
    assert two_shops.texts_of(2)[EN] == ("", "old later")


def test_shared_stock(prestashop: PrestaShopDatabase) -> None:
    prestashop.shops(share_stock=True)
    prestashop.products([1], owner=(0, 1))
    prestashop.stock([(1, 0, 10, 1, 0)])  # left over from before stock was shared
    route = ShopSql(prestashop.settings, 2)
    assert route.layout().stock_owner == (0, 1)
    assert route.write([Change(1, 1, quantity=4)]).rows["stock_available"] == 1
    assert prestashop.stock_of(1, (0, 1)) == {0: (4, 6, 1)}
    assert prestashop.stock_of(1, (1, 0)) == {0: (10, 12, 2)}
    assert prestashop.moved() == {"product": {1}, "product_shop 1": set(), "product_shop 2": {1}}


def test_combinations_follow_in_out_of_stock_and_keep_their_quantities(
    two_shops: PrestaShopDatabase, route: ShopSql
) -> None:
    two_shops.stock([(1, 11, 4, 1, 0), (1, 12, 6, 1, 0), (1, 11, 4, 2, 0)])
    written = route.write([Change(1, out_of_stock=1, quantity=99), Change(2, quantity=99)])
    assert written.changed == (1, 2)
    assert written.quantity_left == (1,)
    assert written.rows["stock_available"] == 4
    assert two_shops.stock_of(1) == {0: (10, 12, 1), 11: (4, 6, 1), 12: (6, 8, 1)}
    assert two_shops.stock_of(2) == {0: (99, 101, 2)}
    assert two_shops.stock_of(1, (2, 0)) == {0: (10, 12, 2), 11: (4, 6, 2)}


def test_the_sum_follows_the_combinations(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    two_shops.stock([(1, 11, 4, 1, 0), (1, 12, 6, 1, 0), (1, 13, -1, 1, 0), (2, 21, 3, 1, 0)])
    written = route.write([Change(1, combinations={11: 40, 12: 0})])
    assert two_shops.stock_of(1) == {0: (39, 41, 2), 11: (40, 42, 2), 12: (0, 2, 2), 13: (-1, 1, 2)}
    assert written.rows["stock_available"] == 3
    # The other product's sum is wrong (10 for 3), as a direct write may leave it; its combination is right already.
    assert route.write([Change(2, combinations={21: 3})]).rows["stock_available"] == 1
    assert two_shops.stock_of(2) == {0: (3, 5, 2), 21: (3, 5, 2)}


def test_price_and_activation(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    two_shops.run("UPDATE ps_product SET id_shop_default = 2 WHERE id_product = 2")
    written = route.write(
        [Change(1, price=Decimal("12.1234567"), active=False), Change(2, price=Decimal(20), active=False)]
    )
    assert written.rows == {"product_shop": 2, "product": 2}
    assert two_shops.price_of(1, 1) == (Decimal("12.123457"), 0)
    assert two_shops.price_of(2, 1) == (Decimal(20), 0)
    assert two_shops.price_of(1, 2) == two_shops.price_of(2, 2) == (Decimal(10), 1)
    assert two_shops.rows("SELECT price, active FROM ps_product WHERE id_product < 3 ORDER BY id_product") == [
        (Decimal("12.123457"), 0),
        (Decimal(10), 1),  # these columns belong to its default shop, which is another
    ]


def test_what_cannot_be_written_whole_is_left_as_it_is(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    two_shops.products([5], shops=[2])
    two_shops.run("DELETE FROM ps_stock_available WHERE id_product = 2 AND id_shop = 1")
    two_shops.run("DELETE FROM ps_product_lang WHERE id_product = 3 AND id_shop = 1 AND id_lang = 2")
    before = two_shops.everything()
    written = route.write(
        [
            *(Change(number, 1, NOW, LATER) for number in (2, 3, 5, 999)),
            Change(4, combinations={44: 1}),
            Change(1, 1),
            Change(1, 0),
        ]
    )
    assert written.changed == (1,)
    assert written.missing == (5, 999)
    assert written.incomplete == {
        2: "has no stock row in this shop",
        3: "lacks its texts in a language of this shop",
        4: "has no stock row of combination 44 in this shop",
    }
    assert written.twice == (1,)
    assert written.settled == (1,)
    assert two_shops.stock_of(1)[0][2] == 1
    after = two_shops.everything()
    untouched = [[row for row in rows["product_lang"] if row[0] != 1] for rows in (before, after)]
    assert untouched[0] == untouched[1]
    assert two_shops.moved()["product"] == {1}


def test_a_language_that_the_shop_lacks_is_refused(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    before = two_shops.everything()
    with pytest.raises(ValueError, match=r"no language 3; it has 1 \(en\), 2 \(pl\)"):
        route.write([Change(1, 1, {3: "Auf Lager"})])
    assert two_shops.everything() == before


def test_batches_are_committed_one_by_one(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    seen = []
    for written in route.batches([Change(number, 1) for number in (1, 2, 3, 4, 77)], batch=2):
        stands = {number for number in (1, 2, 3, 4) if two_shops.stock_of(number)[0][2] == 1}
        seen.append((written.changed, stands))
    assert seen == [((1, 2), {1, 2}), ((3, 4), {1, 2, 3, 4}), ((), {1, 2, 3, 4})]
    assert route.write([Change(number, 0) for number in (1, 2, 3)], batch=1).changed == (1, 2, 3)


def test_dates_are_the_shops_own_time(two_shops: PrestaShopDatabase) -> None:
    ShopSql(two_shops.settings, 1, "Pacific/Kiritimati").write([Change(1, 1)])
    ShopSql(two_shops.settings, 1, "Pacific/Niue").write([Change(2, 1)])
    dates = dict(two_shops.rows("SELECT id_product, date_upd FROM ps_product WHERE id_product < 3"))
    assert round((dates[1] - dates[2]).total_seconds() / 3600) == 25


def test_a_decision_as_the_shop_has_it(two_shops: PrestaShopDatabase, route: ShopSql) -> None:
    texts = {"en": Texts("In stock", "Sold out", {"other": "In {days} days"}), "de": Texts("Auf Lager")}
    settings = AvailabilitySettings(texts, write_quantities=True)
    languages = route.layout().languages
    offers = {1: OfferState(True, 50, 4), 2: OfferState(True, 3, 4)}
    route.write(change_of(number, decide(offer, settings), languages) for number, offer in offers.items())
    assert two_shops.texts_of(1) == {EN: ("In stock", "In 4 days"), PL: ("old now", "old later")}
    assert two_shops.texts_of(2)[EN] == ("In stock", "Sold out")
    assert (two_shops.stock_of(1), two_shops.stock_of(2)) == ({0: (50, 52, 1)}, {0: (0, 2, 0)})


def test_a_shop_without_physical_quantities(two_shops: PrestaShopDatabase) -> None:
    two_shops.run("ALTER TABLE ps_stock_available DROP COLUMN physical_quantity, DROP COLUMN reserved_quantity")
    ShopSql(two_shops.settings, 1).write([Change(1, quantity=3)])
    found = two_shops.rows("SELECT quantity FROM ps_stock_available WHERE id_product = 1 ORDER BY id_shop")
    assert found == [(3,), (10,)]
