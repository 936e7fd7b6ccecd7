"""Products that do not belong into a shop any more: how many there are, and what the shop's policy makes of them.

Inactive ones (in the catalogue, or by the shop's override) and departed ones (deleted from the catalogue while the shop
still has them). Nothing is removed by itself: only a job that somebody opened, by the policy that the shop has then.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models import (
    DepartedProduct,
    JobItem,
    JobProgress,
    JobType,
    Product,
    ProductOverride,
    ProductSyncStatus,
    RemovalPolicy,
    Shop,
    now,
)
from sync.errors import Refusal
from sync.fingerprint import field_marks

OFF = field_marks({"active": False})["active"]
"""What a link's `sent` says of a product that was switched off in the shop."""
PRODUCT, DEPARTED = "product:", "departed:"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many products a removal would touch."""

    inactive: int
    departed: int

    @property
    def total(self) -> int:
        return self.inactive + self.departed


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of them, to be shown; `product_id` is None for a departed one."""

    sku: str
    name: str
    external_id: int
    product_id: int | None


def counts(session: Session, shop: Shop) -> Counts:
    """How many products the shop's policy would remove now."""
    return Counts(_count(session, inactive(session, shop)), _count(session, departed(shop)))


def _count(session: Session, query: Any) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def listed(session: Session, shop: Shop, limit: int) -> list[Candidate]:
    """The first of them, departed ones first."""
    gone = departed(shop).order_by(DepartedProduct.sku).limit(limit)
    found = [Candidate(one.sku, one.name, one.external_id, None) for one in session.execute(gone)]
    still = inactive(session, shop).order_by(Product.sku).limit(max(0, limit - len(found)))
    return found + [Candidate(one.sku, one.name, one.external_id, one.id) for one in session.execute(still)]


def inactive(session: Session, shop: Shop) -> Select[int, str, str, int | None]:
    """Products that are in the shop and not active there; for a deactivation those that the shop still shows."""
    on, off = _by_override(session, shop.id)
    link = ProductSyncStatus
    query = (
        select(Product.id, Product.sku, Product.name, link.external_id)
        .join(link, link.product_id == Product.id)
        .where(
            link.shop_id == shop.id,
            link.external_id.is_not(None),
            or_(and_(Product.active.is_(False), Product.id.not_in(on)), Product.id.in_(off)),
        )
    )
    return query if shop.removal_policy == RemovalPolicy.DELETE else query.where(_shown())


def _shown() -> ColumnElement[bool]:
    said = cast(ProductSyncStatus.sent, String)
    return said.not_like(f'%"active": "{OFF}"%')


def _by_override(session: Session, shop_id: int) -> tuple[set[int], set[int]]:
    """Products that the shop's own differences switch on, and off."""
    query = select(ProductOverride.product_id, ProductOverride.fields).where(
        ProductOverride.shop_id == shop_id, cast(ProductOverride.fields, String).like('%"active"%')
    )
    found = {number: fields.get("active") for number, fields in session.execute(query)}
    return {number for number, on in found.items() if on}, {number for number, on in found.items() if on is False}


def departed(shop: Shop) -> Select[int, str, str, int]:
    """What the shop still has of products that were deleted here; not what another product of ours has taken over."""
    taken = select(ProductSyncStatus.external_id).where(
        ProductSyncStatus.shop_id == shop.id, ProductSyncStatus.external_id == DepartedProduct.external_id
    )
    query = select(DepartedProduct.id, DepartedProduct.sku, DepartedProduct.name, DepartedProduct.external_id).where(
        DepartedProduct.shop_id == shop.id, ~taken.exists()
    )
    if shop.removal_policy == RemovalPolicy.DELETE:
        return query
    return query.where(DepartedProduct.deactivated_at.is_(None))


def delete_products(session: Session, product_ids: list[int]) -> int:
    """Delete products from the catalogue, remembering what shops still have of them; how many there were."""
    link = ProductSyncStatus
    there = and_(link.product_id.in_(product_ids), link.external_id.is_not(None))
    stale = select(DepartedProduct.id).join(
        link, and_(link.shop_id == DepartedProduct.shop_id, link.external_id == DepartedProduct.external_id)
    )
    doomed = list(session.scalars(stale.where(there)))
    session.execute(delete(DepartedProduct).where(DepartedProduct.id.in_(doomed)))
    rows = (
        select(link.shop_id, link.external_id, Product.sku, Product.name, literal(now(), type_=link.created_at.type))
        .join(Product, Product.id == link.product_id)
        .where(there)
    )
    columns = ["shop_id", "external_id", "sku", "name", "departed_at"]
    session.execute(insert(DepartedProduct).from_select(columns, rows))
    found = session.execute(delete(Product).where(Product.id.in_(product_ids)))
    return int(getattr(found, "rowcount", 0))


def open_removal(session: Session, shop: Shop, *, user_id: int | None = None) -> JobProgress:
    """Open a job that removes the shop's candidates by its policy.

    Raises Refusal where the policy is never, or where there is nothing to remove, and ShopInactive.
    """
    from sync import jobs

    require(session, shop)
    title = "Delete products in the shop" if shop.removal_policy == RemovalPolicy.DELETE else "Switch off products"
    params = {"policy": str(shop.removal_policy)}
    return jobs.open_job(session, "remove", JobType.SYNC, title, shop, params, user_id=user_id)


def require(session: Session, shop: Shop) -> None:
    """Raises Refusal where the shop's policy removes nothing, or there is nothing to remove."""
    if shop.removal_policy == RemovalPolicy.NEVER:
        raise Refusal(
            "removal_policy", f"shop {shop.name!r} removes nothing; choose deactivate or delete in its settings first"
        )
    if not counts(session, shop).total:
        raise Refusal("removal", f"there is nothing to remove from shop {shop.name!r}")


def fill(session: Session, job: JobProgress) -> None:
    """One item for each candidate of the job's shop."""
    if job.shop is None:
        return
    columns = ["progress_id", "key", "product_id", "sku", "external_id"]
    ours = inactive(session, job.shop).subquery()
    gone = departed(job.shop).subquery()
    for prefix, found, product in ((PRODUCT, ours, ours.c.id), (DEPARTED, gone, cast(null(), Integer))):
        rows = select(
            literal(job.id), literal(prefix).concat(cast(found.c.id, String(20))), product, found.c.sku,
            found.c.external_id,
        )  # fmt: skip
        session.execute(insert(JobItem).from_select(columns, rows.order_by(found.c.sku)))
