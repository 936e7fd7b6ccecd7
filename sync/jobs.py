"""The ledger of jobs: open, fill, finish, cancel, clean up.

A job's items are the truth; its counts and its end are derived from them.
"""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobStatus, JobType, Shop, now
from models.jobs import ENDED, OPEN_ITEMS, WRONG_ITEMS
from sync.counts import OVERDUE, outcome_counts, recount
from sync.errors import Missing, ShopInactive
from sync.modes import FULL
from sync.selection import Selection
from sync.signatures import error_signature

if TYPE_CHECKING:
    from sync.kinds import Kind

__all__ = [
    "approve", "await_approval", "cancel", "cleanup_old_jobs", "end_cancelled", "expect", "fill", "finish", "get",
    "give_up", "give_up_retries", "interrupt", "lapse", "next_round", "open_job", "open_push", "opened",
    "outcome_counts", "recount", "stalled",
]  # fmt: skip

logger = structlog.get_logger(__name__)

PLAN_PATIENCE = timedelta(hours=24)
"""So long a plan waits for somebody's approval."""
INTERRUPTED = "interrupted"
"""Where a job's summary says why it was not worked to its end."""


def open_job(
    session: Session, kind: str, job_type: JobType, title: str, shop: Shop | None, params: dict[str, Any],
    *, user_id: int | None = None, parent_id: int | None = None, feed_id: int | None = None,
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
        feed_id=feed_id,
        params=params,
    )
    session.add(job)
    session.flush()
    return job


def open_push(
    session: Session, shop: Shop, selection: Selection,
    *, mode: str = FULL.name, force: bool = False, user_id: int | None = None, parent_id: int | None = None,
) -> JobProgress:  # fmt: skip
    """Open a job that pushes products to a shop; `force` sends what the shop should have already, too.

    Raises ShopInactive.
    """
    params: dict[str, Any] = {"selection": selection.as_params()}
    if mode != FULL.name:
        params["mode"] = mode
    if force:
        params["force"] = True
    return open_job(session, "push", JobType.SYNC, "Push products", shop, params, user_id=user_id, parent_id=parent_id)


