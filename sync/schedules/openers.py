"""Jobs that schedules open in a shop. Whether the shop may be worked in at all was asked before."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import JobProgress, Schedule, Shop
from models.jobs import ACTIVE
from sync import jobs
from sync.drift import open_drift
from sync.schedules.actions import NotNow
from sync.selection import Selection


def push_all(session: Session, schedule: Schedule) -> JobProgress:
    """Everything that belongs into the shop; what is in step already costs no request."""
    return _push(session, schedule, Selection("all"), "no product belongs into this shop")


def retry_failed(session: Session, schedule: Schedule) -> JobProgress:
    """The products that are in error in the shop, once more."""
    return _push(session, schedule, Selection("errors"), "no product is in error")


def _push(session: Session, schedule: Schedule, selection: Selection, nothing: str) -> JobProgress:
    shop = session.get_one(Shop, schedule.shop_id)
    if selection.count(session, shop.id) == 0:
        raise NotNow(nothing)
    return jobs.open_push(session, shop, selection)


def check_drift(session: Session, schedule: Schedule) -> JobProgress:
    """What the shop holds against what was last sent there, within its budget of requests; goes on where the last
    check stopped."""
    shop = session.get_one(Shop, schedule.shop_id)
    at_it = select(JobProgress.id).where(
        JobProgress.shop_id == shop.id, JobProgress.kind == "drift", JobProgress.status.in_(ACTIVE)
    )
    if running := session.scalar(at_it.limit(1)):
        raise NotNow(f"job {running} compares it already")
    return open_drift(session, shop)
