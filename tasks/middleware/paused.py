"""Messages of a paused queue wait. Consumers take none of them; what a worker held already is put back here."""

import threading
import time

import structlog
from dramatiq import Broker, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.middleware import SkipMessage
from sqlalchemy.exc import SQLAlchemyError

from sync import queues
from tasks.context import services

logger = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
AGAIN_MS = 1000


class Held:
    """Which queues are paused, read from the database once a second at most, by one thread of the process."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        self.read_at: float | None = None
        self.reading = threading.Lock()

    def holds(self, queue: str) -> bool:
        """Whether this queue is paused. While the database is away, what was last known holds."""
        if self.read_at is None or time.monotonic() - self.read_at > LOOK_SECONDS:
            self._look()
        return queue in self.names

    def forget(self) -> None:
        """Look anew the next time."""
        self.read_at = None

    def _look(self) -> None:
        if not self.reading.acquire(blocking=self.read_at is None):
            return
        try:
            with services().db.read() as session:
                self.names = frozenset(queues.paused(session))
        except SQLAlchemyError as error:
            logger.warning("cannot see which queues are paused", error=type(error).__name__)
        finally:
            self.read_at = time.monotonic()
            self.reading.release()


def is_paused(broker: Broker, queue: str) -> bool:
    """Whether the queue is paused, as this process knows it."""
    return any(one.held.holds(queue) for one in broker.middleware if isinstance(one, Paused))


class Paused(Middleware):
    """Puts a message of a paused queue back, uncounted. Stands before Unique: the message still waits."""

    def __init__(self) -> None:
        self.held = Held()

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        if self.held.holds(message.queue_name):
            broker.enqueue(message, delay=AGAIN_MS)  # type: ignore[arg-type] # a proxy does for Dramatiq
            raise SkipMessage(f"queue {message.queue_name} is paused")
