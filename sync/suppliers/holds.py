"""Held runs: planned, not applied, until an operator says so or their time is over."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Feed, ItemStatus, JobItem, JobProgress, JobStatus, now
from models.jobs import ACTIVE, OPEN_ITEMS
from sync import jobs
from sync.errors import Missing, SyncError
from sync.suppliers import ending
from sync.suppliers.feeds import KIND, FeedBusy
from sync.suppliers.safety import Stop

HOURS = 72.0
"""So long an operator has to look at a held run."""


class NotHeld(SyncError):
    """Raised when a run is to be applied or rejected that is not held (any more)."""

    def __init__(self, progress_id: int) -> None:
        super().__init__(f"job {progress_id} is not held: it was applied, rejected or replaced by a newer run")


def hold(job: JobProgress, found: Sequence[Stop]) -> None:
    """Hold a planned run: nothing of it is applied before `approve`."""
    job.status = JobStatus.AWAITING_APPROVAL
    job.expires_at = now() + timedelta(hours=HOURS)
    job.due_at = None
    job.summary = {**job.summary, "held": [stop.data() for stop in found]}


def held(session: Session) -> Sequence[JobProgress]:
    """The held runs of feeds, the oldest first."""
    query = select(JobProgress).where(JobProgress.status == JobStatus.AWAITING_APPROVAL, JobProgress.kind == KIND)
    return session.scalars(query.order_by(JobProgress.id)).all()


def approve(session: Session, progress_id: int, by: str) -> None:
    """Let a held run be applied; send `execute_feed` afterwards. Raises NotHeld and FeedBusy."""
    job = _held(session, progress_id)
    feed = session.get(Feed, job.feed_id, with_for_update=True)
    if feed is None:
        raise Missing("feed", job.feed_id)
    busy = select(JobProgress.id).where(JobProgress.feed_id == feed.id, JobProgress.status.in_(ACTIVE))
    if number := session.scalar(busy.limit(1)):
        raise FeedBusy(feed.name, number)
    job.status, job.expires_at = JobStatus.RUNNING, None
    job.summary = {**job.summary, "approved_by": by}
    jobs.expect(session, progress_id, 0.0)
    if ending.finish(session, progress_id):
        return
    session.flush()


def reject(session: Session, progress_id: int, by: str) -> None:
    """Drop a held run; nothing of it was applied. Raises NotHeld."""
    _drop(session, _held(session, progress_id), {"rejected_by": by}, f"rejected by {by}")


def supersede(session: Session, feed_id: int, progress_id: int) -> None:
    """A newer run has read the feed: an older one that is held would bring back what is out of date."""
    for job in held(session):
        if job.feed_id == feed_id and job.id < progress_id:
            _drop(session, job, {"superseded_by": progress_id}, f"a newer run was read (job {progress_id})")


def _held(session: Session, progress_id: int) -> JobProgress:
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is None or job.kind != KIND or job.status != JobStatus.AWAITING_APPROVAL:
        raise NotHeld(progress_id)
    return job


def _drop(session: Session, job: JobProgress, said: dict[str, Any], reason: str) -> None:
    session.execute(
        update(JobItem)
        .where(JobItem.progress_id == job.id, JobItem.status.in_(OPEN_ITEMS))
        .values(status=ItemStatus.CANCELLED, error=reason, finished_at=now())
    )
    job.status, job.completed_at, job.expires_at = JobStatus.CANCELLED, now(), None
    job.summary = {**job.summary, **said}
    jobs.recount(session, job)
