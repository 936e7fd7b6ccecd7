"""Sections 2.3 and 2.4: PUT and PATCH of products."""

import re

import pytest

from .shop import NAME, PRODUCT, Shop, texts, xml

FULL = (
    f"{PRODUCT}<reference>R-1</reference><active>1</active><state>1</state><weight>1.5</weight><ean13>5901234123457</ean13>"
    f"<id_tax_rules_group>1</id_tax_rules_group><minimal_quantity>3</minimal_quantity>"
    f"{texts('description', '<p>Long</p>', '<p>Long</p>')}"
    "<associations><categories><category><id>2</id></category></categories></associations>"
)


def categories(shop: Shop, key: int) -> list[str | None]:
    return [e.text for e in shop.get(f"products/{key}").root.findall("*/associations/categories/category/id")]


def test_put_resets_what_it_leaves_out(shop: Shop) -> None:
    key = shop.create(entity=FULL)
    assert shop.put(f"products/{key}", xml(f"<id>{key}</id>{PRODUCT}")).status == 200
    stored = shop.get(f"products/{key}")
    assert {
        name: stored.value(name)
        for name in (
            "active",
            "state",
            "reference",
            "ean13",
            "weight",
            "id_tax_rules_group",
            "minimal_quantity",
            "visibility",
        )
    } == {
        "active": "0",
        "state": "0",
        "reference": "",
        "ean13": "",
        "weight": "0.000000",
        "id_tax_rules_group": "0",
        "minimal_quantity": "0",
        "visibility": "both",
    }
    assert stored.languages("description") == stored.languages("link_rewrite") == {"1": "", "2": ""}
    assert categories(shop, key) == ["2"]


def test_put_without_a_name_empties_it(shop: Shop) -> None:
    key = shop.create()
    assert shop.put(f"products/{key}", xml(f"<id>{key}</id><price>1</price>")).status == 200
    assert shop.get(f"products/{key}").languages("name") == {"1": "", "2": ""}


def test_put_makes_the_product_new_again(shop: Shop) -> None:
    key = shop.create()
    shop.sandbox.store.execute("UPDATE product_shop SET date_add = '2001-01-01 00:00:00'")
    shop.put(f"products/{key}", xml(f"<id>{key}</id>{PRODUCT}"))
    assert not (shop.get(f"products/{key}").value("date_add") or "").startswith("2001")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("entity", "status", "code"),
    [
        (PRODUCT, 400, 90),
        (f"<id>999</id>{PRODUCT}", 404, 92),
        (f"<id>1</id>{PRODUCT}<quantity>1</quantity>", 400, 93),
        (f"<id>1</id><price/>{NAME}", 400, 85),
        (f"<id>1</id>{PRODUCT}<position_in_category>-1</position_in_category>", 500, 134),
        (f"<id>1</id>{PRODUCT}<position_in_category>99</position_in_category>", 500, 135),
    ],
)
def test_refused(shop: Shop, method: str, entity: str, status: int, code: int) -> None:
    shop.create()
    reply = shop.ask(method, "products/1", xml(entity))
    assert (reply.status, reply.codes) == (status, [code])


def test_put_needs_the_price(shop: Shop) -> None:
    key = shop.create()
    assert shop.put(f"products/{key}", xml(f"<id>{key}</id>{NAME}")).codes == [41]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("path", ["products", "products/1", "products/99999"])
def test_the_id_of_the_body_counts(shop: Shop, method: str, path: str) -> None:
    shop.create()
    key = shop.create()
    assert shop.ask(method, path, xml(f"<id>{key}</id><price>77</price>{NAME}")).status == 200
    assert [shop.get(f"products/{k}").value("price") for k in (1, key)] == ["10.000000", "77.000000"]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_one_language_wipes_the_other(shop: Shop, method: str) -> None:
    key = shop.create()
    body = xml(f'<id>{key}</id><price>1</price><name><language id="2">Filiżanka</language></name>')
    assert shop.ask(method, f"products/{key}", body).status == 200
    assert shop.get(f"products/{key}").languages("name") == {"1": "", "2": "Filiżanka"}


def test_patch_keeps_what_it_leaves_out(shop: Shop) -> None:
    key = shop.create(entity=FULL)
    before = shop.get(f"products/{key}").text
    reply = shop.patch(f"products/{key}", xml(f"<id>{key}</id><price>99.99</price>"))
    assert (reply.value("price"), reply.value("weight")) == ("99.99", "1.500000")
    after = shop.get(f"products/{key}").text
    changed = [
        a for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b and "date_upd" not in a
    ]
    assert changed == ["\t<price><![CDATA[10.000000]]></price>"]


def test_patch_of_the_id_alone_moves_the_date(shop: Shop) -> None:
    key = shop.create()
    shop.sandbox.store.execute("UPDATE product_shop SET date_upd = '2001-01-01 00:00:00'")
    assert shop.patch(f"products/{key}", xml(f"<id>{key}</id>")).status == 200
    assert not (shop.get(f"products/{key}").value("date_upd") or "").startswith("2001")


def test_an_empty_element_clears(shop: Shop) -> None:
    key = shop.create(entity=FULL)
    shop.patch(f"products/{key}", xml(f"<id>{key}</id><weight/><ean13></ean13><description/>"))
    stored = shop.get(f"products/{key}")
    assert (stored.value("weight"), stored.value("ean13")) == ("0.000000", "")
    assert stored.languages("description") == {"1": "", "2": ""}


