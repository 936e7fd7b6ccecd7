"""What an operator asks to push, and what that means for each shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin import filters
from admin.database import services
from admin.filters import ProductFilter
from admin.i18n import _
from admin.queries import products
from models import Category, Shop
from sync.selection import Selection

KINDS = ("ids", "all", "changed", "errors", "category", "matching")
PER_SHOP = ("changed", "errors")
"""The kinds that speak of other products in each shop."""
REQUESTS_PER_CHUNK = 2
"""One request for a chunk's products and one for their stock; a product that is unchanged needs none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be pushed: the selection, in words, and the parameters that say the same again."""

    kind: str
    selection: Selection | None
    text: str
    arguments: list[tuple[str, Any]]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the push means for one shop: products, requests at most, and seconds (None: not known)."""

    shop: Shop
    count: int
    requests: int
    seconds: float | None


def wanted(session: Session, values: MultiDict[str, str]) -> Wanted:
    """Read it from the parameters kind, id, category and those of the list."""
    kind = filters.one_of(values.get("kind"), KINDS) or "changed"
    match kind:
        case "ids":
            return _chosen(values)
        case "category":
            return _category(session, filters.number(values.get("category")))
        case "matching":
            return _matching(session, ProductFilter.of(values))
        case _:
            texts = {
                "all": _("all active products"),
                "changed": _("products that changed since their last push, or were never pushed"),
                "errors": _("products in error"),
            }
            return Wanted(kind, Selection(kind), texts[kind], [])


def _chosen(values: MultiDict[str, str]) -> Wanted:
    ids = tuple(dict.fromkeys(found for text in values.getlist("id") if (found := filters.number(text)) is not None))
    arguments = [("id", number_) for number_ in ids]
    if not ids:
        return Wanted("ids", None, _("no product"), [], _("No product is selected. Go back and tick some."))
    return Wanted("ids", Selection("ids", ids), _("the selected products"), arguments)


def _category(session: Session, category_id: int | None) -> Wanted:
    name = session.scalar(select(Category.name).where(Category.id == category_id))
    if category_id is None or name is None:
        return Wanted("category", None, _("a category"), [], _("Choose a category."))
    text = _("the category %(name)s and all below it", name=name)
    return Wanted("category", Selection("category", category_id=category_id), text, [("category", category_id)])


def _matching(session: Session, narrowed: ProductFilter) -> Wanted:
    arguments = list(narrowed.arguments().items())
    text = _("all products that match the filter")
    if not narrowed.narrows:
        return Wanted("matching", Selection("all"), _("all active products"), arguments)
    if not products.count(session, narrowed.query()):
        return Wanted("matching", None, text, arguments, _("No product matches the filter."))
    return Wanted("matching", Selection("query", query=narrowed.query().as_params()), text, arguments)


def offers(session: Session, asked: Wanted, shops: Sequence[Shop]) -> list[Offer]:
    """What it means for each shop."""
    same = None
    if asked.selection is not None and asked.kind not in PER_SHOP and shops:
        same = asked.selection.count(session, shops[0].id)
    return [_offer(shop, _count(session, asked, shop) if same is None else same) for shop in shops]


def _count(session: Session, asked: Wanted, shop: Shop) -> int:
    return asked.selection.count(session, shop.id) if asked.selection is not None else 0


def _offer(shop: Shop, count: int) -> Offer:
    requests = ceil(count / services().policy.chunk) * REQUESTS_PER_CHUNK
    seconds = requests * shop.latency_ms / 1000 / max(1, shop.max_concurrency) if shop.latency_ms else None
    return Offer(shop, count, requests, seconds)
