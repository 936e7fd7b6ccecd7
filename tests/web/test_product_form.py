"""A product's page: its fields, what a shop shows differently, what was done."""

from decimal import Decimal
from typing import Any

import pytest
from lxml import html

from models import Database, Product, ProductOverride
from tests.web.conftest import Browser
from tests.web.factories import Make
from tests.web.test_shops import errors_of


def product(database: Database, product_id: int = 1) -> Product:
    with database.read() as session:
        found = session.get_one(Product, product_id)
        session.refresh(found, ["categories"])
        return found


def fields(page: html.HtmlElement) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    form = next(form for form in page.forms if "sku" in form.fields or "price" in form.fields)
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


@pytest.fixture
def mug(make: Make) -> int:
    make.shop("Cyan")
    art = make.category("Art")
    mugs = make.category("Mugs", parent_id=art)
    texts = {"en": {"name": "Mug", "description": "<p>Nice</p>", "unknown": "kept"}, "pl": {"name": "Kubek"}}
    return make.product("A-1", category_id=mugs, texts=texts, ean="5900000000011", weight=Decimal("0.3"), quantity=7)


def test_saving_without_a_change_keeps_every_value_and_moves_changed_at(
    browser: Browser, database: Database, mug: int
) -> None:
    before = product(database)
    answer = browser.post("/products/1", fields(browser.page("/products/1")))
    assert answer.location == "/products/1"
    after = product(database)
    for name in ("sku", "ean", "texts", "price", "tax_rate", "weight", "width", "manufacturer", "quantity", "active",
                 "default_category_id"):  # fmt: skip
        assert getattr(after, name) == getattr(before, name), name
    assert [category.id for category in after.categories] == [2]
    assert after.changed_at > before.changed_at


def test_changes_are_saved(browser: Browser, database: Database, mug: int) -> None:
    sent = fields(browser.page("/products/1"))
    sent.pop("active")
    sent |= {
        "sku": " B-2 ", "price": "1 299,90", "tax_rate": "8", "quantity": "-3", "weight": "", "manufacturer": "Studio",
        "categories": ["1", "2"], "default_category_id": "1", "texts-en-name": "Cup", "texts-pl-name": "",
        "texts-en-description": "one\r\ntwo",
    }  # fmt: skip
    assert browser.post("/products/1", sent).status_code == 302
    after = product(database)
    assert (after.sku, after.price, after.tax_rate, after.quantity) == ("B-2", Decimal("1299.9"), Decimal(8), -3)
    assert (after.weight, after.manufacturer, after.active, after.name) == (0, "Studio", False, "Cup")
    assert after.texts == {"en": {"name": "Cup", "description": "one\ntwo", "unknown": "kept"}}
    assert {category.id for category in after.categories} == {1, 2}
    assert after.default_category_id == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sku", ""), ("sku", "a<b"), ("sku", "x" * 65), ("ean", "59-1"), ("ean", "123456789012345"), ("price", ""),
        ("price", "abc"), ("price", "-1"), ("price", "1e5"), ("price", "1.2345678"), ("price", "99999999999"),
        ("price", "NaN"), ("tax_rate", "101"), ("quantity", "1.5"), ("quantity", "99999999999"), ("weight", "-0.1"),
        ("manufacturer", "A{B"), ("texts-en-name", "a > b"), ("texts-en-name", "x" * 129),
        ("texts-en-description_short", "x" * 801), ("texts-en-link_rewrite", "two words"),
        ("texts-en-meta_title", "x" * 129), ("default_category_id", "1"), ("categories", "99"),
    ],
)  # fmt: skip
def test_bad_input_is_named_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, database: Database, mug: int, field: str, value: str
) -> None:
    sent = fields(browser.page("/products/1")) | {"texts-pl-name": "Typed by hand", field: value}
    answer = browser.post("/products/1", sent)
    assert answer.status_code == 422
    assert field in errors_of(answer.text)
    page = html.fromstring(answer.text)
    assert page.xpath("//input[@name='texts-pl-name']/@value") == ["Typed by hand"]
    again = page.xpath(f"//input[@name='{field}']/@value | //textarea[@name='{field}']/text()")
    assert not again or again[0].strip() == value
    assert product(database).texts["pl"]["name"] == "Kubek"


