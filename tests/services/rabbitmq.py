"""A RabbitMQ virtual host of the test process's own."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pika
import pika.exceptions

from tests.conftest import missing

RABBITMQ_TEST_URL = os.environ.get("RABBITMQ_TEST_URL", "amqp://guest:guest@127.0.0.1:5672")
"""Without a virtual host: each test process makes one with rabbitmqctl."""


@contextmanager
def virtual_host() -> Iterator[str]:
    """The address of a fresh virtual host, deleted at the end."""
    control = shutil.which("rabbitmqctl")
    if control is None:
        missing("rabbitmq", "rabbitmqctl is not installed")
    name = f"shopferry_{uuid.uuid4().hex[:12]}"
    user = RABBITMQ_TEST_URL.split("//")[1].split(":")[0]
    _control("add_vhost", name)
    try:
        _control("set_permissions", "-p", name, user, ".*", ".*", ".*")
        url = f"{RABBITMQ_TEST_URL}/{quote(name)}"
        try:
            pika.BlockingConnection(pika.URLParameters(url)).close()
        except pika.exceptions.AMQPError as error:
            missing("rabbitmq", repr(error))
        yield url
    finally:
        _control("delete_vhost", name)


def _control(*arguments: str) -> None:
    done = subprocess.run(["rabbitmqctl", "-q", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        missing("rabbitmq", (done.stderr or done.stdout).strip() or f"rabbitmqctl ended with {done.returncode}")
