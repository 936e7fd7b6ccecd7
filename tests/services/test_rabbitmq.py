"""RabbitMQ as the broker, with a Redis beside it: pushes, kills, waiting, pauses and numbers as over Redis."""

import time
from collections.abc import Iterator
from pathlib import Path

import dramatiq
import pytest
import redis
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from sqlalchemy import update

from models import Database, Shop
from prestashop_client.sandbox import Sandbox
from settings import Settings, SettingsError
from sync import queues
from sync.services import Services
from tasks import health
from tasks.actors import push_lane
from tasks.broker import QUEUES, build
from tasks.middleware import roll_call
from tasks.queue_lengths import BrokerAway, Length, lengths
from tests.processes import Processes, wait_until
from tests.services.rabbitmq import virtual_host
from tests.services.test_crash import Scene


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with virtual_host() as url:
        yield url


@pytest.fixture
def rabbitmq_url(host: str) -> Iterator[str]:
    """A virtual host that is empty and nobody else's."""
    yield host
    broker = RabbitmqBroker(url=host)
    for queue in QUEUES:
        broker.declare_queue(queue)
    broker.flush_all()
    broker.close()


@pytest.fixture
def settings(rabbitmq_url: str, redis_url: str) -> Settings:
    return Settings(broker_url=rabbitmq_url, redis_url=redis_url)


@pytest.fixture
def broker(settings: Settings) -> Iterator[RabbitmqBroker]:
    made = build(settings)
    assert isinstance(made, RabbitmqBroker)
    for queue in QUEUES:
        made.declare_queue(queue)
    yield made
    made.close()


@pytest.fixture
def processes(settings: Settings, database: Database, encryption_key: str, tmp_path: Path) -> Iterator[Processes]:
    """Workers over the test's own database, RabbitMQ and Redis."""
    logs = tmp_path / "logs"
    logs.mkdir()
    started = Processes(
        {
            "BROKER_URL": settings.broker_url or "",
            "REDIS_URL": settings.redis_url or "",
            "DATABASE_URL": str(database.engine.url),
            "SHOPFERRY_DATA_DIR": str(tmp_path),
            "SHOPFERRY_ENCRYPTION_KEYS": encryption_key,
            "SHOPFERRY_RETRY_DELAYS": "0.3,0.3,0.3",
            "SHOPFERRY_MESSAGE_HEARTBEAT": "2",
            "SHOPFERRY_CLAIM_SECONDS": "5",
        },
        logs,
    )
    yield started
    started.stop_all()


@pytest.fixture
def scene(services: Services, sandbox: Sandbox, processes: Processes, redis_url: str, broker: RabbitmqBroker) -> Scene:
    made = Scene(services, sandbox, processes, redis_url)
    made.broker = broker
    return made


def two_lanes(services: Services) -> None:
    with services.db.write() as session:
        session.execute(update(Shop).values(max_concurrency=2))


def test_a_push_with_two_lanes_from_end_to_end(scene: Scene, processes: Processes) -> None:
    scene.start(600)
    two_lanes(scene.services)
    processes.worker()
    processes.worker()
    wait_until(scene.ended, "the job's end")
    scene.check(600)


def test_a_killed_workers_messages_come_back(scene: Scene, processes: Processes) -> None:
    """Given a worker in the middle of 800 creates / When it is killed / Then another ends the job, none doubled."""
    scene.start(800)
    first = processes.worker()
    wait_until(lambda: scene.in_shop() >= 150, "the first 150 products")
    processes.kill(first)
    assert not scene.ended()
    processes.worker()
    wait_until(scene.ended, "the job's end")
    scene.check(800)


def test_a_lane_that_waits_for_the_shop_comes_again(scene: Scene, processes: Processes) -> None:
    """Given a shop that is down / When it is back / Then the lane that snoozed goes on, and nothing has failed."""
    fault = scene.sandbox.faults.add("reset")
    scene.start(60)
    processes.worker()
    wait_until(lambda: len(scene.sandbox.requests) >= 3, "a few requests that fail")
    scene.sandbox.faults.remove(fault)
    wait_until(scene.ended, "the job's end")
    scene.check(60)


