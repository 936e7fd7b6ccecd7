"""Is anybody there? Broker, workers, scheduler: what the admin's dot and the command line show."""

import time
from dataclasses import dataclass

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker

from tasks.middleware import roll_call

WORKER_SECONDS = 15
"""A worker process looks into its queues many times a second; one that was silent for so long is gone."""
SCHEDULER_SECONDS = 150
SCHEDULER_KEY = "shopferry:scheduler"


@dataclass(frozen=True, slots=True)
class Health:
    """`broker` is what is wrong with it, None when it answers; `workers` counts worker processes."""

    broker: str | None
    workers: int
    scheduler: bool
    waiting: dict[str, int]

    @property
    def ok(self) -> bool:
        return self.broker is None and self.workers > 0 and self.scheduler


def check() -> Health:
    """Ask the broker. Never raises."""
    broker = dramatiq.get_broker()
    if not isinstance(broker, RedisBroker):
        return Health("no Redis broker is configured", 0, False, {})
    client, namespace = broker.client, broker.namespace
    try:
        moment = time.time()
        since = (moment - WORKER_SECONDS) * 1000
        workers = roll_call.present(client, namespace, since)
        seen = client.get(SCHEDULER_KEY)
        waiting = {queue: client.llen(f"{namespace}:{queue}") for queue in sorted(broker.get_declared_queues())}
    except redis.RedisError as error:
        return Health(f"the broker does not answer: {type(error).__name__}", 0, False, {})
    scheduler = seen is not None and moment - float(seen) < SCHEDULER_SECONDS
    return Health(None, workers, scheduler, {queue: int(count) for queue, count in waiting.items()})


def scheduler_was_here() -> None:
    """The scheduler's sign of life."""
    broker = dramatiq.get_broker()
    if isinstance(broker, RedisBroker):
        broker.client.set(SCHEDULER_KEY, time.time(), ex=SCHEDULER_SECONDS)
