"""What a shop was told of availability belongs to availability, not to the push, while that is on for the shop."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from models import ProductSyncStatus, ShopAvailability

TEXTS = ("available_now", "available_later")
QUANTITY = "quantity"


def told_fields(availability: Mapping[str, Any] | None, *, combined: bool = False) -> frozenset[str]:
    """The fields, by the names of sync.transform.locks, that the shop was told of this product (a link's
    `availability`): a text that is set in any language, and the quantity where it was written.

    `combined`: it has combinations; their quantities are never written by availability.
    """
    told = availability or {}
    texts = {name for name in TEXTS if told.get(name)}
    return frozenset(texts | ({QUANTITY} if told.get(QUANTITY) is not None and not combined else set()))


def is_on(session: Session, shop_id: int) -> bool:
    """Whether the shop is told of availability."""
    return bool(session.scalar(select(exists().where(_on(shop_id)))))


def _on(shop_id: int) -> ColumnElement[bool]:
    row = ShopAvailability
    return (row.shop_id == shop_id) & row.active & row.product_listing_enabled


def give_back(link: ProductSyncStatus) -> None:
    """The push has the fields again: it sends them, and should availability be on once more it tells them anew."""
    fields = told_fields(link.availability)
    link.sent = {name: mark for name, mark in (link.sent or {}).items() if name not in fields}
    link.fingerprint = None
    if QUANTITY in fields:
        link.quantity_sent = None
    link.availability = link.availability_sent_at = None


def switched_off(session: Session, shop_id: int) -> None:
    """After a shop's availability was switched off: a push of what changed takes up all products that it told of."""
    told = (ProductSyncStatus.shop_id == shop_id) & ProductSyncStatus.availability.is_not(None)
    session.execute(
        update(ProductSyncStatus).where(told).values(product_changed_at=None),
        execution_options={"synchronize_session": False},
    )
