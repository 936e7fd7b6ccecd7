"""What is known of a shop's drift: its last full check, how long a cycle takes, and what is adrift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import JobItem, JobProgress, ProductSyncStatus
from models.jobs import ENDED
from sync.drift.open import KIND, last_check
from sync.drift.state import State
from sync.drift.words import Cycle, cycle, measure

LOOK_BACK = 50
"""Checks to look through for the last one that came to the end."""


@dataclass(frozen=True, slots=True)
class DriftView:
    """`checked_at` and `cycle` (in words) are of the last full check, None before the first; `partial` is how far the
    one has come that is under way over several nights; `drifted` counts links; `last` is the last check of all.
    `full` and `begun` are `cycle` and `partial` in numbers."""

    checked_at: datetime | None
    cycle: str | None
    partial: str | None
    drifted: int
    last: JobProgress | None
    full: Cycle | None = None
    begun: Cycle | None = None


def view(session: Session, shop_id: int) -> DriftView:
    """What to show of a shop."""
    mine = ProductSyncStatus.shop_id == shop_id
    there = ProductSyncStatus.external_id.is_not(None)
    linked = session.scalar(select(func.count()).where(mine, there)) or 0
    drifted = session.scalar(select(func.count()).where(mine, ProductSyncStatus.drift.is_not(None))) or 0
    query = (
        select(JobProgress)
        .where(JobProgress.shop_id == shop_id, JobProgress.kind == KIND, JobProgress.status.in_(ENDED))
        .order_by(JobProgress.id.desc())
        .limit(LOOK_BACK)
    )
    states = [(job, State(**job.summary["state"])) for job in session.scalars(query) if job.summary.get("state")]
    whole = next(((job, state) for job, state in states if state.complete), None)
    last = last_check(session, shop_id)
    unfinished = states[0][1] if states and not states[0][1].complete else None
    return DriftView(
        checked_at=whole[0].completed_at if whole else None,
        cycle=cycle(whole[1], linked) if whole else None,
        partial=cycle(unfinished, linked) if unfinished else None,
        drifted=drifted,
        last=last,
        full=measure(whole[1], linked) if whole else None,
        begun=measure(unfinished, linked) if unfinished else None,
    )


def findings(
    session: Session, progress_id: int, word: str | None = None, limit: int | None = None
) -> Sequence[JobItem]:
    """A check's findings, in order."""
    query = select(JobItem).where(JobItem.progress_id == progress_id, JobItem.operation.is_not(None))
    if word is not None:
        query = query.where(JobItem.operation == word)
    return session.scalars(query.order_by(JobItem.id).limit(limit)).all()
