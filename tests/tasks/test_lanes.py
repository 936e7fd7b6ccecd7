"""Lanes share shops and workers: turns, pauses, superseded items, cancelling, lanes of an earlier round."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select, update

from models import ItemStatus, JobItem, JobProgress, JobStatus, Product, ProductSyncStatus, Shop, SyncStatus, now
from models.links import PRIORITY_HIGH
from prestashop_client.sandbox import Sandbox
from sync import jobs, lanes, pauses, single, slots
from sync.catalogue import touch
from sync.kinds.push import PUSH
from sync.outcome import Outcome
from sync.selection import Selection
from sync.services import Services
from tasks.actors import bulk_sync_products, resume_job, sync_product
from tests.factories import make_product, make_shop
from tests.tasks.conftest import Run


@pytest.fixture
def two(in_tasks: Services, sandbox: Sandbox) -> Iterator[tuple[int, int]]:
    """Shops A and B, each with its own sandbox; 120 products."""
    with Sandbox.running() as other, in_tasks.db.write() as session:
        a = make_shop(session, in_tasks, sandbox.address, sandbox.key, name="A").id
        b = make_shop(session, in_tasks, other.address, other.key, name="B").id
        for number in range(120):
            make_product(session, f"SKU-{number:03}")
        session.commit()
        yield a, b


def opened(services: Services, shop_id: int, selection: Selection | None = None) -> int:
    with services.db.write() as session:
        job = jobs.open_push(session, session.get_one(Shop, shop_id), selection or Selection("all"))
        jobs.fill(session, job, PUSH)
        return job.id


def hasty(services: Services, **changes: object) -> Services:
    """Services whose lanes take turns of one chunk of ten."""
    return replace(services, policy=replace(services.policy, chunk=10, turn=0.0, **changes))


def done(services: Services, job: int) -> int:
    with services.db.read() as session:
        return jobs.get(session, job).current_count


def job_of(services: Services, job: int) -> JobProgress:
    with services.db.read() as session:
        return jobs.get(session, job)


def test_a_small_job_is_done_in_as_many_turns_as_if_it_were_alone(in_tasks: Services, two: tuple[int, int]) -> None:
    """Given shop A flooded with jobs / When B's job of 10 takes its turn / Then it waits for nobody of A."""
    services = hasty(in_tasks)
    flood = [opened(services, two[0]) for _ in range(4)]
    small = opened(services, two[1], Selection("search", search="SKU-00"))
    turns = 0
    while job_of(services, small).status == JobStatus.RUNNING:
        for number, job in enumerate(flood):  # the workers' queue goes round
            lanes.work_turn(services, job, f"a-{number}")
        lanes.work_turn(services, small, "b")
        turns += 1
    assert turns <= 2  # one chunk, and the look that finds nothing more
    assert job_of(services, small).summary["pushed"] == 10


def test_jobs_of_one_shop_take_turns(in_tasks: Services, two: tuple[int, int]) -> None:
    services = hasty(in_tasks)
    first, second = opened(services, two[0]), opened(services, two[0])
    with in_tasks.db.write() as session:
        shop = session.get_one(Shop, two[0])
        assert slots.acquire(session, shop, "first")
        assert not slots.acquire(session, shop, "second")  # it waits from now on
        slots.release(session, shop.id, "first")
    waits = lanes.work_turn(services, first, "first")
    assert waits == slots.DELAY * 2  # two jobs run there
    assert lanes.work_turn(services, second, "second") == 0.0
    assert (done(services, first), done(services, second)) == (0, 10)


def test_an_urgent_push_does_not_wait_for_a_job_and_another_one_has_its_turn(
    in_tasks: Services, two: tuple[int, int]
) -> None:
    services = hasty(in_tasks)
    opened(services, two[0])
    with in_tasks.db.write() as session:
        assert slots.acquire(session, session.get_one(Shop, two[0]), "a lane at work")
        urgent, other = session.scalars(select(Product.id).order_by(Product.id).limit(2)).all()
        session.execute(
            update(ProductSyncStatus).where(ProductSyncStatus.product_id == urgent).values(priority=PRIORITY_HIGH)
        )
    assert single.push_product(services, urgent, two[0], "urgent").status == ItemStatus.PUSHED
    assert single.push_product(services, other, two[0], "other") == Outcome(ItemStatus.PENDING, delay=slots.DELAY)


