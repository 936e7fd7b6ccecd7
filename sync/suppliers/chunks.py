"""Applies a run's chunks, one by one, by whichever worker comes."""

import time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Feed, ItemStatus, JobItem, JobProgress, JobStatus, Supplier, now
from sync import jobs
from sync.outcome import Outcome, failed
from sync.services import Services
from sync.suppliers import ending
from sync.suppliers.apply import apply_rows
from sync.suppliers.chunk_rows import item_key
from sync.suppliers.chunk_store import rows_to_write

CHUNK_TIME = 300.0
"""Seconds after which a chunk without an end is no longer waited for."""


def apply_chunk(services: Services, progress_id: int, number: int) -> None:
    """Apply a planned chunk, wholly or not at all; again and again makes no difference. The last one ends the job.

    Several workers may be at it: they take the supplier's row in turn, so that an offer is never written from half
    of its rows.
    """
    with services.db.read() as session:
        rows = rows_to_write(session, progress_id, number)
    started = time.monotonic()
    with services.db.write() as session:
        job = _running(session, progress_id)
        if job is None:
            return
        feed = session.get(Feed, job.feed_id)
        if feed is None:
            jobs.give_up(session, progress_id, "the feed was deleted")
            ending.finish(session, progress_id)
            return
        session.execute(select(Supplier.id).where(Supplier.id == feed.supplier_id).with_for_update())
        if not _take(session, progress_id, number):
            ending.finish(session, progress_id)
            return
        apply_rows(session, feed, progress_id, rows)
        settle(session, progress_id, number, None, time.monotonic() - started)
        ending.finish(session, progress_id)


def _running(session: Session, progress_id: int) -> JobProgress | None:
    """The job, if there is work in it; one that is to stop is cancelled here."""
    job = session.get(JobProgress, progress_id)
    if job is None or job.status != JobStatus.RUNNING or job.opened_at is None:
        return None
    if job.cancel_requested:
        jobs.cancel(session, progress_id)
        return None
    return job


def _take(session: Session, progress_id: int, number: int) -> bool:
    """Whether the chunk has still to be applied; nobody else does so while this transaction lasts."""
    query = (
        select(JobItem.id)
        .where(
            JobItem.progress_id == progress_id, JobItem.key == item_key(number), JobItem.status == ItemStatus.PENDING
        )
        .with_for_update()
    )
    return session.scalar(query) is not None


def settle(session: Session, progress_id: int, number: int, outcome: Outcome | None, seconds: float) -> None:
    """End a chunk's item: applied, or as the outcome says."""
    session.execute(
        update(JobItem)
        .where(JobItem.progress_id == progress_id, JobItem.key == item_key(number))
        .values(
            status=outcome.status if outcome else ItemStatus.PUSHED,
            operation="applied" if outcome is None else None,
            error=outcome.error if outcome else None,
            milliseconds=round(seconds * 1000),
            finished_at=now(),
        )
        .execution_options(synchronize_session=False)
    )
    wrong = 1 if outcome is not None else 0
    session.execute(
        update(JobProgress)
        .where(JobProgress.id == progress_id)
        .values(current_count=JobProgress.current_count + 1, error_count=JobProgress.error_count + wrong)
        .execution_options(synchronize_session=False)
    )
    jobs.expect(session, progress_id, CHUNK_TIME)


def give_up_chunk(services: Services, progress_id: int, number: int, reason: str) -> None:
    """A chunk could not be applied, for good: its item says why."""
    with services.db.write() as session:
        if _running(session, progress_id) is None or not _take(session, progress_id, number):
            return
        settle(session, progress_id, number, failed(f"rows not applied: {reason}"), 0.0)
        ending.finish(session, progress_id)