def test_plain_text_sets_all_languages(shop: Shop) -> None:
    key = shop.create()
    shop.patch(f"products/{key}", xml(f"<id>{key}</id><name>Cup</name>"))
    assert shop.get(f"products/{key}").languages("name") == {"1": "Cup", "2": "Cup"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_the_address_is_not_repaired_any_more(shop: Shop, method: str) -> None:
    key = shop.create()
    body = xml(f"<id>{key}</id>{PRODUCT}{texts('link_rewrite', 'a b', 'a-b')}")
    reply = shop.ask(method, f"products/{key}", body)
    assert reply.errors == [(84, 'Validation error: "Property Product->link_rewrite is not valid"')]


def test_dates_and_index(shop: Shop) -> None:
    key = shop.create()
    shop.patch(
        f"products/{key}",
        xml(
            f"<id>{key}</id><date_add>2020-02-02 10:00:00</date_add>"
            "<date_upd>2020-02-02 10:00:00</date_upd><indexed>1</indexed>"
        ),
    )
    stored = shop.get(f"products/{key}")
    assert (stored.value("date_add"), stored.value("indexed")) == ("2020-02-02 10:00:00", "0")
    assert not (stored.value("date_upd") or "").startswith("2020")


def test_the_ratio_lags_behind_the_price(shop: Shop) -> None:
    key = shop.create(entity=f"<price>10</price><unit_price>2</unit_price>{NAME}")
    assert shop.get(f"products/{key}").value("unit_price_ratio") == "5.000000"
    shop.patch(f"products/{key}", xml(f"<id>{key}</id><price>20</price>"))
    assert shop.get(f"products/{key}").value("unit_price_ratio") == "5.000000"
    shop.patch(f"products/{key}", xml(f"<id>{key}</id><weight>1</weight>"))
    assert shop.get(f"products/{key}").value("unit_price_ratio") == "10.000000"


@pytest.mark.parametrize(
    ("associations", "left"),
    [
        ("", ["2"]),
        ("<associations/>", ["2"]),
        ("<associations><tags/></associations>", ["2"]),
        ("<associations><categories/></associations>", []),
        ("<associations><categories><category><id>1</id></category></categories></associations>", ["1"]),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_associations(shop: Shop, method: str, associations: str, left: list[str]) -> None:
    key = shop.create(entity=FULL)
    assert shop.ask(method, f"products/{key}", xml(f"<id>{key}</id>{PRODUCT}{associations}")).status == 200
    assert categories(shop, key) == left


def test_images_and_stock_in_associations_are_ignored(shop: Shop) -> None:
    key = shop.create()
    row = shop.stock_row(key)
    body = xml(f"<id>{key}</id><associations><stock_availables/><images/></associations>")
    assert shop.patch(f"products/{key}", body).status == 200
    assert shop.stock_row(key) == row


def test_a_position_renumbers_the_category(shop: Shop) -> None:
    linked = f"<id_category_default>2</id_category_default>{FULL}"
    keys = [shop.create(entity=linked) for _ in range(3)]
    shop.patch("products", xml(f"<id>{keys[2]}</id><position_in_category>1</position_in_category>"))
    assert [shop.get(f"products/{key}").value("position_in_category") for key in keys] == ["2", "3", "1"]


def test_the_whole_document_back_is_refused_until_two_fields_are_dropped(shop: Shop) -> None:
    key = shop.create(entity=f"<id_category_default>2</id_category_default>{FULL}")
    document = shop.get(f"products/{key}").text
    assert "manufacturer_name" in shop.put(f"products/{key}", document).errors[0][1]
    document = re.sub(r"\t<manufacturer_name .*\n", "", document)
    assert '"quantity"' in shop.put(f"products/{key}", document).errors[0][1]
    assert shop.put(f"products/{key}", re.sub(r"\t<quantity .*\n", "", document)).status == 200
    drop = re.compile(r"\t<(date_upd|manufacturer_name|quantity|low_stock_threshold)\W.*\n")
    assert drop.sub("", shop.get(f"products/{key}").text) == drop.sub("", document)


def test_a_virtual_product_cannot_be_put_back_with_its_bundle(shop: Shop) -> None:
    key = shop.create(entity=f"{PRODUCT}<is_virtual>1</is_virtual>")
    reply = shop.put(
        "products",
        xml(f"<id>{key}</id>{PRODUCT}<is_virtual>1</is_virtual><associations><product_bundle/></associations>"),
    )
    assert (reply.status, reply.errors) == (500, [(85, "Error occurred while setting the product_bundle value")])


def test_a_pack(shop: Shop) -> None:
    inside, pack = shop.create(), shop.create()
    body = xml(
        f"<id>{pack}</id><associations><product_bundle><product><id>{inside}</id><quantity>5</quantity></product>"
        "</product_bundle></associations>"
    )
    assert shop.patch("products", body).status == 200
    stored = shop.get(f"products/{pack}")
    assert stored.value("type") == "pack"
    assert stored.root.findtext("*/associations/product_bundle/product/quantity") == "5"


def test_accessories_and_tags(shop: Shop) -> None:
    one, other = shop.create(), shop.create()
    tag = shop.create("tags", "<id_lang>2</id_lang><name>ceramika</name>")
    body = xml(
        f"<id>{one}</id><associations><accessories><product><id>{other}</id></product></accessories>"
        f"<tags><tag><id>{tag}</id></tag></tags></associations>"
    )
    assert shop.patch("products", body).status == 200
    stored = shop.get(f"products/{one}").root
    assert stored.findtext("*/associations/accessories/product/id") == str(other)
    assert stored.findtext("*/associations/tags/tag/id") == str(tag)
