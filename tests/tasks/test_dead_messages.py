"""What becomes of messages that fail for good, and of those that kill their workers."""

import json

import dramatiq
import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select

from models import DeadMessage, DeadStatus, Delivery, JobStatus
from sync import dead_messages, deliveries, jobs
from sync.selection import Selection
from sync.services import Services
from tasks import dead
from tasks.actors import bulk_sync_products
from tasks.middleware import Deliveries, Snooze
from tasks.middleware.deliveries import IN_HAND, kills
from tests.factories import make_shop
from tests.tasks.conftest import Run

done: list[object] = []


@dramatiq.actor(queue_name="default", max_retries=1)
def failing(product_id: int, password: str = "") -> None:
    done.append(product_id)
    if product_id < 0:
        raise ValueError(f"no such product: {product_id} (see http://shop.example/api?ws_key=SECRETSECRET)")


@dramatiq.actor(queue_name="default")
def suspicious(product_id: int) -> None:
    done.append(kills(dramatiq.middleware.CurrentMessage.get_current_message()))


@dramatiq.actor(queue_name="default")
def waiting_one(product_id: int) -> None:
    done.append(product_id)
    if len(done) < 2:
        raise Snooze(0)


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def rows(services: Services) -> list[DeadMessage]:
    with services.db.read() as session:
        return list(session.scalars(select(DeadMessage)))


def mark(broker: StubBroker, message: dramatiq.Message[None]) -> None:
    """As it is when a worker was killed with this message in hand."""
    found = next(one for one in broker.middleware if isinstance(one, Deliveries))
    found.client.set(f"shopferry:in-hand:{message.message_id}", IN_HAND)


def test_a_message_that_fails_for_good_is_kept(broker: StubBroker, run: Run, in_tasks: Services) -> None:
    message = failing.send(-7, password="hunter2")
    run.until_idle("default")
    (row,) = rows(in_tasks)
    assert (row.message_id, row.actor, row.queue, row.attempts) == (message.message_id, "failing", "default", 2)
    assert row.args == {"product_id": -7, "password": "***"}
    assert row.error == "ValueError: no such product: -7 (see http://shop.example/api?ws_key=***"
    assert "in failing" in row.traceback
    assert "SECRETSECRET" not in row.error + row.traceback
    assert b"hunter2" not in row.payload
    assert row.status == DeadStatus.DEAD
    assert row.enqueued_at is not None


def test_a_message_that_goes_well_leaves_nothing(broker: StubBroker, run: Run, in_tasks: Services) -> None:
    failing.send(7)
    run.until_idle("default")
    assert done == [7]
    assert rows(in_tasks) == []


def test_a_message_for_an_actor_that_is_gone_is_kept(broker: StubBroker, run: Run, in_tasks: Services) -> None:
    broker.enqueue(dramatiq.Message("default", "of_an_older_version", (1,), {"two": 2}, {}))
    run.until_idle("default")
    (row,) = rows(in_tasks)
    assert (row.actor, row.args) == ("of_an_older_version", {"0": 1, "two": 2})
    assert row.error.startswith("ActorNotFound")


def test_a_dead_message_is_sent_again_as_new(broker: StubBroker, run: Run, in_tasks: Services) -> None:
    failing.send(-7, password="hunter2")
    run.until_idle("default")
    (row,) = rows(in_tasks)
    assert dead.retry(in_tasks, row.id)
    assert not dead.retry(in_tasks, row.id), "it was sent already"
    (sent,) = (dramatiq.Message.decode(raw) for raw in broker.queues["default"].queue)
    assert sent.args == (-7,)
    assert sent.kwargs == {"password": "hunter2"}
    assert sent.message_id != row.message_id
    assert "retries" not in sent.options
    assert [one.status for one in rows(in_tasks)] == [DeadStatus.RETRIED]
    run.until_idle("default")
    assert [one.status for one in rows(in_tasks)] == [DeadStatus.RETRIED, DeadStatus.DEAD]


