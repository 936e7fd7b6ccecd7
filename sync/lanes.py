"""A lane: the work of one job in one shop, chunk by chunk, a turn at a time.

Everything that a lane knows is in the database, so that any worker can go on with it after any kill.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import ItemStatus, JobProgress, JobStatus, Shop, ShopSlot, now
from prestashop_client import PrestaShopClient
from sync import chunks, jobs, slots
from sync.chunks import Claimed, Settled, claim, next_due, settle
from sync.counts import CHUNK_TIME
from sync.hands import with_two_hands
from sync.kinds import Done, Kind
from sync.kinds.registry import kind_of
from sync.outages import is_outage
from sync.outcome import retry
from sync.services import Services
from sync.shops import note_contact
from sync.strategies.run import Run

logger = structlog.get_logger(__name__)

TWICE_DELAY = 1.0
"""Seconds after which a message that was delivered twice looks whether the other one is still at work."""
IMAGE_TIME = 120.0
"""Seconds after which a chunk leaves the rest of its images to the next one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A lane at work: its shop, with one of its slots taken."""

    services: Services
    progress_id: int
    claimant: str
    round: int
    shop: Shop
    kind: Kind
    params: dict[str, Any]
    opened_at: datetime | None
    late: bool


LONGEST_TURN = 10.0
"""Seconds after which a turn ends although nobody waits for the worker or the shop: a worker stops within them."""


def work_turn(
    services: Services, progress_id: int, claimant: str, lane_round: int = 0,
    others_wait: Callable[[], bool] = lambda: True,
) -> float | None:  # fmt: skip
    """Work on the job for one turn. Seconds after which to go on (0: at once, behind others); None: nothing is left.

    `lane_round` is the round of lanes that this one belongs to; one of an earlier round ends. 0 belongs to any. The
    turn lasts as the policy says, and longer while nobody wants the shop's slot or, by `others_wait`, the thread.
    """
    turn = _enter(services, progress_id, claimant, lane_round)
    if not isinstance(turn, Turn):
        return turn
    try:
        pause = _work_chunks(turn, others_wait)
    except BaseException:
        services.watch.abandon(claimant)
        raise
    return _leave(turn, pause)


def _work_chunks(turn: Turn, others_wait: Callable[[], bool]) -> float | None:
    with turn.services.connect(turn.shop) as client:
        loop = _Loop(turn, client, others_wait)
        pause = loop.chunk(turn.claimant)
        if pause != 0.0 or loop.over():
            return pause
        if turn.kind.two_hands and not turn.params.get("plan"):  # a rehearsal keeps SQLite to itself
            return with_two_hands(turn.services, turn.claimant, loop, loop.stop)
        return loop(turn.claimant)


class _Loop:
    """Chunk after chunk until the turn is over: seconds after which to go on, None when nothing is left."""

    def __init__(self, turn: Turn, client: PrestaShopClient, others_wait: Callable[[], bool]) -> None:
        self.turn, self.client, self.others_wait = turn, client, others_wait
        self.began = time.monotonic()
        self.stopped = False

    def __call__(self, claimant: str) -> float | None:
        while True:
            pause = self.chunk(claimant)
            if pause != 0.0 or self.over():
                return pause

    def chunk(self, claimant: str) -> float | None:
        turn, deadline = self.turn, time.monotonic() + IMAGE_TIME
        run = Run(
            turn.services, turn.shop, self.client, claimant, deadline, turn.progress_id, turn.params, turn.opened_at
        )
        return _work_chunk(turn, run, only_if_unwanted=self._spent() > turn.services.policy.turn)

    def over(self) -> bool:
        spent = self._spent()
        return self.stopped or spent > LONGEST_TURN or (spent > self.turn.services.policy.turn and self.others_wait())

    def stop(self) -> None:
        self.stopped = True

    def _spent(self) -> float:
        return time.monotonic() - self.began


def _enter(services: Services, progress_id: int, claimant: str, lane_round: int) -> Turn | float | None:
    """A turn; seconds to wait for one; None when there is nothing to do."""
    with services.db.write() as session:
        job = session.get(JobProgress, progress_id)
        if job is None or job.status != JobStatus.RUNNING or lane_round not in (0, job.lane_round):
            return None
        shop = _shop_to_work_in(session, job, claimant)
        if shop is None:
            return None
        late = _is_late(services, job)
        if late:
            jobs.give_up_retries(session, progress_id, _too_late(services))
        if not services.watch.enter(session, claimant):
            return TWICE_DELAY
        if not slots.acquire(session, shop, claimant):
            services.watch.leave(session, claimant)
            wait = slots.delay(session, shop.id)
            jobs.expect(session, progress_id, wait)
            return wait
        jobs.expect(session, progress_id, CHUNK_TIME)
        kind = kind_of(job.kind)
        return Turn(services, progress_id, claimant, job.lane_round, shop, kind, job.params, job.opened_at, late)


def _shop_to_work_in(session: Session, job: JobProgress, claimant: str) -> Shop | None:
    """The job's shop; None where the job is to stop, which it is told then, or where the shop is paused."""
    if job.cancel_requested:
        chunks.cancel_left_over(session, job.id, claimant)
        jobs.cancel(session, job.id)
        return None
    shop = job.shop
    if shop is None or not shop.active:
        jobs.interrupt(session, job.id, _why_not(shop))
        jobs.finish(session, job.id)
        return None
    return shop if shop.paused_at is None else None  # sync.pauses starts a new round


