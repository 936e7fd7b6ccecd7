"""Features and prices for customer groups, field by field in the shop."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from models import Combination, ItemStatus, Product, ProductFeature, SpecificPrice
from tests.factories import make_product
from tests.unit.sync.content.conftest import Pusher
from tests.unit.sync.content.test_combinations import option

CUT = {"en": "Sleeve cut", "pl": "Krój rękawa"}


def feature(value: str, names: dict[str, str] = CUT) -> ProductFeature:
    return ProductFeature(feature=names, value={"en": value, "pl": f"{value} pl"})


def features(push: Pusher, sku: str) -> dict[str, str]:
    """{feature: value} in English."""
    entries = push.stored(sku)["associations"]["product_features"]
    return {
        push.client.get("product_features", int(one["id"]))["name"][1]: push.client.get(
            "product_feature_values", int(one["id_feature_value"])
        )["value"][1]
        for one in entries
    }


def prices(push: Pusher, sku: str = "MUG") -> list[dict[str, object]]:
    return push.listed("specific_prices", id_product=push.stored(sku)["id"])


def make_mug(push: Pusher, *rows: SpecificPrice, **values: object) -> None:
    with push.services.db.write() as session:
        make_product(session, "MUG", specific_prices=list(rows), **values)


def test_features_are_made_once_and_found_again(push: Pusher) -> None:
    kinds, values = len(push.listed("product_features")), len(push.listed("product_feature_values"))
    with push.services.db.write() as session:
        for number in range(20):
            make_product(session, f"F{number}", features=[feature("long" if number % 2 else "short, 10% [a|b]")])
    push.well()
    assert len(push.listed("product_features")) == kinds + 1
    assert len(push.listed("product_feature_values")) == values + 2
    assert features(push, "F1") == {"Sleeve cut": "long"}
    assert features(push, "F2") == {"Sleeve cut": "short, 10% [a|b]"}
    push.requests()
    push.well()
    assert push.requests() == []


def test_changed_and_removed_features_follow_and_the_shops_own_stay(push: Pusher) -> None:
    with push.services.db.write() as session:
        make_product(session, "A", features=[feature("long")])
        make_product(session, "B")
    push.well()
    known = push.stored("A")["associations"]["product_features"]
    push.client.patch("products", push.stored("B")["id"], {"associations": {"product_features": known}})
    push.change("A", lambda product: setattr(product, "features", [feature("wide")]))
    push.change("B", lambda product: setattr(product, "price", Decimal(5)))
    push.well()
    assert features(push, "A") == {"Sleeve cut": "wide"}
    assert features(push, "B") == {"Sleeve cut": "long"}
    push.change("A", lambda product: setattr(product, "features", []))
    push.well()
    assert features(push, "A") == {}


def test_a_feature_without_a_value_is_refused_by_name(push: Pusher) -> None:
    with push.services.db.write() as session:
        make_product(session, "A", features=[ProductFeature(feature=CUT, value={"en": ""})])
    outcome = push()["A"].outcome
    assert outcome is not None
    assert (outcome.status, outcome.error) == (
        ItemStatus.REFUSED, "features: Sleeve cut: 'Sleeve cut' has no value",
    )  # fmt: skip


def test_prices_for_groups_arrive(push: Pusher) -> None:
    push.set(time_zone="Europe/Warsaw", price_factor=Decimal(2))
    make_mug(
        push,
        SpecificPrice(
            customer_group="Gość", from_quantity=10, reduction=Decimal("0.1"), reduction_type="percentage",
            starts_at=datetime(2026, 7, 1, tzinfo=UTC), ends_at=datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
        ),
        SpecificPrice(customer_group="Visitor", price=Decimal(8), reduction=Decimal(1), reduction_tax=False),
        SpecificPrice(price=Decimal(7), shop_id=push.shop_id, from_quantity=3),
    )  # fmt: skip
    push.client.patch("groups", 1, {"name": {1: "Visitor", 2: "Gość"}})
    push.well()
    by_quantity = {one["from_quantity"]: one for one in prices(push)}
    share, fixed, own = by_quantity["10"], by_quantity["1"], by_quantity["3"]
    assert (share["id_group"], share["price"], share["reduction"], share["reduction_type"]) == (
        "1", "-1.000000", "0.100000", "percentage",
    )  # fmt: skip
    assert (share["from"], share["to"]) == ("2026-07-01 02:00:00", "2026-12-31 23:59:59")
    assert (fixed["id_group"], fixed["price"], fixed["reduction"], fixed["reduction_tax"]) == (
        "1", "16.000000", "2.000000", "0",
    )  # fmt: skip
    assert (own["id_group"], own["price"]) == ("0", "7.000000")
    push.requests()
    push.well()
    assert push.requests() == []


def test_prices_change_go_and_are_not_doubled(push: Pusher) -> None:
    make_mug(push, SpecificPrice(price=Decimal(8)), SpecificPrice(price=Decimal(7), from_quantity=5))
    push.well()
    push.change("MUG", lambda product: setattr(product.specific_prices[0], "price", Decimal(6)))
    push.well()
    assert sorted(str(one["price"]) for one in prices(push)) == ["6.000000", "7.000000"]
    push.change("MUG", lambda product: product.specific_prices.pop(1))
    push.well()
    assert [one["price"] for one in prices(push)] == ["6.000000"]

    def same_again(product: Product) -> None:
        product.specific_prices = [SpecificPrice(price=Decimal(6))]

    push.change("MUG", same_again)
    push.well()
    assert [one["price"] for one in prices(push)] == ["6.000000"]


def test_a_price_that_the_shop_has_is_taken_over(push: Pusher) -> None:
    make_mug(push)
    push.well()
    there = push.client.create(
        "specific_prices",
        {
            "id_product": push.stored("MUG")["id"], "id_shop": 0, "id_cart": 0, "id_currency": 0, "id_country": 0,
            "id_group": 0, "id_customer": 0, "price": 5, "from_quantity": 1, "reduction": 0, "reduction_tax": 1,
            "reduction_type": "amount", "from": "0000-00-00 00:00:00", "to": "0000-00-00 00:00:00",
        },
    )  # fmt: skip
    push.change("MUG", lambda product: setattr(product, "specific_prices", [SpecificPrice(price=Decimal(4))]))
    push.well()
    assert [(one["id"], one["price"]) for one in prices(push)] == [(there["id"], "4.000000")]
    push.change("MUG", lambda product: setattr(product, "specific_prices", []))
    push.well()
    assert [one["id"] for one in prices(push)] == [there["id"]]


def test_a_price_for_a_combination(push: Pusher) -> None:
    with push.services.db.write() as session:
        product = make_product(session, "MUG", combinations=[Combination(options=option("S9"))])
        product.specific_prices = [SpecificPrice(price=Decimal(4), combination_id=product.combinations[0].id)]
    push.well()
    (combination,) = push.listed("combinations", id_product=push.stored("MUG")["id"])
    assert [int(str(one["id_product_attribute"])) for one in prices(push)] == [combination["id"]]


def test_an_unknown_group_is_named_with_those_that_there_are(push: Pusher) -> None:
    make_mug(push, SpecificPrice(customer_group="Wholesale", price=Decimal(4)))
    outcome = push()["MUG"].outcome
    assert outcome is not None
    assert outcome.status == ItemStatus.REFUSED
    assert "no customer group 'Wholesale'; it has" in (outcome.error or "")
    assert push.stored("MUG")["reference"] == "MUG"


@pytest.mark.parametrize("count", [50])
def test_price_changes_of_products_without_groups_cost_two_requests_for_fifty(push: Pusher, count: int) -> None:
    with push.services.db.write() as session:
        for number in range(count):
            make_product(session, f"P{number}")
    push.well()
    for number in range(count):
        push.change(f"P{number}", lambda product: setattr(product, "price", Decimal(7)))
    push.requests()
    push.well(mode="prices")
    assert len(push.requests()) <= 2
    push.well()
    assert push.requests() == []
