"""Which products a job speaks of, as a value that fits into a job's parameters and turns into a query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from models import Category, Product, ProductSyncStatus, SyncStatus, product_categories
from models.catalogue import words_of

KINDS = ("ids", "all", "changed", "since", "category", "errors", "search", "query")


@dataclass(frozen=True, slots=True)
class Selection:
    """`ids`: these products; `all`: every one that belongs into the shop; `changed`: of those, the ones whose last
    push is older than their last change or did not succeed; `category`: of those, a category's and all below it;
    `since`: of those, the ones that changed at that time or later; `errors`: those in error in the shop; `search`:
    those whose SKU, EAN or name holds the text; `query`: those that a sync.catalogue.Query, in its JSON form, finds
    when the job is opened.

    Active products belong into the shop, and inactive ones that are there already: they have to be switched off.
    """

    kind: str
    ids: tuple[int, ...] = ()
    category_id: int | None = None
    search: str | None = None
    since: datetime | None = None
    query: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown selection {self.kind!r}; one of: {', '.join(KINDS)}")
        if self.kind == "since" and (self.since is None or self.since.tzinfo is None):
            raise ValueError("a selection of what changed since needs a time with its zone")
        if self.kind == "query" and self.query is None:
            raise ValueError("a selection by a query needs the query")

    def as_params(self) -> dict[str, Any]:
        """A JSON form, to be kept with the job."""
        form = {"kind": self.kind, "ids": list(self.ids), "category_id": self.category_id, "search": self.search}
        more = {"since": self.since.isoformat() if self.since else None, "query": self.query}
        return form | {name: value for name, value in more.items() if value is not None}

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> "Selection":
        """The selection of such a form."""
        since = params.get("since")
        return cls(
            params["kind"], tuple(params.get("ids") or ()), params.get("category_id"), params.get("search"),
            datetime.fromisoformat(since) if since else None, params.get("query"),
        )  # fmt: skip

    def products(self, session: Session, shop_id: int) -> Select[int]:
        """The ids of the products, as a query without an order."""
        return select(Product.id).where(self._condition(session, shop_id))

    def count(self, session: Session, shop_id: int) -> int:
        """How many products it speaks of."""
        return session.scalar(select(func.count()).select_from(self.products(session, shop_id).subquery())) or 0

    def _condition(self, session: Session, shop_id: int) -> ColumnElement[bool]:  # noqa: PLR0911 - one a kind
        match self.kind:
            case "ids":
                return Product.id.in_(self.ids)
            case "changed":
                return and_(_belongs(shop_id), ~_in_step(shop_id))
            case "category":
                return and_(_belongs(shop_id), Product.id.in_(_products_below(session, self.category_id)))
            case "errors":
                return Product.id.in_(_links(shop_id, SyncStatus.ERROR))
            case "since":
                return and_(_belongs(shop_id), Product.changed_at >= self.since)
            case "search":
                return matches(session, self.search or "")
            case "query":
                return Product.id.in_(_found_by(session, self.query or {}))
            case _:
                return _belongs(shop_id)


def _found_by(session: Session, query: dict[str, Any]) -> Select[int]:
    from sync.catalogue import Query  # it stands on this module

    return Query.from_params(query).select(session).with_only_columns(Product.id)


def matches(session: Session, text: str) -> ColumnElement[bool]:
    """SKU, EAN or name holds the text; case does not matter.

    PostgreSQL finds the words that begin so, by an index (0.1 s and less among 200,000 products, where reading all of
    them takes a second); a text without a letter or digit is looked for as it is.
    """
    words = re.findall(r"[^\W_]+", text.lower())
    if words and session.get_bind().dialect.name == "postgresql":
        sought = " & ".join(f"{word}:*" for word in words)
        return _by_words(session, sought)
    return or_(
        Product.sku.icontains(text, autoescape=True),
        Product.ean.icontains(text, autoescape=True),
        Product.name.icontains(text, autoescape=True),
    )


FEW = 1000
"""Up to so many matches are named by their ids."""


def _by_words(session: Session, sought: str) -> ColumnElement[bool]:
    """The planner cannot tell how rare a word is, and would read all products in order for one that hardly any has:
    a few are looked up beforehand, many are soon met."""
    words: ColumnElement[Any] = literal_column(words_of("products."))
    found = words.bool_op("@@")(func.to_tsquery(literal_column("'simple'"), sought))
    ids = session.scalars(select(Product.id).where(found).limit(FEW + 1)).all()
    return Product.id.in_(ids) if len(ids) <= FEW else found


def _links(shop_id: int, status: SyncStatus) -> Select[int]:
    return select(ProductSyncStatus.product_id).where(
        ProductSyncStatus.shop_id == shop_id, ProductSyncStatus.sync_status == status
    )


def _belongs(shop_id: int) -> ColumnElement[bool]:
    there = select(ProductSyncStatus.product_id).where(
        ProductSyncStatus.shop_id == shop_id, ProductSyncStatus.external_id.is_not(None)
    )
    return or_(Product.active.is_(True), Product.id.in_(there))


def _in_step(shop_id: int) -> ColumnElement[bool]:
    return (
        select(ProductSyncStatus.id)
        .where(
            ProductSyncStatus.product_id == Product.id,
            ProductSyncStatus.shop_id == shop_id,
            ProductSyncStatus.sync_status == SyncStatus.SYNCED,
            ProductSyncStatus.product_changed_at == Product.changed_at,
        )
        .exists()
    )


def _products_below(session: Session, category_id: int | None) -> Select[int]:
    columns = product_categories.c
    return select(columns.product_id).where(columns.category_id.in_(descendants(session, category_id)))


def descendants(session: Session, category_id: int | None) -> Sequence[int]:
    """The ids of a category and all below it."""
    below: dict[int | None, list[int]] = {}
    for number, parent in session.execute(select(Category.id, Category.parent_id)):
        below.setdefault(parent, []).append(number)
    found = [category_id] if category_id is not None else []
    seen = set(found)
    for number in found:
        fresh = [child for child in below.get(number, ()) if child not in seen]
        seen.update(fresh)
        found.extend(fresh)
    return found
