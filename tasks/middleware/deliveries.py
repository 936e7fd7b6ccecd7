"""Messages that kill their worker: counted when they come back, tried alone, and stopped after the third time.

While a message is worked on it has a mark in Redis. One that is delivered and has the mark already was in the hands of
a worker that is gone: only then the database is asked.
"""

import threading

import redis
from dramatiq import Broker, Message, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.middleware import SkipMessage

from sync import deliveries
from tasks.context import services
from tasks.middleware.retries import Snooze

IN_HAND, SUSPECT = b"in hand", b"suspect"
KEPT_SECONDS = 48 * 3600
AGAIN_MS = 1000
KILLS = "kills"
"""The message option that says, while a message is worked on, how many workers it has killed."""


class Deliveries(Middleware):
    """Stands after the retries, so that the mark is off before a message is sent again.

    A worker has several messages in hand when it is killed, and all of them come back. So that the innocent clear
    themselves, a process works on one such message at a time.

    An actor with `counts_items` is left alone: its items are counted instead (sync.chunks), for it is one of them that
    kills.
    """

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self.alone = threading.Lock()
        self.suspect: str | None = None

    @property
    def actor_options(self) -> set[str]:
        return {"counts_items"}

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        if not _counts(broker, message):
            return
        before = self._mark(message, IN_HAND)
        if before is None:
            return
        count = _count(message, came_back=before == IN_HAND)
        if count == 0:
            return
        if count >= deliveries.LIMIT:
            message.options[KILLS] = count
            message.fail()
            raise SkipMessage(reason(count))
        if not self.alone.acquire(blocking=False):
            self._mark(message, SUSPECT)
            broker.enqueue(message, delay=AGAIN_MS)  # type: ignore[arg-type] # a proxy does for Dramatiq
            raise SkipMessage("it may be what killed its worker, and another such message is being worked on")
        self.suspect = message.message_id
        message.options[KILLS] = count

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: object = None, exception: BaseException | None = None
    ) -> None:
        if not _counts(broker, message):
            return
        kills = message.options.pop(KILLS, None)
        if kills and isinstance(exception, Snooze):  # it only waits: that says nothing for it
            self._mark(message, SUSPECT)
            self._next_one(message)
            return
        self.client.delete(_key(message))
        if kills:
            self._clear(message)

    def after_skip_message(self, broker: Broker, message: MessageProxy) -> None:
        if message.failed and KILLS in message.options:
            self.client.delete(_key(message))
            self._clear(message)
        elif KILLS in message.options or (_counts(broker, message) and self.client.get(_key(message)) == IN_HAND):
            self.after_process_message(broker, message)

    def _mark(self, message: MessageProxy, mark: bytes) -> bytes | None:
        """Set the message's mark; the one that it had."""
        with self.client.pipeline() as pipe:
            pipe.getset(_key(message), mark)
            pipe.expire(_key(message), KEPT_SECONDS)
            found: bytes | None = pipe.execute()[0]
        return found

    def _next_one(self, message: MessageProxy) -> None:
        if self.suspect == message.message_id:
            self.suspect = None
            self.alone.release()

    def _clear(self, message: MessageProxy) -> None:
        self._next_one(message)
        with services().db.write() as session:
            deliveries.forget(session, message.message_id)


def _counts(broker: Broker, message: MessageProxy) -> bool:
    return not broker.get_actor(message.actor_name).options.get("counts_items")


def _count(message: MessageProxy, *, came_back: bool) -> int:
    with services().db.write() as session:
        if came_back:
            return deliveries.came_back(session, message.message_id, message.actor_name)
        return deliveries.count(session, message.message_id)


def _key(message: MessageProxy) -> str:
    return f"shopferry:in-hand:{message.message_id}"


def reason(count: int) -> str:
    """What is said of a message that was stopped."""
    return f"it killed its worker {count} times; see the worker's log for why (memory, a crash of a library)"


def kills(message: Message[object] | None) -> int:
    """How many workers the message in hand has killed."""
    return int(message.options.get(KILLS, 0)) if message else 0
