"""Items that kill the worker that has them in hand: found out by trying them alone, and failed after the third time.

A worker is killed with a whole chunk in hand, and nobody knows which item it was. Killed with the same items twice,
they are worked on one by one: the innocent are settled, and the third time it has one item in hand.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, ProductSyncStatus, now
from sync.counts import recount
from sync.job_progress import remember_errors
from sync.signatures import error_signature

ALONE = 2
"""An item that was in hand when so many workers were killed is worked on alone."""
BESIDE = 2.0
"""Seconds after which a lane that found another one at work on a suspect looks again."""
LIMIT = 3
REASON = f"killed its worker {LIMIT} times; see the workers' log for why (memory, a crash of a library)"


def count_killed(session: Session, claimant: str) -> None:
    """Note that a worker was killed with what this claimant holds; what that happened to too often has failed."""
    held = (JobItem.status == ItemStatus.CLAIMED) & (JobItem.claimed_by == claimant)
    session.execute(update(JobItem).where(held).values(kills=JobItem.kills + 1))
    guilty = session.scalars(select(JobItem).where(held, JobItem.kills >= LIMIT).with_for_update()).all()
    for item in guilty:
        item.status, item.error, item.signature = ItemStatus.FAILED, REASON, error_signature(REASON)
        item.claimed_by, item.finished_at = None, now()
    session.flush()
    for number in {item.progress_id for item in guilty}:
        job = session.get_one(JobProgress, number)
        recount(session, job)
        remember_errors(job, [{"sku": one.sku, "error": REASON} for one in guilty if one.progress_id == number])
        job.due_at = now()  # it may be over, and no lane be left to see it
    _mark_links(session, claimant, [item.product_id for item in guilty if item.product_id is not None])


def _mark_links(session: Session, claimant: str, product_ids: list[int]) -> None:
    if product_ids:
        link = ProductSyncStatus
        held = (link.claimed_by == claimant) & link.product_id.in_(product_ids)
        session.execute(update(link).where(held).values(error_message=REASON))
