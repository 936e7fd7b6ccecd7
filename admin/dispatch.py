"""Waking a worker for a job that is committed already."""

from dramatiq import Actor
from dramatiq.errors import DramatiqError
from structlog.stdlib import BoundLogger, get_logger

log: BoundLogger = get_logger("admin")


def start(progress_id: int) -> bool:
    """Send the job's first message. False when the broker does not answer: the job is kept and waits for it."""
    from tasks.actors import bulk_sync_products

    return _send(bulk_sync_products, progress_id)


def start_import(progress_id: int) -> bool:
    """Send an import's first message, into the queue of imports. False when the broker does not answer."""
    from tasks.actors import bulk_import_products

    return _send(bulk_import_products, progress_id)


def wake(progress_id: int) -> bool:
    """Let a running job go on at once. False when the broker does not answer: it goes on within a minute."""
    from tasks.actors import resume_job

    return _send(resume_job, progress_id)


def _send(actor: Actor[[int], None], progress_id: int) -> bool:
    try:
        actor.send(progress_id)
    except (DramatiqError, OSError) as error:
        log.error("the broker did not take a message", job=progress_id, error=type(error).__name__)
        return False
    return True
