"""Section 4: the tree of categories."""

import pytest

from .shop import NAME, PRODUCT, Shop, texts, xml

REWRITE = texts("link_rewrite", "cups", "kubki")


def category(*parts: str) -> str:
    return xml("".join(parts), node="category")


def tree(shop: Shop) -> dict[int, tuple[int, int]]:
    return {
        int(c.findtext("id") or 0): (int(c.findtext("id_parent") or 0), int(c.findtext("level_depth") or 0))
        for c in shop.list("categories", display="[id,id_parent,level_depth]").root[0]
    }


def test_a_new_category(shop: Shop) -> None:
    reply = shop.post("categories", category("<id_parent>2</id_parent><active>1</active>", NAME, REWRITE))
    assert reply.status == 201
    assert (reply.value("level_depth"), reply.value("nb_products_recursive"), reply.value("id_shop_default")) == (
        "2",
        "-1",
        "1",
    )
    assert [
        r["id_group"] for r in shop.sandbox.store.rows("SELECT id_group FROM category_group WHERE id_category = 3")
    ] == [1, 2, 3]
    assert [e.text for e in shop.get("categories/2").root.findall("*/associations/categories/category/id")] == ["3"]


def test_an_empty_address_is_made_from_the_name(shop: Shop) -> None:
    body = category(
        "<id_parent>2</id_parent><active>1</active>", NAME, '<link_rewrite><language id="1"/></link_rewrite>'
    )
    assert shop.post("categories", body).languages("link_rewrite") == {"1": "mug", "2": "kubek"}


@pytest.mark.parametrize(
    ("parts", "status", "codes"),
    [
        (("<active>1</active>", NAME), 500, [3, 3]),
        (("<active>1</active>", REWRITE), 500, [3]),
        ((NAME, REWRITE), 400, [41]),
        (("<active>1</active><name><language id='2'>x</language></name>", REWRITE), 400, [84]),
        (("<active>1</active>", texts("name", "a<b", "x"), REWRITE), 400, [84]),
        (("<active>1</active>", texts("name", "n" * 129, "x"), REWRITE), 400, [84]),
        (("<active>1</active><level_depth>3</level_depth>", NAME, REWRITE), 400, [93]),
        (("<active>1</active><nb_products_recursive>3</nb_products_recursive>", NAME, REWRITE), 400, [93]),
    ],
)
def test_refused(shop: Shop, parts: tuple[str, ...], status: int, codes: list[int]) -> None:
    reply = shop.post("categories", category("<id_parent>2</id_parent>", *parts))
    assert (reply.status, reply.codes) == (status, codes)
    assert list(tree(shop)) == [1, 2]


def test_a_missing_address_is_told(shop: Shop) -> None:
    message = shop.post("categories", category("<id_parent>2</id_parent><active>1</active>", NAME)).errors[0][1]
    assert "Only the first byte will be assigned to the string offset" in message


def test_a_name_in_the_default_language_only(shop: Shop) -> None:
    body = category("<id_parent>2</id_parent><active>1</active><name><language id='1'>Cup</language></name>", REWRITE)
    assert shop.post("categories", body).status == 201
    assert shop.get("categories/3").languages("name") == {"1": "Cup", "2": ""}


@pytest.mark.parametrize("parent", ["", "<id_parent>0</id_parent>"])
def test_without_a_parent_it_is_an_orphan(shop: Shop, parent: str) -> None:
    assert shop.post("categories", category(parent, "<active>1</active>", NAME, REWRITE)).status == 201
    assert tree(shop)[3] == (0, 0)
    assert shop.row("SELECT nleft, nright FROM category WHERE id_category = 3") == {"nleft": 0, "nright": 0}


def test_a_missing_parent_is_an_empty_500(shop: Shop) -> None:
    reply = shop.post("categories", category("<id_parent>999</id_parent><active>1</active>", NAME, REWRITE))
    assert (reply.status, reply.body) == (500, b"")
    assert reply.content_type.startswith("text/html")
    assert list(tree(shop)) == [1, 2]


def test_a_root_category_hangs_on_the_root(shop: Shop) -> None:
    body = category("<id_parent>2</id_parent><active>1</active><is_root_category>1</is_root_category>", NAME, REWRITE)
    shop.post("categories", body)
    assert tree(shop)[3][0] == 1


