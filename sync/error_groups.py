"""What went wrong, grouped by what it says: one line for 2,000 products that a shop refuses for the same reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from models import JobItem, JobProgress, ProductSyncStatus, Shop, SyncStatus, now
from models.jobs import ENDED, WRONG_ITEMS
from sync.kinds.registry import KINDS

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Items of a shop and a kind that went wrong with the same error. `count` is of different items (a product that
    fails every night counts once), `example` is the newest error in full, of `sku`; `retryable` says whether any of
    them can be tried again now: its job has ended, and its shop is there."""

    signature: str
    shop_id: int | None
    shop_name: str | None
    kind: str
    count: int
    first_at: datetime | None
    last_at: datetime | None
    example: str
    sku: str
    product_id: int | None
    progress_id: int
    retryable: bool


def open_errors() -> ColumnElement[bool]:
    """Of items joined with their jobs: went wrong, were not taken up again, and did not go well elsewhere since."""
    link = ProductSyncStatus
    well_since = select(link.id).where(
        link.product_id == JobItem.product_id,
        link.shop_id == JobProgress.shop_id,
        link.sync_status == SyncStatus.SYNCED,
        link.last_success_at > JobItem.finished_at,
    )
    return JobItem.status.in_(WRONG_ITEMS) & JobItem.retried_by.is_(None) & ~well_since.exists()


def can_be_retried() -> ColumnElement[bool]:
    """Of jobs: their kind works on items in a shop that is there and active."""
    kinds = [kind.name for kind in KINDS.values() if kind.actor is None]
    return JobProgress.kind.in_(kinds) & JobProgress.shop_id.in_(select(Shop.id).where(Shop.active))


def error_groups(
    session: Session, shop_id: int | None = None, since: datetime | None = None, limit: int = 50
) -> list[ErrorGroup]:
    """The groups of the last seven days (or `since`), the largest first."""
    job, item = JobProgress, JobItem
    count = func.count(item.key.distinct())
    ended = func.max(case((job.status.in_(ENDED) & can_be_retried(), 1), else_=0))
    query = (
        select(
            item.signature, job.shop_id, job.kind, count, func.min(item.finished_at), func.max(item.finished_at),
            func.max(item.id), ended,
        )
        .join(job, job.id == item.progress_id)
        .where(job.created_at >= (since or now() - RECENT), job.error_count > 0, item.signature.is_not(None))
        .where(open_errors())
        .group_by(item.signature, job.shop_id, job.kind)
        .order_by(count.desc(), func.max(item.id).desc())
        .limit(limit)
    )  # fmt: skip
    if shop_id is not None:
        query = query.where(job.shop_id == shop_id)
    rows = session.execute(query).all()
    newest = _items(session, [row[6] for row in rows])
    names = dict(session.execute(select(Shop.id, Shop.name)).all()) if rows else {}
    return [
        ErrorGroup(
            signature, of_shop, names.get(of_shop), kind, number, first, last,
            newest[last_id].error or "", newest[last_id].sku, newest[last_id].product_id,
            newest[last_id].progress_id, bool(over),
        )
        for signature, of_shop, kind, number, first, last, last_id, over in rows
    ]  # fmt: skip


def _items(session: Session, ids: Sequence[int]) -> dict[int, JobItem]:
    return {item.id: item for item in session.scalars(select(JobItem).where(JobItem.id.in_(ids)))}
