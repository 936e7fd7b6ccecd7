"""What an operator does to links and candidates: accept, reject, link by hand, unlink."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import (
    CombinationLink,
    LinkCandidate,
    Product,
    ProductSyncStatus,
    Shop,
    SpecificPriceLink,
    SyncStatus,
)  # fmt: skip
from sync.errors import Missing, SyncError

MANUAL = "manual"


class LinkTaken(SyncError):
    """Raised when a shop's product is linked with another product of ours."""

    def __init__(self, external_id: int, sku: str) -> None:
        super().__init__(f"product {external_id} of the shop is linked with {sku} already; unlink that first")


def link(session: Session, shop_id: int, product_id: int, external_id: int, by: str = MANUAL) -> ProductSyncStatus:
    """Link a product with one of the shop's. What was known of another one there is forgotten.

    Raises Missing and LinkTaken.
    """
    if session.get(Product, product_id) is None or session.get(Shop, shop_id) is None:
        raise Missing("product or shop", f"{product_id}, {shop_id}")
    other = session.execute(
        select(ProductSyncStatus, Product.sku)
        .join(Product, Product.id == ProductSyncStatus.product_id)
        .where(ProductSyncStatus.shop_id == shop_id, ProductSyncStatus.external_id == external_id)
    ).first()
    if other is not None and other[0].product_id != product_id:
        raise LinkTaken(external_id, other[1])
    row = _link(session, shop_id, product_id)
    if row.external_id not in (None, external_id):
        _forget_parts(session, shop_id, [product_id])
    if row.external_id != external_id:
        _forget(row)
    row.external_id, row.linked_by = external_id, by
    session.execute(
        delete(LinkCandidate).where(LinkCandidate.shop_id == shop_id, LinkCandidate.product_id == product_id)
    )
    session.flush()
    return row


def _link(session: Session, shop_id: int, product_id: int) -> ProductSyncStatus:
    found = session.scalars(
        select(ProductSyncStatus).where(
            ProductSyncStatus.shop_id == shop_id, ProductSyncStatus.product_id == product_id
        )
    ).one_or_none()
    if found is None:
        found = ProductSyncStatus(shop_id=shop_id, product_id=product_id)
        session.add(found)
    return found


def _forget(row: ProductSyncStatus) -> None:
    """All that is known of the shop's product goes: the next push compares anew, and nothing counts as told."""
    row.stock_available_id = row.fingerprint = row.quantity_sent = None
    row.sent, row.seen, row.images = {}, {}, {}
    row.image_intent = row.availability = row.availability_sent_at = row.conflict = None
    row.product_changed_at = row.shop_changed_at = row.drift = None
    row.sync_status, row.error_message = SyncStatus.PENDING, None


def unlink(session: Session, shop_id: int, product_ids: Sequence[int]) -> int:
    """Cut links; the shop's products stay as they are, and the automatic linking leaves these products alone."""
    query = select(ProductSyncStatus).where(
        ProductSyncStatus.shop_id == shop_id,
        ProductSyncStatus.product_id.in_(product_ids),
        ProductSyncStatus.external_id.is_not(None),
    )
    found = session.scalars(query).all()
    for row in found:
        _forget(row)
        row.external_id, row.linked_by = None, MANUAL
    _forget_parts(session, shop_id, [row.product_id for row in found])
    return len(found)


def _forget_parts(session: Session, shop_id: int, product_ids: Sequence[int]) -> None:
    """Combinations and prices for groups there belong to the shop's product that was linked."""
    for part in (CombinationLink, SpecificPriceLink):
        session.execute(delete(part).where(part.shop_id == shop_id, part.product_id.in_(product_ids)))


def accept(session: Session, candidate_ids: Sequence[int]) -> tuple[int, list[str]]:
    """Link by candidates; how many were linked, and why others were not (two for one product, taken meanwhile)."""
    chosen = session.scalars(
        select(LinkCandidate).where(LinkCandidate.id.in_(candidate_ids)).order_by(LinkCandidate.id)
    ).all()
    linked, problems, done = 0, [], set()
    for one in chosen:
        if (one.shop_id, one.product_id) in done:
            problems.append(f"product {one.product_id}: more than one candidate was chosen; the first was taken")
            continue
        try:
            link(session, one.shop_id, one.product_id, one.external_id)
        except SyncError as error:
            problems.append(str(error))
            continue
        done.add((one.shop_id, one.product_id))
        linked += 1
    return linked, problems


def reject(session: Session, candidate_ids: Sequence[int]) -> None:
    """Drop candidates; the next search may find them again."""
    session.execute(delete(LinkCandidate).where(LinkCandidate.id.in_(candidate_ids)))


def leave_to_search(session: Session, shop_id: int, product_ids: Sequence[int]) -> None:
    """Let the automatic linking take up products again that were unlinked by hand."""
    session.execute(
        update(ProductSyncStatus)
        .where(
            ProductSyncStatus.shop_id == shop_id,
            ProductSyncStatus.product_id.in_(product_ids),
            ProductSyncStatus.external_id.is_(None),
        )
        .values(linked_by="auto")
    )
