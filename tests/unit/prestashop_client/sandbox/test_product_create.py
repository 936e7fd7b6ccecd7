"""Section 2.2: POST of products."""

from collections.abc import Callable

import pytest

from .shop import NAME, PRODUCT, Shop, texts, xml


def test_the_answer_echoes_what_was_sent(shop: Shop) -> None:
    reply = shop.post("products", xml(PRODUCT))
    assert reply.status == 201
    assert (reply.value("price"), reply.value("active"), reply.value("visibility")) == ("10", "", "both")
    stored = shop.get("products/1")
    assert (stored.value("price"), stored.value("active")) == ("10.000000", "0")


def test_what_is_omitted_is_nothing_not_a_default(shop: Shop) -> None:
    key = shop.create()
    stored = shop.get(f"products/{key}")
    assert {
        name: stored.value(name)
        for name in (
            "active",
            "state",
            "id_category_default",
            "id_tax_rules_group",
            "available_for_order",
            "show_price",
            "minimal_quantity",
            "visibility",
            "condition",
            "product_type",
            "redirect_type",
            "pack_stock_type",
            "additional_delivery_times",
            "indexed",
            "available_date",
            "low_stock_threshold",
            "quantity",
            "type",
        )
    } == {
        "active": "0",
        "state": "0",
        "id_category_default": "0",
        "id_tax_rules_group": "0",
        "available_for_order": "0",
        "show_price": "0",
        "minimal_quantity": "0",
        "visibility": "both",
        "condition": "new",
        "product_type": "standard",
        "redirect_type": "",
        "pack_stock_type": "0",
        "additional_delivery_times": "0",
        "indexed": "0",
        "available_date": "0000-00-00",
        "low_stock_threshold": "",
        "quantity": "0",
        "type": "simple",
    }
    row = shop.row(
        "SELECT quantity, out_of_stock, id_shop, id_shop_group FROM stock_available WHERE id_product = ?", key
    )
    assert row == {"quantity": 0, "out_of_stock": 2, "id_shop": 1, "id_shop_group": 0}


def test_the_friendly_address_is_made_from_the_name(shop: Shop) -> None:
    key = shop.create(entity="<price>1</price>" + texts("name", "Żółty Wąż & spółka 100%", "Mug"))
    assert shop.get(f"products/{key}").languages("link_rewrite") == {"1": "zolty-waz-spolka-100", "2": "mug"}


@pytest.mark.parametrize(("sent", "stored"), [("a b", "a-b"), ("żółw", "zolw"), ("Fine_one-2", "Fine_one-2")])
def test_a_bad_address_is_repaired(shop: Shop, sent: str, stored: str) -> None:
    key = shop.create(entity=f"{PRODUCT}{texts('link_rewrite', sent, sent)}")
    assert set(shop.get(f"products/{key}").languages("link_rewrite").values()) == {stored}


@pytest.mark.parametrize(
    "entity",
    ["<price>1</price>", "<price>1</price>" + texts("link_rewrite", "a", "b"), "<price>1</price><name>Plain</name>"],
)
def test_without_a_name_php_warns_and_nothing_is_made(shop: Shop, entity: str) -> None:
    reply = shop.post("products", xml(entity))
    assert (reply.status, reply.codes) == (500, [3])
    assert "foreach() argument must be of type array|object, string given" in reply.errors[0][1]
    assert shop.get("products").ids() == []


