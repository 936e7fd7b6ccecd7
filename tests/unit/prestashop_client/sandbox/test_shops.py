"""Section 2.7: several shops, shared stock, more languages."""

from collections.abc import Callable

import pytest

from .shop import NAME, PRODUCT, Shop, texts, xml


@pytest.fixture
def two(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop(shops=2)


@pytest.mark.parametrize("query", [{"id_shop": 1}, {"id_shop": "all"}, {"id_shop_group": 1}, {"id_group_shop": 1}])
def test_ways_to_name_the_only_shop(shop: Shop, query: dict[str, object]) -> None:
    shop.create()
    assert shop.get("products", **query).ids() == [1]


@pytest.mark.parametrize("asked", ["2", "abc"])
def test_an_unknown_shop_is_a_redirect(shop: Shop, asked: str) -> None:
    reply = shop.get("products", id_shop=asked)
    assert (reply.status, reply.body) == (302, b"")


def test_an_unknown_group(shop: Shop) -> None:
    reply = shop.get("products", id_shop_group=9)
    assert (reply.status, reply.codes) == (500, [999])


def test_a_key_of_another_shop(two: Shop) -> None:
    two.sandbox.add_key("S" * 32, shops=[2])
    reply = two.ask("GET", "products", key="S" * 32)
    assert (reply.status, reply.errors) == (403, [(132, "No permission for this key on this shop")])
    assert two.ask("GET", "products", key="S" * 32, id_shop=2).status == 200
    assert two.ask("GET", "products", key="S" * 32, id_shop="all").status == 200


def test_a_product_is_made_in_one_shop_with_texts_for_both(two: Shop) -> None:
    key = two.create()
    assert two.get("products", id_shop=2).ids() == []
    reply = two.get(f"products/{key}", id_shop=2)
    assert (reply.status, reply.codes) == (404, [131])
    assert two.row("SELECT COUNT(*) AS n FROM product_lang WHERE id_product = ?", key)["n"] == 4
    assert two.row("SELECT COUNT(*) AS n FROM stock_available WHERE id_product = ?", key)["n"] == 1


def test_a_change_in_one_shop_leaves_the_other(two: Shop) -> None:
    two.ask("POST", "products", xml(PRODUCT), id_shop="all")
    two.ask("PATCH", "products", xml(f"<id>1</id><price>20</price>{texts('available_now', 'Now', 'Teraz')}"), id_shop=2)
    assert [two.get("products/1", id_shop=n).value("price") for n in (1, 2)] == ["10.000000", "20.000000"]
    assert [two.get("products/1", id_shop=n).languages("available_now")["1"] for n in (1, 2)] == ["", "Now"]
    two.ask("PATCH", "products", xml("<id>1</id><price>30</price>"), id_shop="all")
    assert [two.get("products/1", id_shop=n).value("price") for n in (1, 2)] == ["30.000000", "30.000000"]


def test_deleting_in_one_shop(two: Shop) -> None:
    two.ask("POST", "products", xml(PRODUCT), id_shop="all")
    assert two.delete("products/1", id_shop=2).status == 200
    assert two.get("products/1").status == 200
    assert two.get("products/1", id_shop=2).codes == [131]


def test_lists_of_stock_ignore_the_shop(two: Shop) -> None:
    two.ask("POST", "products", xml(PRODUCT), id_shop="all")
    assert two.get("stock_availables", id_shop=1).ids() == [1, 2]
    assert two.get("stock_availables/2").codes == [131]
    assert two.get("stock_availables/2", id_shop=2).status == 200
    assert (
        two.patch("stock_availables/2", xml("<id>2</id><quantity>5</quantity>", node="stock_available")).status == 200
    )


def test_shared_stock(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(shops=2, share_stock=True)
    shop.ask("POST", "products", xml(PRODUCT), id_shop="all")
    rows = shop.sandbox.store.rows("SELECT id_shop, id_shop_group FROM stock_available")
    assert rows == [{"id_shop": 0, "id_shop_group": 1}]
    assert [shop.get("stock_availables/1", id_shop=n).status for n in (1, 2)] == [200, 200]
    assert shop.get("products/1", id_shop=2).root.findtext("*/associations/stock_availables/stock_available/id") == "1"
    assert shop.get("shop_groups/1").value("share_stock") == "1"


def test_rows_of_the_other_layout_are_invisible(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    shop.create()
    shop.sandbox.store.execute("UPDATE shop_group SET share_stock = 1")
    assert shop.get("products/1").root.find("*/associations/stock_availables/stock_available") is None


def test_more_languages(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(languages=["de"])
    assert shop.get("languages/3").value("iso_code") == "de"
    key = shop.create(entity=f'<price>1</price>{NAME.replace("</name>", "")}<language id="3">Becher</language></name>')
    assert shop.get(f"products/{key}").languages("name") == {"1": "Mug", "2": "Kubek", "3": "Becher"}
    assert shop.get("categories/2").languages("name")["3"] == "Home"
