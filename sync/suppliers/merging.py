"""Several rows of one feed may speak of one product (its combinations, say): together they are one offer."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

OFFER_FIELDS = ("supplier_sku", "is_available", "stock_quantity", "delivery_days", "purchase_price", "currency")


def merged(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The offer of a product: what its rows say, for the fields that they have.

    One row is taken as it is. Of several, it is available when one of them is, their pieces are added up, and the
    rest is the cheapest row's among those that can be had (the first's where there is no price).
    """
    if len(rows) == 1:
        return _offer(rows[0])
    best = min(rows, key=lambda row: (not _can_be_had(row), _price(row)))
    made = _offer(best)
    if "is_available" in made:
        said = [row["is_available"] for row in rows if row.get("is_available") is not None]
        made["is_available"] = any(said) if said else None
    if "stock_quantity" in made:
        pieces = [row["stock_quantity"] for row in rows if row.get("stock_quantity") is not None]
        made["stock_quantity"] = min(sum(pieces), 2_147_483_647) if pieces else None
    return made


def _offer(row: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: row[name] for name in OFFER_FIELDS if name in row}
    if made.get("purchase_price") is not None:
        made["purchase_price"] = Decimal(made["purchase_price"])
    return made


def _can_be_had(row: Mapping[str, Any]) -> bool:
    return row.get("is_available") is not False and (row.get("stock_quantity") or 0) > 0


def _price(row: Mapping[str, Any]) -> Decimal:
    price = row.get("purchase_price")
    return Decimal("Infinity") if price is None else Decimal(price)
