"""Progress of one job row, with the functions of the original's JobProgressService under their names.

For work that counts for itself (an import loop, a script). Jobs with items use sync.jobs and sync.chunks.
A mistake here never breaks the work that it reports on: an unknown job is answered with False or None.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models import JobProgress, JobStatus, Shop, now
from models.jobs import ACTIVE

ERROR_DETAILS = 100
"""So many errors are kept with the job itself; those of its items are all in the items."""
ERROR_LENGTH = 2000
LISTED = 20


def create_job_progress(session: Session, job_id: str, shop: Shop | None, job_type: str, total: int) -> int:
    """Make a running job and return its progress id; a job_id that is known is taken up again (a retried message)."""
    known = get_progress_by_job_id(session, job_id)
    if known is not None:
        return known.id
    job = JobProgress(
        job_id=job_id,
        job_type=job_type,
        shop_id=shop.id if shop else None,
        status=JobStatus.RUNNING,
        total_count=total,
        started_at=now(),
    )
    session.add(job)
    session.flush()
    return job.id


def update_progress(session: Session, progress_id: int, current: int, errors: Sequence[dict[str, str]] = ()) -> bool:
    """Set how many are done (never back) and append errors ({"sku", "error"}). To be called every 5 to 10 items."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        return False
    job.current_count = max(job.current_count, current)
    append_errors(job, errors)
    return True


def mark_completed(session: Session, progress_id: int, summary: dict[str, Any] | None = None) -> bool:
    """End the job as completed, with errors if it has any; everything counts as done."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        return False
    job.status = JobStatus.COMPLETED_WITH_ERRORS if job.error_count else JobStatus.COMPLETED
    job.current_count = job.total_count
    job.completed_at = now()
    job.summary = {**job.summary, **(summary or {})}
    return True


def mark_failed(session: Session, progress_id: int, message: str, details: dict[str, Any] | None = None) -> bool:
    """End the job as failed, with the reason."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        return False
    job.status = JobStatus.FAILED
    job.completed_at = now()
    append_errors(job, [{"sku": "", "error": message}])
    job.summary = {**job.summary, **(details or {})}
    return True


def add_error(session: Session, progress_id: int, sku: str, error: str) -> bool:
    """Append one error without counting an item as done."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        return False
    append_errors(job, [{"sku": sku, "error": error}])
    return True


def append_errors(job: JobProgress, errors: Sequence[dict[str, str]]) -> None:
    """Count errors, and keep the first ones of the job with it."""
    job.error_count += len(errors)
    remember_errors(job, errors)


def remember_errors(job: JobProgress, errors: Sequence[dict[str, str]]) -> None:
    """Keep errors with the job while there is room, without counting them."""
    room = ERROR_DETAILS - len(job.error_details)
    if errors and room > 0:
        kept = [{"sku": error["sku"], "error": error["error"][:ERROR_LENGTH]} for error in errors[:room]]
        job.error_details = [*job.error_details, *kept]


def get_active_jobs(session: Session, shop_id: int | None = None) -> Sequence[JobProgress]:
    """Pending and running jobs with their shops, the newest first, at most 20."""
    query = select(JobProgress).where(JobProgress.status.in_(ACTIVE))
    return _listed(session, query, shop_id)


def get_recent_jobs(session: Session, shop_id: int | None = None, job_type: str | None = None) -> Sequence[JobProgress]:
    """The jobs of the last 24 hours, the newest first, at most 20."""
    query = select(JobProgress).where(JobProgress.created_at >= now() - timedelta(hours=24))
    if job_type is not None:
        query = query.where(JobProgress.job_type == job_type)
    return _listed(session, query, shop_id)


def _listed(session: Session, query: Any, shop_id: int | None) -> Sequence[JobProgress]:
    if shop_id is not None:
        query = query.where(JobProgress.shop_id == shop_id)
    newest = query.options(joinedload(JobProgress.shop)).order_by(JobProgress.created_at.desc(), JobProgress.id.desc())
    found: Sequence[JobProgress] = session.scalars(newest.limit(LISTED)).all()
    return found


def get_progress_by_job_id(session: Session, job_id: str) -> JobProgress | None:
    """The job of that name."""
    return session.scalars(select(JobProgress).where(JobProgress.job_id == job_id)).one_or_none()


def get_progress_summary(session: Session, progress_id: int) -> dict[str, Any] | None:
    """Everything about one job as plain data."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        return None
    return {
        "id": job.id,
        "job_id": job.job_id,
        "job_type": job.job_type,
        "shop_id": job.shop_id,
        "shop_name": job.shop.name if job.shop else None,
        "status": job.status,
        "current_count": job.current_count,
        "total_count": job.total_count,
        "error_count": job.error_count,
        "error_details": job.error_details,
        "progress_percentage": job.progress_percentage,
        "duration_seconds": job.duration_seconds,
        "started_at": job.started_at,
        "completed_at": job.completed_at,
        "summary": job.summary,
    }


def get_shop_statistics(session: Session, shop_id: int, days: int = 7) -> dict[str, Any]:
    """A shop's last days: jobs by state, items, errors, and the mean duration in seconds."""
    since = now() - timedelta(days=days)
    jobs = select(JobProgress).where(JobProgress.shop_id == shop_id, JobProgress.created_at >= since).subquery()
    rows = session.execute(
        select(jobs.c.status, func.count(), func.sum(jobs.c.current_count), func.sum(jobs.c.error_count)).group_by(
            jobs.c.status
        )
    ).all()
    by_status = {status: number for status, number, _, _ in rows}
    times = session.execute(
        select(jobs.c.started_at, jobs.c.completed_at).where(
            jobs.c.started_at.is_not(None), jobs.c.completed_at.is_not(None)
        )
    ).all()
    seconds = [(ended - started).total_seconds() for started, ended in times]
    return {
        "total_jobs": sum(by_status.values()),
        "completed": by_status.get(JobStatus.COMPLETED, 0) + by_status.get(JobStatus.COMPLETED_WITH_ERRORS, 0),
        "failed": by_status.get(JobStatus.FAILED, 0),
        "active": sum(by_status.get(status, 0) for status in ACTIVE),
        "items": sum(int(items or 0) for _, _, items, _ in rows),
        "errors": sum(int(errors or 0) for _, _, _, errors in rows),
        "average_duration": sum(seconds) / len(seconds) if seconds else None,
    }
