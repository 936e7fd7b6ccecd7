"""A paused queue's messages wait, and go on when it is resumed."""

import dramatiq
import periodiq
import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker
from dramatiq.worker import _WorkerMiddleware

from models import JobStatus, now
from sync import jobs, queues
from sync.selection import Selection
from sync.services import Services
from tasks.actors import reap
from tasks.middleware import Paused
from tasks.schedule_actors import tick
from tests.factories import make_product, make_shop
from tests.processes import wait_until

done: list[int] = []


@dramatiq.actor(queue_name="prestashop_low")
def modest(product_id: int) -> None:
    done.append(product_id)


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def test_pausing_twice_and_resuming(in_tasks: Services) -> None:
    with in_tasks.db.write() as session:
        assert queues.pause(session, "default", "ann")
        assert not queues.pause(session, "default", "ben")
        assert queues.paused(session)["default"].paused_by == "ann"
        assert queues.resume(session, "default")
        assert not queues.resume(session, "default")
        assert queues.paused(session) == {}


def test_what_a_worker_holds_goes_back_until_the_queue_is_resumed(broker: StubBroker, in_tasks: Services) -> None:
    with in_tasks.db.write() as session:
        queues.pause(session, "prestashop_low")
    modest.send(7)
    worker = Worker(broker, worker_timeout=10, worker_threads=1)
    worker.start()
    try:
        wait_until(lambda: bool(worker.consumers["prestashop_low.DQ"].delay_queue.unfinished_tasks), "it to be put off")
        assert done == []
        with in_tasks.db.write() as session:
            queues.resume(session, "prestashop_low")
        held = next(one for one in broker.middleware if isinstance(one, Paused)).held
        held.forget()
        wait_until(lambda: done == [7], "the message to be worked on")
    finally:
        worker.stop()
        broker.middleware[:] = [one for one in broker.middleware if not isinstance(one, _WorkerMiddleware)]


def test_which_queues_are_paused_is_asked_once_a_second(in_tasks: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    original = queues.paused
    monkeypatch.setattr(queues, "paused", lambda session: asked.append(1) or original(session))
    held = Paused().held
    assert [held.holds("default") for _ in range(100)] == [False] * 100
    assert len(asked) == 1


def test_a_job_whose_queue_is_held_is_not_taken_for_lost(broker: StubBroker, in_tasks: Services) -> None:
    with in_tasks.db.write() as session:
        shop = make_shop(session, in_tasks, "http://127.0.0.1:9", "K" * 32)
        make_product(session, "MUG")
        job = jobs.open_push(session, shop, Selection("all"))
        job.status, job.started_at, job.due_at, job.heartbeat_at = JobStatus.RUNNING, now(), now(), now()
        queues.pause(session, "prestashop_sync")
    reap()
    assert broker.queues["default"].qsize() == 0
    with in_tasks.db.write() as session:
        queues.resume(session, "prestashop_sync")
    reap()
    assert broker.queues["default"].qsize() == 1


def test_a_broker_that_is_away_does_not_end_the_scheduler(
    broker: StubBroker, in_tasks: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a scheduler whose minute is over / When the broker does not answer / Then it goes on to the next one."""
    from redis import ConnectionError as RedisAway

    def refuse(*_: object, **__: object) -> None:
        raise RedisAway("gone")

    scheduler = periodiq.Scheduler([tick, reap])
    with monkeypatch.context() as patch:
        patch.setattr(broker, "enqueue", refuse)
        scheduler.send_actors([tick, reap], "2026-05-01T12:00:00+00:00")
    assert broker.queues["scheduler"].qsize() == 0
    scheduler.send_actors([tick, reap], "2026-05-01T12:01:00+00:00")
    assert broker.queues["scheduler"].qsize() == 2
