"""The list of products: filtered, sorted, paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, load_only

from models import Product, ProductSyncStatus, SyncStatus
from sync.catalogue import Query

Column = InstrumentedAttribute[str] | InstrumentedAttribute[datetime]
SORTS: dict[str, Column] = {
    "sku": Product.sku,
    "name": Product.name,
    "changed": Product.changed_at,
}
"""What can be sorted by: columns with an index, so that a page of a million products is found at once."""
PAGE = 50
COUNTED = 10_000
"""Up to here matches are counted; beyond, the list says "more than"."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """How a product stands in a shop; `status` is "changed" when it was pushed, but is newer here."""

    shop_id: int
    status: str
    error: str | None
    last_success_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One page; `before` and `after` are the ids to page from, None where nothing is left."""

    rows: Sequence[Product]
    links: dict[int, dict[int, LinkState]]
    before: int | None
    after: int | None


def page(
    session: Session, query: Query, *, sort: str = "sku", after: int | None = None, before: int | None = None
) -> ProductPage:
    """A page of products. `sort` is one of SORTS, with a leading "-" for the other way round."""
    column, falling = _column(sort)
    backwards = before is not None
    start = before if backwards else after
    found = query.select(session)
    anchor = _anchor(session, column, start)
    if anchor is not None:
        found = found.where(_beyond(column, anchor, down=falling != backwards))
    order = (column.desc(), Product.id.desc()) if falling != backwards else (column.asc(), Product.id.asc())
    listed = load_only(
        Product.sku, Product.ean, Product.name, Product.price, Product.quantity, Product.active, Product.changed_at
    )
    rows = list(session.scalars(found.options(listed).order_by(*order).limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    first, last = (rows[0].id, rows[-1].id) if rows else (None, None)
    return ProductPage(
        rows,
        link_states(session, rows),
        before=first if (more if backwards else anchor is not None) else None,
        after=last if (True if backwards else more) else None,
    )


def count(session: Session, query: Query) -> int:
    """How many match, counted up to COUNTED + 1."""
    some = query.select(session).with_only_columns(Product.id).limit(COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def link_states(session: Session, products: Sequence[Product]) -> dict[int, dict[int, LinkState]]:
    """How products stand: product id -> shop id -> state."""
    changed = {product.id: product.changed_at for product in products}
    link = ProductSyncStatus
    rows = session.execute(
        select(
            link.product_id, link.shop_id, link.sync_status, link.product_changed_at, link.error_message,
            link.last_success_at,
        ).where(link.product_id.in_(changed))
    )  # fmt: skip
    found: dict[int, dict[int, LinkState]] = {number: {} for number in changed}
    for product_id, shop_id, status, pushed, error, success in rows:
        shown = "changed" if status == SyncStatus.SYNCED and pushed != changed[product_id] else status
        found[product_id][shop_id] = LinkState(shop_id, shown, error, success)
    return found


def _column(sort: str) -> tuple[Column, bool]:
    return SORTS.get(sort.removeprefix("-"), Product.sku), sort.startswith("-")


def _anchor(session: Session, column: Column, product_id: int | None) -> tuple[str | datetime, int] | None:
    if product_id is None:
        return None
    value: Any = session.scalar(select(column).where(Product.id == product_id))
    return None if value is None else (value, product_id)


def _beyond(column: Column, anchor: tuple[str | datetime, int], down: bool) -> ColumnElement[bool]:
    """Behind the anchor in the order of (column, id), in a form that an index on the column serves."""
    value, number = anchor
    if down:
        return and_(column <= value, or_(column < value, Product.id < number))
    return and_(column >= value, or_(column > value, Product.id > number))
