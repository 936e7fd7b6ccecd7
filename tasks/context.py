"""The services of this worker process, built when they are first needed (after the fork, not before)."""

import threading
from collections.abc import Callable

import redis

from models import Database
from prestashop_client.pace import PaceStore
from settings import REDIS_SCHEMES, Settings
from sync import services as sync_services
from sync.services import Policy, Services
from sync.suppliers.limits import FeedLimits
from tasks.pace_store import RedisPaceStore

_lock = threading.Lock()
_settings: Settings | None = None
_services: Services | None = None


def configure(settings: Settings) -> None:
    """Say which settings the services are to be built from; closes those built before."""
    global _settings, _services
    with _lock:
        if _services is not None:
            _services.db.dispose()
        _settings, _services = settings, None


def services() -> Services:
    """The services. Raises RuntimeError before `tasks.configure()`."""
    global _services  # noqa: PLW0603 - see configure
    with _lock:
        if _services is None:
            if _settings is None:
                raise RuntimeError("tasks.configure(settings) has not been called in this process")
            _services = build(_settings)
        return _services


def use(made: Services) -> None:
    """Take these services from now on (a test's, or a command's that has its own)."""
    global _services  # noqa: PLW0603 - see configure
    with _lock:
        _services = made


def build(settings: Settings) -> Services:
    """Services from settings."""
    policy = Policy(
        retry_delays=settings.retry_delays,
        retry_until=settings.retry_until,
        claim=settings.claim_seconds,
        chunk=settings.chunk_size,
    )
    database = Database(settings.database_url)
    return sync_services.build(
        database, settings.encryption_keys, settings.media_dir, policy, _pace_store(settings), feed_limits(settings)
    )


def feed_limits(settings: Settings) -> FeedLimits:
    """What is borne of suppliers' files."""
    return FeedLimits(
        max_bytes=settings.feed_max_bytes,
        feed_dir=settings.feed_dir,
        upload_dir=settings.feed_upload_dir,
        work_dir=settings.feed_work_dir,
        allow_private=settings.feed_allow_private,
    )


def _pace_store(settings: Settings) -> Callable[[int], PaceStore] | None:
    """Shops' paces in Redis, where there is one."""
    url = shared_redis(settings)
    if url is None:
        return None
    client = redis.Redis.from_url(url)
    return lambda shop_id: RedisPaceStore(client, shop_id)


def shared_redis(settings: Settings) -> str | None:
    """The Redis that all processes share: REDIS_URL, or the broker itself."""
    broker_url = settings.broker_url or ""
    return settings.redis_url or (broker_url if broker_url.startswith(REDIS_SCHEMES) else None)
