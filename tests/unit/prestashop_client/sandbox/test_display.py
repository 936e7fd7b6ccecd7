"""Sections 1 and 3: what is shown of an object, in which language and format."""

import pytest

from .shop import PRODUCT, Shop, texts, xml


def test_without_display_a_list_is_ids(shop: Shop) -> None:
    key = shop.create()
    assert f'<product id="{key}" xlink:href="http://localhost/api/products/{key}"/>' in shop.get("products").text
    assert shop.list("products", display="minimum").text == shop.get("products").text


def test_some_fields_in_the_order_of_the_document(shop: Shop) -> None:
    shop.create()
    item = shop.list("products", display="[price,reference,id]").root[0][0]
    assert [child.tag for child in item] == ["id", "reference", "price"]


def test_associations(shop: Shop) -> None:
    key = shop.create(
        entity=f"{PRODUCT}<associations><categories><category><id>2</id></category></categories></associations>"
    )
    reply = shop.get(f"products/{key}", display="[id,categories[id],stock_availables[id]]")
    associations = reply.root[0].find("associations")
    assert associations is not None
    assert [a.tag for a in associations] == ["categories", "stock_availables"]
    assert associations.findtext("categories/category/id") == "2"
    assert [part.tag for part in associations.findall("stock_availables/stock_available/*")] == ["id"]


def test_nothing_at_all(shop: Shop) -> None:
    shop.create()
    assert "<product>\n</product>" in shop.list("products", display="[]").text


def test_an_unknown_association_names_its_fields(shop: Shop) -> None:
    code, message = shop.list("products", display="[foo[id]]").errors[0]
    assert code == 35
    assert message.startswith(
        "Unable to display this field \"foo\" (details : array (\n  0 => 'id',\n)). However, these "
    )


def test_a_malformed_display_of_one_object_has_no_warnings(shop: Shop) -> None:
    key = shop.create()
    reply = shop.get(f"products/{key}", display="[colour]")
    assert (reply.status, reply.codes) == (400, [35])


@pytest.mark.parametrize(
    ("language", "shown"), [("1", ["1"]), ("[1|2]", ["1", "2"]), ("[1,2]", ["1", "2"]), ("[2]", ["2"])]
)
def test_languages(shop: Shop, language: str, shown: list[str]) -> None:
    key = shop.create()
    assert list(shop.get(f"products/{key}", language=language).languages("name")) == shown


@pytest.mark.parametrize(("language", "code"), [("9", 81), ("x", 79), ("[1|x]", 80), ("[1,2,3]", 78)])
def test_unknown_languages(shop: Shop, language: str, code: int) -> None:
    reply = shop.get("products", language=language)
    assert (reply.status, reply.codes) == (400, [code])


@pytest.mark.parametrize("key", ["999", "0", "-1", "abc"])
@pytest.mark.parametrize("query", [{}, {"output_format": "JSON"}])
def test_a_missing_object_is_an_empty_404(shop: Shop, key: str, query: dict[str, str]) -> None:
    reply = shop.get(f"products/{key}", **query)
    assert (reply.status, reply.body, reply.content_type) == (404, b"", "")


@pytest.mark.parametrize("path", ["products/{}abc", "products/{}/foo", "products/{}/", "/products/{}", "products%2F{}"])
def test_ways_to_write_an_address(shop: Shop, path: str) -> None:
    key = shop.create()
    assert shop.get(path.format(key)).value("id") == str(key)


def test_empty_numbers_have_no_link(shop: Shop) -> None:
    key = shop.create(entity=f"{PRODUCT}<id_category_default>2</id_category_default>")
    product = shop.get(f"products/{key}").root[0]
    default, manufacturer = product.find("id_category_default"), product.find("id_manufacturer")
    assert default is not None
    assert manufacturer is not None
    assert list(default.attrib.values()) == ["http://localhost/api/categories/2"]
    assert manufacturer.attrib == {}


