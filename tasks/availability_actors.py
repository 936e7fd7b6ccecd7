"""The actors of availability: what can be ordered goes into a shop, by the web service or into its database."""

import dramatiq

from models import JobStatus
from sync import jobs
from sync.availability.direct import work_by_sql
from sync.availability.job import open_availability
from sync.errors import SyncError
from sync.kinds.availability import AVAILABILITY
from tasks.actors import _job_killed, _start, start_lanes
from tasks.context import services
from tasks.middleware.retries import Snooze
from tasks.outages import waiting_out


@dramatiq.actor(queue_name="prestashop_sync", time_limit=10 * 60_000, throws=(SyncError,))
def sync_supplier_availability(shop_id: int) -> None:
    """Open the job that tells a shop what can be ordered, and do it. Schedules open it themselves."""
    with waiting_out(), services().db.write() as session:
        progress_id = open_availability(session, shop_id).id
    pause = _work(progress_id)
    if pause is not None:
        work_availability.send_with_options(args=(progress_id,), delay=round(pause * 1000))


@dramatiq.actor(queue_name="prestashop_sync", time_limit=60 * 60_000, killed=_job_killed)
def work_availability(progress_id: int) -> None:
    """Do such a job, or go on with it."""
    pause = _work(progress_id)
    if pause is not None:
        raise Snooze(pause)


def _work(progress_id: int) -> float | None:
    """Seconds after which to go on; None when it is done, or others do it."""
    with waiting_out(), services().db.write() as session:
        job = jobs.get(session, progress_id)
        by_sql, is_new = job.params.get("route") == "sql", job.status == JobStatus.PENDING
        if not by_sql:
            jobs.fill(session, job, AVAILABILITY)
        running = job.status == JobStatus.RUNNING
    if by_sql:
        with waiting_out():
            return work_by_sql(services(), progress_id)
    if running and is_new:
        _start(progress_id, AVAILABILITY)
    elif running:
        start_lanes.send(progress_id)
    return None
