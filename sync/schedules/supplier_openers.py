"""Jobs that schedules open for suppliers' feeds, and for what shops are told of their offers."""

from sqlalchemy.orm import Session

from models import JobProgress, Schedule
from sync.availability.job import AvailabilityBusy, AvailabilityOff, open_availability
from sync.errors import Missing
from sync.schedules.actions import NotNow
from sync.suppliers.feeds import FeedBusy, FeedInactive, open_run


def read_feed(session: Session, schedule: Schedule) -> JobProgress:
    """Read a feed; a file that has not changed costs one request."""
    if schedule.feed_id is None:
        raise NotNow("the feed was deleted")
    try:
        return open_run(session, schedule.feed_id)
    except (FeedBusy, FeedInactive, Missing) as reason:
        raise NotNow(str(reason)) from None


def tell_availability(session: Session, schedule: Schedule) -> JobProgress:
    """Tell a shop what can be ordered, where that has changed."""
    if schedule.shop_id is None:
        raise NotNow("the shop was deleted")
    try:
        return open_availability(session, schedule.shop_id)
    except (AvailabilityBusy, AvailabilityOff, Missing) as reason:
        raise NotNow(str(reason)) from None
