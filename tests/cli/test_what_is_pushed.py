"""Commands for what a shop gets: its settings, products deleted here, removals there, modes."""

import json

import pytest
from sqlalchemy import select

from models import DepartedProduct, JobProgress, Product, ProductSyncStatus, Shop
from sync.services import Services
from tests.cli.conftest import Invoke
from tests.factories import make_product, make_shop


@pytest.fixture
def shop(stored: Services) -> int:
    """The shop Cyan with MUG in it as 7, and CUP, which is not active any more, as 8."""
    with stored.db.write() as session:
        made = make_shop(session, stored, "http://shop.example", "K" * 32)
        for sku, number, active in (("MUG", 7, True), ("CUP", 8, False)):
            product = make_product(session, sku, active=active)
            session.add(ProductSyncStatus(product_id=product.id, shop_id=made.id, external_id=number))
        return made.id


def test_what_a_shop_gets_is_shown_and_changed(invoke: Invoke, shop: int, stored: Services) -> None:
    result = invoke(
        "shop", "content", "cyan", "--price-factor", "1,2", "--price-rounding", "gross .99", "--fallback", "de, en",
        "--lock", "price,images", "--image-limit", "500000", "--removal-policy", "delete",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert 'push it to the products: python manage.py sync products --all --shop "Cyan"' in result.output
    with stored.db.read() as session:
        kept = session.get_one(Shop, shop)
    assert (str(kept.price_factor), kept.price_rounding, kept.fallback_languages) == ("1.2", "gross .99", ["de", "en"])
    assert (kept.locked_fields, kept.image_limit, kept.removal_policy) == (["price", "images"], 500000, "delete")
    again = json.loads(invoke("shop", "content", "cyan", "--json").stdout)
    assert again["locked_fields"] == "price, images"


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--price-factor", "0", "a factor is above 0"),
        ("--price-rounding", "nine", "no rounding"),
        ("--fallback", "english", "no ISO code"),
        ("--lock", "sku", "'sku' cannot be locked"),
        ("--image-limit", "5", "from 10000"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(
    invoke: Invoke, shop: int, option: str, value: str, reason: str
) -> None:
    result = invoke("shop", "content", "Cyan", option, value)
    assert result.exit_code == 1
    assert reason in result.stderr


def test_a_deleted_product_is_remembered_and_listed_for_removal(invoke: Invoke, shop: int, stored: Services) -> None:
    asked = invoke("product", "delete", "MUG", stdin="n\n")
    assert asked.exit_code == 1
    assert "They stay in shops 1 times" in asked.output
    assert invoke("product", "delete", "MUG", "--yes").exit_code == 0
    with stored.db.read() as session:
        assert session.scalars(select(Product.sku)).all() == ["CUP"]
        assert session.scalars(select(DepartedProduct.external_id)).all() == [7]
    result = invoke("sync", "removals", "--shop", "Cyan")
    assert result.exit_code == 0
    assert "Cyan: 1 not active, 1 deleted from the catalogue; its policy is never" in result.output
    data = json.loads(invoke("sync", "removals", "--shop", "Cyan", "--json").stdout)
    assert (data["inactive"], data["departed"], data["policy"]) == (1, 1, "never")
    assert [row["sku"] for row in data["first"]] == ["MUG", "CUP"]


def test_nothing_is_removed_by_a_policy_of_never_or_without_the_name(
    invoke: Invoke, shop: int, stored: Services
) -> None:
    refused = invoke("sync", "removals", "--shop", "Cyan", "--apply", "--no-wait")
    assert refused.exit_code == 1
    assert "removes nothing; choose deactivate or delete" in refused.stderr
    invoke("shop", "content", "Cyan", "--removal-policy", "delete")
    unsure = invoke("sync", "removals", "--shop", "Cyan", "--apply", "--no-wait", stdin="cyan\n")
    assert unsure.exit_code == 1
    assert "this is not the shop's name" in unsure.stderr
    with stored.db.read() as session:
        assert session.scalars(select(JobProgress)).all() == []


def test_a_mode_that_there_is_not_is_a_wrong_call(invoke: Invoke, shop: int) -> None:
    result = invoke("sync", "products", "--all", "--shop", "Cyan", "--mode", "colours")
    assert result.exit_code == 2
    assert "'full', 'texts', 'prices', 'stock', 'availability', 'images', 'categories'" in result.stderr