def get(session: Session, progress_id: int) -> JobProgress:
    """The job of that id. Raises Missing."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        raise Missing("job", progress_id)
    return job


def fill(session: Session, job: JobProgress, kind: "Kind") -> None:
    """Insert the job's items and set it running; once, in the caller's transaction. Without an item it ends at once.

    A job that tries items of others anew takes a copy of those; nothing has to be discovered for it.
    """
    if job.status != JobStatus.PENDING:
        return
    again = "items_of" in job.params
    if again:
        _copy_items(session, job)
    else:
        kind.fill(session, job)
    job.started_at = job.heartbeat_at = now()
    job.due_at = job.started_at + timedelta(seconds=OVERDUE)
    job.status = JobStatus.RUNNING
    if again or not kind.discovers:
        opened(session, job)


def _copy_items(session: Session, job: JobProgress) -> None:
    """The last item of each key that was marked for this job (see sync.retries)."""
    marked = (
        select(func.max(JobItem.id))
        .where(JobItem.progress_id.in_(job.params["items_of"]), JobItem.retried_by == job.id)
        .group_by(JobItem.key)
    )
    columns = ("key", "product_id", "sku", "priority", "external_id", "data")
    rows = select(literal(job.id), *(getattr(JobItem, name) for name in columns)).where(JobItem.id.in_(marked))
    session.execute(insert(JobItem).from_select(["progress_id", *columns], rows.order_by(JobItem.id)))


def opened(session: Session, job: JobProgress) -> None:
    """All items of the job are in: count them. A job without any ends now."""
    items = select(func.count()).where(JobItem.progress_id == job.id)
    job.total_count = session.scalar(items) or 0
    job.opened_at = now()
    logger.info("job started", job=job.id, kind=job.kind, shop=job.shop_id, items=job.total_count)
    session.flush()
    if job.total_count == 0 or job.cancel_requested:
        _end_if_over(session, job)


def _end_if_over(session: Session, job: JobProgress) -> None:
    if job.cancel_requested:
        cancel(session, job.id)
    else:
        finish(session, job.id)


def await_approval(job: JobProgress, expires_at: datetime) -> None:
    """Hold a job until somebody approves it; it lapses at `expires_at`."""
    job.status, job.expires_at = JobStatus.AWAITING_APPROVAL, expires_at


def approve(session: Session, progress_id: int) -> bool:
    """Let a job that awaits it go on. False when it does not await approval (any more)."""
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is None or job.status != JobStatus.AWAITING_APPROVAL:
        return False
    job.status = JobStatus.PENDING if job.started_at is None else JobStatus.RUNNING
    job.expires_at, job.due_at, job.heartbeat_at = None, now() + timedelta(seconds=OVERDUE), now()
    return True


def lapse(session: Session) -> int:
    """Cancel the jobs that nobody approved in time; how many."""
    over = (JobProgress.status == JobStatus.AWAITING_APPROVAL) & (JobProgress.expires_at < now())
    found = session.scalars(select(JobProgress.id).where(over)).all()
    return sum(cancel(session, number, "nobody approved it in time") for number in found)


def expect(session: Session, progress_id: int, seconds: float) -> None:
    """A lane gives a sign of life, and says within how many seconds the next one comes."""
    moment = now()
    session.execute(
        update(JobProgress)
        .where(JobProgress.id == progress_id)
        .values(heartbeat_at=moment, due_at=moment + timedelta(seconds=seconds + OVERDUE))
    )


def stalled(session: Session) -> list[int]:
    """Jobs that nobody works on any more: a sign of life is overdue, or the message that should open them is lost.

    A sign of life in the future was given before the clock was put back: what waits by the old clock is taken up, too.
    Jobs of paused shops wait for good reason.
    """
    moment = now()
    job = JobProgress
    ahead = job.heartbeat_at > moment + timedelta(seconds=OVERDUE)
    overdue = (job.status == JobStatus.RUNNING) & or_(job.due_at < moment, ahead)
    age = timedelta(seconds=OVERDUE)
    lost = (job.status == JobStatus.PENDING) & or_(job.created_at < moment - age, job.created_at > moment + age)
    paused = job.shop_id.in_(select(Shop.id).where(Shop.paused_at.is_not(None)))
    waits = (job.status == JobStatus.RUNNING) & job.shop_id.is_not(None) & paused & job.cancel_requested.is_(False)
    return list(session.scalars(select(job.id).where(or_(overdue, lost), ~waits).order_by(job.id)))


def next_round(session: Session, job: JobProgress) -> int | None:
    """Begin a new round of lanes; those of earlier rounds end. None where the job does not run (any more)."""
    session.flush()
    session.refresh(job, with_for_update=True)
    if job.status != JobStatus.RUNNING:
        return None
    job.lane_round += 1
    session.flush()
    return job.lane_round


def end_cancelled(session: Session) -> None:
    """End jobs that were to stop and have items that somebody held who is gone."""
    stopping = (JobProgress.status == JobStatus.RUNNING) & JobProgress.cancel_requested
    for number in session.scalars(select(JobProgress.id).where(stopping)).all():
        cancel(session, number)


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
    if job.params.get("plan") and counts.get(ItemStatus.PLANNED) and not job.cancel_requested:
        await_approval(job, now() + PLAN_PATIENCE)
        logger.info("plan ready", job=progress_id, **counts)
        return True
    job.status = end_of(counts, interrupted=INTERRUPTED in job.summary)
    job.completed_at = now()
    job.summary = {**counts, **({} if job.total_count else {"message": "no products"}), **job.summary}
    logger.info("job ended", job=progress_id, status=str(job.status), **counts)
    return True


def end_of(counts: dict[str, int], *, interrupted: bool = False) -> JobStatus:
    """The final state of a job whose items stand so. What an operator stopped is cancelled, whatever else happened."""
    wrong = sum(counts.get(status, 0) for status in WRONG_ITEMS)
    if counts.get(ItemStatus.CANCELLED):
        return JobStatus.CANCELLED
    if interrupted and wrong:
        return JobStatus.INTERRUPTED
    if wrong and wrong == sum(counts.values()):
        return JobStatus.FAILED
    return JobStatus.COMPLETED_WITH_ERRORS if wrong else JobStatus.COMPLETED


BY_OPERATOR = "cancelled by the operator"


def cancel(session: Session, progress_id: int, reason: str = BY_OPERATOR) -> bool:
    """Stop the job: what waits is cancelled now, what a lane works on is settled by it. False if it has ended."""
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is None or job.status in ENDED:
        return False
    job.cancel_requested = True
    if reason != BY_OPERATOR:
        job.summary = {**job.summary, "message": reason}
    settle_waiting(session, progress_id, ItemStatus.CANCELLED, reason)
    recount(session, job)
    if job.status == JobStatus.RUNNING:
        finish(session, progress_id)
    else:
        job.status, job.completed_at = JobStatus.CANCELLED, now()
    return True


def give_up(session: Session, progress_id: int, reason: str) -> None:
    """Fail every item that waits, for a reason that holds for all of them (the shop's key is refused ...)."""
    settle_waiting(session, progress_id, ItemStatus.FAILED, reason)
    recount(session, get(session, progress_id))


def interrupt(session: Session, progress_id: int, reason: str) -> None:
    """Fail every item that waits: the job cannot go on (its shop is gone, its time is over). It ends as interrupted."""
    give_up(session, progress_id, reason)
    job = get(session, progress_id)
    job.summary = {**job.summary, INTERRUPTED: reason}


def give_up_retries(session: Session, progress_id: int, reason: str) -> bool:
    """Fail what waits for another attempt; what was not tried yet still has its turn. Whether there was any."""
    waiting = (JobItem.progress_id == progress_id) & (JobItem.status == ItemStatus.RETRY)
    if session.scalar(select(JobItem.id).where(waiting).limit(1)) is None:
        return False
    session.execute(
        update(JobItem)
        .where(waiting)
        .values(
            status=ItemStatus.FAILED,
            error=literal(f"{reason}; last error: ").concat(func.coalesce(JobItem.error, "none")),
            signature=error_signature(reason),
            finished_at=now(),
            not_before=None,
        )
    )
    job = get(session, progress_id)
    recount(session, job)
    job.summary = {**job.summary, INTERRUPTED: reason}
    return True


def settle_waiting(session: Session, progress_id: int, status: ItemStatus, reason: str) -> None:
    """Settle every item that is in nobody's hands."""
    waiting = JobItem.status.in_((ItemStatus.PENDING, ItemStatus.RETRY, ItemStatus.PLANNED))
    signature = error_signature(reason) if status in WRONG_ITEMS else None
    session.execute(
        update(JobItem)
        .where(JobItem.progress_id == progress_id, waiting)
        .values(status=status, error=reason, signature=signature, finished_at=now(), not_before=None)
    )


def cleanup_old_jobs(session: Session, days: float) -> int:
    """Delete jobs that ended more than `days` ago, with their items; how many."""
    limit = now() - timedelta(days=days)
    old = delete(JobProgress).where(JobProgress.status.in_(ENDED), JobProgress.completed_at < limit)
    result: Any = session.execute(old)
    return int(result.rowcount)
