"""What runs by the clock: one look a minute for what is due, and a message for each run."""

import dramatiq
from periodiq import cron

from sync.schedules import due, entries
from sync.schedules import run as runs
from tasks import health
from tasks.actors import bulk_sync_products
from tasks.context import services
from tasks.periodic_actor import PeriodicActor


@dramatiq.actor(
    actor_class=PeriodicActor, queue_name="scheduler", periodic=cron("* * * * *"), time_limit=60_000, max_retries=0
)
def tick() -> None:
    """Take the schedules that are due and send each on its way; however many schedulers ask, each is taken once."""
    health.scheduler_was_here()
    with services().db.write() as session:
        entries.ensure_defaults(session)
        taken = due.take_due(session)
    for one in taken:
        run_schedule.send(one.schedule_id, one.token)


@dramatiq.actor(queue_name="default", time_limit=15 * 60_000, max_retries=0)
def run_schedule(schedule_id: int, token: str) -> None:
    """Do what a schedule says. The token is of the run that was taken: a message that comes twice does nothing."""
    progress_id = runs.run(services(), schedule_id, token)
    if progress_id is not None:
        bulk_sync_products.send(progress_id)
