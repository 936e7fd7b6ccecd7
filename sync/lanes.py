"""A lane: the work of one job in one shop, chunk by chunk, a turn at a time.

Everything that a lane knows is in the database, so that any worker can go on with it after any kill.
"""

import time
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ItemStatus, JobProgress, JobStatus, Product, Shop, now
from sync import chunks, jobs, slots
from sync.chunks import Claimed, Settled, claim, next_due, settle
from sync.outcome import Outcome, retry, skipped, snooze
from sync.services import Services
from sync.shops import note_contact
from sync.strategies.product import push_products
from sync.strategies.run import BUSY_DELAY, Run
from sync.strategies.work import Work, record

logger = structlog.get_logger(__name__)

SLOT_DELAY = 0.3
CHUNK_TIME = 300.0
"""Seconds after which a chunk without an end is no longer waited for."""
IMAGE_TIME = 120.0
"""Seconds after which a chunk leaves the rest of its images to the next one."""


def work_turn(services: Services, progress_id: int, claimant: str) -> float | None:
    """Work on the job for one turn. Seconds after which to go on (0: at once, behind others); None: nothing is left."""
    shop = _enter(services, progress_id, claimant)
    if shop is None:
        return None
    if isinstance(shop, float):
        return shop
    until = time.monotonic() + services.policy.turn
    try:
        with services.connect(shop) as client:
            pause: float | None = 0.0
            while pause == 0.0:
                run = Run(services, shop, client, claimant, time.monotonic() + IMAGE_TIME)
                pause = _work_chunk(run, progress_id)
                if time.monotonic() > until:
                    break
            return pause
    finally:
        _leave(services, progress_id, shop, claimant)


def _enter(services: Services, progress_id: int, claimant: str) -> Shop | float | None:
    """The shop, with one of its slots taken; seconds to wait for one; None when there is nothing to do here."""
    with services.db.write() as session:
        job = session.get(JobProgress, progress_id)
        if job is None or job.status != JobStatus.RUNNING:
            return None
        if job.cancel_requested:
            chunks.cancel_left_over(session, progress_id, claimant)
            jobs.cancel(session, progress_id)
            return None
        reason = _end_reason(services, job)
        if reason is not None:
            jobs.give_up(session, progress_id, reason)
            jobs.finish(session, progress_id)
            return None
        assert job.shop is not None  # noqa: S101 - _end_reason says so otherwise
        free = slots.acquire(session, job.shop, claimant, services.policy.claim)
        return job.shop if free else SLOT_DELAY


def _leave(services: Services, progress_id: int, shop: Shop, claimant: str) -> None:
    """Give the slot back, and say when the job's next sign of life is due."""
    with services.db.write() as session:
        slots.release(session, shop.id, claimant)
        jobs.expect(session, progress_id, next_due(session, progress_id) or 0.0)


def _end_reason(services: Services, job: JobProgress) -> str | None:
    """Why the job's waiting items are not to be tried any more."""
    if job.shop is None:
        return "the shop was deleted"
    if not job.shop.active:
        return f"shop {job.shop.name!r} is not active; activate it under Shops and push again"
    if now() - (job.started_at or now()) > timedelta(seconds=services.policy.retry_until):
        return f"given up {services.policy.retry_until / 3600:g} h after the job's start"
    return None


def _work_chunk(run: Run, progress_id: int) -> float | None:
    """Claim, push, settle. Seconds to wait before the next chunk; None when none waits."""
    with run.services.db.write() as session:
        items = claim(session, progress_id, run.claimant, run.services.policy)
        jobs.expect(session, progress_id, CHUNK_TIME)
        if not items:
            jobs.finish(session, progress_id)
            return next_due(session, progress_id)
    started = time.monotonic()
    outcomes, works = _push(run, progress_id, items)
    share = round((time.monotonic() - started) * 1000 / len(items))
    settled = [Settled(item, outcomes[item.id], share) for item in items]
    with run.services.db.write() as session:
        record(session, run, works, share, progress_id)
        settle(session, progress_id, run.claimant, settled, run.services.policy)
        return _after(session, run, progress_id, settled)


def _push(run: Run, progress_id: int, items: Sequence[Claimed]) -> tuple[dict[int, Outcome], list[Work]]:
    """The outcome of each item. A mistake of ours counts as a failed attempt of the whole chunk, never as its end."""
    try:
        works = push_products(run, [item.product_id for item in items if item.product_id is not None])
    except Exception as error:
        logger.exception("a chunk of items failed", job=progress_id, shop=run.shop.name)
        outcome = retry(f"internal error: {type(error).__name__}: {error}")
        return {item.id: outcome for item in items}, []
    by_product = {work.product.id: work.outcome for work in works}
    others = _existing(run, [item.product_id for item in items if item.product_id not in by_product])
    return {
        item.id: by_product.get(item.product_id or 0)
        or (snooze(BUSY_DELAY) if item.product_id in others else skipped("the product was deleted"))
        for item in items
    }, works


def _existing(run: Run, product_ids: Sequence[int | None]) -> set[int | None]:
    if not product_ids:
        return set()
    with run.services.db.read() as session:
        return set(session.scalars(select(Product.id).where(Product.id.in_(product_ids))))


def _after(session: Session, run: Run, progress_id: int, settled: Sequence[Settled]) -> float | None:
    """What the chunk's outcomes mean for the rest of the job."""
    shop_wide = next((one.outcome for one in settled if one.outcome.shop_wide), None)
    note_contact(session, run.shop, shop_wide.error if shop_wide else None)
    if shop_wide is not None and shop_wide.status == ItemStatus.FAILED:
        jobs.give_up(session, progress_id, f"shop {run.shop.id} ({run.shop.name}): {shop_wide.error}")
    job = jobs.get(session, progress_id)
    if job.cancel_requested:
        jobs.cancel(session, progress_id)
    if jobs.finish(session, progress_id):
        return None
    if shop_wide is not None:
        return max(run.services.policy.retry_delays[0], shop_wide.delay or 0.0)
    return 0.0
