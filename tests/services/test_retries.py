"""Counting, giving up, trying again, pausing: on SQLite, PostgreSQL and MariaDB."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from models import Database, ItemStatus, JobItem, JobProgress, JobStatus, Product, ProductSyncStatus, Shop, now
from sync import counts, jobs, pauses, progress, retries
from sync.catalogue import Query
from sync.chunks import Settled, claim, settle
from sync.errors import NothingToRetry
from sync.kinds.push import PUSH
from sync.outcome import Outcome, failed, pushed, refused, retry
from sync.selection import Selection
from sync.services import Policy
from tests.factories import make_product

POLICY = Policy(chunk=4)


@pytest.fixture
def db(any_database: Database) -> Database:
    with any_database.write() as session:
        session.add(Shop(id=1, name="Cyan", address="http://127.0.0.1:9", key_encrypted=""))
        for number in range(8):
            make_product(session, f"SKU-{number}")
    return any_database


def opened(db: Database, selection: Selection | None = None) -> int:
    with db.write() as session:
        job = jobs.open_push(session, session.get_one(Shop, 1), selection or Selection("all"))
        jobs.fill(session, job, PUSH)
        return job.id


def work(db: Database, job: int, *outcomes: Outcome) -> None:
    """Claim and settle a chunk: the outcomes one by one, the last one for the rest."""
    with db.write() as session:
        items = claim(session, job, "lane", POLICY)
    ends = [*outcomes, *[outcomes[-1]] * len(items)]
    with db.write() as session:
        settle(session, job, "lane", [Settled(item, end, 1) for item, end in zip(items, ends, strict=False)], POLICY)
        jobs.finish(session, job)


def the_job(db: Database, job: int) -> JobProgress:
    with db.read() as session:
        return jobs.get(session, job)


def test_only_what_failed_is_retried_and_only_once(db: Database) -> None:
    job = opened(db)
    work(db, job, failed("no answer"), refused("no name"), pushed("create", 1))
    with db.write() as session, pytest.raises(NothingToRetry, match="has not ended"):
        retries.retry_failed(session, jobs.get(session, job))
    work(db, job, failed("no answer"), pushed("create", 2))
    with db.write() as session:
        made = retries.retry_failed(session, jobs.get(session, job))
        jobs.fill(session, made, PUSH)
        assert (made.parent_id, made.total_count, made.status) == (job, 2, JobStatus.RUNNING)
        skus = session.scalars(select(JobItem.sku).where(JobItem.progress_id == made.id).order_by(JobItem.sku)).all()
    assert skus == ["SKU-0", "SKU-4"]
    with db.write() as session, pytest.raises(NothingToRetry, match="nothing of job"):
        retries.retry_failed(session, jobs.get(session, job))
    with db.write() as session:
        assert retries.offered(session, job) == retries.Offered(0, 1, in_full=True)
        more = retries.retry_failed(session, jobs.get(session, job), refused=True)
        jobs.fill(session, more, PUSH)
        assert more.total_count == 1


def test_one_error_of_many_jobs_is_one_group_and_one_job(db: Database) -> None:
    for _ in range(3):
        job = opened(db)
        work(db, job, failed("no answer in 3 s"), failed("no answer in 7 s"), pushed("update", 1))
        work(db, job, refused("name is not valid"), pushed("update", 1))
    with db.read() as session:
        groups = progress.error_groups(session)
        assert [(group.count, group.kind, group.shop_name, group.retryable) for group in groups] == [
            (2, "push", "Cyan", True), (1, "push", "Cyan", True),
        ]  # fmt: skip
        assert progress.error_groups(session, shop_id=2) == []
        assert progress.error_groups(session, since=now() + timedelta(hours=1)) == []
    with db.write() as session:
        (made,) = retries.retry_group(session, groups[0].signature)
        jobs.fill(session, made, PUSH)
        assert (made.total_count, made.parent_id) == (2, job)
    with db.read() as session:
        assert [group.count for group in progress.error_groups(session)] == [1]
    with db.write() as session, pytest.raises(NothingToRetry):
        retries.retry_group(session, groups[0].signature)


def test_what_went_well_since_is_in_no_group(db: Database) -> None:
    job = opened(db)
    work(db, job, failed("no answer"), pushed("update", 1))
    work(db, job, pushed("update", 1))
    with db.write() as session:
        assert [group.count for group in progress.error_groups(session)] == [1]
        session.execute(
            update(ProductSyncStatus).values(sync_status="synced", last_success_at=now() + timedelta(seconds=1))
        )
        assert progress.error_groups(session) == []


def test_each_attempt_is_kept_with_its_error(db: Database) -> None:
    job = opened(db, Selection("search", search="SKU-3"))
    for number in range(4):
        work(db, job, retry(f"no answer {number}"))
        with db.write() as session:
            session.execute(update(JobItem).where(JobItem.status == "retry").values(not_before=now()))
    with db.read() as session:
        item = session.scalars(select(JobItem)).one()
    assert (item.status, item.attempts) == (ItemStatus.FAILED, 4)
    assert [attempt["error"] for attempt in item.history or []] == [f"no answer {number}" for number in range(4)]
    assert all(datetime.fromisoformat(attempt["at"]).tzinfo for attempt in item.history or [])


def test_after_a_day_nothing_is_retried_and_what_was_not_tried_still_is(db: Database) -> None:
    job = opened(db)
    work(db, job, retry("no answer"), pushed("create", 1))
    with db.write() as session:
        assert jobs.give_up_retries(session, job, "given up 24 h after the job's start")
        assert not jobs.give_up_retries(session, job, "again")
    work(db, job, pushed("create", 1))
    ended = the_job(db, job)
    assert (ended.status, ended.current_count, ended.error_count) == (JobStatus.INTERRUPTED, 8, 1)
    with db.read() as session:
        (error,) = progress.errors(session, job)
        assert error.error == "given up 24 h after the job's start; last error: no answer"


def test_the_rate_is_of_the_last_minutes(db: Database) -> None:
    job = opened(db)
    hour = timedelta(hours=1)
    with db.write() as session:  # an hour in which nothing went on
        session.execute(
            update(JobProgress).values(
                started_at=now() - hour, opened_at=now() - hour, earlier_mark=now() - timedelta(seconds=90),
                later_mark=now() - timedelta(seconds=70), earlier_count=0, later_count=0,
            )
        )  # fmt: skip
    work(db, job, pushed("create", 1))
    with db.read() as session:
        view = progress.details(session, job)
        assert view is not None
        row = jobs.get(session, job)
    assert view.rate == pytest.approx(4 / 70, rel=0.05)  # since the mark of 70 s ago, which is the earlier one now
    assert view.eta_seconds == pytest.approx(70, rel=0.1)
    assert (row.earlier_count, row.later_count) == (0, 4)


def test_a_clock_that_is_put_back_spoils_no_rate(db: Database) -> None:
    job = opened(db)
    with db.write() as session:
        session.execute(update(JobProgress).values(later_mark=now() + timedelta(hours=1)))
    work(db, job, pushed("create", 1))
    assert (the_job(db, job).later_mark or now()) <= now()


def test_what_was_put_off_by_a_clock_that_is_back_again_is_taken(db: Database) -> None:
    job = opened(db)
    with db.write() as session:
        session.execute(update(JobItem).values(status="retry", not_before=now() + timedelta(hours=2)))
        assert len(claim(session, job, "lane", POLICY)) == 4


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_clock_that_jumps_strands_no_job(db: Database, ahead: timedelta) -> None:
    job = opened(db)
    with db.write() as session:
        session.execute(
            update(JobProgress).values(heartbeat_at=now() + ahead, due_at=now() + ahead + timedelta(minutes=1))
        )
        assert jobs.stalled(session) == [job]


def test_a_new_round_ends_the_lanes_of_the_one_before(db: Database) -> None:
    job = opened(db)
    with db.write() as session:
        row = jobs.get(session, job)
        assert [jobs.next_round(session, row) for _ in range(2)] == [1, 2]
        jobs.cancel(session, job)
        assert jobs.next_round(session, row) is None


def test_a_paused_shop_raises_no_alarm_and_goes_on_where_it_was(db: Database) -> None:
    job = opened(db)
    work(db, job, pushed("create", 1))
    with db.write() as session:
        shop = session.get_one(Shop, 1)
        assert pauses.pause(session, shop, "somebody")
        assert not pauses.pause(session, shop, "somebody else")
        session.execute(update(JobProgress).values(due_at=now() - timedelta(hours=1)))
        assert jobs.stalled(session) == []
        view = progress.details(session, job)
        assert view is not None
        assert (view.paused, view.status, view.rate) == (True, JobStatus.RUNNING, None)
    with db.write() as session:
        assert list(pauses.resume(session, session.get_one(Shop, 1))) == [job]
        assert pauses.resume(session, session.get_one(Shop, 1)) == []
    row = the_job(db, job)
    assert (row.earlier_count, row.current_count, row.status) == (4, 4, JobStatus.RUNNING)


def test_a_recount_next_to_a_chunk_never_goes_back(db: Database) -> None:
    job = opened(db)
    work(db, job, pushed("create", 1))
    with db.write() as session:
        session.execute(update(JobProgress).values(current_count=0, error_count=9))
        counts.recount(session, jobs.get(session, job))
    assert (the_job(db, job).current_count, the_job(db, job).error_count) == (4, 0)


def test_what_changed_since_a_time_and_what_a_query_finds(db: Database) -> None:
    moment = now() + timedelta(hours=1)
    with db.write() as session:
        session.execute(update(Product).where(Product.sku.in_(["SKU-2", "SKU-5"])).values(changed_at=moment))
        link = ProductSyncStatus(
            product_id=session.scalars(select(Product.id).where(Product.sku == "SKU-5")).one(), shop_id=1,
            sync_status="synced", product_changed_at=moment, external_id=5,
        )  # fmt: skip
        session.add(link)
        session.flush()
        found = [
            (Selection("since", since=moment), 2),
            (Selection("query", query=Query(text="sku", shop_id=1, status="none").as_params()), 7),
            (Selection("query", query=Query(text="SKU-5", shop_id=1, status="synced").as_params()), 1),
            (Selection("query", query=Query(shop_id=1, status="changed").as_params()), 0),
        ]
        for selection, number in found:
            again = Selection.from_params(selection.as_params())
            assert again == selection
            assert again.count(session, 1) == number
        link.product_changed_at = moment - timedelta(days=1)
        session.flush()
        assert found[3][0].count(session, 1) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [("sku-3", 1), ("SKU", 8), ("sku product", 8), ("product sku 3", 1), ("nothing", 0), ("%", 0), ("'; & |", 0)],
)
def test_products_are_found_by_their_words(db: Database, text: str, number: int) -> None:
    with db.read() as session:
        found = Selection("search", search=text).count(session, 1)
    if session.get_bind().dialect.name == "postgresql" or " " not in text:
        assert found == number
