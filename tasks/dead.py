"""Sending dead messages again: the database says so first, then the broker gets them."""

import dramatiq
from dramatiq import Message
from dramatiq.errors import DramatiqError
from dramatiq.message import generate_unique_id
from redis import RedisError

from sync import dead_messages
from sync.services import Services
from tasks.middleware.deliveries import KILLS

OF_THE_LAST_LIFE = ("retries", "traceback", "requeue_timestamp", "eta", "redis_message_id", KILLS)


def retry(services: Services, dead_id: int) -> bool:
    """Send a dead message again, as new; False when somebody else has settled it. Raises Missing, and what the broker
    raises when it does not answer: the message is dead as before, then."""
    with services.db.write() as session:
        payload = dead_messages.take(session, services.vault, dead_id)
    if payload is None:
        return False
    try:
        dramatiq.get_broker().enqueue(fresh(Message.decode(payload)))
    except (DramatiqError, RedisError, OSError):
        with services.db.write() as session:
            dead_messages.put_back(session, dead_id)
        raise
    return True


def fresh(message: Message[object]) -> Message[object]:
    """The same message with an id and an age of its own, and nothing of its last life."""
    options = {name: value for name, value in message.options.items() if name not in OF_THE_LAST_LIFE}
    queue = message.queue_name.removesuffix(".DQ")
    return Message(queue, message.actor_name, message.args, message.kwargs, options, generate_unique_id())


def retry_all(services: Services, actor: str | None = None) -> int:
    """Send all again that wait for a decision; how many were."""
    with services.db.read() as session:
        waiting = dead_messages.ids(session, actor=actor)
    return sum(retry(services, dead_id) for dead_id in waiting)