def test_what_a_newer_push_brought_in_step_is_superseded_without_a_request(
    in_tasks: Services, two: tuple[int, int], sandbox: Sandbox
) -> None:
    older = opened(in_tasks, two[0], Selection("search", search="SKU-00"))
    with in_tasks.db.write() as session:
        product = session.scalars(select(Product).where(Product.sku == "SKU-003")).one()
        for number in range(10):  # ten edits while it waits
            product.quantity = number
            touch(session, [product.id])
    assert single.push_product(in_tasks, product.id, two[0], "single").status == ItemStatus.PUSHED
    lanes.work_turn(in_tasks, older, "lane")
    with in_tasks.db.read() as session:
        statuses = dict(session.execute(select(JobItem.sku, JobItem.status)).all())
        link = session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.product_id == product.id)).one()
    assert statuses.pop("SKU-003") == ItemStatus.SUPERSEDED
    assert set(statuses.values()) == {ItemStatus.PUSHED}
    assert (link.sync_status, link.retry_count, link.claimed_by) == (SyncStatus.SYNCED, 0, None)
    job = job_of(in_tasks, older)
    assert (job.status, job.current_count, job.summary["superseded"]) == (JobStatus.COMPLETED, 10, 1)


def test_what_changed_after_the_newer_push_is_pushed(in_tasks: Services, two: tuple[int, int]) -> None:
    older = opened(in_tasks, two[0], Selection("search", search="SKU-003"))
    with in_tasks.db.read() as session:
        product = session.scalars(select(Product.id).where(Product.sku == "SKU-003")).one()
    single.push_product(in_tasks, product, two[0], "single")
    with in_tasks.db.write() as session:
        session.get_one(Product, product).quantity = 77
        touch(session, [product])
    lanes.work_turn(in_tasks, older, "lane")
    assert job_of(in_tasks, older).summary["pushed"] == 1


def test_a_job_that_sends_everything_supersedes_nothing(in_tasks: Services, two: tuple[int, int]) -> None:
    with in_tasks.db.write() as session:
        selection = Selection("search", search="SKU-003")
        job = jobs.open_push(session, session.get_one(Shop, two[0]), selection, force=True)
        jobs.fill(session, job, PUSH)
        product = session.scalars(select(Product.id).where(Product.sku == "SKU-003")).one()
    single.push_product(in_tasks, product, two[0], "single")
    lanes.work_turn(in_tasks, job.id, "lane")
    assert job_of(in_tasks, job.id).summary == {"pushed": 1}


def test_ten_edits_are_one_message(broker: StubBroker, in_tasks: Services, two: tuple[int, int]) -> None:
    for _ in range(10):
        sync_product.send(1, two[0])
    assert broker.queues["prestashop_sync"].qsize() == 1


def test_a_lane_lets_go_of_a_paused_shop_and_resuming_goes_on(
    broker: StubBroker, run: Run, in_tasks: Services, two: tuple[int, int]
) -> None:
    services = hasty(in_tasks)
    job = opened(services, two[0])
    lanes.work_turn(services, job, "lane")
    with in_tasks.db.write() as session:
        pauses.pause(session, session.get_one(Shop, two[0]), "somebody")
    assert lanes.work_turn(services, job, "lane") is None
    assert single.push_product(services, 1, two[0], "single").status == ItemStatus.PENDING
    assert (done(services, job), job_of(services, job).status) == (10, JobStatus.RUNNING)
    with in_tasks.db.write() as session:
        waiting = pauses.resume(session, session.get_one(Shop, two[0]))
    for progress_id in waiting:
        resume_job.send(progress_id)
    run.until_idle()
    assert (done(services, job), job_of(services, job).status) == (120, JobStatus.COMPLETED)


