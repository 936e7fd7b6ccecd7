"""Feeds over a real worker: several chunks, killed workers, messages that are lost or come twice."""

from dataclasses import replace
from pathlib import Path

import pytest
from dramatiq.brokers.stub import StubBroker

from models import Database, JobProgress, JobStatus
from sync import jobs
from sync.services import Services
from sync.suppliers import chunks
from tasks import context
from tasks.actors import bulk_sync_products, resume_job
from tasks.feed_actors import execute_feed, process_feed_chunk
from tests.conftest import make_services
from tests.factories import make_product
from tests.tasks.conftest import Run
from tests.unit.sync.suppliers.feed_scene import FeedScene, results

QUEUES = ("import", "default", "prestashop_sync")
PRODUCTS, ROWS = 40, 2500


class Killed(BaseException):
    """What a kill looks like from inside."""


def furnish(services: Services, folder: Path) -> FeedScene:
    scene = FeedScene(services, folder)
    with services.db.write() as session:
        for number in range(PRODUCTS):
            make_product(session, f"P{number * 60}")
    write(scene, 5)
    return scene


def write(scene: FeedScene, stock: int, rows: int = ROWS) -> None:
    scene.write(*(f"P{number};;Product;{stock};2;10,00 PLN" for number in range(rows)))


@pytest.fixture
def scene(in_tasks: Services, broker: StubBroker, tmp_path: Path) -> FeedScene:
    made = furnish(in_tasks, tmp_path / "feeds")
    made.set(safety={"max_unmatched": None})
    context.use(made.services)
    return made


def ended(scene: FeedScene, job: int) -> JobProgress:
    with scene.services.db.read() as session:
        return jobs.get(session, job)


def test_a_feed_is_read_by_messages(scene: FeedScene, run: Run) -> None:
    job = scene.open()
    bulk_sync_products.send(job)
    run.until_idle(*QUEUES)
    done = ended(scene, job)
    assert (done.status, done.current_count, done.total_count) == (JobStatus.COMPLETED, 3, 3)
    assert results(done) == {"linked": PRODUCTS, "unmatched": ROWS - PRODUCTS}
    assert {offer.stock_quantity for offer in scene.offers().values()} == {5}


def test_messages_that_come_twice_change_nothing(scene: FeedScene, run: Run) -> None:
    job = scene.open()
    for _ in range(3):
        execute_feed.send(job)
    run.until_idle(*QUEUES)
    for number in range(3):
        process_feed_chunk.send(job, number)
    execute_feed.send(job)
    run.until_idle(*QUEUES)
    done = ended(scene, job)
    assert (done.status, done.current_count, done.total_count) == (JobStatus.COMPLETED, 3, 3)
    assert len(scene.offers()) == PRODUCTS
    assert len(scene.rows()) == ROWS


def test_a_job_whose_messages_are_lost_is_taken_up(scene: FeedScene, run: Run) -> None:
    job = scene.open()
    scene.execute(job)
    chunks.apply_chunk(scene.services, job, 1)
    resume_job.send(job)
    run.until_idle(*QUEUES)
    assert ended(scene, job).status == JobStatus.COMPLETED
    assert results(ended(scene, job)) == {"linked": PRODUCTS, "unmatched": ROWS - PRODUCTS}


def test_a_cancelled_run_applies_nothing_more(scene: FeedScene, run: Run) -> None:
    job = scene.open()
    scene.execute(job)
    chunks.apply_chunk(scene.services, job, 0)
    with scene.services.db.write() as session:
        jobs.cancel(session, job)
    resume_job.send(job)
    run.until_idle(*QUEUES)
    assert ended(scene, job).status == JobStatus.CANCELLED
    assert len(scene.rows()) == 1000
    assert scene.feed().sha256 is None


@pytest.mark.parametrize("at", [1, 3, 5, 6, 8])
def test_killed_at_any_commit_nothing_is_lost_or_doubled(
    any_database: Database, encryption_key: str, tmp_path: Path, at: int
) -> None:
    services = make_services(any_database, encryption_key, tmp_path / "media")
    scene = furnish(services, tmp_path / "feeds")
    scene.set(safety={"max_unmatched": None, "min_rows": None}, missing_behavior="zero")
    scene.run()
    write(scene, 9, ROWS - 100)
    job = scene.open()
    scene.services = replace(scene.services, db=DyingDatabase(any_database, at))  # type: ignore[arg-type]
    died = 0
    while ended(scene, job).completed_at is None:
        try:
            scene.apply(job)
        except Killed:
            died += 1
    assert died == 1 or at > 9
    done = ended(scene, job)
    assert done.status == JobStatus.COMPLETED
    gone = len([number for number in range(0, ROWS, 60) if number >= ROWS - 100 and number < PRODUCTS * 60])
    assert done.summary["updated"] == PRODUCTS - gone
    assert done.summary.get("missing", 0) == 100
    assert (done.current_count, done.total_count) == (4, 4)
    assert len(scene.rows()) == ROWS - 100 + gone
    stocks = [offer.stock_quantity for offer in scene.offers().values()]
    assert sorted(stocks, key=str) == sorted([9] * (PRODUCTS - gone) + [0] * gone, key=str)


class DyingDatabase:
    """A database that kills its caller at the end of the nth writing transaction, before it is committed."""

    def __init__(self, database: Database, at: int) -> None:
        self.database, self.left = database, at
        self.read = database.read

    def write(self) -> "_Dying":
        self.left -= 1
        return _Dying(self.database, dies=self.left == 0)


class _Dying:
    def __init__(self, database: Database, dies: bool) -> None:
        self.inner, self.dies = database.write(), dies

    def __enter__(self) -> object:
        return self.inner.__enter__()

    def __exit__(self, kind: object, error: object, trace: object) -> object:
        if self.dies and kind is None:
            self.inner.__exit__(Killed, Killed(), None)
            raise Killed
        return self.inner.__exit__(kind, error, trace)  # type: ignore[arg-type]
