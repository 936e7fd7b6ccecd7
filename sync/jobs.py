"""The ledger of jobs: open, fill, finish, cancel, clean up.

A job's items are the truth; its counts and its end are derived from them.
"""

import uuid
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Select, String, cast, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobStatus, JobType, Product, ProductSyncStatus, Shop, now
from models.jobs import ACTIVE, ENDED, OPEN_ITEMS, WRONG_ITEMS
from models.links import PRIORITY_NORMAL
from sync.errors import Missing, ShopInactive
from sync.selection import Selection

logger = structlog.get_logger(__name__)

OVERDUE = 60.0
"""Seconds of grace after which a job without a sign of life is taken up anew."""


def open_push(session: Session, shop: Shop, selection: Selection, *, user_id: int | None = None) -> JobProgress:
    """Open a job that pushes products to a shop. Its items come with `fill()`. Raises ShopInactive."""
    if not shop.active:
        raise ShopInactive(shop.name)
    job = JobProgress(
        job_id=str(uuid.uuid4()),
        job_type=JobType.SYNC,
        title="Push products",
        shop_id=shop.id,
        user_id=user_id,
        params={"selection": selection.as_params()},
    )
    session.add(job)
    session.flush()
    return job


def get(session: Session, progress_id: int) -> JobProgress:
    """The job of that id. Raises Missing."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        raise Missing("job", progress_id)
    return job


def fill(session: Session, job: JobProgress) -> None:
    """Insert the job's items and the links that they need, and set it running; once, in the caller's transaction.

    A job without a product is completed at once.
    """
    if job.status != JobStatus.PENDING or job.shop_id is None:
        return
    products = Selection.from_params(job.params["selection"]).products(session, job.shop_id)
    _insert_links(session, job.shop_id, products)
    _insert_items(session, job.id, job.shop_id, products)
    items = select(func.count()).where(JobItem.progress_id == job.id)
    job.total_count = session.scalar(items) or 0
    job.started_at = job.opened_at = job.heartbeat_at = now()
    job.due_at = job.started_at + timedelta(seconds=OVERDUE)
    job.status = JobStatus.RUNNING
    logger.info("job started", job=job.id, shop=job.shop_id, items=job.total_count)
    session.flush()
    if job.total_count == 0:
        finish(session, job.id)


def _insert_links(session: Session, shop_id: int, products: Select[int]) -> None:
    known = select(ProductSyncStatus.product_id).where(ProductSyncStatus.shop_id == shop_id)
    fresh = select(Product.id, literal(shop_id)).where(Product.id.in_(products), Product.id.not_in(known))
    session.execute(insert(ProductSyncStatus).from_select(["product_id", "shop_id"], fresh))


def _insert_items(session: Session, progress_id: int, shop_id: int, products: Select[int]) -> None:
    items = (
        select(
            literal(progress_id),
            literal("product:").concat(cast(Product.id, String(20))),
            Product.id,
            Product.sku,
            func.coalesce(ProductSyncStatus.priority, PRIORITY_NORMAL),
        )
        .outerjoin(
            ProductSyncStatus,
            (ProductSyncStatus.product_id == Product.id) & (ProductSyncStatus.shop_id == shop_id),
        )
        .where(Product.id.in_(products))
        .order_by(Product.sku)
    )
    session.execute(insert(JobItem).from_select(["progress_id", "key", "product_id", "sku", "priority"], items))


def expect(session: Session, progress_id: int, seconds: float) -> None:
    """A lane gives a sign of life, and says within how many seconds the next one comes."""
    moment = now()
    session.execute(
        update(JobProgress)
        .where(JobProgress.id == progress_id)
        .values(heartbeat_at=moment, due_at=moment + timedelta(seconds=seconds + OVERDUE))
    )


def stalled(session: Session) -> list[int]:
    """Jobs that nobody works on any more: a sign of life is overdue, or the message that should open them is lost."""
    moment = now()
    overdue = (JobProgress.status == JobStatus.RUNNING) & (JobProgress.due_at < moment)
    lost = (JobProgress.status == JobStatus.PENDING) & (JobProgress.created_at < moment - timedelta(seconds=OVERDUE))
    return list(session.scalars(select(JobProgress.id).where(overdue | lost).order_by(JobProgress.id)))


def finish(session: Session, progress_id: int) -> bool:
    """End the job if none of its items is open; its state follows from them. Whether it ended now.

    Safe to call at any time, by anybody, any number of times.
    """
    session.flush()
    open_left = select(JobItem.id).where(JobItem.progress_id == progress_id, JobItem.status.in_(OPEN_ITEMS)).exists()
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is None or job.status != JobStatus.RUNNING or session.scalar(select(open_left)):
        return False
    counts = recount(session, job)
    job.status = _end_of(counts)
    job.completed_at = now()
    job.summary = {**counts, **({} if job.total_count else {"message": "no products"}), **job.summary}
    logger.info("job ended", job=progress_id, status=str(job.status), **counts)
    return True


def _end_of(counts: dict[str, int]) -> JobStatus:
    wrong = sum(counts.get(status, 0) for status in WRONG_ITEMS)
    if counts.get(ItemStatus.CANCELLED):
        return JobStatus.CANCELLED
    if wrong and wrong == sum(counts.values()):
        return JobStatus.FAILED
    return JobStatus.COMPLETED_WITH_ERRORS if wrong else JobStatus.COMPLETED


def outcome_counts(session: Session, progress_id: int) -> dict[str, int]:
    """How many items stand in which state: {"pushed": 12, "failed": 1}."""
    query = select(JobItem.status, func.count()).where(JobItem.progress_id == progress_id).group_by(JobItem.status)
    return {status: number for status, number in session.execute(query)}  # noqa: C416 - a Row is no pair for mypy


def recount(session: Session, job: JobProgress) -> dict[str, int]:
    """Set the job's counts from its items; the counts by state."""
    counts = outcome_counts(session, job.id)
    job.current_count = sum(number for status, number in counts.items() if status not in OPEN_ITEMS)
    job.error_count = sum(counts.get(status, 0) for status in WRONG_ITEMS)
    return counts


def cancel(session: Session, progress_id: int) -> bool:
    """Stop the job: what waits is cancelled now, what a lane works on is settled by it. False if it has ended."""
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is None or job.status not in ACTIVE:
        return False
    job.cancel_requested = True
    if job.status == JobStatus.PENDING:
        job.status, job.completed_at = JobStatus.CANCELLED, now()
        return True
    _settle_waiting(session, progress_id, ItemStatus.CANCELLED, "cancelled by the operator")
    recount(session, job)
    finish(session, progress_id)
    return True


def give_up(session: Session, progress_id: int, reason: str) -> None:
    """Fail every item that waits, for a reason that holds for all of them (the shop's key is refused ...)."""
    _settle_waiting(session, progress_id, ItemStatus.FAILED, reason)
    recount(session, get(session, progress_id))


def _settle_waiting(session: Session, progress_id: int, status: ItemStatus, reason: str) -> None:
    waiting = JobItem.status.in_((ItemStatus.PENDING, ItemStatus.RETRY))
    session.execute(
        update(JobItem)
        .where(JobItem.progress_id == progress_id, waiting)
        .values(status=status, error=reason, finished_at=now(), not_before=None)
    )


def cleanup_old_jobs(session: Session, days: float) -> int:
    """Delete jobs that ended more than `days` ago, with their items; how many."""
    limit = now() - timedelta(days=days)
    old = delete(JobProgress).where(JobProgress.status.in_(ENDED), JobProgress.completed_at < limit)
    result: Any = session.execute(old)
    return int(result.rowcount)
