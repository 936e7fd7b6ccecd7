"""The errors of a job: those of its items, or those that a job without items wrote down itself."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import JobItem, JobProgress
from sync import progress
from sync.progress import ErrorRow, JobView


def page(session: Session, job: JobView, after: int, limit: int) -> list[ErrorRow]:
    """Errors from behind the item id `after`."""
    if _has_items(session, job.id):
        return progress.errors(session, job.id, after=after, limit=limit)
    return without_items(session, job) if not after else []


def without_items(session: Session, job: JobView) -> list[ErrorRow]:
    """What a job without items wrote down: at most its first hundred errors."""
    return _written_down(session, job.id)


def every(session: Session, progress_id: int) -> Iterator[ErrorRow]:
    """All of them, in constant memory."""
    if _has_items(session, progress_id):
        yield from progress.iter_errors(session, progress_id)
    else:
        yield from _written_down(session, progress_id)


def _has_items(session: Session, progress_id: int) -> bool:
    return session.scalar(select(JobItem.id).where(JobItem.progress_id == progress_id).limit(1)) is not None


def _written_down(session: Session, progress_id: int) -> list[ErrorRow]:
    details = session.scalar(select(JobProgress.error_details).where(JobProgress.id == progress_id)) or []
    return [
        ErrorRow(number, 0, None, error.get("sku", ""), "failed", error.get("error", ""))
        for number, error in enumerate(details, 1)
    ]
