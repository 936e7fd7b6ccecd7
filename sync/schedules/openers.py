"""Jobs that schedules open in a shop. Whether the shop may be worked in at all was asked before."""

from sqlalchemy.orm import Session

from models import JobProgress, Schedule, Shop
from sync import jobs
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
