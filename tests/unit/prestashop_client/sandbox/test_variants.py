"""Section 7: combinations, options, features, specific prices, manufacturers and the rest."""

import pytest

from .shop import PRODUCT, Shop, texts, xml

SPECIFIC = (
    "<id_shop>0</id_shop><id_cart>0</id_cart><id_product>1</id_product><id_currency>0</id_currency>"
    "<id_country>0</id_country><id_group>0</id_group><id_customer>0</id_customer><price>-1</price>"
    "<from_quantity>1</from_quantity><reduction>0.1</reduction><reduction_tax>1</reduction_tax>"
    "<reduction_type>percentage</reduction_type><from>0000-00-00 00:00:00</from><to>0000-00-00 00:00:00</to>"
)


def option(shop: Shop, kind: str = "select") -> int:
    return shop.create(
        "product_options",
        f"<group_type>{kind}</group_type>{texts('name', 'Size', 'Rozmiar')}{texts('public_name', 'Size', 'Rozmiar')}",
    )


def value(shop: Shop, group: int, name: str = "M") -> int:
    return shop.create(
        "product_option_values", f"<id_attribute_group>{group}</id_attribute_group>{texts('name', name, name)}"
    )


def combination(shop: Shop, product: int, *values: int, more: str = "") -> int:
    entries = "".join(f"<product_option_value><id>{key}</id></product_option_value>" for key in values)
    return shop.create(
        "combinations",
        f"<id_product>{product}</id_product><minimal_quantity>1</minimal_quantity>{more}"
        f"<associations><product_option_values>{entries}</product_option_values></associations>",
    )


def quantity(shop: Shop, product: int, key: int = 0) -> int:
    return int(
        shop.row(
            "SELECT quantity AS q FROM stock_available WHERE id_product = ? AND id_product_attribute = ?", product, key
        )["q"]
    )


def test_a_combination_changes_its_product(shop: Shop) -> None:
    product = shop.create()
    size = value(shop, option(shop))
    key = combination(shop, product, size)
    stored = shop.get(f"products/{product}")
    assert (stored.value("product_type"), stored.value("cache_default_attribute")) == ("combinations", str(key))
    assert stored.root.findtext("*/associations/combinations/combination/id") == str(key)
    assert stored.root.findtext("*/associations/product_option_values/product_option_value/id") == str(size)
    assert quantity(shop, product, key) == 0


def test_stock_of_combinations_adds_up(shop: Shop) -> None:
    product = shop.create()
    group = option(shop)
    keys = [combination(shop, product, value(shop, group, name)) for name in ("M", "L")]
    for key, count in zip(keys, (4, 5), strict=True):
        row = shop.stock_row(product, key)
        shop.patch("stock_availables", xml(f"<id>{row}</id><quantity>{count}</quantity>", node="stock_available"))
    assert quantity(shop, product) == 9
    own = shop.stock_row(product)
    shop.patch("stock_availables", xml(f"<id>{own}</id><quantity>7</quantity>", node="stock_available"))
    assert quantity(shop, product) == 7
    shop.delete(f"combinations/{keys[0]}")
    assert quantity(shop, product) == 5


def test_one_default(shop: Shop) -> None:
    product = shop.create()
    group = option(shop)
    first = combination(shop, product, value(shop, group), more="<default_on>1</default_on>")
    second = combination(shop, product, value(shop, group, "L"), more="<default_on>1</default_on>")
    assert shop.get(f"products/{product}").value("id_default_combination") == str(second)
    shop.patch("products", xml(f"<id>{product}</id><id_default_combination>{first}</id_default_combination>"))
    assert shop.get(f"products/{product}").value("id_default_combination") == str(first)


def test_the_same_combination_twice_and_of_an_unknown_product(shop: Shop) -> None:
    product = shop.create()
    size = value(shop, option(shop))
    assert combination(shop, product, size) != combination(shop, product, size)
    assert combination(shop, 999) > 0


