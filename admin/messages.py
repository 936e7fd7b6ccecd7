"""Messages that pages send: runs of schedules, dead messages once more. A broker that is away is an answer."""

from dramatiq.errors import DramatiqError
from redis import RedisError
from structlog.stdlib import BoundLogger, get_logger

from admin.database import services
from sync.schedules.due import Taken

AWAY = (DramatiqError, RedisError, OSError)
log: BoundLogger = get_logger("admin")


def run_schedule(taken: Taken) -> bool:
    """Send a run that is taken already. False when the broker does not answer: it is taken again later."""
    from tasks.schedule_actors import run_schedule as actor

    try:
        actor.send(taken.schedule_id, taken.token)
    except AWAY as error:
        log.error("the broker did not take a message", schedule=taken.schedule_id, error=type(error).__name__)
        return False
    return True


def retry_dead(dead_ids: list[int]) -> tuple[int, bool]:
    """Send dead messages again. How many were, and whether the broker took all that was to be sent."""
    from tasks import dead

    sent = 0
    for dead_id in dead_ids:
        try:
            sent += dead.retry(services(), dead_id)
        except AWAY as error:
            log.error("the broker did not take a message", dead_message=dead_id, error=type(error).__name__)
            return sent, False
    return sent, True
