"""Is anybody there? Broker, workers, scheduler: what the admin's dot and the command line show."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import dramatiq
import redis
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.stub import StubBroker

from tasks.middleware import RollCall, roll_call
from tasks.queue_lengths import BrokerAway, Length, lengths

WORKER_SECONDS = 15
"""A worker process gives a sign of life every few seconds; one that was silent for so long is gone."""
SCHEDULER_SECONDS = 150
SCHEDULER_KEY = "shopferry:scheduler"


@dataclass(frozen=True, slots=True)
class Health:
    """`broker` is what is wrong with it, None when it answers, `kind` its name; `workers` counts worker processes."""

    broker: str | None
    workers: int
    scheduler: bool
    waiting: dict[str, int]
    delayed: Mapping[str, int] = field(default_factory=dict)
    kind: str = ""

    @property
    def ok(self) -> bool:
        return self.broker is None and self.workers > 0 and self.scheduler


def check() -> Health:
    """Ask the broker. Never raises."""
    broker = dramatiq.get_broker()
    client = _redis()
    if client is None or isinstance(broker, StubBroker):
        return Health("no broker is configured", 0, False, {})
    try:
        found = lengths(broker)
    except BrokerAway as error:
        return Health(str(error), 0, False, {})
    try:
        workers = roll_call.present(client, time.time() - WORKER_SECONDS)
        seen = client.get(SCHEDULER_KEY)
    except redis.RedisError as error:
        return _health(f"its Redis does not answer: {type(error).__name__}", 0, False, found)
    scheduler = seen is not None and time.time() - float(seen) < SCHEDULER_SECONDS
    return _health(None, workers, scheduler, found)


def _health(broker: str | None, workers: int, scheduler: bool, found: Mapping[str, Length]) -> Health:
    return Health(
        broker, workers, scheduler,
        {queue: length.waiting for queue, length in found.items()},
        {queue: length.delayed for queue, length in found.items()},
        "RabbitMQ" if isinstance(dramatiq.get_broker(), RabbitmqBroker) else "Redis",
    )  # fmt: skip


def _redis() -> redis.Redis | None:
    """The Redis that this process's middleware uses."""
    chain = dramatiq.get_broker().middleware
    return next((one.client for one in chain if isinstance(one, RollCall)), None)


def scheduler_was_here() -> None:
    """The scheduler's sign of life."""
    client = _redis()
    if client is not None:
        client.set(SCHEDULER_KEY, time.time(), ex=SCHEDULER_SECONDS)
