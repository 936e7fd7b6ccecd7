"""Which of several suppliers' offers counts, and what an offer says in the words of the one decision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sync.availability.decision import OfferState, is_available

RULES = ("first", "cheapest", "fastest", "stock")
"""First in order, lowest purchase price, fewest days until it ships, most pieces."""
_UNKNOWN = 1_000_000_000
_DEAR = Decimal(_UNKNOWN)


@dataclass(frozen=True, slots=True)
class SupplierOffer:
    """A supplier's offer of one product. `position` is the supplier's rank, the smallest first."""

    supplier_id: int
    position: int = 0
    is_available: bool | None = None
    stock_quantity: int | None = None
    delivery_days: int | None = None
    purchase_price: Decimal | None = None
    currency: str | None = None

    @property
    def state(self) -> OfferState:
        """What the decision needs of it."""
        return OfferState(self.is_available, self.stock_quantity, self.delivery_days)


def choose(
    offers: Sequence[SupplierOffer], rule: str, min_stock_threshold: int = 0, supplier_ids: Sequence[int] = ()
) -> SupplierOffer | None:
    """The offer that counts for a shop; None where nobody of `supplier_ids` (empty: anybody) has one.

    Offers that can be ordered go before those that cannot, whatever the rule; what the rule leaves open, the order of
    `supplier_ids` decides, else that of the suppliers. What is not said (a price, days, stock) comes last. Prices are
    compared within one currency, that of the best ranked offer with a price: there are no rates of exchange here.
    Raises ValueError for an unknown rule.
    """
    ranked = _ranked(offers, supplier_ids)
    if rule not in RULES:
        raise ValueError(f"unknown rule {rule!r}; one of: {', '.join(RULES)}")
    if not ranked:
        return None
    measure = _measure(rule, ranked)
    return min(ranked, key=lambda one: (not is_available(one.state, min_stock_threshold), *measure(one)))


def _ranked(offers: Sequence[SupplierOffer], supplier_ids: Sequence[int]) -> list[SupplierOffer]:
    if not supplier_ids:
        return sorted(offers, key=lambda one: (one.position, one.supplier_id))
    rank = {number: place for place, number in reversed(list(enumerate(supplier_ids)))}
    return sorted((one for one in offers if one.supplier_id in rank), key=lambda one: rank[one.supplier_id])


def _measure(rule: str, ranked: Sequence[SupplierOffer]) -> Callable[[SupplierOffer], tuple[int | Decimal, ...]]:
    """What is to be smallest; `min` keeps the first of equals, so the ranking decides among them."""
    if rule == "cheapest":
        money = next((one.currency for one in ranked if one.purchase_price is not None), None)
        return lambda one: (_DEAR if one.purchase_price is None or one.currency != money else one.purchase_price,)
    if rule == "fastest":
        return lambda one: (_UNKNOWN if one.delivery_days is None else one.delivery_days,)
    if rule == "stock":
        return lambda one: (_UNKNOWN if one.stock_quantity is None else -one.stock_quantity,)
    return lambda _one: ()
