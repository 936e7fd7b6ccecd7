"""Waking a worker for a job that is committed already."""

from dramatiq.errors import DramatiqError
from structlog.stdlib import BoundLogger, get_logger

log: BoundLogger = get_logger("admin")


def start(progress_id: int) -> bool:
    """Send the job's first message. False when the broker does not answer: the job is kept and waits for it."""
    from tasks.actors import bulk_sync_products

    try:
        bulk_sync_products.send(progress_id)
    except (DramatiqError, OSError) as error:
        log.error("the broker did not take a message", job=progress_id, error=type(error).__name__)
        return False
    return True