def _why_not(shop: Shop | None) -> str:
    if shop is None:
        return "the shop was deleted"
    return f"shop {shop.name!r} is not active; activate it under Shops and push again"


def _is_late(services: Services, job: JobProgress) -> bool:
    return now() - (job.started_at or now()) > timedelta(seconds=services.policy.retry_until)


def _too_late(services: Services) -> str:
    return f"given up {services.policy.retry_until / 3600:g} h after the job's start"


def _leave(turn: Turn, pause: float | None) -> float | None:
    """Give the slot back, and say when the job's next sign of life is due."""
    with turn.services.db.write() as session:
        slots.release(session, turn.shop.id, turn.claimant)
        turn.services.watch.leave(session, turn.claimant)
        if pause is not None:
            jobs.expect(session, turn.progress_id, pause)
    return pause


def _goes_on(turn: Turn, *, only_if_unwanted: bool = False) -> ColumnElement[bool]:
    """That nobody has cancelled the job, paused or switched off the shop, or started other lanes since; and if asked,
    that nobody waits for the slot."""
    job = select(JobProgress.id).where(
        JobProgress.id == turn.progress_id,
        JobProgress.cancel_requested.is_(False),
        JobProgress.lane_round == turn.round,
    )
    shop = select(Shop.id).where(Shop.id == turn.shop.id, Shop.active, Shop.paused_at.is_(None))
    if not only_if_unwanted:
        return job.exists() & shop.exists()
    wanted = select(ShopSlot.number).where(
        ShopSlot.shop_id == turn.shop.id, ShopSlot.holder == turn.claimant, ShopSlot.wanted
    )
    return job.exists() & shop.exists() & ~wanted.exists()


def _work_chunk(turn: Turn, run: Run, *, only_if_unwanted: bool) -> float | None:
    """Claim, work, settle. Seconds to wait before the next chunk; None when none waits."""
    services, progress_id = turn.services, turn.progress_id
    with services.db.write() as session:
        items = claim(
            session,
            progress_id,
            run.claimant,
            services.policy,
            turn.kind.chunk,
            allowed=_goes_on(turn, only_if_unwanted=only_if_unwanted),
        )
        if not items:
            return _without_items(session, turn, only_if_unwanted=only_if_unwanted)
    started = time.monotonic()
    done = _work(run, turn.kind, items)
    share = round((time.monotonic() - started) * 1000 / len(items))
    settled = [Settled(item, done.outcomes[item.id], share) for item in items]
    with services.db.write() as session:
        if done.record:
            done.record(session, share)
        settle(session, progress_id, run.claimant, settled, services.policy)
        return _after(session, turn, settled)


def _without_items(session: Session, turn: Turn, *, only_if_unwanted: bool) -> float | None:
    """Nothing could be claimed: the job is over, waits, or is not to go on."""
    if jobs.finish(session, turn.progress_id):
        return None
    if not session.scalar(select(_goes_on(turn, only_if_unwanted=only_if_unwanted))):
        if jobs.get(session, turn.progress_id).cancel_requested:
            jobs.cancel(session, turn.progress_id)
        return 0.01  # come again: the next turn sees what it is
    return next_due(session, turn.progress_id)


def _work(run: Run, kind: Kind, items: Sequence[Claimed]) -> Done:
    """What became of the chunk. A mistake of ours counts as a failed attempt of all of it, never as its end."""
    try:
        return kind.work(run, items)
    except Exception as error:
        if is_outage(error):
            raise
        logger.exception("a chunk of items failed", job=run.progress_id, kind=kind.name, shop=run.shop.name)
        outcome = retry(f"internal error: {type(error).__name__}: {error}")
        return Done({item.id: outcome for item in items})


def _after(session: Session, turn: Turn, settled: Sequence[Settled]) -> float | None:
    """What the chunk's outcomes mean for the rest of the job."""
    shop, progress_id = turn.shop, turn.progress_id
    wide = next((one.outcome for one in settled if one.outcome.shop_wide), None)
    if wide is None or wide.status != ItemStatus.PENDING:
        note_contact(session, shop, wide.error if wide else None)
    if wide is not None and wide.status == ItemStatus.FAILED:
        jobs.give_up(session, progress_id, f"shop {shop.id} ({shop.name}): {wide.error}")
    if turn.late and any(one.outcome.status == ItemStatus.RETRY for one in settled):
        _give_up_late(session, turn, f"{wide.error}" if wide else None)
        if jobs.finish(session, progress_id):
            return None
    if wide is None or wide.status == ItemStatus.FAILED:
        return 0.0
    wait = wide.delay or 0.0
    return wait if wide.status == ItemStatus.PENDING else max(turn.services.policy.retry_delays[0], wait)


def _give_up_late(session: Session, turn: Turn, shop_error: str | None) -> None:
    """After a day nothing is retried; where the shop itself does not answer, nothing is tried at all."""
    reason = _too_late(turn.services)
    jobs.give_up_retries(session, turn.progress_id, reason)
    if shop_error is not None:
        jobs.interrupt(session, turn.progress_id, f"{reason}: {shop_error}")
