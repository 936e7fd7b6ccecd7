"""One run: a round of trouble, the wait for everything to end, a last push to every shop, the verdict."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from models import JobItem, JobProgress, Presence, Shop, ShopSlot, now
from models.jobs import ENDED, OPEN_ITEMS
from sync import jobs
from sync.selection import Selection
from tasks.actors import bulk_sync_products, reap
from tests.chaos.trouble import Trouble
from tests.chaos.verdict import Verdict, judge
from tests.chaos.world import World, say
from tests.processes import wait_until

PATIENCE = 180.0
"""Seconds within which everything has to end by itself once nothing goes wrong any more."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def run(folder: Path, database_url: str, *, seed: int, seconds: float, products: int = 200) -> Verdict:
    """Chaos for so many seconds, then the verdict."""
    world = World(folder, database_url, seed, products)
    trouble = Trouble(world, seed)
    try:
        world.start_worker()
        world.start_worker()
        world.start_scheduler()
        trouble.round(seconds)
        say(f"calm after: {', '.join(f'{number} x {what}' for what, number in sorted(trouble.done.items()))}")
        _settle(world)
        for shop_id in world.shops:
            with world.services.db.write() as session:
                job = jobs.open_push(session, session.get_one(Shop, shop_id), Selection("all")).id
            world.send(bulk_sync_products, job)
        _settle(world)
        return judge(world)
    finally:
        world.stop()


def _settle(world: World) -> None:
    """Wait until every job has ended. The reaper comes by whenever we look, and finds overdue what is due at all."""
    try:
        wait_until(lambda: _quiet(world), "all jobs to end by themselves", PATIENCE)
    except AssertionError:
        for line in _state(world):
            say(line)
        raise
    say("every job has ended")


def _quiet(world: World) -> bool:
    unended = JobProgress.status.not_in(list(ENDED))
    try:
        with world.services.db.write() as session:
            left = session.scalar(select(func.count()).select_from(JobProgress).where(unended))
            if left:  # as if the minutes had passed that a job waits for a sign of life
                session.execute(update(JobProgress).where(unended).values(due_at=now(), created_at=LONG_AGO))
    except DBAPIError:  # a deadlock with a lane, or a connection that was cut
        return False
    if left:
        world.send(reap)
    return not left


def _state(world: World) -> list[str]:
    """What did not end, and who seems to be at it."""
    with world.services.db.read() as session:
        jobs_left = session.execute(
            select(JobProgress.id, JobProgress.kind, JobProgress.status, JobItem.status, func.count(JobItem.id))
            .outerjoin(JobItem, (JobItem.progress_id == JobProgress.id) & JobItem.status.in_(OPEN_ITEMS))
            .where(JobProgress.status.not_in(list(ENDED)))
            .group_by(JobProgress.id, JobProgress.kind, JobProgress.status, JobItem.status)
        ).all()
        slots = session.execute(select(ShopSlot.shop_id, ShopSlot.holder, ShopSlot.wanted)).all()
        present = session.execute(select(Presence.claimant, Presence.process, Presence.beats)).all()
    return [f"{what}: {tuple(row)}" for what, rows in
            (("job", jobs_left), ("slot", slots), ("present", present)) for row in rows]  # fmt: skip
