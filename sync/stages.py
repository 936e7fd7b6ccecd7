"""What a job's kind does before its lanes begin, in one of the shop's slots like everything else."""

from models import JobProgress, JobStatus
from sync import jobs
from sync.kinds.registry import kind_of
from sync.outcome import Outcome, skipped, snooze
from sync.places import NotNow, place_in
from sync.services import Services


def prepare(services: Services, progress_id: int, claimant: str) -> Outcome:
    """Run the stage; to be called again where its outcome is PENDING (its turn is not yet) or RETRY."""
    with services.db.write() as session:
        job = jobs.get(session, progress_id)
        kind, shop_id = kind_of(job.kind), job.shop_id
        if job.status != JobStatus.RUNNING or kind.prepare is None:
            return skipped("the job has ended, or needs no preparing")
        if "items_of" in job.params and kind.discovers:
            return skipped("its items are those of another job")
        if _is_to_stop(job):
            jobs.opened(session, job)
            return skipped("the job is to stop")
        jobs.expect(session, progress_id, 300.0)
    if shop_id is None:
        return kind.prepare(services, progress_id, claimant)
    try:
        with place_in(services, shop_id, claimant):
            return kind.prepare(services, progress_id, claimant)
    except NotNow as wait:
        return snooze(wait.delay)


def _is_to_stop(job: JobProgress) -> bool:
    """Cancelled before its items were all known: those that are known are settled, and no more are looked for."""
    return job.cancel_requested and job.opened_at is None
