"""Section 5: stock rows."""

import pytest

from .shop import PRODUCT, Shop, xml


def row(*parts: str) -> str:
    return xml(*parts, node="stock_available")


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    shop.create()
    shop.create()
    return shop


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_rows_are_neither_made_nor_deleted(stocked: Shop, method: str) -> None:
    reply = stocked.ask(method, "stock_availables/1", row("<id_product>1</id_product>"))
    assert (reply.status, reply.errors) == (
        405,
        [(101, f"Method {method} is not allowed for the resource stock_availables")],
    )


def test_found_by_product(stocked: Shop) -> None:
    assert stocked.list("stock_availables", filter_id_product="[1|2]").ids() == [1, 2]
    assert stocked.get("products/2").root.findtext("*/associations/stock_availables/stock_available/id") == "2"


def test_patch_changes_the_row_alone(stocked: Shop) -> None:
    stocked.sandbox.store.execute("UPDATE product_shop SET date_upd = '2001-01-01 00:00:00'")
    reply = stocked.patch("stock_availables/1", row("<id>1</id><quantity>20</quantity><out_of_stock>1</out_of_stock>"))
    assert (reply.status, reply.value("quantity"), reply.value("out_of_stock")) == (200, "20", "1")
    product = stocked.get("products/1")
    assert (product.value("quantity"), product.value("date_upd")) == ("0", "2001-01-01 00:00:00")


@pytest.mark.parametrize("quantity", ["1.5", " 7 ", "+7", "1e3", "abc", "", "2147483648", "-2147483649"])
def test_quantities_refused(stocked: Shop, quantity: str) -> None:
    reply = stocked.patch("stock_availables/1", row(f"<id>1</id><quantity>{quantity}</quantity>"))
    assert (reply.status, reply.codes) == (400, [85])


@pytest.mark.parametrize("quantity", ["-5", "0", "2147483647", "-2147483648"])
def test_quantities_taken(stocked: Shop, quantity: str) -> None:
    stocked.patch("stock_availables/1", row(f"<id>1</id><quantity>{quantity}</quantity>"))
    assert stocked.get("stock_availables/1").value("quantity") == quantity


def test_a_word_is_out_of_range(stocked: Shop) -> None:
    reply = stocked.patch("stock_availables/1", row("<id>1</id><quantity>many</quantity>"))
    assert reply.errors[0][1] == (
        'Validation error: "The range of property StockAvailable->quantity is currently 0. '
        'It must be between -2147483648 and 2147483647."'
    )


@pytest.mark.parametrize(("sent", "stored"), [("3", "3"), ("-1", "0"), ("0", "0")])
def test_odd_ways_of_ordering(stocked: Shop, sent: str, stored: str) -> None:
    stocked.patch("stock_availables/1", row(f"<id>1</id><out_of_stock>{sent}</out_of_stock>"))
    assert stocked.get("stock_availables/1").value("out_of_stock") == stored


FIELDS = (
    "<id_product>1</id_product><id_product_attribute>0</id_product_attribute><quantity>3</quantity>"
    "<depends_on_stock>0</depends_on_stock><out_of_stock>2</out_of_stock>"
)


@pytest.mark.parametrize(
    "missing", ["id_product", "id_product_attribute", "quantity", "depends_on_stock", "out_of_stock"]
)
def test_put_needs_nearly_all(stocked: Shop, missing: str) -> None:
    body = "<id>1</id>" + FIELDS.replace(f"<{missing}>", "<x>").replace(f"</{missing}>", "</x>")
    assert stocked.put("stock_availables/1", row(body)).errors == [(41, f'parameter "{missing}" required')]


def test_put_without_the_shop_orphans_the_row_and_patch_repairs_it(stocked: Shop) -> None:
    assert stocked.put("stock_availables/1", row(f"<id>1</id>{FIELDS}")).status == 200
    lost = stocked.get("stock_availables/1")
    assert (lost.status, lost.codes) == (404, [131])
    assert stocked.get("products/1").root.find("*/associations/stock_availables/stock_available") is None
    stocked.patch("stock_availables/1", row("<id>1</id><id_shop>1</id_shop><id_shop_group>0</id_shop_group>"))
    assert stocked.get("stock_availables/1").value("quantity") == "3"


def test_put_clears_the_location(stocked: Shop) -> None:
    stocked.patch("stock_availables/1", row("<id>1</id><location>A-1</location>"))
    stocked.put("stock_availables/1", row(f"<id>1</id><id_shop>1</id_shop>{FIELDS}"))
    assert stocked.get("stock_availables/1").value("location") == ""


def test_a_row_cannot_move_to_another_product(stocked: Shop) -> None:
    reply = stocked.patch("stock_availables/1", row("<id>1</id><id_product>2</id_product>"))
    assert (reply.status, reply.errors) == (500, [(46, "Unable to save resource")])


def test_a_missing_row(stocked: Shop) -> None:
    assert stocked.patch("stock_availables/9", row("<id>9</id><quantity>1</quantity>")).codes == [92]


def test_a_product_write_leaves_the_stock(stocked: Shop) -> None:
    stocked.patch("stock_availables/1", row("<id>1</id><quantity>20</quantity>"))
    stocked.put("products/1", xml(f"<id>1</id>{PRODUCT}"))
    assert stocked.get("stock_availables/1").value("quantity") == "20"
