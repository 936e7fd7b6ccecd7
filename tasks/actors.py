"""The actors: ids in, a few lines over the domain, an outcome out. Callable from Python: `sync_product.send(1, 2)`."""

from typing import Any

import dramatiq
from dramatiq import Message, group, pipeline
from dramatiq.errors import Retry
from dramatiq.middleware import CurrentMessage
from periodiq import cron
from sqlalchemy.orm import Session

from models import ItemStatus, JobStatus
from sync import deliveries, jobs, lanes, queues, single, stages
from sync.errors import SyncError
from sync.kinds import Kind
from sync.kinds.registry import KINDS, kind_of
from sync.outcome import Outcome
from tasks import health, load
from tasks.context import services
from tasks.middleware.paused import is_paused
from tasks.middleware.retries import Snooze, is_last_attempt
from tasks.outages import waiting_out
from tasks.periodic_actor import PeriodicActor
from tasks.product_actor import ProductActor

HOUR_MS = 3_600_000
BEHIND_OTHERS = 10
"""Dramatiq's priority, the higher the later: of what a worker has fetched, single pushes go before turns of lanes."""


def _message() -> Message[Any] | None:
    return CurrentMessage.get_current_message()


def _claimant() -> str:
    """The message's id, which stays the same when it is delivered again or snoozes."""
    message = _message()
    return message.message_id if message else dramatiq.message.generate_unique_id()


def _conclude(outcome: Outcome) -> None:
    """Come again later where the outcome says so; everything else is recorded already."""
    if outcome.status == ItemStatus.PENDING:
        raise Snooze(outcome.delay or 0.0)
    if outcome.status == ItemStatus.RETRY:
        raise Retry(outcome.error or "", delay=round((outcome.delay or 0.0) * 1000))


def _product_failed(reason: str, product_id: int, shop_id: int) -> None:
    single.give_up(services(), product_id, shop_id, reason)


@dramatiq.actor(
    actor_class=ProductActor, queue_name="prestashop_sync", time_limit=10 * 60_000, unique_for=HOUR_MS,
    throws=(SyncError,), give_up=_product_failed,
)  # fmt: skip
def sync_product(product_id: int, shop_id: int) -> None:
    """Push one product to one shop: create or update it with all that it needs there."""
    last = is_last_attempt(_message(), services().policy.retry_delays)
    with waiting_out():
        outcome = single.push_product(services(), product_id, shop_id, _claimant(), last=last)
    _conclude(outcome)


@dramatiq.actor(queue_name="prestashop_sync", time_limit=10 * 60_000, throws=(SyncError,), give_up=_product_failed)
def sync_images(product_id: int, shop_id: int) -> None:
    """Push the images of a product that is in the shop."""
    with waiting_out():
        outcome = single.push_product_images(services(), product_id, shop_id, _claimant())
    _conclude(outcome)


def _category_failed(reason: str, category_id: int, shop_id: int) -> None:
    single.log_category_failure(services(), category_id, shop_id, reason)


@dramatiq.actor(queue_name="prestashop_sync", time_limit=5 * 60_000, throws=(SyncError,), give_up=_category_failed)
def sync_category(category_id: int, shop_id: int) -> None:
    """Push one category, all above it first."""
    with waiting_out():
        outcome = single.push_category(services(), category_id, shop_id, _claimant())
    _conclude(outcome)


def _job_killed(reason: str, progress_id: int) -> None:
    """A job whose beginning kills its worker would be taken up for ever: it ends here."""
    with services().db.write() as session:
        deliveries.stop_job(session, progress_id, reason)


@dramatiq.actor(queue_name="prestashop_sync", time_limit=5 * 60_000, killed=_job_killed)
def bulk_sync_products(progress_id: int) -> None:
    """Open a job that `sync.jobs.open_push` made: its items, then its categories, then its lanes."""
    _open(progress_id)


@dramatiq.actor(queue_name="import", time_limit=5 * 60_000)
def bulk_import_products(progress_id: int) -> None:
    """Open a job that `sync.intake.open_import` made: finding the shop's products, then its lanes."""
    _open(progress_id)


def _open(progress_id: int) -> None:
    with waiting_out(), services().db.write() as session:
        job = jobs.get(session, progress_id)
        kind = kind_of(job.kind)
        if kind.actor is None:
            jobs.fill(session, job, kind)
        running = job.status == JobStatus.RUNNING
    if kind.actor:
        dramatiq.get_broker().get_actor(kind.actor).send(progress_id)
    elif running:
        _start(progress_id, kind)


