"""Redis with a database number of the test process's own, and worker processes over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from models import Database
from tests.conftest import REDIS_TEST_URL, missing
from tests.processes import Processes


@pytest.fixture
def redis_url(worker_id: str) -> Iterator[str]:
    """A Redis database that is empty and nobody else's."""
    number = 1 + int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 1
    url = f"{REDIS_TEST_URL}/{number}"
    client = redis.Redis.from_url(url)
    try:
        client.flushdb()
    except redis.ConnectionError as error:
        missing("redis", error)
    yield url
    client.flushdb()
    client.close()


@pytest.fixture
def processes(redis_url: str, database: Database, encryption_key: str, tmp_path: Path) -> Iterator[Processes]:
    """Processes over the test's own database and Redis; retries and redelivery come quickly."""
    logs = tmp_path / "logs"
    logs.mkdir()
    started = Processes(
        {
            "BROKER_URL": redis_url,
            "DATABASE_URL": str(database.engine.url),
            "SHOPFERRY_DATA_DIR": str(tmp_path),
            "SHOPFERRY_ENCRYPTION_KEYS": encryption_key,
            "SHOPFERRY_RETRY_DELAYS": "0.3,0.3,0.3",
            "SHOPFERRY_MESSAGE_HEARTBEAT": "2",
        },
        logs,
    )
    yield started
    started.stop_all()
