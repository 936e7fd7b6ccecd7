"""Who is at work, on SQLite, PostgreSQL and MariaDB: what the dead held is free, what the living hold is not."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from models import (
    Database,
    ItemStatus,
    JobItem,
    JobProgress,
    Presence,
    ProductSyncStatus,
    Shop,
    ShopMapping,
    ShopSlot,
    SyncStatus,
    now,
)  # fmt: skip
from sync import jobs
from sync.chunks import claim
from sync.kinds.push import PUSH
from sync.presence import LOOKS, Busy, Watch, free_orphans
from sync.selection import Selection
from sync.services import Policy
from tests.factories import make_product

NEVER = 1e6
"""Seconds of silence so long that no thread looks by itself; the tests look."""


@pytest.fixture
def db(any_database: Database) -> Database:
    with any_database.write() as session:
        session.add(Shop(id=1, name="Cyan", address="http://127.0.0.1:9", key_encrypted=""))
        for number in range(6):
            make_product(session, f"SKU-{number}")
    return any_database


@pytest.fixture
def worker(db: Database) -> Iterator[Watch]:
    yield from _watch(db)


@pytest.fixture
def other(db: Database) -> Iterator[Watch]:
    yield from _watch(db)


def _watch(db: Database) -> Iterator[Watch]:
    made = Watch(db, NEVER)
    yield made
    made.stop()


def enter(watch: Watch, claimant: str) -> bool:
    with watch.db.write() as session:
        return watch.enter(session, claimant)


def hold_something(db: Database, claimant: str) -> int:
    with db.write() as session:
        job = jobs.open_push(session, session.get_one(Shop, 1), Selection("all"))
        jobs.fill(session, job, PUSH)
        claim(session, job.id, claimant, Policy(chunk=3))
        for number, link in enumerate(session.scalars(select(ProductSyncStatus).order_by(ProductSyncStatus.id))):
            link.sync_status, link.claimed_by = SyncStatus.SYNCING, claimant
            link.last_success_at = now() if number == 1 else None
            link.error_message = "too dear" if number == 2 else None
        session.add(ShopMapping(shop_id=1, mapping_type="category", local_key="7", claimed_by=claimant))
        session.add(ShopSlot(shop_id=1, number=0, holder=claimant))
        return job.id


def held(db: Database, claimant: str) -> list[int]:
    with db.read() as session:
        tables = (
            (JobItem, JobItem.claimed_by), (ProductSyncStatus, ProductSyncStatus.claimed_by),
            (ShopMapping, ShopMapping.claimed_by), (ShopSlot, ShopSlot.holder),
        )  # fmt: skip
        return [len(session.scalars(select(table).where(column == claimant)).all()) for table, column in tables]


def test_what_a_silent_claimant_held_is_free_after_enough_looks(db: Database, worker: Watch, other: Watch) -> None:
    assert enter(worker, "lane")
    job = hold_something(db, "lane")
    assert held(db, "lane") == [3, 6, 1, 1]
    for _ in range(LOOKS):
        assert other.look() == []
    assert other.look() == ["lane"]
    assert held(db, "lane") == [0, 0, 0, 0]
    with db.read() as session:
        assert set(session.scalars(select(JobItem.status))) == {ItemStatus.PENDING}
        links = session.scalars(select(ProductSyncStatus.sync_status).order_by(ProductSyncStatus.id)).all()
        assert links == ["pending", "synced", "error", "pending", "pending", "pending"]
        assert session.scalars(select(Presence)).all() == []
        assert jobs.stalled(session) == [job]


def test_a_claimant_that_beats_keeps_what_it_holds(db: Database, worker: Watch, other: Watch) -> None:
    enter(worker, "lane")
    hold_something(db, "lane")
    for _ in range(3 * LOOKS):
        worker.beat()
        assert other.look() == []
    assert held(db, "lane") == [3, 6, 1, 1]


def test_turns_that_are_shorter_than_a_beat_are_no_silence(db: Database, worker: Watch, other: Watch) -> None:
    for _ in range(3 * LOOKS):
        assert enter(worker, "lane")
        assert other.look() == []
        with db.write() as session:
            worker.leave(session, "lane")


def test_a_database_that_was_away_proves_nobody_dead(
    db: Database, worker: Watch, other: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(worker, "lane")
    for _ in range(LOOKS):
        other.look()

    def away() -> None:
        with db.read() as session:
            session.execute(text("SELECT * FROM no_such_table"))

    other._do(away)
    assert other.look() == []


def test_a_message_that_is_delivered_twice_is_worked_on_once(worker: Watch, other: Watch) -> None:
    assert enter(worker, "lane")
    assert not enter(other, "lane")
    assert not enter(worker, "lane")


def test_what_fails_frees_at_once_what_it_held(db: Database, worker: Watch) -> None:
    def work() -> None:
        with worker.at_work("lane"):
            hold_something(db, "lane")
            raise ValueError("mistake")

    with pytest.raises(ValueError, match="mistake"):
        work()
    assert held(db, "lane") == [0, 0, 0, 0]
    assert enter(worker, "lane")


def test_who_is_at_work_is_not_let_in_again(worker: Watch) -> None:
    with worker.at_work("lane"), pytest.raises(Busy), worker.at_work("lane"):
        pass


def test_what_nobody_known_holds_is_freed_and_what_the_living_hold_is_not(db: Database, worker: Watch) -> None:
    job = hold_something(db, "unheard of")
    assert enter(worker, "lane")
    with db.write() as session:
        assert len(claim(session, job, "lane", Policy(chunk=2))) == 2
        free_orphans(session)
    assert held(db, "unheard of") == [0, 0, 0, 0]
    assert held(db, "lane") == [2, 0, 0, 0]
    with db.read() as session:
        assert jobs.stalled(session) == [job]


def test_a_job_that_was_to_stop_ends_when_its_dead_lane_is_found(db: Database, worker: Watch, other: Watch) -> None:
    enter(worker, "lane")
    job = hold_something(db, "lane")
    with db.write() as session:
        jobs.cancel(session, job)
    for _ in range(LOOKS + 1):
        other.look()
    with db.write() as session:
        jobs.end_cancelled(session)
    with db.read() as session:
        assert session.get_one(JobProgress, job).summary["cancelled"] == 6