def _start(progress_id: int, kind: Kind) -> None:
    """The job's stages: what its kind prepares, then its lanes, all in its kind's queue."""
    stages = [_in(kind.queue, prepare_job.message(progress_id))] if kind.prepare else []
    lanes_next = start_lanes.message_with_options(args=(progress_id,), pipe_ignore=True)
    pipeline([*stages, _in(kind.queue, lanes_next)]).run()


def _in(queue: str, message: Message[Any]) -> Message[Any]:
    return message.copy(queue_name=queue)


@dramatiq.actor(queue_name="prestashop_sync", time_limit=10 * 60_000, killed=_job_killed)
def prepare_job(progress_id: int) -> None:
    """What a job's kind does before its lanes begin: categories in step, or finding the items."""
    with waiting_out():
        outcome = stages.prepare(services(), progress_id, _claimant())
    _conclude(outcome)


@dramatiq.actor(queue_name="prestashop_sync", time_limit=60_000)
def start_lanes(progress_id: int) -> None:
    """Start as many lanes as the shop may have at a time; the last one to end wakes `finish_job`.

    Lanes that were started before end when they come to their next chunk.
    """
    with services().db.write() as session:
        job = jobs.get(session, progress_id)
        queue, count = kind_of(job.kind).queue, job.shop.max_concurrency if job.shop else 1
        lane_round = jobs.next_round(session, job)
    if lane_round is None:
        return
    lane_group = group([_in(queue, push_lane.message(progress_id, lane_round)) for _ in range(count)])
    lane_group.add_completion_callback(finish_job.message(progress_id))
    lane_group.run()


@dramatiq.actor(queue_name="prestashop_sync", time_limit=10 * 60_000, counts_items=True, priority=BEHIND_OTHERS)
def push_lane(progress_id: int, lane_round: int = 0) -> None:
    """Work on a job for a turn, then let others go first."""
    message = _message()

    def to_yield() -> bool:
        return load.others_wait() or (message is not None and is_paused(push_lane.broker, message.queue_name))

    with waiting_out():
        pause = lanes.work_turn(services(), progress_id, _claimant(), lane_round, to_yield)
    if pause is not None:
        raise Snooze(pause)


@dramatiq.actor(queue_name="default", time_limit=60_000)
def finish_job(progress_id: int) -> None:
    """End the job if its ledger says so."""
    with services().db.write() as session:
        jobs.finish(session, progress_id)


def _not_held(session: Session, stalled: list[int]) -> list[int]:
    """Those whose messages do not wait in a queue that an operator holds: they are not lost."""
    held = queues.paused(session).keys()
    if "default" in held:
        return []
    waiting = {kind.name for kind in KINDS.values() if kind.queue in held}
    return [number for number in stalled if jobs.get(session, number).kind not in waiting]


@dramatiq.actor(
    actor_class=PeriodicActor, queue_name="scheduler", periodic=cron("* * * * *"), time_limit=60_000, max_retries=0
)
def reap() -> None:
    """Take up jobs that nobody works on any more (their messages were lost, or their workers), and end those that are
    to end and have nobody who would do it."""
    health.scheduler_was_here()
    with services().db.write() as session:
        jobs.lapse(session)
        jobs.end_cancelled(session)
        stalled = _not_held(session, jobs.stalled(session))
        for progress_id in stalled:
            jobs.expect(session, progress_id, 0.0)
    for progress_id in stalled:
        resume_job.send(progress_id)


@dramatiq.actor(queue_name="default", time_limit=60_000)
def resume_job(progress_id: int) -> None:
    """Go on with a job where its ledger stands."""
    with services().db.write() as session:
        job = jobs.get(session, progress_id)
        status, kind, is_open = job.status, kind_of(job.kind), job.opened_at is not None
        jobs.finish(session, progress_id)
    if status == JobStatus.PENDING or (status == JobStatus.RUNNING and kind.actor):
        bulk_sync_products.send(progress_id)
    elif status == JobStatus.RUNNING and is_open:
        start_lanes.send(progress_id)
    elif status == JobStatus.RUNNING:
        _start(progress_id, kind)
