"""A job's counts. Its items are the truth; the counts follow them by the chunk, and are taken anew where in doubt."""

from datetime import timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from models import JobItem, JobProgress, now
from models.jobs import OPEN_ITEMS, WRONG_ITEMS

MARK = 60.0
"""Seconds between two marks of how far a job was; its rate is taken since the earlier one, so over one to two."""
CHUNK_TIME = 300.0
"""Seconds after which a chunk without an end is no longer waited for."""
OVERDUE = 60.0
"""Seconds of grace after which a job without a sign of life is taken up anew."""


def count_done(session: Session, progress_id: int, done: int, wrong: int) -> None:
    """So many more items are settled, so many of them wrong; it is a sign of life, too. One statement."""
    moment = now()
    job = JobProgress
    # A mark in the future was set before the clock was put back.
    is_due = or_(job.later_mark.is_(None), job.later_mark < moment - timedelta(seconds=MARK), job.later_mark > moment)
    count = job.current_count + done
    # In this order, for MariaDB reads what was assigned further left: nothing may be read after it was assigned.
    session.execute(
        update(job)
        .where(job.id == progress_id)
        .ordered_values(
            (job.earlier_mark, case((is_due, func.coalesce(job.later_mark, job.opened_at)), else_=job.earlier_mark)),
            (job.earlier_count, case((is_due, job.later_count), else_=job.earlier_count)),
            (job.later_count, case((is_due, count), else_=job.later_count)),
            (job.later_mark, case((is_due, moment), else_=job.later_mark)),
            (job.current_count, count),
            (job.error_count, job.error_count + wrong),
            (job.heartbeat_at, moment),
            (job.due_at, moment + timedelta(seconds=CHUNK_TIME + OVERDUE)),
            (job.updated_at, moment),
        )
    )


def restart_clock(session: Session, progress_id: int) -> None:
    """Measure the rate from now on: what was before (a pause) says nothing about it."""
    moment = now()
    session.execute(
        update(JobProgress)
        .where(JobProgress.id == progress_id)
        .values(
            earlier_mark=moment,
            later_mark=moment,
            earlier_count=JobProgress.current_count,
            later_count=JobProgress.current_count,
            updated_at=moment,
        )
    )


def outcome_counts(session: Session, progress_id: int) -> dict[str, int]:
    """How many items stand in which state: {"pushed": 12, "failed": 1}."""
    query = select(JobItem.status, func.count()).where(JobItem.progress_id == progress_id).group_by(JobItem.status)
    return {status: number for status, number in session.execute(query)}  # noqa: C416 - a Row is no pair for mypy


def recount(session: Session, job: JobProgress) -> dict[str, int]:
    """Set the job's counts from its items; the counts by state. The job's row is locked first, so that nobody else's
    chunk comes between the counting and the writing."""
    session.flush()
    session.refresh(job, with_for_update=True)
    counts = outcome_counts(session, job.id)
    job.current_count = sum(number for status, number in counts.items() if status not in OPEN_ITEMS)
    job.error_count = sum(counts.get(status, 0) for status in WRONG_ITEMS)
    return counts
