"""What somebody else brought in step since the job was opened needs no push of this job any more."""

from collections.abc import Sequence

from models import ItemStatus
from sync.outcome import Outcome
from sync.strategies.run import Run
from sync.strategies.work import Work


def supersede(run: Run, works: Sequence[Work]) -> list[Work]:
    """Give those an outcome; the works that are left. A job that is to send everything anew supersedes nothing."""
    for work in works:
        if not work.wish.force and _was_pushed_since(run, work):
            work.outcome = Outcome(ItemStatus.SUPERSEDED, external_id=work.link.external_id)
    return [work for work in works if work.open]


def _was_pushed_since(run: Run, work: Work) -> bool:
    success = work.link.last_success_at
    return bool(work.was_in_step and run.opened_at and success and success > run.opened_at and not work.link.conflict)
