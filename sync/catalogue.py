"""Reading and touching the catalogue: search with pages by key, and what moves `changed_at`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from models import Product, ProductSyncStatus, SyncStatus, now, product_categories
from sync.selection import descendants, matches


@dataclass(frozen=True, slots=True)
class Query:
    """What to list. `status` is a link's state in `shop_id`, "none" for products that were never pushed there, or
    "changed" for those that were, but are newer here."""

    text: str = ""
    shop_id: int | None = None
    status: str | None = None
    category_id: int | None = None
    active: bool | None = None

    def as_params(self) -> dict[str, Any]:
        """A JSON form, to be kept with a job (see sync.selection)."""
        return asdict(self)

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> "Query":
        """The query of such a form."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in params.items() if name in known})

    def select(self, session: Session) -> Select[Product]:
        """The products, without an order."""
        query = select(Product)
        if self.text:
            query = query.where(matches(session, self.text))
        if self.active is not None:
            query = query.where(Product.active.is_(self.active))
        if self.category_id is not None:
            members = select(product_categories.c.product_id).where(
                product_categories.c.category_id.in_(descendants(session, self.category_id))
            )
            query = query.where(Product.id.in_(members))
        if self.shop_id is not None and self.status:
            query = query.where(self._by_status())
        return query

    def _by_status(self) -> ColumnElement[bool]:
        links = select(ProductSyncStatus.product_id).where(ProductSyncStatus.shop_id == self.shop_id)
        if self.status == "none":
            return Product.id.not_in(links)
        if self.status == "changed":
            newer = links.where(
                ProductSyncStatus.product_id == Product.id,
                ProductSyncStatus.sync_status == SyncStatus.SYNCED,
                ProductSyncStatus.product_changed_at != Product.changed_at,
            )
            return newer.exists()
        return Product.id.in_(links.where(ProductSyncStatus.sync_status == self.status))


@dataclass(frozen=True, slots=True)
class Row:
    """A listed product with its links by shop id."""

    product: Product
    links: dict[int, ProductSyncStatus]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `after` is the SKU to go on from, None at the end."""

    rows: list[Row]
    after: str | None


def search(session: Session, query: Query, *, after: str | None = None, limit: int = 50) -> Page:
    """A page of products by SKU, from behind the SKU `after`. Two statements, whatever the page's size."""
    found = query.select(session).order_by(Product.sku).limit(limit + 1)
    if after is not None:
        found = found.where(Product.sku > after)
    products = session.scalars(found).all()
    links = links_of(session, [product.id for product in products[:limit]])
    rows = [Row(product, links.get(product.id, {})) for product in products[:limit]]
    return Page(rows, rows[-1].product.sku if len(products) > limit else None)


def links_of(session: Session, product_ids: Sequence[int]) -> dict[int, dict[int, ProductSyncStatus]]:
    """The links of some products: product id -> shop id -> link."""
    found: dict[int, dict[int, ProductSyncStatus]] = {}
    for link in session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.product_id.in_(product_ids))):
        found.setdefault(link.product_id, {})[link.shop_id] = link
    return found


def touch(session: Session, product_ids: Iterable[int]) -> None:
    """Say that shops would now show these products differently."""
    session.execute(update(Product).where(Product.id.in_(list(product_ids))).values(changed_at=now()))