def test_where_warnings_are_swallowed_a_product_without_a_name_is_made(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(display_errors=True)
    assert shop.post("products", xml("<price>1</price>")).status == 201
    assert shop.get("products/1").languages("name") == {"1": "", "2": ""}


@pytest.mark.parametrize(
    ("entity", "status", "code", "message"),
    [
        (NAME, 400, 41, 'parameter "price" required'),
        (f"<price></price>{NAME}", 400, 85, 'Validation error: "Property Product->price is empty."'),
        (f"<id>500</id>{PRODUCT}", 400, 91, "id is forbidden when adding a new resource"),
        (
            f"{PRODUCT}<quantity/>",
            400,
            93,
            'parameter "quantity" not writable. Please remove this attribute of this XML',
        ),
        (
            f"{PRODUCT}<manufacturer_name>x</manufacturer_name>",
            400,
            93,
            'parameter "manufacturer_name" not writable. Please remove this attribute of this XML',
        ),
        (
            f"{PRODUCT}<position_in_category>0</position_in_category>",
            500,
            134,
            "You cannot set 0 or a negative position, the minimum is 1.",
        ),
        (f"{PRODUCT}<position_in_category/>", 500, 134, "You cannot set 0 or a negative position, the minimum is 1."),
    ],
)
def test_refused(shop: Shop, entity: str, status: int, code: int, message: str) -> None:
    reply = shop.post("products", xml(entity))
    assert (reply.status, reply.errors) == (status, [(code, message)])
    assert shop.get("products").ids() == []


@pytest.mark.parametrize(
    "entity",
    [
        f"<id></id>{PRODUCT}",
        f"{PRODUCT}<colour>red</colour>",
        f"{PRODUCT}<type>pack</type>",
        f"{PRODUCT}<type>foo</type>",
        f'{PRODUCT}<description><language id="77">x</language></description>',
        f"{PRODUCT}<id_category_default>999</id_category_default><id_manufacturer>999</id_manufacturer>",
        f"{PRODUCT}<date_add>2001-01-01 00:00:00</date_add>",
        f"{PRODUCT}<id_shop_default>5</id_shop_default>",
        f"{PRODUCT}<redirect_type>nonsense</redirect_type>",
    ],
)
def test_taken_without_a_word(shop: Shop, entity: str) -> None:
    key = shop.create(entity=entity)
    stored = shop.get(f"products/{key}")
    assert stored.value("product_type") == "standard"
    assert not (stored.value("date_add") or "").startswith("2001")
    assert (stored.value("id_shop_default"), stored.value("redirect_type")) == ("1", "")


def test_an_unknown_id_is_stored_as_it_is(shop: Shop) -> None:
    key = shop.create(entity=f"{PRODUCT}<id_manufacturer>999</id_manufacturer>")
    assert shop.get(f"products/{key}").value("id_manufacturer") == "999"
    assert shop.get(f"products/{key}").value("manufacturer_name") == ""


def test_a_name_in_one_language_leaves_the_other_empty(shop: Shop) -> None:
    key = shop.create(entity='<price>1</price><name><language id="2">Kubek</language></name>')
    assert shop.get(f"products/{key}").languages("name") == {"1": "", "2": "Kubek"}


def test_an_unknown_association_is_an_error_but_the_product_is_there(shop: Shop) -> None:
    reply = shop.post("products", xml(f"{PRODUCT}<associations><foo/></associations>"))
    assert (reply.status, reply.errors) == (400, [(86, 'The association "foo" does not exists')])
    assert shop.get("products").ids() == [1]


def test_a_feature_without_its_value_is_an_error_but_the_product_is_there(shop: Shop) -> None:
    reply = shop.post(
        "products",
        xml(
            f"{PRODUCT}<associations><product_features><product_feature><id>1</id>"
            "</product_feature></product_features></associations>"
        ),
    )
    assert (reply.status, reply.codes) == (500, [3])
    assert shop.get("products").ids() == [1]


def test_doubles_are_made_without_a_word(shop: Shop) -> None:
    twice = xml(f"{PRODUCT}<reference>R</reference><ean13>5901234123457</ean13>")
    assert [shop.post("products", twice).status for _ in range(2)] == [201, 201]


def test_the_first_of_two_equal_fields_and_the_last_of_two_equal_languages_win(shop: Shop) -> None:
    key = shop.create(
        entity='<price>1</price><price>2</price><name><language id="1">A</language><language id="1">B</language></name>'
    )
    stored = shop.get(f"products/{key}")
    assert (stored.value("price"), stored.languages("name")["1"]) == ("1.000000", "B")


def test_another_name_of_the_element_is_taken(shop: Shop) -> None:
    assert shop.post("products", xml(PRODUCT, node="foo")).status == 201


@pytest.mark.parametrize(
    "body",
    [f"<product>{PRODUCT}</product>", f"<prestashop><products><product>{PRODUCT}</product></products></prestashop>"],
)
def test_a_wrong_depth_lacks_the_price(shop: Shop, body: str) -> None:
    assert shop.post("products", body).codes == [41]


def test_nothing_to_create(shop: Shop) -> None:
    reply = shop.post("products", "<prestashop></prestashop>")
    assert (reply.status, len(reply.root)) == (201, 0)


def test_categories_put_the_product_last(shop: Shop) -> None:
    linked = (
        f"{PRODUCT}<id_category_default>2</id_category_default><associations><categories><category><id>2</id>"
        "</category><category><id>2</id></category><category><id>999</id></category></categories></associations>"
    )
    first, second = (shop.create(entity=linked) for _ in range(2))
    assert [shop.get(f"products/{key}").value("position_in_category") for key in (first, second)] == ["1", "2"]
    assert [e.text for e in shop.get(f"products/{first}").root.findall("*/associations/categories/category/id")] == [
        "2"
    ]
    assert shop.row("SELECT COUNT(*) AS n FROM category_product WHERE id_category = 999")["n"] == 2


def test_the_default_category_is_no_association(shop: Shop) -> None:
    key = shop.create(entity=f"{PRODUCT}<id_category_default>2</id_category_default>")
    assert shop.get(f"products/{key}").root.find("*/associations/categories/category") is None
    assert shop.get(f"products/{key}").value("position_in_category") == ""


def test_an_active_product_is_indexed(shop: Shop) -> None:
    key = shop.create(entity=f"{PRODUCT}<active>1</active>")
    assert shop.get(f"products/{key}").value("indexed") == "1"


def test_a_virtual_product_may_be_ordered_without_stock(shop: Shop) -> None:
    key = shop.create(entity=f"{PRODUCT}<is_virtual>1</is_virtual>")
    assert shop.get(f"products/{key}").value("type") == "virtual"
    assert shop.row("SELECT out_of_stock AS o FROM stock_available WHERE id_product = ?", key)["o"] == 1


def test_deleted_for_good(shop: Shop) -> None:
    key = shop.create(
        entity=f"{PRODUCT}<associations><categories><category><id>2</id></category></categories></associations>"
    )
    stock = shop.stock_row(key)
    reply = shop.delete(f"products/{key}")
    assert (reply.status, reply.body, reply.content_type) == (200, b"", "")
    assert shop.get(f"products/{key}").status == shop.get(f"stock_availables/{stock}").status == 404
    assert shop.row("SELECT COUNT(*) AS n FROM category_product WHERE id_product = ?", key)["n"] == 0
    assert shop.create() == key + 1


def test_deleting_several(shop: Shop) -> None:
    keys = [shop.create() for _ in range(3)]
    missing = shop.delete("products/", id=f"[{keys[0]},999]")
    assert (missing.status, missing.errors) == (404, [(87, "Id(s) not exists: 999")])
    assert shop.get("products").ids() == keys
    assert shop.delete("products/", id=f"[{keys[0]},{keys[1]}]").status == 200
    assert shop.get("products").ids() == [keys[2]]


@pytest.mark.parametrize(
    ("path", "query", "message"),
    [
        ("products/999999", {}, "Id(s) not exists: 999999"),
        ("products/", {}, "Id(s) not exists: 0"),
        ("products/", {"id": "1"}, "Id(s) not exists: "),
    ],
)
def test_deleting_what_is_not_there(shop: Shop, path: str, query: dict[str, str], message: str) -> None:
    shop.create()
    reply = shop.delete(path, **query)
    assert (reply.status, reply.errors) == (404, [(87, message)])
