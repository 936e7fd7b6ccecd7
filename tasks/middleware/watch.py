"""A worker process looks on who is at work, in itself and in others (sync.presence), as long as it lives."""

from collections.abc import Callable
from typing import Any

from dramatiq import Broker, Middleware

from sync.services import Services
from tasks import load


class Watch(Middleware):
    """Starts and stops the process's watch. The services are built when it starts, after the fork."""

    def __init__(self, services: Callable[[], Services]) -> None:
        self.services = services

    def after_worker_boot(self, broker: Broker, worker: Any) -> None:
        self.services().watch.start()
        load.began(worker)

    def after_worker_shutdown(self, broker: Broker, worker: Any) -> None:
        self.services().watch.stop()
        load.ended(worker)
