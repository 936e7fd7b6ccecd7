"""The ledger of jobs: open, fill, finish, cancel, clean up.

A job's items are the truth; its counts and its end are derived from them.
"""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobStatus, JobType, Shop, now
from models.jobs import ACTIVE, ENDED, OPEN_ITEMS, WRONG_ITEMS
from sync.errors import Missing, ShopInactive
from sync.selection import Selection

if TYPE_CHECKING:
    from sync.kinds import Kind

logger = structlog.get_logger(__name__)

OVERDUE = 60.0
"""Seconds of grace after which a job without a sign of life is taken up anew."""


def open_job(
    session: Session, kind: str, job_type: JobType, title: str, shop: Shop | None, params: dict[str, Any],
    *, user_id: int | None = None, parent_id: int | None = None,
) -> JobProgress:  # fmt: skip
    """Open a job of a kind (sync.kinds.registry). Its items come with `fill()`. Raises ShopInactive."""
    if shop is not None and not shop.active:
        raise ShopInactive(shop.name)
    job = JobProgress(
        job_id=str(uuid.uuid4()),
        job_type=job_type,
        kind=kind,
        title=title,
        shop_id=shop.id if shop else None,
        user_id=user_id,
        parent_id=parent_id,
        params=params,
    )
    session.add(job)
    session.flush()
    return job


def open_push(session: Session, shop: Shop, selection: Selection, *, user_id: int | None = None) -> JobProgress:
    """Open a job that pushes products to a shop. Raises ShopInactive."""
    params = {"selection": selection.as_params()}
    return open_job(session, "push", JobType.SYNC, "Push products", shop, params, user_id=user_id)


def get(session: Session, progress_id: int) -> JobProgress:
    """The job of that id. Raises Missing."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        raise Missing("job", progress_id)
    return job


def fill(session: Session, job: JobProgress, kind: "Kind") -> None:
    """Insert the job's items and set it running; once, in the caller's transaction. Without an item it ends at once."""
    if job.status != JobStatus.PENDING:
        return
    kind.fill(session, job)
    job.started_at = job.heartbeat_at = now()
    job.due_at = job.started_at + timedelta(seconds=OVERDUE)
    job.status = JobStatus.RUNNING
    if not kind.discovers:
        opened(session, job)


def opened(session: Session, job: JobProgress) -> None:
    """All items of the job are in: count them. A job without any ends now."""
    items = select(func.count()).where(JobItem.progress_id == job.id)
    job.total_count = session.scalar(items) or 0
    job.opened_at = now()
    logger.info("job started", job=job.id, kind=job.kind, shop=job.shop_id, items=job.total_count)
    session.flush()
    if job.total_count == 0:
        finish(session, job.id)


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
    if job is None or job.status != JobStatus.RUNNING or job.opened_at is None or session.scalar(select(open_left)):
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