def test_a_product_needs_a_name_in_one_language(browser: Browser, database: Database, mug: int) -> None:
    sent = fields(browser.page("/products/1")) | {"texts-en-name": "", "texts-pl-name": ""}
    errors = errors_of(browser.post("/products/1", sent).text)
    assert errors == {"texts-en-name": "A product needs a name in one language at least."}
    assert product(database).name == "Mug"


def test_a_sku_is_taken_once(browser: Browser, make: Make, mug: int) -> None:
    make.product("B-2")
    sent = fields(browser.page("/products/1")) | {"sku": "B-2"}
    assert errors_of(browser.post("/products/1", sent).text) == {"sku": "Another product has this SKU already."}


def test_two_who_edit_at_once_do_not_overwrite_each_other_unseen(
    browser: Browser, database: Database, mug: int
) -> None:
    page = browser.page("/products/1")
    first, second = fields(page) | {"price": "1"}, fields(page) | {"price": "2"}
    assert browser.post("/products/1", first).status_code == 302
    answer = browser.post("/products/1", second)
    assert "Somebody changed this product meanwhile" in answer.text
    assert product(database).price == 1
    again = fields(html.fromstring(answer.text))
    assert again["price"] == ["2"]
    assert browser.post("/products/1", again).status_code == 302
    assert product(database).price == 2


def test_a_new_product(browser: Browser, database: Database, make: Make) -> None:
    make.shop("Cyan")
    sent = fields(browser.page("/products/new"))
    assert "active" in sent
    sent |= {"sku": "N-1", "price": "5", "tax_rate": "23", "quantity": "1", "texts-pl-name": "Nowy"}
    assert browser.post("/products/new", sent).location == "/products/1"
    assert (product(database).sku, product(database).name) == ("N-1", "Nowy")
    assert errors_of(browser.post("/products/new", sent).text) == {"sku": "Another product has this SKU already."}


def test_what_a_shop_shows_differently(browser: Browser, database: Database, mug: int) -> None:
    before = product(database).changed_at
    sent = fields(browser.page("/products/1/shops/1"))
    assert sent["names-en"] == [""]
    sent |= {"names-pl": "Kubek z promocji", "price": "9,90", "active": "0"}
    assert browser.post("/products/1/shops/1", sent).location == "/products/1"
    with database.read() as session:
        override = session.query(ProductOverride).one()
    assert override.fields == {"price": "9.90", "active": False, "texts": {"pl": {"name": "Kubek z promocji"}}}
    assert product(database).changed_at > before
    assert "price, active, texts" in browser.get("/products/1").text
    again = fields(browser.page("/products/1/shops/1"))
    assert (again["names-pl"], again["price"], again["active"]) == (["Kubek z promocji"], ["9.90"], ["0"])
    cleared = again | {"names-pl": "", "price": "", "active": ""}
    assert browser.post("/products/1/shops/1", cleared).status_code == 302
    with database.read() as session:
        assert session.query(ProductOverride).count() == 0


def test_differences_that_the_form_does_not_know_stay(browser: Browser, database: Database, mug: int) -> None:
    with database.write() as session:
        stored = {"quantity": 3, "price": 5, "texts": {"en": {"description": "<p>here</p>", "name": "Here"}}}
        session.add(ProductOverride(product_id=1, shop_id=1, fields=stored))
    sent = fields(browser.page("/products/1/shops/1")) | {"names-en": "There", "price": ""}
    browser.post("/products/1/shops/1", sent)
    with database.read() as session:
        kept = session.query(ProductOverride).one().fields
    assert kept == {"quantity": 3, "texts": {"en": {"description": "<p>here</p>", "name": "There"}}}


def test_a_bad_difference_is_named(browser: Browser, database: Database, mug: int) -> None:
    sent = fields(browser.page("/products/1/shops/1")) | {"names-en": "a<b", "price": "-1"}
    answer = browser.post("/products/1/shops/1", sent)
    assert set(errors_of(answer.text)) == {"names-en", "price"}
    with database.read() as session:
        assert session.query(ProductOverride).count() == 0


def test_the_page_shows_links_errors_and_the_log(browser: Browser, make: Make, mug: int) -> None:
    make.link(mug, 1, "error", error_message="name is not valid", external_id=77)
    make.log(mug, 1, "price and stock")
    page = browser.page("/products/1")
    row = " ".join(page.xpath("//*[@data-testid='links']//tr[@data-shop='Cyan']//text()[normalize-space()]"))
    assert "Error" in row
    assert "77" in row
    assert "name is not valid" in row
    assert "price and stock" in page.xpath("string(//*[@data-testid='log'])")
