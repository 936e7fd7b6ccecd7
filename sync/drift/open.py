"""Opening a check of a shop."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import JobProgress, JobType, Shop
from models.jobs import ACTIVE, ENDED
from sync.jobs import open_job

KIND = "drift"


def open_drift(
    session: Session, shop: Shop, user_id: int | None = None, *, budget: int | None = None, anew: bool = False
) -> JobProgress:
    """Open a check of the shop, or give the one that is under way.

    It may take `budget` requests (None: the shop's own) and goes on where the last one stopped for want of them;
    `anew` begins at the beginning. Raises ShopInactive.
    """
    running = session.scalars(_jobs(shop.id).where(JobProgress.status.in_(ACTIVE)).limit(1)).one_or_none()
    if running is not None:
        return running
    params: dict[str, Any] = {
        "budget": budget or shop.drift_budget,
        "from": None if anew else left_at(session, shop.id),
    }
    return open_job(session, KIND, JobType.SYNC, "Check for drift", shop, params, user_id=user_id)


def left_at(session: Session, shop_id: int) -> dict[str, Any] | None:
    """Where the shop's last check stopped, None where it came to the end."""
    last = last_check(session, shop_id)
    state: dict[str, Any] | None = last.summary.get("state") if last else None
    return None if state is None or state.get("complete") else state


def last_check(session: Session, shop_id: int) -> JobProgress | None:
    """The shop's last check that ended."""
    ended = _jobs(shop_id).where(JobProgress.status.in_(ENDED))
    return session.scalars(ended.limit(1)).one_or_none()


def _jobs(shop_id: int) -> Select[JobProgress]:
    mine = (JobProgress.shop_id == shop_id) & (JobProgress.kind == KIND)
    return select(JobProgress).where(mine).order_by(JobProgress.id.desc())
