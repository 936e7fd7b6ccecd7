"""Which processes are workers: Dramatiq's heartbeats come from everybody who so much as sends a message."""

from typing import Any

import redis
from dramatiq import Broker, Middleware

KEY = "shopferry:workers"


class RollCall(Middleware):
    """Enters a worker process into a set in Redis while it runs; one that was killed stays in it, but falls silent."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    def after_worker_boot(self, broker: Broker, worker: Any) -> None:
        self.client.sadd(KEY, _identity(broker))

    def after_worker_shutdown(self, broker: Broker, worker: Any) -> None:
        self.client.srem(KEY, _identity(broker))


def _identity(broker: Broker) -> str:
    return str(getattr(broker, "broker_id", "stub"))


def present(client: redis.Redis, namespace: str, since_ms: float) -> int:
    """How many worker processes gave a sign of life since then."""
    alive = set(client.zrangebyscore(f"{namespace}:__heartbeats__", since_ms, "+inf"))
    return len(alive & set(client.smembers(KEY)))