class TestJson:
    @pytest.mark.parametrize("how", ["output_format", "io_format"])
    def test_by_parameter(self, shop: Shop, how: str) -> None:
        assert shop.get("languages", **{how: "JSON"}).content_type == "application/json"

    @pytest.mark.parametrize("header", ["Output-Format", "Io-Format"])
    def test_by_header(self, shop: Shop, header: str) -> None:
        assert shop.ask("GET", "languages", headers={header: "JSON"}).json() == {"languages": [{"id": 1}, {"id": 2}]}

    def test_not_by_accept_nor_in_small_letters(self, shop: Shop) -> None:
        assert shop.ask("GET", "languages", headers={"Accept": "application/json"}).content_type.startswith("text/xml")
        assert shop.get("languages", output_format="json").content_type.startswith("text/xml")

    def test_an_empty_list(self, shop: Shop) -> None:
        assert shop.get("products", output_format="JSON").text == "[]"

    def test_one_object_lacks_its_empty_fields(self, shop: Shop) -> None:
        key = shop.create()
        product = shop.get(f"products/{key}", output_format="JSON").json()["product"]
        assert product["id"] == key
        assert product["price"] == "10.000000"
        assert "active" not in product
        assert "reference" not in product
        assert product["name"] == [{"id": 1, "value": "Mug"}, {"id": 2, "value": "Kubek"}]
        assert product["associations"]["stock_availables"][0]["id_product_attribute"] == "0"

    def test_with_display_it_is_a_list_with_all_fields(self, shop: Shop) -> None:
        key = shop.create()
        products = shop.get(f"products/{key}", output_format="JSON", display="full").json()["products"]
        assert products[0]["active"] == "0"
        assert products[0]["id_default_combination"] == 0
        assert products[0]["manufacturer_name"] is False

    def test_one_language_is_a_text(self, shop: Shop) -> None:
        key = shop.create()
        assert shop.get(f"products/{key}", output_format="JSON", language=2).json()["product"]["name"] == "Kubek"

    def test_a_created_object_has_the_sent_texts(self, shop: Shop) -> None:
        product = shop.ask("POST", "products", xml(PRODUCT), output_format="JSON").json()["product"]
        assert (product["id"], product["price"]) == ("1", "10")

    def test_errors(self, shop: Shop) -> None:
        assert shop.ask("POST", "products", xml("<price></price>" + PRODUCT[17:]), output_format="JSON").json() == {
            "errors": [{"code": 85, "message": 'Validation error: "Property Product->price is empty."'}]
        }

    def test_a_body_in_json_is_no_xml(self, shop: Shop) -> None:
        reply = shop.post("products", '{"product": {"price": 1}}')
        assert (reply.status, reply.codes) == (500, [3, 3, 3, 127])
        assert reply.errors[3][1] == (
            'XML error : String could not be parsed as XML\nXML length : 25\nOriginal XML : {"product": {"price": 1}}'
        )


def test_the_computed_price(shop: Shop) -> None:
    key = shop.create(
        entity="<price>13</price><id_tax_rules_group>1</id_tax_rules_group>" + texts("name", "Mug", "Kubek")
    )
    reply = shop.ask("GET", f"products/{key}?price[gross][use_tax]=1&price[net][use_tax]=0")
    assert (reply.value("gross"), reply.value("net")) == ("15.990000", "13.000000")


@pytest.mark.parametrize(
    "resource",
    [
        "products",
        "categories",
        "stock_availables",
        "manufacturers",
        "languages",
        "currencies",
        "shops",
        "shop_groups",
        "tax_rule_groups",
        "configurations",
        "combinations",
        "product_options",
        "product_option_values",
        "product_features",
        "product_feature_values",
        "specific_prices",
        "suppliers",
        "tags",
        "taxes",
        "tax_rules",
    ],
)
def test_schemas(shop: Shop, resource: str) -> None:
    blank, synopsis = shop.get(resource, schema="blank").root[0], shop.get(resource, schema="synopsis").root[0]
    assert blank.tag == synopsis.tag
    assert blank[0].tag == "id"
    assert all(field.text is None or not field.text.strip() for field in blank)
    shown = [f.tag for f in synopsis if f.get("readOnly") != "true"]
    assert [f.tag for f in blank][1:] == shown


def test_what_the_synopsis_tells_of_a_product(shop: Shop) -> None:
    synopsis = shop.get("products", schema="synopsis").root[0]
    fields = {f.tag: f.attrib for f in synopsis}
    assert [name for name, a in fields.items() if a.get("required") == "true"] == ["price"]
    assert [name for name, a in fields.items() if a.get("readOnly") == "true"] == ["manufacturer_name", "quantity"]
    assert fields["reference"] == {"maxSize": "64", "format": "isReference"}


@pytest.mark.parametrize(
    ("resource", "required"),
    [
        ("combinations", ["id_product", "minimal_quantity"]),
        ("product_options", ["group_type", "name", "public_name"]),
        ("product_option_values", ["id_attribute_group", "name"]),
        ("product_features", ["name"]),
        ("product_feature_values", ["id_feature", "value"]),
        ("suppliers", ["name"]),
        ("tags", ["id_lang", "name"]),
        (
            "specific_prices",
            [
                "id_shop",
                "id_cart",
                "id_product",
                "id_currency",
                "id_country",
                "id_group",
                "id_customer",
                "price",
                "from_quantity",
                "reduction",
                "reduction_tax",
                "reduction_type",
                "from",
                "to",
            ],
        ),
    ],
)
def test_required_fields(shop: Shop, resource: str, required: list[str]) -> None:
    synopsis = shop.get(resource, schema="synopsis").root[0]
    assert [f.tag for f in synopsis if f.get("required") == "true"] == required
