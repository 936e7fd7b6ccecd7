"""Products with all that belongs to them, in as few statements as there are things that any of them has."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import literal, select, union
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from models import (
    Combination,
    CombinationLink,
    Product,
    ProductFeature,
    ProductImage,
    ProductOverride,
    SpecificPrice,
    SpecificPriceLink,
)

PARTS: dict[str, type[Any]] = {
    "images": ProductImage,
    "overrides": ProductOverride,
    "combinations": Combination,
    "features": ProductFeature,
    "specific_prices": SpecificPrice,
}
"""What a product may have, by the name of its relationship."""
LINKED = "linked"


def load_products(session: Session, product_ids: Iterable[int]) -> Sequence[Product]:
    """These products, their parts loaded."""
    return load_with_links(session, product_ids, None)[0]


def load_with_links(
    session: Session, product_ids: Iterable[int], shop_id: int | None
) -> tuple[Sequence[Product], set[int]]:
    """These products, their parts loaded; and which of them have combinations or specific prices in the shop, as far as
    we know. Three statements, and one for each kind of part that one of them has."""
    found = session.scalars(
        select(Product).where(Product.id.in_(list(product_ids))).options(selectinload(Product.categories))
    ).all()
    return found, _load_parts(session, found, shop_id)


def _load_parts(session: Session, products: Sequence[Product], shop_id: int | None) -> set[int]:
    ids = [product.id for product in products]
    present, linked = _present(session, ids, shop_id) if ids else (set(), set())
    for name, model in PARTS.items():
        rows = _by_product(session, model, ids) if name in present else {}
        for product in products:
            set_committed_value(product, name, rows.get(product.id, []))
    return linked


def _present(session: Session, ids: Sequence[int], shop_id: int | None) -> tuple[set[str], set[int]]:
    """The kinds of parts that one of these products has, and the products with links of parts; in one statement."""
    kinds: list[Any] = [
        select(literal(name), literal(0)).where(select(model.id).where(model.product_id.in_(ids)).exists())
        for name, model in PARTS.items()
    ]
    kinds += [
        select(literal(LINKED), model.product_id).where(model.shop_id == shop_id, model.product_id.in_(ids))
        for model in (CombinationLink, SpecificPriceLink)
    ]
    rows = session.execute(union(*kinds)).all()
    return {name for name, _ in rows if name != LINKED}, {number for name, number in rows if name == LINKED}


def _by_product(session: Session, model: type[Any], product_ids: Sequence[int]) -> dict[int, list[Any]]:
    order = (model.position, model.id) if hasattr(model, "position") else (model.id,)
    found: dict[int, list[Any]] = {}
    for row in session.scalars(select(model).where(model.product_id.in_(product_ids)).order_by(*order)):
        found.setdefault(row.product_id, []).append(row)
    return found
