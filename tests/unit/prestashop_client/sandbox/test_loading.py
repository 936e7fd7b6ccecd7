"""Loading a folder of the shop's own XML documents."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .shop import NAME, PRODUCT, Shop, texts, xml
from .test_images import png
from .test_variants import combination, option, value

RESOURCES = (
    "categories",
    "products",
    "combinations",
    "product_options",
    "product_option_values",
    "product_features",
    "product_feature_values",
    "manufacturers",
    "stock_availables",
    "specific_prices",
    "suppliers",
    "tags",
)


@pytest.fixture
def export(shop: Shop, tmp_path: Path) -> Path:
    """What a shop's web service gives of itself, resource by resource, and the pictures."""
    cups = shop.category("Cups")
    maker = shop.create("manufacturers", "<name>Potter</name><active>1</active>")
    product = shop.create(
        entity=f"{PRODUCT}<id_manufacturer>{maker}</id_manufacturer><reference>R-1</reference>"
        f"<id_category_default>{cups}</id_category_default><associations><categories><category><id>{cups}"
        "</id></category></categories></associations>"
    )
    key = combination(shop, product, value(shop, option(shop)))
    row = shop.stock_row(product, key)
    shop.patch("stock_availables", xml(f"<id>{row}</id><quantity>7</quantity>", node="stock_available"))
    shop.upload(f"images/products/{product}", png())
    for name in RESOURCES:
        (tmp_path / f"{name}.xml").write_text(shop.list(name, display="full", sort="[id_ASC]").text)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / f"{product}-1.png").write_bytes(png())
    return tmp_path


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_loaded_shop_gives_what_it_was_loaded_from(
    open_shop: Callable[..., Shop], export: Path, resource: str
) -> None:
    copy = open_shop(load=export)
    assert copy.list(resource, display="full", sort="[id_ASC]").text == (export / f"{resource}.xml").read_text()


def test_pictures_come_along(open_shop: Callable[..., Shop], export: Path) -> None:
    assert open_shop(load=export).get("images/products/1/1").body == png()


def test_new_objects_follow_the_loaded_ones(open_shop: Callable[..., Shop], export: Path) -> None:
    copy = open_shop(load=export)
    assert copy.create() == 2
    assert copy.sandbox.loaded["products"] == 1


def test_an_image_without_a_file_is_no_ghost(open_shop: Callable[..., Shop], export: Path) -> None:
    (export / "images" / "1-1.png").unlink()
    copy = open_shop(load=export)
    assert copy.get("images/products/1/1").status == 200
    assert copy.delete("products/1").status == 200


def test_a_demo_is_loaded_as_it_was_installed(open_shop: Callable[..., Shop], export: Path) -> None:
    """What somebody tried out in the shop later is left out; a shop that grew is loaded whole."""
    source = open_shop()
    for number in range(3):
        source.create(entity=f"<price>{number}</price>{NAME}")
    source.sandbox.store.execute("UPDATE product_shop SET date_add = '2020-01-01 10:00:05' WHERE id_product < 3")
    source.sandbox.store.execute("UPDATE product SET date_add = '2020-01-01 10:00:05'")
    source.sandbox.store.execute("UPDATE category SET date_add = '2020-01-01 10:00:00'")
    for name in ("categories", "products", "stock_availables"):
        (export / f"{name}.xml").write_text(source.list(name, display="full").text)
    assert open_shop(load=export).get("products").ids() == [1, 2]
    source.sandbox.store.execute("UPDATE product_shop SET date_add = '2021-01-01 10:00:05' WHERE id_product < 3")
    (export / "products.xml").write_text(source.list("products", display="full").text)
    assert open_shop(load=export).get("products").ids() == [1, 2, 3]


def test_texts_of_a_language_that_the_folder_lacks(open_shop: Callable[..., Shop], export: Path) -> None:
    copy = open_shop(load=export, languages=["de"])
    assert copy.get("products/1").languages("name") == {"1": "Mug", "2": "Kubek", "3": "Mug"}
    assert texts("name", "Mug", "Kubek") in xml(NAME + texts("name", "Mug", "Kubek"))
