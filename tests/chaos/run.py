"""One run: a round of trouble, the wait for everything to end, a last push to every shop, the verdict."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, update

from models import JobProgress, Shop, now
from models.jobs import ENDED
from sync import jobs
from sync.selection import Selection
from tasks.actors import bulk_sync_products, reap
from tests.chaos.trouble import Trouble
from tests.chaos.verdict import Verdict, judge
from tests.chaos.world import World, say
from tests.processes import wait_until

PATIENCE = 600.0
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

    def quiet() -> bool:
        with world.services.db.write() as session:
            unended = JobProgress.status.not_in(list(ENDED))
            left = session.scalar(select(func.count()).select_from(JobProgress).where(unended))
            if left:  # as if the minutes had passed that a job waits for a sign of life
                session.execute(update(JobProgress).where(unended).values(due_at=now(), created_at=LONG_AGO))
        if left:
            world.send(reap)
        return not left

    wait_until(quiet, "all jobs to end by themselves", PATIENCE)
    say("every job has ended")
