"""Pausing a shop: nothing more is begun there until it is resumed. Its jobs keep their state and wait."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import JobProgress, JobStatus, Shop, now
from models.jobs import ACTIVE
from sync.counts import restart_clock


def pause(session: Session, shop: Shop, by: str) -> bool:
    """Let go of the shop: lanes at the end of their chunk, single pushes before they begin. False if it is paused."""
    if shop.paused_at is not None:
        return False
    shop.paused_at, shop.paused_by = now(), by[:100]
    session.flush()
    _touch_jobs(session, shop.id)
    return True


def resume(session: Session, shop: Shop) -> Sequence[int]:
    """Work there again. The jobs to wake once this is committed (should that fail, they go on within a minute)."""
    if shop.paused_at is None:
        return []
    shop.paused_at = shop.paused_by = None
    running = select(JobProgress.id).where(JobProgress.shop_id == shop.id, JobProgress.status == JobStatus.RUNNING)
    found = session.scalars(running.order_by(JobProgress.id)).all()
    for progress_id in found:
        restart_clock(session, progress_id)
    session.execute(update(JobProgress).where(JobProgress.id.in_(found)).values(due_at=now()))
    _touch_jobs(session, shop.id)
    return found


def _touch_jobs(session: Session, shop_id: int) -> None:
    """The pages that show the shop's jobs have news."""
    mine = (JobProgress.shop_id == shop_id) & JobProgress.status.in_(ACTIVE)
    session.execute(update(JobProgress).where(mine).values(updated_at=now()))