def test_a_broker_that_is_away_leaves_it_dead(
    broker: StubBroker, run: Run, in_tasks: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing.send(-7)
    run.until_idle("default")
    (row,) = rows(in_tasks)

    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(broker, "enqueue", refuse)
    with pytest.raises(ConnectionRefusedError):
        dead.retry(in_tasks, row.id)
    assert rows(in_tasks)[0].status == DeadStatus.DEAD


def test_all_of_one_actor_are_sent_again(broker: StubBroker, run: Run, in_tasks: Services) -> None:
    for number in (-1, -2):
        failing.send(number)
    broker.enqueue(dramatiq.Message("default", "of_an_older_version", (), {}, {}))
    run.until_idle("default")
    assert dead.retry_all(in_tasks, "failing") == 2
    with in_tasks.db.read() as session:
        assert dead_messages.counts(session) == {"of_an_older_version": 1}


def test_a_message_that_killed_its_worker_three_times_is_stopped(
    broker: StubBroker, run: Run, in_tasks: Services
) -> None:
    message = suspicious.message(7)
    for _ in range(deliveries.LIMIT - 1):
        with in_tasks.db.write() as session:
            deliveries.came_back(session, message.message_id, "suspicious")
    mark(broker, message)
    broker.enqueue(message)
    run.until_idle("default")
    assert done == []
    (row,) = rows(in_tasks)
    assert row.error.startswith("it killed its worker 3 times")
    assert (row.attempts, row.args) == (3, {"product_id": 7})


def test_one_that_comes_back_and_ends_well_is_innocent(broker: StubBroker, run: Run, in_tasks: Services) -> None:
    message = suspicious.message(7)
    mark(broker, message)
    broker.enqueue(message)
    run.until_idle("default")
    assert done == [1]
    with in_tasks.db.read() as session:
        assert session.scalars(select(Delivery)).all() == []
    assert rows(in_tasks) == []


def test_waiting_clears_nobody(broker: StubBroker, run: Run, in_tasks: Services) -> None:
    """Given a message that came back / When it has to wait for its turn / Then it is as suspicious as before."""
    message = waiting_one.message(7)
    mark(broker, message)
    broker.enqueue(message)
    with in_tasks.db.write() as session:
        deliveries.came_back(session, message.message_id, "waiting_one")
    counts = []
    original = Deliveries.after_process_message

    def look(self: Deliveries, broker: StubBroker, proxy: dramatiq.broker.MessageProxy, **options: object) -> None:
        original(self, broker, proxy, **options)  # type: ignore[arg-type]
        with in_tasks.db.read() as session:
            counts.append(deliveries.count(session, message.message_id))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Deliveries, "after_process_message", look)
        run.until_idle("default")
    assert done == [7, 7]
    assert counts == [2, 0]


def test_messages_cost_the_database_nothing(broker: StubBroker, in_tasks: Services) -> None:
    """Given ten messages that go well / When they are worked on / Then nobody asked about deliveries."""
    statements: list[str] = []
    from sqlalchemy import event

    event.listen(in_tasks.db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for number in range(10):
        failing.send(number)
    Run(broker).until_idle("default")
    assert len(done) == 10
    assert not [one for one in statements if "deliveries" in one or "dead_messages" in one]


def test_a_job_whose_beginning_kills_ends(
    broker: StubBroker, run: Run, in_tasks: Services, encryption_key: str
) -> None:
    with in_tasks.db.write() as session:
        shop = make_shop(session, in_tasks, "http://127.0.0.1:9", "K" * 32)
        job = jobs.open_push(session, shop, Selection("all")).id
    message = bulk_sync_products.message(job)
    with in_tasks.db.write() as session:
        for _ in range(2):
            deliveries.came_back(session, message.message_id, "bulk_sync_products")
    mark(broker, message)
    broker.enqueue(message)
    run.until_idle()
    with in_tasks.db.read() as session:
        found = jobs.get(session, job)
    assert found.status == JobStatus.INTERRUPTED
    assert "killed its worker 3 times" in json.dumps(found.summary)


def test_suspects_are_tried_one_at_a_time(broker: StubBroker, in_tasks: Services) -> None:
    """Given two messages of a killed worker / When one is at work / Then the other one waits beside."""
    found = next(one for one in broker.middleware if isinstance(one, Deliveries))
    assert found.alone.acquire(blocking=False)
    message = suspicious.message(7)
    mark(broker, message)
    broker.enqueue(message)
    worker = Worker(broker, worker_timeout=10, worker_threads=1)
    worker.start()
    try:
        broker.queues["default"].join()
        assert done == []
        found.alone.release()
        broker.join("default", timeout=20_000)
    finally:
        worker.stop()
        broker.middleware[:] = [one for one in broker.middleware if type(one).__name__ != "_WorkerMiddleware"]
    assert done == [1]
