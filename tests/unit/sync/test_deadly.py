"""An item that kills its worker is found, among innocent ones, and failed after the third time."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from models import (
    Database,
    ItemStatus,
    JobItem,
    JobProgress,
    JobStatus,
    Presence,
    ProductSyncStatus,
    Shop,
    SyncStatus,
    now,
)
from sync import deadly, jobs
from sync.chunks import Claimed, Settled, claim, settle
from sync.outcome import pushed
from sync.presence import LOOKS, Watch
from sync.services import Policy
from tests.factories import make_product

POLICY = Policy(chunk=10)
POISON = "SKU-07"


@pytest.fixture
def job(any_database: Database) -> int:
    """A running job of twelve products."""
    with any_database.write() as session:
        shop = Shop(name="Cyan", address="http://127.0.0.1:9", key_encrypted="")
        session.add(shop)
        session.flush()
        found = JobProgress(
            job_id="1", job_type="sync", shop_id=shop.id, status=JobStatus.RUNNING, opened_at=now(), total_count=12
        )
        session.add(found)
        session.flush()
        for number in range(12):
            product = make_product(session, f"SKU-{number:02}")
            session.add(JobItem(progress_id=found.id, key=f"product:{number}", sku=product.sku, product_id=product.id))
            session.add(ProductSyncStatus(product_id=product.id, shop_id=shop.id, sync_status=SyncStatus.SYNCING))
        return found.id


def kill(database: Database, claimant: str) -> None:
    """Another process sees that nobody is behind this claimant."""
    with database.write() as session:
        session.add(Presence(claimant=claimant, process="gone", beats=1))
    eye = Watch(database, 1.0)
    for _ in range(LOOKS + 1):
        eye.look()


def take(database: Database, job: int, claimant: str) -> list[Claimed]:
    with database.write() as session:
        return claim(session, job, claimant, POLICY)


def finish(database: Database, job: int, claimant: str, items: Sequence[Claimed]) -> None:
    with database.write() as session:
        settle(session, job, claimant, [Settled(item, pushed("update", 1), 1) for item in items], POLICY)


def test_the_one_that_kills_is_found_and_the_others_arrive(any_database: Database, job: int) -> None:
    """Given a worker that dies of one product / When it is started again and again / Then only that one has failed."""
    deaths, sizes = 0, []
    for turn in range(100):
        claimant = f"lane-{turn}"
        items = take(any_database, job, claimant)
        if not items:
            break
        sizes.append(len(items))
        if POISON in {item.sku for item in items}:
            deaths += 1
            kill(any_database, claimant)
        else:
            finish(any_database, job, claimant, items)
    assert deaths == deadly.LIMIT
    assert sizes[0] == 10
    with any_database.write() as session:
        states = {item.sku: item.status for item in session.scalars(select(JobItem))}
        assert {sku for sku, status in states.items() if status == ItemStatus.FAILED} == {POISON}
        assert set(states.values()) == {ItemStatus.FAILED, ItemStatus.PUSHED}
        assert jobs.finish(session, job)
        found = jobs.get(session, job)
        assert (found.status, found.current_count, found.error_count) == (JobStatus.COMPLETED_WITH_ERRORS, 12, 1)
        assert found.error_details == [{"sku": POISON, "error": deadly.REASON}]


def test_the_products_page_says_so_too(any_database: Database, job: int) -> None:
    with any_database.write() as session:
        for item in session.scalars(select(JobItem)):
            item.kills = 2
    (item,) = take(any_database, job, "lane")
    with any_database.write() as session:
        link = session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.product_id == item.product_id)).one()
        link.claimed_by = "lane"
    kill(any_database, "lane")
    with any_database.read() as session:
        link = session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.product_id == item.product_id)).one()
        assert (link.sync_status, link.error_message) == (SyncStatus.ERROR, deadly.REASON)


def test_a_worker_that_was_killed_once_costs_nothing(any_database: Database, job: int) -> None:
    first = take(any_database, job, "one")
    kill(any_database, "one")
    assert [item.id for item in take(any_database, job, "two")] == [item.id for item in first]


def test_no_two_suspects_are_at_work_at_once(any_database: Database, job: int) -> None:
    """Given two lanes and nothing but suspects left / When one has a suspect / Then the other waits a moment."""
    with any_database.write() as session:
        for item in session.scalars(select(JobItem)):
            item.kills = 2
    first = take(any_database, job, "one")
    assert len(first) == 1
    assert take(any_database, job, "two") == []
    with any_database.read() as session:
        held = session.scalars(select(JobItem.claimed_by).where(JobItem.claimed_by.is_not(None))).all()
    assert held == ["one"]
    finish(any_database, job, "one", first)
    assert len(take(any_database, job, "two")) == 1
