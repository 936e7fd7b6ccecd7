"""The ledger on SQLite, PostgreSQL and MariaDB: filled once, claimed without overlap, counted exactly."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from models import Database, ItemStatus, JobItem, JobProgress, JobStatus, Product, ProductSyncStatus, Shop, now
from sync import jobs
from sync.chunks import Claimed, Settled, cancel_left_over, claim, next_due, settle
from sync.errors import ShopInactive
from sync.kinds.push import PUSH
from sync.outcome import Outcome, failed, pushed, refused, retry, snooze
from sync.presence import free
from sync.selection import Selection
from sync.services import Policy
from tests.factories import make_product

POLICY = Policy(retry_delays=(30.0, 60.0, 300.0), chunk=4)


@pytest.fixture
def db(any_database: Database) -> Database:
    with any_database.write() as session:
        session.add(Shop(id=1, name="Cyan", address="http://127.0.0.1:9", key_encrypted=""))
        for number in range(10):
            make_product(session, f"SKU-{number:02}")
    return any_database


def opened(db: Database, selection: Selection | None = None) -> int:
    with db.write() as session:
        job = jobs.open_push(session, session.get_one(Shop, 1), selection or Selection("all"))
        jobs.fill(session, job, PUSH)
        return job.id


def claimed(db: Database, job: int, claimant: str) -> list[Claimed]:
    with db.write() as session:
        return claim(session, job, claimant, POLICY)


def settled(db: Database, job: int, claimant: str, items: list[Claimed], outcome: Outcome) -> None:
    with db.write() as session:
        settle(session, job, claimant, [Settled(item, outcome, 3) for item in items], POLICY)


def the_job(db: Database, job: int) -> JobProgress:
    with db.read() as session:
        return jobs.get(session, job)


def test_a_job_is_filled_once_with_items_and_links(db: Database) -> None:
    job = opened(db)
    with db.write() as session:
        jobs.fill(session, jobs.get(session, job), PUSH)
    with db.read() as session:
        assert len(session.scalars(select(JobItem)).all()) == 10
        assert len(session.scalars(select(ProductSyncStatus)).all()) == 10
        assert jobs.get(session, job).total_count == 10


def test_an_empty_job_is_completed_and_says_so(db: Database) -> None:
    job = the_job(db, opened(db, Selection("ids")))
    assert (job.status, job.summary["message"]) == (JobStatus.COMPLETED, "no products")


def test_an_inactive_shop_is_refused_by_name(db: Database) -> None:
    with db.write() as session:
        shop = session.get_one(Shop, 1)
        shop.active = False
        with pytest.raises(ShopInactive, match="'Cyan'"):
            jobs.open_push(session, shop, Selection("all"))


def test_lanes_share_the_items_without_overlap(db: Database) -> None:
    job = opened(db)
    with ThreadPoolExecutor(4) as lanes:
        chunks = list(lanes.map(lambda lane: claimed(db, job, f"lane-{lane}"), range(4)))
    ids = [item.id for chunk in chunks for item in chunk]
    assert len(ids) == len(set(ids)) == 10


def test_urgent_products_come_first(db: Database) -> None:
    with db.write() as session:
        product = session.scalars(select(Product).where(Product.sku == "SKU-07")).one()
        session.add(ProductSyncStatus(product_id=product.id, shop_id=1, priority=2))
    assert claimed(db, opened(db), "lane")[0].sku == "SKU-07"


def test_outcomes_are_counted_and_end_the_job(db: Database) -> None:
    job = opened(db)
    settled(db, job, "a", claimed(db, job, "a"), pushed("create", 7))
    settled(db, job, "a", claimed(db, job, "a"), refused("name is not valid"))
    assert (the_job(db, job).current_count, the_job(db, job).error_count) == (8, 4)
    with db.write() as session:
        assert not jobs.finish(session, job)
    settled(db, job, "a", claimed(db, job, "a"), pushed("update", 7))
    with db.write() as session:
        assert jobs.finish(session, job)
    ended = the_job(db, job)
    assert ended.status == JobStatus.COMPLETED_WITH_ERRORS
    assert (ended.current_count, ended.error_count) == (10, 4)
    assert (ended.summary["pushed"], ended.summary["refused"]) == (6, 4)
    assert [error["error"] for error in ended.error_details] == ["name is not valid"] * 4


def test_a_failure_is_tried_again_after_30_60_and_300_seconds_and_then_given_up(db: Database) -> None:
    job = opened(db, Selection("search", search="SKU-00"))
    waits = []
    for _ in range(4):
        with db.write() as session:
            session.execute(update(JobItem).values(not_before=None))
            session.execute(update(JobItem).where(JobItem.status == "retry").values(not_before=now()))
        settled(db, job, "a", claimed(db, job, "a"), retry("the shop did not answer"))
        with db.read() as session:
            waits.append(round(next_due(session, job) or 0))
    assert waits == [30, 60, 300, 0]
    with db.read() as session:
        item = session.scalars(select(JobItem)).one()
    assert (item.status, item.attempts) == (ItemStatus.FAILED, 4)
    assert item.error == "given up after 4 attempts: the shop did not answer"


def test_a_failed_attempt_leaves_the_id_in_the_shop_that_is_known(db: Database) -> None:
    job = opened(db, Selection("search", search="SKU-00"))
    settled(db, job, "a", claimed(db, job, "a"), retry("images are left", 7))
    with db.write() as session:
        session.execute(update(JobItem).values(not_before=now()))
    (item,) = claimed(db, job, "a")
    assert item.external_id == 7
    settled(db, job, "a", [item], retry("the shop did not answer"))
    with db.read() as session:
        assert session.scalars(select(JobItem.external_id)).one() == 7


def test_waiting_for_a_shop_that_is_down_is_no_attempt(db: Database) -> None:
    job = opened(db)
    items = claimed(db, job, "a")
    settled(db, job, "a", items, Outcome(ItemStatus.RETRY, error="down", shop_wide=True))
    with db.read() as session:
        assert {item.attempts for item in session.scalars(select(JobItem))} == {0}
        assert jobs.get(session, job).current_count == 0


def test_a_snoozing_item_is_not_claimed_before_its_time(db: Database) -> None:
    job = opened(db, Selection("search", search="SKU-00"))
    settled(db, job, "a", claimed(db, job, "a"), snooze(60))
    assert claimed(db, job, "a") == []
    with db.read() as session:
        assert 50 < (next_due(session, job) or 0) <= 60


def test_a_killed_lanes_items_are_taken_up_by_its_own_message_at_once(db: Database) -> None:
    job = opened(db, Selection("search", search="SKU-00"))
    lost = claimed(db, job, "message-1")
    assert claimed(db, job, "message-2") == []
    assert [item.id for item in claimed(db, job, "message-1")] == [item.id for item in lost]


def test_a_lane_that_was_thought_dead_settles_nothing(db: Database) -> None:
    job = opened(db, Selection("search", search="SKU-00"))
    slow = claimed(db, job, "slow")
    with db.write() as session:
        free(session, ["slow"])
    settled(db, job, "quick", claimed(db, job, "quick"), pushed("create", 7))
    settled(db, job, "slow", slow, failed("too late"))
    with db.read() as session:
        assert session.scalars(select(JobItem.status)).all() == [ItemStatus.PUSHED]
        job_row = jobs.get(session, job)
        assert (job_row.current_count, job_row.error_count) == (1, 0)


def test_cancelling_settles_what_waits_and_leaves_what_is_done(db: Database) -> None:
    job = opened(db)
    settled(db, job, "a", claimed(db, job, "a"), pushed("create", 7))
    in_hand = claimed(db, job, "a")
    with db.write() as session:
        assert jobs.cancel(session, job)
    assert the_job(db, job).status == JobStatus.RUNNING
    settled(db, job, "a", in_hand, pushed("create", 7))
    with db.write() as session:
        assert jobs.finish(session, job)
        assert not jobs.cancel(session, job)
    ended = the_job(db, job)
    assert (ended.status, ended.summary["pushed"], ended.summary["cancelled"]) == (JobStatus.CANCELLED, 8, 2)


def test_what_a_killed_lane_had_in_hand_is_cancelled_by_its_own_message(db: Database) -> None:
    job = opened(db)
    claimed(db, job, "killed")
    with db.write() as session:
        jobs.cancel(session, job)
        cancel_left_over(session, job, "another")
        assert not jobs.finish(session, job)
        cancel_left_over(session, job, "killed")
        assert jobs.finish(session, job)
    assert the_job(db, job).summary["cancelled"] == 10


def test_a_deleted_shop_leaves_its_jobs(db: Database) -> None:
    job = opened(db)
    with db.write() as session:
        session.delete(session.get_one(Shop, 1))
    assert the_job(db, job).shop_id is None


def test_old_jobs_go_with_their_items_and_running_ones_stay(db: Database) -> None:
    old, running = opened(db), opened(db)
    with db.write() as session:
        jobs.give_up(session, old, "over")
        jobs.finish(session, old)
        session.execute(update(JobProgress).values(completed_at=now() - timedelta(days=31), created_at=now()))
        assert jobs.cleanup_old_jobs(session, 30) == 1
    with db.read() as session:
        assert session.scalars(select(JobItem.progress_id).distinct()).all() == [running]


def test_progress_costs_at_most_three_writes_for_25_items(db: Database) -> None:
    job = opened(db)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    items = claimed(db, job, "a")
    settled(db, job, "a", items, pushed("create", 7))
    writes = [one for one in statements if one.startswith(("UPDATE", "INSERT"))]
    assert len(writes) <= 3
