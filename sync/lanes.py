"""A lane: the work of one job in one shop, chunk by chunk, a turn at a time.

Everything that a lane knows is in the database, so that any worker can go on with it after any kill.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from models import ItemStatus, JobProgress, JobStatus, Shop, now
from sync import chunks, jobs, slots
from sync.chunks import Claimed, Settled, claim, next_due, settle
from sync.kinds import Done, Kind
from sync.kinds.registry import kind_of
from sync.outcome import retry
from sync.services import Services
from sync.shops import note_contact
from sync.strategies.run import Run

logger = structlog.get_logger(__name__)

SLOT_DELAY = 0.3
CHUNK_TIME = 300.0
"""Seconds after which a chunk without an end is no longer waited for."""
IMAGE_TIME = 120.0
"""Seconds after which a chunk leaves the rest of its images to the next one."""


def work_turn(services: Services, progress_id: int, claimant: str) -> float | None:
    """Work on the job for one turn. Seconds after which to go on (0: at once, behind others); None: nothing is left."""
    entered = _enter(services, progress_id, claimant)
    if entered is None or isinstance(entered, float):
        return entered
    shop, kind, params = entered
    until = time.monotonic() + services.policy.turn
    try:
        with services.connect(shop) as client:
            pause: float | None = 0.0
            while pause == 0.0:
                deadline = time.monotonic() + IMAGE_TIME
                pause = _work_chunk(Run(services, shop, client, claimant, deadline, progress_id, params), kind)
                if time.monotonic() > until:
                    break
            return pause
    finally:
        _leave(services, progress_id, shop, claimant)


def _enter(services: Services, progress_id: int, claimant: str) -> tuple[Shop, Kind, dict[str, Any]] | float | None:
    """The shop, with one of its slots taken, and the work; seconds to wait; None when there is nothing to do."""
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
        return (job.shop, kind_of(job.kind), job.params) if free else SLOT_DELAY


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


def _work_chunk(run: Run, kind: Kind) -> float | None:
    """Claim, work, settle. Seconds to wait before the next chunk; None when none waits."""
    services, progress_id = run.services, run.progress_id or 0
    with services.db.write() as session:
        items = claim(session, progress_id, run.claimant, services.policy, kind.chunk)
        jobs.expect(session, progress_id, CHUNK_TIME)
        if not items:
            jobs.finish(session, progress_id)
            return next_due(session, progress_id)
    started = time.monotonic()
    done = _work(run, kind, items)
    share = round((time.monotonic() - started) * 1000 / len(items))
    settled = [Settled(item, done.outcomes[item.id], share) for item in items]
    with services.db.write() as session:
        if done.record:
            done.record(session, share)
        settle(session, progress_id, run.claimant, settled, services.policy)
        return _after(session, run, progress_id, settled)


def _work(run: Run, kind: Kind, items: Sequence[Claimed]) -> Done:
    """What became of the chunk. A mistake of ours counts as a failed attempt of all of it, never as its end."""
    try:
        return kind.work(run, items)
    except Exception as error:
        logger.exception("a chunk of items failed", job=run.progress_id, kind=kind.name, shop=run.shop.name)
        outcome = retry(f"internal error: {type(error).__name__}: {error}")
        return Done({item.id: outcome for item in items})


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