def test_a_paused_queue_waits_within_two_seconds_and_goes_on(
    scene: Scene, processes: Processes, broker: RabbitmqBroker
) -> None:
    with scene.services.db.write() as session:
        queues.pause(session, "prestashop_sync", "ann")
    scene.start(60)
    processes.worker()
    client = redis.Redis.from_url(processes.environment["REDIS_URL"])
    wait_until(lambda: roll_call.present(client, 0) == 1, "the worker")
    wait_until(lambda: sum(waiting(broker, "prestashop_sync")) > 0, "the message to be left alone")
    assert len(scene.sandbox.requests) == 0
    with scene.services.db.write() as session:
        queues.resume(session, "prestashop_sync")
    resumed = time.monotonic()
    wait_until(lambda: len(scene.sandbox.requests) > 0, "the queue to go on")
    assert time.monotonic() - resumed < 10
    wait_until(scene.ended, "the job's end")
    scene.check(60)
    client.close()


def test_a_queue_that_is_paused_in_the_middle_stops_and_goes_on(
    scene: Scene, processes: Processes, broker: RabbitmqBroker
) -> None:
    """Given a worker that is subscribed and at work / When the queue is paused / Then its lane waits, acknowledged."""
    scene.start(600)
    processes.worker()
    wait_until(lambda: scene.in_shop() >= 50, "the first 50 products")
    with scene.services.db.write() as session:
        queues.pause(session, "prestashop_sync")
    wait_until(lambda: sum(waiting(broker, "prestashop_sync")) > 0, "the lane to lie in its queue")
    there = scene.in_shop()
    assert there < 600
    with scene.services.db.write() as session:
        queues.resume(session, "prestashop_sync")
    wait_until(scene.ended, "the job's end")
    scene.check(600)


def waiting(broker: RabbitmqBroker, queue: str) -> tuple[int, int]:
    length = lengths(broker)[queue]
    return length.waiting, length.delayed


def test_the_lengths_of_queues(broker: RabbitmqBroker) -> None:
    for _ in range(3):
        broker.enqueue(push_lane.message(1))
    broker.enqueue(push_lane.message(1), delay=60_000)
    assert lengths(broker)["prestashop_sync"] == Length(3, 1)
    assert lengths(broker)["import"] == Length(0, 0)


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(broker: RabbitmqBroker) -> None:
    """RabbitMQ closes the connection of a web thread that nobody has used for a few minutes."""
    broker.enqueue(push_lane.message(1))
    for _ in range(2):
        broker.connection.close()
        assert lengths(broker)["prestashop_sync"].waiting >= 1
        broker.connection.close()
        broker.enqueue(push_lane.message(1))
    assert lengths(broker)["prestashop_sync"] == Length(3, 0)


def test_a_long_wait_is_cut_to_what_rabbitmq_bears(broker: RabbitmqBroker) -> None:
    """It takes messages back that a worker holds for half an hour, and workers hold the delayed ones."""
    before = int(time.time() * 1000)
    sent = broker.enqueue(push_lane.message(1), delay=24 * 3_600_000)
    assert before + 19 * 60_000 < sent.options["eta"] < before + 21 * 60_000


def test_the_health_of_both(broker: RabbitmqBroker, processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dramatiq, "get_broker", lambda: broker)
    assert (health.check().broker, health.check().kind) == (None, "RabbitMQ")
    assert set(health.check().waiting) == set(QUEUES)
    processes.worker()
    wait_until(lambda: health.check().workers == 1, "the worker to be counted")


def test_a_rabbitmq_that_is_away(redis_url: str) -> None:
    gone = build(Settings(broker_url="amqp://guest:guest@127.0.0.1:1/x", redis_url=redis_url))
    gone.declare_queue("default")
    with pytest.raises(BrokerAway, match="the broker does not answer"):
        lengths(gone)


def test_without_a_redis_it_is_said_what_is_missing() -> None:
    with pytest.raises(SettingsError, match="REDIS_URL is needed too: locks, the paces of shops, groups"):
        Settings.from_env({"BROKER_URL": "amqp://guest:guest@127.0.0.1/"})
    with pytest.raises(SettingsError, match="REDIS_URL takes redis://"):
        Settings.from_env({"BROKER_URL": "amqp://127.0.0.1/", "REDIS_URL": "http://127.0.0.1"})
    found = Settings.from_env({"BROKER_URL": "amqp://127.0.0.1/", "REDIS_URL": "redis://127.0.0.1:6379/3"})
    assert found.redis_url == "redis://127.0.0.1:6379/3"
    assert Settings.from_env({"BROKER_URL": "redis://127.0.0.1:6379/3"}).redis_url == "redis://127.0.0.1:6379/3"


def test_no_address_with_its_password_is_shown() -> None:
    url = "amqp://user:hunter2@127.0.0.1/"
    assert "hunter2" not in repr(Settings(broker_url=url, redis_url="redis://:hunter2@127.0.0.1"))
