"""A real worker over the stub broker."""

from collections.abc import Iterator

import dramatiq
import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker
from dramatiq.worker import _WorkerMiddleware

from sync.services import Services
from tasks import context
from tasks.middleware import Paused, Unique


@pytest.fixture(scope="session")
def booted_broker() -> StubBroker:
    """The broker that the actors are bound to."""
    found = dramatiq.get_broker()
    assert isinstance(found, StubBroker)
    found.emit_after("process_boot")  # without it, time limits never start
    return found


@pytest.fixture
def broker(booted_broker: StubBroker, in_tasks: Services) -> Iterator[StubBroker]:
    """The broker, empty, with nothing known from the test before."""
    found = booted_broker
    found.flush_all()
    next(one for one in found.middleware if isinstance(one, Paused)).held.forget()
    next(one for one in found.middleware if isinstance(one, Unique)).client.flushall()
    yield found
    found.flush_all()


@pytest.fixture
def in_tasks(services: Services) -> Services:
    """The test's services, as the actors see them."""
    context.use(services)
    return services


class Run:
    """Lets a worker run until its queues are empty."""

    def __init__(self, broker: StubBroker) -> None:
        self.broker = broker

    def until_idle(self, *queues: str) -> None:
        worker = Worker(self.broker, worker_timeout=20, worker_threads=4)
        worker.start()
        try:
            for queue in queues or ("prestashop_high", "prestashop_sync", "default"):
                self.broker.join(queue, timeout=60_000, fail_fast=False)
            worker.join()
        finally:
            worker.stop()
            self.broker.middleware[:] = [
                one for one in self.broker.middleware if not isinstance(one, _WorkerMiddleware)
            ]


@pytest.fixture
def run(broker: StubBroker) -> Run:
    return Run(broker)