def test_a_cancel_is_obeyed_after_the_chunk(in_tasks: Services, two: tuple[int, int]) -> None:
    services = hasty(in_tasks)
    job = opened(services, two[0])
    lanes.work_turn(services, job, "lane")
    with in_tasks.db.write() as session:
        session.execute(update(JobProgress).values(cancel_requested=True))
    for _ in range(2):
        lanes.work_turn(services, job, "lane")
    ended = job_of(services, job)
    assert (ended.status, ended.summary) == (JobStatus.CANCELLED, {"pushed": 10, "cancelled": 110})


def test_a_lane_of_an_earlier_round_ends(in_tasks: Services, two: tuple[int, int]) -> None:
    services = hasty(in_tasks)
    job = opened(services, two[0])
    with in_tasks.db.write() as session:
        rounds = [jobs.next_round(session, jobs.get(session, job)) for _ in range(2)]
    assert lanes.work_turn(services, job, "old", rounds[0] or 0) is None
    assert lanes.work_turn(services, job, "new", rounds[1] or 0) == 0.0
    assert done(services, job) == 10


def test_nothing_is_retried_a_day_after_the_start(in_tasks: Services, two: tuple[int, int], sandbox: Sandbox) -> None:
    services = hasty(in_tasks, retry_until=3600.0, retry_delays=(30.0, 60.0, 300.0))
    job = opened(services, two[0])
    sandbox.faults.add("reset")
    lanes.work_turn(services, job, "lane")
    assert job_of(services, job).status == JobStatus.RUNNING
    with in_tasks.db.write() as session:
        session.get_one(JobProgress, job).started_at = now() - timedelta(days=2)
    lanes.work_turn(services, job, "lane")
    ended = job_of(services, job)
    assert (ended.status, ended.summary["failed"]) == (JobStatus.INTERRUPTED, 120)


def test_a_job_of_a_deleted_shop_is_interrupted_and_says_so(
    broker: StubBroker, run: Run, in_tasks: Services, two: tuple[int, int]
) -> None:
    job = opened(in_tasks, two[0])
    with in_tasks.db.write() as session:
        session.delete(session.get_one(Shop, two[0]))
    resume_job.send(job)
    run.until_idle()
    ended = job_of(in_tasks, job)
    assert (ended.status, ended.summary["interrupted"]) == (JobStatus.INTERRUPTED, "the shop was deleted")


def test_a_retry_is_a_job_of_its_own(
    broker: StubBroker, run: Run, in_tasks: Services, two: tuple[int, int], sandbox: Sandbox
) -> None:
    from sync import retries

    with in_tasks.db.write() as session:
        session.execute(update(Product).where(Product.sku == "SKU-004").values(texts={"en": {"name": "a<b"}}))
        job = jobs.open_push(session, session.get_one(Shop, two[0]), Selection("search", search="SKU-00"))
    bulk_sync_products.send(job.id)
    run.until_idle()
    assert job_of(in_tasks, job.id).summary == {"pushed": 9, "refused": 1}
    with in_tasks.db.write() as session:
        session.execute(update(Product).where(Product.sku == "SKU-004").values(texts={"en": {"name": "mended"}}))
        made = retries.retry_failed(session, jobs.get(session, job.id), refused=True)
    bulk_sync_products.send(made.id)
    run.until_idle()
    assert job_of(in_tasks, made.id).summary == {"pushed": 1}


def test_a_turn_goes_on_while_nobody_waits_and_ends_when_somebody_wants_the_slot(
    in_tasks: Services, two: tuple[int, int]
) -> None:
    services = hasty(in_tasks)
    job = opened(services, two[0])
    asked = []

    def others_wait() -> bool:
        asked.append(done(services, job))
        if len(asked) == 3:  # another lane comes to the shop
            with services.db.write() as session:
                assert not slots.acquire(session, session.get_one(Shop, two[0]), "another")
        return False

    assert lanes.work_turn(services, job, "lane", 0, others_wait) is not None
    assert asked[0] == 10
    assert asked == sorted(asked)
    assert 20 <= done(services, job) <= 60  # what each of the lane's two hands held by then was finished
