"""A key that lacks rights for parts of products: only the products that have such parts are refused."""

from decimal import Decimal

import pytest

from models import Combination, ItemStatus, SpecificPrice
from tests.factories import make_product
from tests.unit.sync.content.conftest import Pusher
from tests.unit.sync.content.test_combinations import option
from tests.unit.sync.content.test_features_and_prices import feature

ALL = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
PLAIN = ("products", "categories", "manufacturers", "images", "stock_availables", "languages")
PARTS = (
    "combinations", "product_options", "product_option_values", "product_features", "product_feature_values",
    "specific_prices", "groups",
)  # fmt: skip


def push_without(push: Pusher, *missing: str, read_only: bool = False) -> dict[str, tuple[str, str]]:
    """Push a product of each kind with a key that lacks the rights for a resource."""
    rights = {name: ALL for name in (*PLAIN, *PARTS) if name not in missing}
    rights |= {name: ["GET"] for name in missing if read_only}
    push.sandbox.add_key("R" * 32, rights=rights)
    push.set(key_encrypted=push.services.vault.encrypt("R" * 32))
    with push.services.db.write() as session:
        make_product(session, "PLAIN")
        make_product(session, "SIZES", combinations=[Combination(options=option("S9"))])
        make_product(session, "MADE", features=[feature("long")])
        make_product(session, "CHEAP", specific_prices=[SpecificPrice(customer_group="Guest", price=Decimal(3))])
    works = push()
    return {
        sku: (work.outcome.status, work.outcome.error or "") for sku, work in works.items() if work.outcome is not None
    }


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("resource", "sku"),
    [
        ("combinations", "SIZES"),
        ("product_options", "SIZES"),
        ("product_option_values", "SIZES"),
        ("product_features", "MADE"),
        ("product_feature_values", "MADE"),
        ("specific_prices", "CHEAP"),
    ],
)
def test_only_the_products_that_need_the_right_are_refused(
    push: Pusher, resource: str, sku: str, read_only: bool
) -> None:
    found = push_without(push, resource, read_only=read_only)
    status, error = found.pop(sku)
    assert status == ItemStatus.REFUSED, error
    assert resource in error
    assert {status for status, _ in found.values()} == {ItemStatus.PUSHED}, found


def test_groups_that_may_not_be_read(push: Pusher) -> None:
    found = push_without(push, "groups")
    status, error = found.pop("CHEAP")
    assert (status, "groups" in error) == (ItemStatus.REFUSED, True)
    assert {status for status, _ in found.values()} == {ItemStatus.PUSHED}, found
