"""What was done with a product in its shops."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Product, ProductSyncStatus, Shop, SyncLog, SyncStatus

ENTRIES = 20


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One operation and the name of its shop."""

    log: SyncLog
    shop_name: str | None


def links(session: Session, product: Product) -> dict[int, tuple[ProductSyncStatus, str]]:
    """The product's links by shop id, each with the state to show."""
    found = session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.product_id == product.id))
    return {link.shop_id: (link, shown_status(link, product)) for link in found}


def shown_status(link: ProductSyncStatus, product: Product) -> str:
    """The link's state; "changed" when the product is newer than its last push."""
    if link.sync_status == SyncStatus.SYNCED and link.product_changed_at != product.changed_at:
        return "changed"
    return link.sync_status


def of_product(session: Session, product_id: int, shop_id: int | None = None) -> Sequence[LogEntry]:
    """The last operations, the newest first."""
    query = (
        select(SyncLog, Shop.name)
        .outerjoin(Shop, Shop.id == SyncLog.shop_id)
        .where(SyncLog.product_id == product_id)
        .order_by(SyncLog.created_at.desc(), SyncLog.id.desc())
        .limit(ENTRIES)
    )
    if shop_id is not None:
        query = query.where(SyncLog.shop_id == shop_id)
    return [LogEntry(log, name) for log, name in session.execute(query)]
