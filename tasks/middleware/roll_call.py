"""Which processes are workers: each gives a sign of life in Redis every few seconds, whatever the broker is."""

import time
import uuid
from typing import Any

import redis
from dramatiq import Broker, Middleware

KEY = "shopferry:roll-call"
BEAT_SECONDS = 3.0
FORGOTTEN_SECONDS = 24 * 3600.0


class RollCall(Middleware):
    """Enters a worker process into a sorted set, by its last sign of life; one that was killed falls silent."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self.identity: str | None = None
        self.last = 0.0

    def before_worker_boot(self, broker: Broker, worker: Any) -> None:
        self.identity = str(uuid.uuid4())
        self.beat()

    def beat(self) -> None:
        """A sign of life, if the last one is some seconds old. A Redis that does not answer misses it."""
        if self.identity is None or time.monotonic() - self.last < BEAT_SECONDS:
            return
        self.last = time.monotonic()
        moment = time.time()
        try:
            self.client.zadd(KEY, {self.identity: moment})
            self.client.zremrangebyscore(KEY, "-inf", moment - FORGOTTEN_SECONDS)
        except redis.RedisError:
            self.last = 0.0

    def after_worker_shutdown(self, broker: Broker, worker: Any) -> None:
        if self.identity is not None:
            self.client.zrem(KEY, self.identity)
            self.identity = None


def present(client: redis.Redis, since: float) -> int:
    """How many worker processes gave a sign of life since then (seconds of the epoch)."""
    return int(client.zcount(KEY, since, "+inf"))
