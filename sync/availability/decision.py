"""The one decision: what a supplier offers and what a shop has set -> what stands in that shop.

Both routes, the web service and SQL, write what this says. The storefront shows `available_now` where the shop's own
quantity is above zero and `available_later` where it is not (`out_of_stock` then decides whether it can be bought),
observed on PrestaShop 9.1. Hence:

| the offer is | out_of_stock | available_now | available_later         | quantity, where it is written |
|--------------|--------------|---------------|-------------------------|-------------------------------|
| available    | allow_value  | available     | delivery, or available  | the supplier's stock          |
| not          | deny_value   | available     | unavailable             | 0                             |

What the shop holds itself stays in stock whatever a supplier says: `available_now` does not follow the offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.availability.texts import Texts

MAX_QUANTITY = 2_147_483_647  # ps_stock_available.quantity is a signed int


@dataclass(frozen=True, slots=True)
class OfferState:
    """What the chosen supplier says of a product.

    is_available: None where the supplier does not say; the stock decides then. stock_quantity: pieces, None where
    unknown. delivery_days: whole days until it ships, None where unknown.
    """

    is_available: bool | None = None
    stock_quantity: int | None = None
    delivery_days: int | None = None


@dataclass(frozen=True, slots=True)
class AvailabilitySettings:
    """A shop's own rules. `texts`: by the language's iso code; a language without texts is left as it is.

    min_stock_threshold: stock below it counts as not available; it also covers what sold since the feed was made.
    allow_value, deny_value: what goes into out_of_stock (0 deny orders, 1 allow, 2 as the shop's preferences say).
    """

    texts: Mapping[str, Texts] = field(default_factory=dict)
    min_stock_threshold: int = 20
    allow_value: int = 1
    deny_value: int = 0
    write_quantities: bool = False

    def problems(self) -> list[str]:
        """What is wrong with these settings, in words for who sets them; empty where nothing is."""
        found = [
            f"out_of_stock when {name}: {value} is not one of 0 (deny), 1 (allow), 2 (as the shop says)"
            for name, value in (("available", self.allow_value), ("not available", self.deny_value))
            if value not in (0, 1, 2)
        ]
        if self.min_stock_threshold < 0:
            found.append("the minimum stock cannot be below 0")
        return found + [f"{iso}: {problem}" for iso, texts in self.texts.items() for problem in texts.problems(iso)]


@dataclass(frozen=True, slots=True)
class Availability:
    """What is to stand in the shop. Texts by iso code; quantity is None where it is not to be written."""

    available: bool
    out_of_stock: int
    available_now: Mapping[str, str] = field(default_factory=dict)
    available_later: Mapping[str, str] = field(default_factory=dict)
    quantity: int | None = None

    def as_json(self) -> dict[str, Any]:
        """What is kept as last sent, and compared with; a shop without a text of a kind lacks its key."""
        return {
            "out_of_stock": self.out_of_stock,
            "available_now": dict(sorted(self.available_now.items())),
            "available_later": dict(sorted(self.available_later.items())),
            "quantity": self.quantity,
        }


def is_available(offer: OfferState | None, min_stock_threshold: int) -> bool:
    """Whether it can be ordered: no offer, a supplier's no, or stock below the threshold say that it cannot.

    A supplier that says yes and tells no stock is believed; one that says neither is not.
    """
    if offer is None or offer.is_available is False:
        return False
    if offer.stock_quantity is None:
        return offer.is_available is True
    least = min_stock_threshold if offer.is_available else max(min_stock_threshold, 1)
    return offer.stock_quantity >= least


def decide(offer: OfferState | None, settings: AvailabilitySettings) -> Availability:
    """What the shop is to show and allow for this offer (None: no supplier offers the product)."""
    available = is_available(offer, settings.min_stock_threshold)
    days = offer.delivery_days if offer else None
    now: dict[str, str] = {}
    later: dict[str, str] = {}
    for iso, texts in settings.texts.items():
        if texts.available is not None:
            now[iso] = texts.available
        text = texts.when_ordered(iso, days) if available else texts.unavailable
        if text is not None:
            later[iso] = text
    return Availability(
        available=available,
        out_of_stock=settings.allow_value if available else settings.deny_value,
        available_now=now,
        available_later=later,
        quantity=_quantity(offer, available) if settings.write_quantities else None,
    )


def _quantity(offer: OfferState | None, available: bool) -> int | None:
    """Pieces to write. Zero where it cannot be ordered: with pieces left, PrestaShop would sell them all the same."""
    if not available or offer is None:
        return 0
    if offer.stock_quantity is None:
        return None
    return min(max(offer.stock_quantity, 0), MAX_QUANTITY)
