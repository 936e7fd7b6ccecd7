"""Where the embedded broker of a data folder is, and whether it answers."""

import json
from pathlib import Path

import pika
import pika.exceptions
import redis


def address_file(data_dir: Path) -> Path:
    """Where the address of the running broker is written."""
    return data_dir / "broker.json"


def written(data_dir: Path) -> str | None:
    """The address that an embedded broker has left for this data folder, be it alive or not."""
    try:
        return str(json.loads(address_file(data_dir).read_text())["url"])
    except (OSError, ValueError, KeyError):
        return None


def running(data_dir: Path) -> str | None:
    """The address of the embedded broker that answers for this data folder; None where none does."""
    url = written(data_dir)
    return url if url and answers(url) else None


def answers(url: str) -> bool:
    """Whether a Redis or a RabbitMQ at this address is ready for commands."""
    if url.startswith("amqp"):
        return _rabbitmq_answers(url)
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _rabbitmq_answers(url: str) -> bool:
    try:
        pika.BlockingConnection(pika.URLParameters(url)).close()
    except (pika.exceptions.AMQPError, OSError, ValueError):
        return False
    return True
