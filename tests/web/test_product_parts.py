"""Features, combinations, prices for groups and locks in the product's forms."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import Combination, Database, DepartedProduct, Product, ProductFeature, ProductOverride, SpecificPrice
from tests.web.conftest import Browser
from tests.web.factories import Make
from tests.web.test_product_form import fields

PARTS = (Product.combinations, Product.features, Product.specific_prices, Product.overrides)


def stored(database: Database) -> Product:
    with database.read() as session:
        return session.scalars(select(Product).options(*(selectinload(part) for part in PARTS))).one()


def filled(browser: Browser, path: str) -> dict[str, Any]:
    """What a browser would send of the product's form."""
    return {name: values if len(values) > 1 else values[0] for name, values in fields(browser.page(path)).items()}


def with_parts(make: Make, database: Database) -> None:
    make.shop()
    number = make.product("MUG")
    size = [{"option": {"en": "Size", "pl": "Rozmiar"}, "value": {"en": "L", "pl": "D"}}]
    with database.write() as session:
        product = session.get_one(Product, number)
        product.texts = {"en": {"name": "Mug"}, "pl": {"name": "Kubek"}}
        product.features = [ProductFeature(feature={"en": "Form", "pl": "Forma"}, value={"en": "round"})]
        product.combinations = [Combination(sku="MUG-L", options=size, price=Decimal("1.5"), quantity=4, images=["a"])]
        product.specific_prices = [
            SpecificPrice(customer_group="VIP", reduction=Decimal("0.1"), reduction_type="percentage")
        ]


def test_a_form_that_is_saved_as_it_is_changes_nothing(browser: Browser, make: Make, database: Database) -> None:
    with_parts(make, database)
    before = stored(database)
    sent = filled(browser, "/products/1")
    assert sent["combinations-0-options"] == "Size / Rozmiar = L / D"
    assert (sent["features-0-feature"], sent["features-0-value"]) == ("Form / Forma", "round")
    assert sent["specific_prices-0-reduction"] == "10"
    assert browser.post("/products/1", sent).status_code == 302
    after = stored(database)
    assert [(one.id, one.options, one.price, one.images) for one in after.combinations] == [
        (one.id, one.options, one.price, one.images) for one in before.combinations
    ]
    assert [(one.id, one.feature, one.value) for one in after.features] == [
        (one.id, one.feature, one.value) for one in before.features
    ]
    assert [(one.id, one.reduction) for one in after.specific_prices] == [
        (one.id, one.reduction) for one in before.specific_prices
    ]


def test_rows_are_added_changed_and_taken_away(browser: Browser, make: Make, database: Database) -> None:
    with_parts(make, database)
    sent = filled(browser, "/products/1") | {
        "features-0-feature": "", "features-0-value": "",
        "features-1-feature": "Material / Materiał", "features-1-value": "clay / glina",
        "combinations-0-price": "2,5", "combinations-1-options": "Size / Rozmiar = S / M; Colour = red",
        "combinations-1-sku": "MUG-S", "combinations-1-quantity": "7", "combinations-1-is_default": "y",
        "specific_prices-0-reduction": "", "specific_prices-1-customer_group": "Retail",
        "specific_prices-1-price": "8.50", "specific_prices-1-from_quantity": "10",
        "supplier_reference": "V-1", "minimal_quantity": "3", "condition": "used", "visibility": "search",
    }  # fmt: skip
    answer = browser.post("/products/1", sent)
    assert answer.status_code == 302, answer.text
    after = stored(database)
    assert (after.supplier_reference, after.minimal_quantity, after.condition, after.visibility) == (
        "V-1", 3, "used", "search",
    )  # fmt: skip
    assert [(one.feature, one.value) for one in after.features] == [
        ({"en": "Material", "pl": "Materiał"}, {"en": "clay", "pl": "glina"})
    ]
    large, small = after.combinations
    assert (large.price, large.sku) == (Decimal("2.5"), "MUG-L")
    assert small.options == [
        {"option": {"en": "Size", "pl": "Rozmiar"}, "value": {"en": "S", "pl": "M"}},
        {"option": {"en": "Colour"}, "value": {"en": "red"}},
    ]
    assert (small.quantity, small.is_default, small.position) == (7, True, 1)
    assert [(one.customer_group, one.price, one.from_quantity) for one in after.specific_prices] == [
        ("Retail", Decimal("8.5"), 10)
    ]


def test_a_form_without_the_rows_leaves_them(browser: Browser, make: Make, database: Database) -> None:
    with_parts(make, database)
    sent = {
        name: value for name, value in filled(browser, "/products/1").items() if "-0-" not in name and name != "parts"
    }
    assert browser.post("/products/1", sent).status_code == 302
    after = stored(database)
    assert (len(after.combinations), len(after.features), len(after.specific_prices)) == (1, 1, 1)


def test_rows_that_make_no_sense_are_named(browser: Browser, make: Make, database: Database) -> None:
    with_parts(make, database)
    sent = filled(browser, "/products/1") | {
        "combinations-0-options": "Size", "features-0-value": "", "specific_prices-0-reduction": "120",
    }  # fmt: skip
    answer = browser.post("/products/1", sent)
    assert answer.status_code == 422
    for name in ("combinations-0-options", "features-0-value", "specific_prices-0-reduction"):
        assert f'data-testid="error-{name}"' in answer.text


def test_a_taken_sku_of_a_combination_is_said(browser: Browser, make: Make, database: Database) -> None:
    with_parts(make, database)
    other = make.product("CUP")
    with database.write() as session:
        session.get_one(Product, other).combinations = [
            Combination(sku="TAKEN", options=[{"option": {"en": "Size"}, "value": {"en": "L"}}])
        ]
    sent = filled(browser, "/products/1") | {"combinations-0-sku": "TAKEN"}
    answer = browser.post("/products/1", sent)
    assert answer.status_code == 422
    assert "Another combination has the SKU TAKEN already." in answer.text


def test_a_shops_locks_are_kept(browser: Browser, make: Make, database: Database) -> None:
    with_parts(make, database)
    browser.get("/products/1/shops/1")
    assert browser.post("/products/1/shops/1", {"locked": ["price", "name"]}).status_code == 302
    (row,) = stored(database).overrides
    assert isinstance(row, ProductOverride)
    assert (set(row.locked), row.fields) == ({"name", "price"}, {})
    page = browser.page("/products/1/shops/1")
    assert page.xpath("//*[@data-testid='locks']//input[@checked]/@value") == ["name", "price"]


def test_a_deleted_product_is_remembered_for_its_shops(browser: Browser, make: Make, database: Database) -> None:
    shop = make.shop()
    make.link(make.product("MUG"), shop, external_id=7)
    assert browser.page("/products/1").xpath("//*[@data-testid='delete']/@href") == ["/products/1/delete"]
    assert "1 shop still has it then" in browser.get("/products/1/delete").text
    assert browser.post("/products/1/delete", {}).status_code == 302
    with database.read() as session:
        assert session.scalars(select(Product)).all() == []
        (left,) = session.scalars(select(DepartedProduct)).all()
    assert (left.shop_id, left.external_id, left.sku) == (shop, 7, "MUG")
