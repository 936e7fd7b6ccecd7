"""How often a message came back because its worker was killed. Only those that did have a row."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import Delivery, JobProgress, JobStatus, now
from models.jobs import ENDED
from sync import jobs

LIMIT = 3
"""A message that killed its worker this often is stopped."""
KEPT = timedelta(days=7)


def came_back(session: Session, message_id: str, actor: str) -> int:
    """Note that a worker was killed with this message in hand; how often that happened by now."""
    row = session.get(Delivery, message_id, with_for_update=True)
    if row is None:
        row = Delivery(message_id=message_id, actor=actor, count=0)
        session.add(row)
    row.count += 1
    row.last_at = now()
    return row.count


def forget(session: Session, message_id: str) -> None:
    """The message was worked on to its end: it is innocent."""
    session.execute(delete(Delivery).where(Delivery.message_id == message_id))


def prune(session: Session) -> None:
    """Forget messages that did not come back for a week: the broker has lost them."""
    session.execute(delete(Delivery).where(Delivery.last_at < now() - KEPT))


def count(session: Session, message_id: str) -> int:
    """How often a worker was killed with this message in hand."""
    row = session.get(Delivery, message_id)
    return row.count if row else 0


def stop_job(session: Session, progress_id: int, reason: str) -> None:
    """End a job whose own messages kill their workers, as interrupted; what it had found to do has failed."""
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is None or job.status in ENDED:
        return
    jobs.give_up(session, progress_id, reason)
    job.status, job.completed_at = JobStatus.INTERRUPTED, now()
    job.summary = {**job.summary, "interrupted": reason, "message": reason}
