"""The end of a run: what its job says, and what the feed remembers of the file."""

from typing import Any

from sqlalchemy.orm import Session

from models import Feed, JobProgress, JobStatus, now
from sync import jobs
from sync.job_progress import mark_failed, remember_errors
from sync.suppliers.chunk_rows import RESULTS
from sync.suppliers.chunk_store import chunk_rows, counts_of, drop_chunks

ERRORS = 100


def finish(session: Session, progress_id: int) -> bool:
    """End the run if all of it is applied; whether it ended now. In the transaction of its last chunk."""
    if not jobs.finish(session, progress_id):
        return False
    job = jobs.get(session, progress_id)
    conclude(session, job)
    return True


def conclude(session: Session, job: JobProgress) -> None:
    """Count the rows, name the first that are invalid, and remember which file was applied."""
    counted = counts_of(session, job.id)
    sums = {name: sum(counts.get(name, 0) for _number, counts in counted) for name in RESULTS}
    wrong = [number for number, counts in counted if counts.get("invalid")]
    results = {name: sums[name] for name in RESULTS if sums[name]}
    job.summary = {**job.summary, **results}
    if sums["invalid"]:
        _name_errors(session, job, wrong)
        if job.status == JobStatus.COMPLETED:
            job.status = JobStatus.COMPLETED_WITH_ERRORS
    if job.status in (JobStatus.COMPLETED, JobStatus.COMPLETED_WITH_ERRORS):
        _remember(session, job)


def _name_errors(session: Session, job: JobProgress, numbers: list[int]) -> None:
    job.error_count += job.summary["invalid"]
    errors: list[dict[str, str]] = []
    for number in numbers:
        errors += [
            {"sku": row.key[2:] or f"row {row.number}", "error": said(row.number, row.problems)}
            for row in chunk_rows(session, job.id, number)
            if row.result == "invalid"
        ]
        if len(errors) >= ERRORS:
            break
    remember_errors(job, errors)


def said(number: int, problems: list[dict[str, Any]]) -> str:
    """What is wrong with a row, in a sentence for each problem that matters."""
    fatal = [one for one in problems if one.get("fatal", True)]
    parts = (" ".join(filter(None, (one["column"], repr(one["value"]), one["reason"]))) for one in fatal)
    return f"row {number}: {'; '.join(parts)}"


def _remember(session: Session, job: JobProgress) -> None:
    """The file is applied: the same one need not be read again."""
    feed = session.get(Feed, job.feed_id)
    if feed is None:
        return
    file = job.params.get("file") or {}
    if job.summary.get("whole"):
        feed.sha256, feed.etag = file.get("sha256"), file.get("etag")
        feed.last_modified, feed.settings_hash = file.get("last_modified"), file.get("settings_hash")
        feed.row_count = job.summary.get("rows")
    if not job.params.get("again"):
        feed.succeeded_at, feed.error_message = now(), None


def fail(session: Session, progress_id: int, reason: str) -> None:
    """The run cannot go on: nothing of it is applied, and the feed says why."""
    job = jobs.get(session, progress_id)
    if job.status not in (JobStatus.PENDING, JobStatus.RUNNING):
        return
    drop_chunks(session, progress_id)
    mark_failed(session, progress_id, reason)
    feed = session.get(Feed, job.feed_id)
    if feed is not None and not job.params.get("again"):
        feed.error_message, feed.checked_at = reason, now()
