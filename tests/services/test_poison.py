"""Work that kills its worker, in real processes: found, stopped with the reason, and the rest is done."""

import threading
import time
from collections.abc import Iterator

import pytest
from dramatiq import Message
from sqlalchemy import select

from models import DeadMessage, ItemStatus, JobItem, JobStatus
from prestashop_client.sandbox import Sandbox
from settings import Settings
from sync import deadly, jobs
from sync.services import Services
from tasks.broker import build
from tests.processes import Processes, wait_until
from tests.services.test_crash import Scene

POISON = "SKU-0013"
"""As in tests/services/poison.py, which only a worker may import."""


class Undying:
    """Starts a worker again whenever it has been killed, as a process manager does."""

    def __init__(self, processes: Processes) -> None:
        self.processes, self.over = processes, threading.Event()
        self.thread = threading.Thread(target=self._keep, daemon=True)
        self.thread.start()

    def _keep(self) -> None:
        while not self.over.is_set():
            running = self.processes.start("-m", "dramatiq", "tests.services.poison", "-p", "1", "-t", "2")
            while running.poll() is None and not self.over.wait(0.1):
                pass

    def stop(self) -> None:
        self.over.set()
        self.thread.join()


@pytest.fixture
def worker(processes: Processes) -> Iterator[Undying]:
    processes.environment["SHOPFERRY_CLAIM_SECONDS"] = "3"
    processes.environment["dramatiq_restart_delay"] = "200"
    made = Undying(processes)
    yield made
    made.stop()


def test_a_message_that_kills_its_worker_is_stopped_after_three(
    services: Services, redis_url: str, worker: Undying
) -> None:
    broker = build(Settings(broker_url=redis_url))
    broker.declare_queue("default")
    broker.enqueue(Message("default", "deadly", (7,), {}, {}))

    def dead() -> list[DeadMessage]:
        with services.db.read() as session:
            return list(session.scalars(select(DeadMessage)))

    wait_until(lambda: bool(dead()), "the message to be stopped")
    (row,) = dead()
    assert (row.actor, row.args, row.attempts) == ("deadly", {"product_id": 7}, 3)
    assert row.error.startswith("it killed its worker 3 times")


def test_a_product_that_kills_its_worker_is_found_and_the_others_arrive(
    services: Services, sandbox: Sandbox, processes: Processes, redis_url: str, worker: Undying
) -> None:
    scene = Scene(services, sandbox, processes, redis_url)
    scene.start(60)
    started = time.monotonic()
    from tasks.actors import resume_job

    def ended() -> bool:
        if time.monotonic() - started > 1 and not scene.ended():  # the scheduler's part: nobody reaps here
            with services.db.read() as session:
                stalled = jobs.stalled(session)
            for number in stalled:
                with services.db.write() as session:
                    jobs.expect(session, number, 0.0)
                scene.broker.declare_queue("default")
                scene.broker.enqueue(resume_job.message(number))
        return scene.ended()

    wait_until(ended, "the job's end")
    with services.db.read() as session:
        job = jobs.get(session, scene.job)
        failed = session.scalars(select(JobItem).where(JobItem.status == ItemStatus.FAILED)).all()
        assert [(item.sku, item.error) for item in failed] == [(POISON, deadly.REASON)]
        assert (job.status, job.current_count, job.error_count) == (JobStatus.COMPLETED_WITH_ERRORS, 60, 1)
    references = [one["reference"] for one in scene.client.iterate("products", display=["reference"], page=100)]
    assert len(references) == len(set(references)) == 59
    assert POISON not in references
