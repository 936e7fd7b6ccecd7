"""Specific prices as PrestaShop documents. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sync.errors import Refusal
from sync.fingerprint import fingerprint
from sync.transform.product import Document, ShopFacts
from sync.transform.snapshot import GroupPrice, Snapshot

ALWAYS = "0000-00-00 00:00:00"
OWN_PRICE = -1
"""PrestaShop's way to say that only the reduction counts, not another price (prestashop.md 7)."""
KEY = (
    "id_product_attribute", "id_group", "from_quantity", "from", "to", "id_shop", "id_currency", "id_country",
    "id_customer", "id_cart",
)  # fmt: skip
"""No two specific prices of a product may agree in all of these (the table's unique key)."""


def specific_price_document(
    product: Snapshot, price: GroupPrice, shop: ShopFacts, *, id_shop: int, combination: int, time_zone: str
) -> Document:
    """All that we say of a specific price but for its product and group. `combination` is its id there, 0 for all.

    Raises Refusal for a reduction that makes no sense.
    """
    if price.reduction_type == "percentage" and not 0 <= price.reduction <= 1:
        raise Refusal("specific_prices", f"a reduction of {price.reduction} is no share; 0.1 is 10 %")
    rule = shop.prices
    amount = price.price
    if amount is not None and not price.own:
        amount = rule.price(amount, product.tax_rate)
    reduction = price.reduction
    if price.reduction_type == "amount" and not price.own:
        reduction = rule.reduction(reduction)
    return {
        "id_shop_group": 0,
        "id_shop": id_shop,
        "id_cart": 0,
        "id_product_attribute": combination,
        "id_currency": 0,
        "id_country": 0,
        "id_customer": 0,
        "price": OWN_PRICE if amount is None else amount,
        "from_quantity": price.from_quantity,
        "reduction": reduction,
        "reduction_type": price.reduction_type,
        "reduction_tax": int(price.reduction_tax),
        "from": _local(price.starts_at, time_zone),
        "to": _local(price.ends_at, time_zone),
    }


def mark(document: Mapping[str, Any], group: str) -> str:
    """The fingerprint of a specific price, without asking what the group's id is."""
    return fingerprint({name: value for name, value in document.items() if name != "id_group"} | {"group": group})


def key(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells a product's specific prices apart, of ours or of the shop's."""
    return tuple(str(document.get(name) or 0) for name in KEY)


def _local(moment: datetime | None, time_zone: str) -> str:
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M:%S") if moment else ALWAYS