def test_an_empty_association_deletes_all_combinations(shop: Shop) -> None:
    product = shop.create()
    key = combination(shop, product, value(shop, option(shop)))
    shop.patch("products", xml(f"<id>{product}</id><associations><combinations/></associations>"))
    assert shop.get(f"combinations/{key}").status == 404


def test_images_of_a_combination(shop: Shop) -> None:
    product = shop.create()
    key = combination(shop, product)
    body = xml(
        f"<id>{key}</id><associations><images><image><id>7</id></image></images></associations>", node="combination"
    )
    assert shop.patch("combinations", body).root.findtext("*/associations/images/image/id") == "7"


def test_deleting_an_option_takes_values_and_combinations(shop: Shop) -> None:
    product, group = shop.create(), option(shop)
    size = value(shop, group)
    key = combination(shop, product, size)
    assert shop.delete(f"product_options/{group}").status == 200
    assert shop.get(f"product_option_values/{size}").status == shop.get(f"combinations/{key}").status == 404


def test_positions(shop: Shop) -> None:
    group = option(shop)
    assert shop.get(f"product_options/{group}").value("position") == "0"
    assert shop.get(f"product_options/{option(shop)}").value("position") == "1"
    keys = [value(shop, group, name) for name in "ABC"]
    assert [shop.get(f"product_option_values/{key}").value("position") for key in keys] == ["0", "1", "2"]
    shop.delete(f"product_option_values/{keys[0]}")
    assert shop.get(f"product_option_values/{keys[2]}").value("position") == "1"


@pytest.mark.parametrize(
    ("sent", "stored", "colour"), [("color", "color", "1"), ("radio", "radio", "0"), ("wheel", "", "0")]
)
def test_kinds_of_options(shop: Shop, sent: str, stored: str, colour: str) -> None:
    reply = shop.get(f"product_options/{option(shop, sent)}")
    assert (reply.value("group_type"), reply.value("is_color_group")) == (stored, colour)


@pytest.mark.parametrize(
    ("resource", "node", "entity", "code"),
    [
        ("combinations", "combination", "<minimal_quantity>1</minimal_quantity>", 41),
        ("combinations", "combination", "<id_product>1</id_product>", 41),
        ("product_options", "product_option", "<group_type>select</group_type>" + texts("name", "X", "X"), 84),
        ("product_option_values", "product_option_value", texts("name", "X", "X"), 41),
        ("product_features", "product_feature", "<position>1</position>", 84),
        ("product_features", "product_feature", '<name><language id="2">X</language></name>', 84),
        (
            "product_feature_values",
            "product_feature_value",
            "<id_feature>1</id_feature>" + texts("value", "<b>", "x"),
            84,
        ),
        (
            "product_feature_values",
            "product_feature_value",
            "<id_feature>1</id_feature>" + texts("value", "v" * 256, "x"),
            84,
        ),
        ("manufacturers", "manufacturer", "<active>1</active>", 41),
        ("manufacturers", "manufacturer", "<name>a&lt;b</name>", 85),
        ("manufacturers", "manufacturer", f"<name>{'m' * 65}</name>", 85),
        ("manufacturers", "manufacturer", "<name>M</name><link_rewrite>m</link_rewrite>", 93),
        ("suppliers", "supplier", "<active>1</active>", 41),
        ("tags", "tag", "<name>x</name>", 41),
        ("tags", "tag", f"<id_lang>1</id_lang><name>{'t' * 33}</name>", 85),
        ("specific_prices", "specific_price", SPECIFIC.replace("<reduction>0.1</reduction>", ""), 41),
        ("specific_prices", "specific_price", SPECIFIC.replace("percentage", "magic"), 85),
    ],
)
def test_refused(shop: Shop, resource: str, node: str, entity: str, code: int) -> None:
    reply = shop.post(resource, xml(entity, node=node))
    assert (reply.status, reply.codes) == (400, [code])


