"""The broker: Redis (or what speaks like it), RabbitMQ, or a stub for tests; and the middleware in its order."""

from collections.abc import Sequence

import dramatiq
import redis
from dramatiq import Broker, Middleware
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

from settings import AMQP_SCHEMES, Settings, SettingsError
from tasks.brokers import PatientRabbitmqBroker, PromptRedisBroker
from tasks.context import services, shared_redis
from tasks.middleware import (
    CollectRarely,
    DeadMessages,
    Deliveries,
    GiveUp,
    LogContext,
    PatientRetries,
    Paused,
    RollCall,
    Unique,
    Watch,
)

QUEUES = (
    "prestashop_high", "prestashop_sync", "prestashop_low", "import", "integrations", "default", "scheduler",
)  # fmt: skip


def configure(settings: Settings) -> Broker:
    """Make the broker of this process and set it as Dramatiq's. Raises SettingsError where there is none."""
    broker = build(settings)
    for queue in QUEUES:
        broker.declare_queue(queue)
    dramatiq.set_broker(broker)
    return broker


def build(settings: Settings) -> Broker:
    """The broker of BROKER_URL: redis://, rediss://, amqp:// or amqps://; stub:// in tests. Raises SettingsError."""
    url = settings.broker_url
    if not url:
        raise SettingsError(
            "no broker is known: start Shopferry with `make run` or `make demo`, or set BROKER_URL (redis://...)"
        )
    if url == "stub://":
        return StubBroker(middleware=middleware(settings, FakeRedis()))
    client = redis.Redis.from_url(_redis_url(settings))
    chain = middleware(settings, client)
    poll = Poll(chain)
    if url.startswith(AMQP_SCHEMES):
        return PatientRabbitmqBroker(poll, url=url, middleware=chain)
    return PromptRedisBroker(
        poll,
        client=redis.Redis.from_url(url),
        middleware=chain,
        maintenance_chance=100_000,  # a killed worker's messages come back only through maintenance (measured)
        heartbeat_timeout=int(settings.message_heartbeat * 1000),
    )


def _redis_url(settings: Settings) -> str:
    url = shared_redis(settings)
    if url is None:
        raise SettingsError("BROKER_URL is a RabbitMQ (amqp://), so REDIS_URL is needed too; see docs/configuration.md")
    return url


class Poll:
    """What a worker does at every look into a queue: a sign of life, and whether the queue is paused."""

    def __init__(self, chain: Sequence[Middleware]) -> None:
        self.roll_call = next(one for one in chain if isinstance(one, RollCall))
        self.paused = next(one for one in chain if isinstance(one, Paused))

    def __call__(self, queue: str) -> bool:
        self.roll_call.beat()
        return self.paused.held.holds(queue)


def middleware(settings: Settings, client: redis.Redis) -> list[Middleware]:
    """All middleware. Those that look at `message.failed` stand before PatientRetries, which sets it."""
    return [
        LogContext(),
        CollectRarely(),
        RollCall(client),
        Watch(services),
        AgeLimit(max_age=int(settings.retry_until * 1000)),
        GroupCallbacks(RedisBackend(client=client)),
        DeadMessages(),
        GiveUp(),
        Paused(),
        Unique(client),
        TimeLimit(),
        ShutdownNotifications(),
        Callbacks(),
        Pipelines(),
        PatientRetries(settings.retry_delays),
        Deliveries(client),
        CurrentMessage(),
        PeriodiqMiddleware(skip_delay=600),
    ]