def test_doubles_are_made(shop: Shop) -> None:
    assert shop.category("Cups") != shop.category("Cups")


def test_put_without_a_parent_drops_it_out_of_the_tree(shop: Shop) -> None:
    key = shop.category()
    body = category(f"<id>{key}</id><active>1</active>", NAME, REWRITE)
    assert shop.put(f"categories/{key}", body).status == 200
    assert tree(shop)[key][0] == 0
    assert shop.row("SELECT nleft FROM category WHERE id_category = ?", key)["nleft"] == 0


def test_put_needs_active(shop: Shop) -> None:
    key = shop.category()
    assert shop.put("categories", category(f"<id>{key}</id>", NAME, REWRITE)).codes == [41]


def test_patch_of_one_language_keeps_the_other(shop: Shop) -> None:
    key = shop.category("Cups")
    body = category(f"<id>{key}</id><name><language id='2'>Kubki</language></name>")
    assert shop.patch("categories", body).status == 200
    assert shop.get(f"categories/{key}").languages("name") == {"1": "Cups", "2": "Kubki"}


def test_a_move_takes_the_children_along(shop: Shop) -> None:
    top, other = shop.category("Top"), shop.category("Other")
    leaf = shop.category("Leaf", shop.category("Middle", top))
    assert tree(shop)[leaf][1] == 4
    reply = shop.patch(f"categories/{top}", category(f"<id>{top}</id><id_parent>{other}</id_parent>"))
    assert reply.value("level_depth") == "3"
    assert tree(shop)[leaf][1] == 5


def test_its_own_parent_is_an_empty_500(shop: Shop) -> None:
    key = shop.category()
    assert shop.patch("categories", category(f"<id>{key}</id><id_parent>{key}</id_parent>")).status == 500


def test_a_cycle_disappears_from_the_tree(shop: Shop) -> None:
    top = shop.category("Top")
    leaf = shop.category("Leaf", top)
    assert shop.patch("categories", category(f"<id>{top}</id><id_parent>{leaf}</id_parent>")).status == 200
    assert tree(shop)[top][0] == leaf
    rows = shop.sandbox.store.rows("SELECT nleft FROM category WHERE id_category > 2")
    assert [row["nleft"] for row in rows] == [0, 0]


def test_groups_are_reset_by_every_write(shop: Shop) -> None:
    key = shop.category()
    shop.sandbox.store.execute("DELETE FROM category_group WHERE id_group > 1")
    shop.patch("categories", category(f"<id>{key}</id><active>0</active>"))
    assert shop.row("SELECT COUNT(*) AS n FROM category_group WHERE id_category = ?", key)["n"] == 3


def test_products_are_counted_through_the_tree_and_ignored_when_sent(shop: Shop) -> None:
    top = shop.category("Top")
    leaf = shop.category("Leaf", top)
    product = shop.create(
        entity=f"{PRODUCT}<associations><categories><category><id>{leaf}</id></category></categories></associations>"
    )
    assert shop.get(f"categories/{top}").value("nb_products_recursive") == "1"
    body = category(f"<id>{leaf}</id><associations><products/><categories/></associations>")
    assert shop.patch("categories", body).status == 200
    assert shop.get(f"categories/{leaf}").root.findtext("*/associations/products/product/id") == str(product)


def test_deleting_takes_the_children_and_leaves_the_products(shop: Shop) -> None:
    top = shop.category("Top")
    leaf = shop.category("Leaf", top)
    product = shop.create(
        entity=f"{PRODUCT}<id_category_default>{leaf}</id_category_default>"
        f"<associations><categories><category><id>{leaf}</id></category></categories></associations>"
    )
    reply = shop.delete(f"categories/{top}")
    assert (reply.status, reply.body) == (200, b"")
    assert shop.get(f"categories/{leaf}").status == 404
    stored = shop.get(f"products/{product}")
    assert stored.value("id_category_default") == str(leaf)
    assert stored.root.find("*/associations/categories/category") is None


def test_home_can_be_deleted_and_the_root_cannot(shop: Shop) -> None:
    shop.category()
    assert shop.delete("categories/1").errors == [(88, "Id(s) wasn't deleted: 1")]
    assert shop.delete("categories/2").status == 200
    assert list(tree(shop)) == [1]
