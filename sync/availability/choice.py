"""What each product of a shop is to show and allow, from the offers that count there. Reads; writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models import Offer, Product, ProductSyncStatus, ShopAvailability, Supplier
from sync.among import among
from sync.availability.decision import Availability, AvailabilitySettings, OfferState, decide
from sync.availability.texts import texts_from_json
from sync.suppliers.offers import SupplierOffer, choose

PAGE = 5000


Decided = tuple[Availability, dict[str, Any]]
"""A decision, and the JSON that is kept of it."""


@dataclass(frozen=True, slots=True)
class ShopRules:
    """A shop's settings, compiled: whose offers count, and what is made of them."""

    settings: AvailabilitySettings
    rule: str = "first"
    supplier_ids: tuple[int, ...] = ()
    only_changed: bool = True
    _decided: dict[OfferState | None, Decided] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, row: ShopAvailability) -> "ShopRules":
        settings = AvailabilitySettings(
            texts=texts_from_json(row.texts),
            min_stock_threshold=row.min_stock_threshold,
            allow_value=row.allow_value,
            deny_value=row.deny_value,
            write_quantities=row.write_quantities,
        )
        return cls(settings, row.supplier_rule, tuple(row.supplier_ids), row.only_changed)

    def decide(self, offers: Sequence[SupplierOffer]) -> Decided:
        """What the product is to show and allow. The same offers give the same objects: do not change them."""
        chosen = choose(offers, self.rule, self.settings.min_stock_threshold, self.supplier_ids)
        state = chosen.state if chosen else None
        if state not in self._decided:
            if len(self._decided) > 10 * PAGE:
                self._decided.clear()
            decision = decide(state, self.settings)
            self._decided[state] = decision, decision.as_json()
        return self._decided[state]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product in a shop, what was last sent of it and what is to stand there now."""

    link_id: int
    product_id: int
    sku: str
    external_id: int
    stock_available_id: int | None
    sent: Mapping[str, Any] | None
    availability: Availability
    data: dict[str, Any]

    @property
    def changed(self) -> bool:
        """Whether the shop was told something else, or nothing yet."""
        return self.sent != self.data


def wanted(
    session: Session,
    shop_id: int,
    rules: ShopRules,
    product_ids: Sequence[int] | None = None,
    supplier_id: int | None = None,
) -> Iterator[Wanted]:
    """Every linked product that has an offer that counts, or had one when the shop was last told; in pages.

    `product_ids`: these only. `supplier_id`: only products that this supplier offers.
    """  # fmt: skip
    last = 0
    while True:
        links = session.execute(_links(session, shop_id, last, product_ids)).all()
        if not links:
            return
        last = links[-1].id
        offers = _offers(session, [link.product_id for link in links], rules)
        for link in links:
            of_product = offers.get(link.product_id, ())
            if not of_product and link.availability is None:
                continue
            if supplier_id is not None and not any(one.supplier_id == supplier_id for one in of_product):
                continue
            decision, data = rules.decide(of_product)
            yield Wanted(
                link.id, link.product_id, link.sku, link.external_id, link.stock_available_id, link.availability,
                decision, data,
            )  # fmt: skip


def _links(session: Session, shop_id: int, last: int, product_ids: Sequence[int] | None) -> Select[Any]:
    link = ProductSyncStatus
    columns = (link.id, link.product_id, link.external_id, link.stock_available_id, link.availability, Product.sku)
    query = select(*columns).join(Product, Product.id == link.product_id)
    query = query.where(link.shop_id == shop_id, link.external_id.is_not(None), link.id > last)
    if product_ids is not None:
        query = query.where(among(session, link.product_id, product_ids))
    else:
        offered = select(Offer.id).where(Offer.product_id == link.product_id).exists()
        query = query.where(or_(link.availability.is_not(None), offered))
    return query.order_by(link.id).limit(PAGE)


def _offers(session: Session, product_ids: Sequence[int], rules: ShopRules) -> dict[int, list[SupplierOffer]]:
    """The offers that count, by product; prices only where the rule asks for them, since they are dear to read."""
    prices = (Offer.purchase_price, Offer.currency) if rules.rule == "cheapest" else ()
    query = (
        select(
            Offer.product_id, Offer.supplier_id, Supplier.position, Offer.is_available, Offer.stock_quantity,
            Offer.delivery_days, *prices,
        )
        .join(Supplier, Supplier.id == Offer.supplier_id)
        .where(among(session, Offer.product_id, product_ids), Supplier.active)
    )  # fmt: skip
    if rules.supplier_ids:
        query = query.where(Offer.supplier_id.in_(rules.supplier_ids))
    found: dict[int, list[SupplierOffer]] = {}
    for product_id, supplier, position, available, stock, days, *money in session.execute(query):
        offer = SupplierOffer(supplier, position, available, stock, days, *money)
        found.setdefault(product_id, []).append(offer)
    return found
