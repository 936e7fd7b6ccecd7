"""Two schedulers and two groups of workers over one PostgreSQL and one Redis: what is due fires once."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import func, select, update

import migrations
from models import Database, JobProgress, Schedule, Shop, now
from sync.schedules import due, entries
from sync.schedules.due import Taken
from sync.services import Services
from tests.conftest import make_services, server_database
from tests.factories import make_product, make_shop
from tests.processes import Processes, wait_until

SHOPS = 12


@pytest.fixture
def postgresql() -> Iterator[Database]:
    with server_database("postgresql") as url:
        made = Database(url)
        migrations.upgrade(made.engine)
        yield made
        made.dispose()


@pytest.fixture
def over_postgresql(postgresql: Database, encryption_key: str, tmp_path: Path) -> Services:
    return make_services(postgresql, encryption_key, tmp_path / "media")


@pytest.fixture
def machines(
    postgresql: Database, redis_url: str, encryption_key: str, tmp_path: Path
) -> Iterator[tuple[Processes, Processes]]:
    """Two machines, as far as processes can tell: nothing is shared but the database and Redis."""
    made = []
    for number in (1, 2):
        folder = tmp_path / f"machine-{number}"
        folder.mkdir()
        environment = {
            "BROKER_URL": redis_url,
            "DATABASE_URL": postgresql.engine.url.render_as_string(hide_password=False),
            "SHOPFERRY_DATA_DIR": str(folder),
            "SHOPFERRY_ENCRYPTION_KEYS": encryption_key,
        }
        made.append(Processes(environment, folder))
    yield made[0], made[1]
    for one in made:
        one.stop_all()


def lay(services: Services) -> None:
    """Shops whose nightly push is due, and nothing else is."""
    with services.db.write() as session:
        make_product(session, "MUG")
        for number in range(SHOPS):
            make_shop(session, services, "http://127.0.0.1:9", "K" * 32, name=f"Shop {number}")
        entries.ensure_defaults(session)
        session.execute(update(Schedule).where(Schedule.action != "push").values(active=False, next_run_at=None))
        session.execute(
            update(Schedule).where(Schedule.action == "push").values(next_run_at=now() - timedelta(hours=30))
        )


def jobs_by_shop(database: Database) -> dict[int, int]:
    with database.read() as session:
        rows = session.execute(select(JobProgress.shop_id, func.count()).group_by(JobProgress.shop_id))
        return {shop_id or 0: number for shop_id, number in rows}


def test_two_schedulers_and_a_restart_fire_once(
    over_postgresql: Services, machines: tuple[Processes, Processes], redis_url: str
) -> None:
    database = over_postgresql.db
    lay(over_postgresql)
    for machine in machines:
        machine.start("-m", "dramatiq", "worker", "-p", "1", "-t", "4", "--queues", "scheduler", "default")
    schedulers = [machine.scheduler() for machine in machines]
    wait_until(lambda: len(jobs_by_shop(database)) == SHOPS, "a push in every shop")
    machines[0].kill(schedulers[0])
    client = redis.Redis.from_url(redis_url)
    client.delete("shopferry:scheduler")
    machines[0].scheduler()
    wait_until(lambda: client.exists("shopferry:scheduler") == 1, "the tick of the restarted scheduler")
    wait_until(lambda: client.hlen("dramatiq:scheduler.msgs") == 0, "every tick to be worked on")
    wait_until(lambda: client.hlen("dramatiq:default.msgs") == 0, "every run to be over")
    assert jobs_by_shop(database) == dict.fromkeys(range(1, SHOPS + 1), 1)
    with database.read() as session:
        later = select(Schedule).where(Schedule.action == "push", Schedule.next_run_at > now())
        assert len(session.scalars(later).all()) == SHOPS
        assert session.scalars(select(Schedule).where(Schedule.running_until.is_not(None))).all() == []
    client.close()


def test_many_threads_share_what_is_due(any_database: Database, encryption_key: str, tmp_path: Path) -> None:
    """Given what is due in twelve shops / When eight ask at the same moment / Then each is taken by one of them."""
    lay(make_services(any_database, encryption_key, tmp_path / "media"))
    together, taken, lock = threading.Barrier(8), Counter[int](), threading.Lock()

    def take() -> None:
        together.wait()
        with any_database.write() as session:
            entries.ensure_defaults(session)
            found: list[Taken] = due.take_due(session)
        with lock:
            taken.update(one.schedule_id for one in found)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == SHOPS
    assert set(taken.values()) == {1}


def test_schedules_made_by_several_at_once_are_made_once(any_database: Database) -> None:
    with any_database.write() as session:
        for number in range(5):
            session.add(Shop(name=f"Shop {number}", address="http://127.0.0.1:9", key_encrypted=""))
    together, errors = threading.Barrier(4), []

    def ensure() -> None:
        together.wait()
        try:
            with any_database.write() as session:
                entries.ensure_defaults(session)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ensure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with any_database.read() as session:
        keys = list(session.scalars(select(Schedule.key)))
    assert len(keys) == len(set(keys)) > 5
