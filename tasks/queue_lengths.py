"""How many messages wait in each queue, whatever the broker is."""

from dataclasses import dataclass

import redis
from dramatiq import Broker
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.common import dq_name
from dramatiq.errors import ConnectionClosed
from pika.exceptions import AMQPError


class BrokerAway(Exception):
    """Raised when the broker, or the Redis beside it, does not answer."""


@dataclass(frozen=True, slots=True)
class Length:
    """`waiting`: to be taken by the next worker that is free; `delayed`: for later (with RabbitMQ only those that no
    worker has taken into its hands yet)."""

    waiting: int
    delayed: int


def lengths(broker: Broker) -> dict[str, Length]:
    """Every queue's length, by name. Raises BrokerAway."""
    queues = sorted(broker.get_declared_queues())
    try:
        if isinstance(broker, RedisBroker):
            return _redis(broker, queues)
        if isinstance(broker, RabbitmqBroker):
            return _rabbitmq(broker, queues)
    except (redis.RedisError, AMQPError, ConnectionClosed, OSError) as error:
        raise BrokerAway(f"the broker does not answer: {type(error).__name__}") from None
    if isinstance(broker, StubBroker):
        return {queue: Length(broker.queues[queue].qsize(), broker.queues[dq_name(queue)].qsize()) for queue in queues}
    return {}


def _redis(broker: RedisBroker, queues: list[str]) -> dict[str, Length]:
    with broker.client.pipeline(transaction=False) as pipe:
        for queue in queues:
            pipe.llen(f"{broker.namespace}:{queue}")
            pipe.hlen(f"{broker.namespace}:{dq_name(queue)}.msgs")
        found = [int(number) for number in pipe.execute()]
    return {queue: Length(*found[2 * at : 2 * at + 2]) for at, queue in enumerate(queues)}


def _rabbitmq(broker: RabbitmqBroker, queues: list[str]) -> dict[str, Length]:
    """A connection that a thread has not used for minutes was closed by the server: that is no answer yet."""
    try:
        return _ask(broker, queues)
    except (AMQPError, ConnectionClosed, OSError):
        del broker.connection
        return _ask(broker, queues)


def _ask(broker: RabbitmqBroker, queues: list[str]) -> dict[str, Length]:
    return {queue: Length(*broker.get_queue_message_counts(queue)[:2]) for queue in queues}