def test_features(shop: Shop) -> None:
    feature = shop.create("product_features", texts("name", "Wood", "Drewno"))
    oak = shop.create("product_feature_values", f"<id_feature>{feature}</id_feature>{texts('value', 'Oak', 'Dąb')}")
    assert shop.create("product_features", texts("name", "Wood", "Drewno")) != feature
    entry = f"<product_feature><id>{feature}</id><id_feature_value>{oak}</id_feature_value></product_feature>"
    product = shop.create(
        entity=f"{PRODUCT}<associations><product_features>{entry}"
        "<product_feature><id>99</id><id_feature_value>98</id_feature_value></product_feature>"
        "</product_features></associations>"
    )
    stored = shop.get(f"products/{product}").root.findall("*/associations/product_features/product_feature")
    assert [(e.findtext("id"), e.findtext("id_feature_value")) for e in stored] == [
        (str(feature), str(oak)),
        ("99", "98"),
    ]
    shop.delete(f"product_features/{feature}")
    assert shop.get(f"product_feature_values/{oak}").status == 404
    assert len(shop.get(f"products/{product}").root.findall("*/associations/product_features/product_feature")) == 1


def test_an_exact_double_of_a_specific_price(shop: Shop) -> None:
    shop.create()
    key = shop.create("specific_prices", SPECIFIC)
    reply = shop.post("specific_prices", xml(SPECIFIC, node="specific_price"))
    assert (reply.status, reply.errors) == (500, [(46, "Unable to save resource")])
    patched = shop.patch("specific_prices", xml(f"<id>{key}</id><reduction>0.25</reduction>", node="specific_price"))
    assert (patched.value("reduction"), patched.value("price")) == ("0.25", "-1.000000")
    shop.delete("products/1")
    assert shop.get(f"specific_prices/{key}").status == 404


def test_manufacturers_and_suppliers(shop: Shop) -> None:
    first, second = (shop.create("manufacturers", "<name>Żółty Wąż</name>") for _ in range(2))
    assert first != second
    stored = shop.get(f"manufacturers/{first}")
    assert (stored.value("active"), stored.value("link_rewrite")) == ("0", "zolty-waz")
    product = shop.create(entity=f"{PRODUCT}<id_manufacturer>{first}</id_manufacturer>")
    shop.delete(f"manufacturers/{first}")
    assert shop.get(f"products/{product}").value("id_manufacturer") == str(first)
    supplier = shop.create("suppliers", "<name>Pots Ltd</name>")
    assert shop.get(f"suppliers/{supplier}").value("link_rewrite") == "pots-ltd"


def test_put_wipes_other_resources_too(shop: Shop) -> None:
    key = shop.create("manufacturers", f"<name>M</name><active>1</active>{texts('description', 'Text', 'Tekst')}")
    shop.put("manufacturers", xml(f"<id>{key}</id><name>N</name>", node="manufacturer"))
    stored = shop.get(f"manufacturers/{key}")
    assert (stored.value("name"), stored.value("active")) == ("N", "0")
    assert stored.languages("description") == {"1": "", "2": ""}


@pytest.mark.parametrize(
    ("resource", "count"),
    [
        ("languages", 2),
        ("currencies", 1),
        ("shops", 1),
        ("shop_groups", 1),
        ("tax_rule_groups", 5),
        ("taxes", 32),
        ("tax_rules", 143),
        ("categories", 2),
        ("groups", 3),
        ("products", 0),
    ],
)
def test_a_fresh_installation(shop: Shop, resource: str, count: int) -> None:
    assert len(shop.get(resource).ids()) == count


def test_a_resource_known_by_name_only_is_empty(shop: Shop) -> None:
    assert shop.get("orders").text.endswith("<orders>\n</orders>\n</prestashop>\n")
    assert shop.get("orders/1").status == 404
