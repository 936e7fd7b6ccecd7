"""The broker: Redis (or what speaks like it), or a stub for tests; and the middleware in its order."""

from typing import Any

import dramatiq
import redis
from dramatiq import Broker, Middleware
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import (
    AgeLimit,
    Callbacks,
    CurrentMessage,
    GroupCallbacks,
    Pipelines,
    ShutdownNotifications,
    TimeLimit,
)
from dramatiq.rate_limits.backends import RedisBackend
from fakeredis import FakeRedis
from periodiq import PeriodiqMiddleware

from settings import Settings, SettingsError
from tasks.middleware import GiveUp, LogContext, PatientRetries, RollCall, Unique

QUEUES = (
    "prestashop_high", "prestashop_sync", "prestashop_low", "import", "integrations", "default", "scheduler",
)  # fmt: skip
POLL_MS = 100
"""How long an idle worker waits between two looks into a queue; with Dramatiq's own second, lanes would idle."""


class PromptRedisBroker(RedisBroker):
    """Dramatiq's Redis broker, with workers that look into their queues more often when they are idle."""

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Any:
        return super().consume(queue_name, prefetch, min(timeout, POLL_MS))


def configure(settings: Settings) -> Broker:
    """Make the broker of this process and set it as Dramatiq's. Raises SettingsError where there is none."""
    broker = build(settings)
    for queue in QUEUES:
        broker.declare_queue(queue)
    dramatiq.set_broker(broker)
    return broker


def build(settings: Settings) -> Broker:
    """The broker of BROKER_URL: redis:// or rediss://; stub:// in tests."""
    url = settings.broker_url
    if not url:
        raise SettingsError(
            "no broker is known: start Shopferry with `make run` or `make demo`, or set BROKER_URL (redis://...)"
        )
    if url == "stub://":
        return StubBroker(middleware=middleware(settings, FakeRedis()))
    client = redis.Redis.from_url(url)
    return PromptRedisBroker(
        client=client,
        middleware=middleware(settings, client),
        maintenance_chance=100_000,  # a killed worker's messages come back only through maintenance (measured)
        heartbeat_timeout=int(settings.message_heartbeat * 1000),
    )


def middleware(settings: Settings, client: redis.Redis) -> list[Middleware]:
    """All middleware. Those that look at `message.failed` stand before PatientRetries, which sets it."""
    return [
        LogContext(),
        RollCall(client),
        AgeLimit(max_age=int(settings.retry_until * 1000)),
        GroupCallbacks(RedisBackend(client=client)),
        GiveUp(),
        Unique(client),
        TimeLimit(),
        ShutdownNotifications(),
        Callbacks(),
        Pipelines(),
        PatientRetries(settings.retry_delays),
        CurrentMessage(),
        PeriodiqMiddleware(skip_delay=600),
    ]
