"""Products with all that belongs to them, in as few statements as there are things that any of them has."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import literal, select, union
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from models import Combination, Product, ProductFeature, ProductImage, ProductOverride, SpecificPrice

PARTS: dict[str, type[Any]] = {
    "images": ProductImage,
    "overrides": ProductOverride,
    "combinations": Combination,
    "features": ProductFeature,
    "specific_prices": SpecificPrice,
}
"""What a product may have, by the name of its relationship."""


def load_products(session: Session, product_ids: Iterable[int]) -> Sequence[Product]:
    """These products, their parts loaded. Three statements, and one for each kind of part that one of them has."""
    found = session.scalars(
        select(Product).where(Product.id.in_(list(product_ids))).options(selectinload(Product.categories))
    ).all()
    _load_parts(session, found)
    return found


def _load_parts(session: Session, products: Sequence[Product]) -> None:
    ids = [product.id for product in products]
    kinds = [select(literal(name)).where(_some(model, ids)) for name, model in PARTS.items()]
    present = set(session.scalars(union(*kinds))) if ids else set()
    for name, model in PARTS.items():
        rows = _by_product(session, model, ids) if name in present else {}
        for product in products:
            set_committed_value(product, name, rows.get(product.id, []))


def _some(model: type[Any], product_ids: Sequence[int]) -> Any:
    return select(model.id).where(model.product_id.in_(product_ids)).exists()


def _by_product(session: Session, model: type[Any], product_ids: Sequence[int]) -> dict[int, list[Any]]:
    order = (model.position, model.id) if hasattr(model, "position") else (model.id,)
    found: dict[int, list[Any]] = {}
    for row in session.scalars(select(model).where(model.product_id.in_(product_ids)).order_by(*order)):
        found.setdefault(row.product_id, []).append(row)
    return found
