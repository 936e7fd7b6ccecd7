"""Multi-entity requests: they stop at the first bad entity, and the earlier ones are saved."""

from collections.abc import Callable

import pytest

from .shop import NAME, PRODUCT, Reply, Shop, texts, xml


def prices(shop: Shop) -> list[str]:
    return [item.findtext("price") or "" for item in shop.list("products", display="[price]", sort="[id_ASC]").root[0]]


def test_many_are_made_in_order(shop: Shop) -> None:
    reply = shop.post("products", xml(*(f"<price>{n}</price>{NAME}" for n in (1, 2, 3))))
    assert reply.status == 201
    assert [(p.tag, p.findtext("id"), p.findtext("price")) for p in reply.root] == [
        ("product", "1", "1"),
        ("product", "2", "2"),
        ("product", "3", "3"),
    ]


def test_the_second_of_three_is_refused(shop: Shop) -> None:
    reply = shop.post("products", xml(PRODUCT, f"<price>abc</price>{NAME}", PRODUCT))
    assert (reply.status, reply.codes) == (400, [85])
    assert shop.get("products").ids() == [1]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("second", "status", "code"), [("<id>999</id><price>9</price>", 404, 92), ("<id>2</id><price>x</price>", 400, 85)]
)
def test_changes_stop_at_the_first_bad_one(shop: Shop, method: str, second: str, status: int, code: int) -> None:
    shop.post("products", xml(PRODUCT, PRODUCT, PRODUCT))
    reply = shop.ask(
        method, "products", xml(f"<id>1</id><price>1</price>{NAME}", second, f"<id>3</id><price>3</price>{NAME}")
    )
    assert (reply.status, reply.codes) == (status, [code])
    assert prices(shop) == ["1.000000", "10.000000", "10.000000"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("entities", "code"),
    [((f"<id>1</id>{PRODUCT}", f"<id>1</id>{PRODUCT}"), 89), ((f"<id>1</id><price>5</price>{NAME}", PRODUCT), 90)],
)
def test_ids_are_checked_before_anything_is_saved(
    shop: Shop, method: str, entities: tuple[str, str], code: int
) -> None:
    shop.create(entity=f"<price>7</price>{NAME}")
    assert shop.ask(method, "products", xml(*entities)).codes == [code]
    assert prices(shop) == ["7.000000"]


def test_an_id_anywhere_forbids_the_whole_post(shop: Shop) -> None:
    assert shop.post("products", xml(PRODUCT, f"<id>5</id>{PRODUCT}")).codes == [91]
    assert shop.get("products").ids() == []


def test_after_a_warning_the_later_ones_are_skipped_in_silence(shop: Shop) -> None:
    reply = shop.post("products", xml(PRODUCT, "<price>1</price>", PRODUCT))
    assert (reply.status, reply.codes) == (500, [3])
    assert shop.get("products").ids() == [1]


def test_where_warnings_are_swallowed_nothing_is_skipped(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(display_errors=True)
    assert shop.post("products", xml(PRODUCT, "<price>1</price>", PRODUCT)).status == 201
    assert shop.get("products").ids() == [1, 2, 3]


def test_five_hundred_stock_rows(shop: Shop) -> None:
    shop.post("products", xml(*[PRODUCT] * 500))
    rows = shop.list("stock_availables", display="[id]").ids()
    reply = shop.patch(
        "stock_availables", xml(*(f"<id>{row}</id><quantity>{row}</quantity>" for row in rows), node="stock_available")
    )
    assert (reply.status, len(reply.root)) == (200, 500)
    assert shop.row("SELECT COUNT(*) AS n FROM stock_available WHERE quantity = id_stock_available")["n"] == 500


def _category(name: str, parent: int) -> str:
    return (
        f"<id_parent>{parent}</id_parent><active>1</active>{texts('name', name, name)}{texts('link_rewrite', 'c', 'c')}"
    )


def test_a_batch_of_categories_builds_the_tree_once(shop: Shop) -> None:
    reply = shop.post("categories", xml(_category("A", 2), _category("B", 2), node="category"))
    assert [c.findtext("level_depth") for c in reply.root] == ["2", "2"]
    rows = shop.sandbox.store.rows("SELECT nleft, nright FROM category ORDER BY id_category")
    assert [(r["nleft"], r["nright"]) for r in rows] == [(1, 8), (2, 7), (3, 4), (5, 6)]


def test_a_failed_batch_leaves_the_tree_until_the_next_write(shop: Shop) -> None:
    def left() -> int:
        return int(shop.row("SELECT nleft FROM category WHERE id_category = 3")["nleft"])

    reply: Reply = shop.post("categories", xml(_category("A", 2), "<id_parent>2</id_parent>", node="category"))
    assert reply.codes == [41]
    assert left() == 0
    shop.category("B")
    assert left() == 3
