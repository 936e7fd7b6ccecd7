"""Feeds that somebody should look at: held, unreachable or unreadable, overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Feed, JobProgress, Schedule, Supplier, now
from models.jobs import JobStatus
from sync.suppliers.feeds import KIND

GRACE = timedelta(hours=2)
"""So long after the time when it should have been read a feed counts as overdue."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong: held (a run waits for an operator, `progress_id`), failed (`reason` says why) or overdue."""

    feed_id: int
    title: str
    kind: str
    reason: str = ""
    progress_id: int | None = None


def by_feed(session: Session) -> dict[int, Alarm]:
    """The alarms of active feeds, by feed; of several the one to see to first. One statement."""
    held = (
        select(func.max(JobProgress.id))
        .where(
            JobProgress.feed_id == Feed.id, JobProgress.kind == KIND,
            JobProgress.status == JobStatus.AWAITING_APPROVAL,
        )
        .scalar_subquery()
    )  # fmt: skip
    clock = (Schedule.feed_id == Feed.id) & (Schedule.action == "feed") & Schedule.active
    query = (
        select(Feed, Supplier.name, held, Schedule.last_run_at, Schedule.created_at)
        .join(Supplier, Supplier.id == Feed.supplier_id)
        .outerjoin(Schedule, clock)
        .where(Feed.active, Supplier.active)
        .order_by(Feed.id)
    )
    alarms = (
        _of(feed, f"{supplier}: {feed.name}", held_run, asked or made)
        for feed, supplier, held_run, asked, made in session.execute(query)
    )
    return {alarm.feed_id: alarm for alarm in alarms if alarm is not None}


def _of(feed: Feed, title: str, held: int | None, asked: datetime | None) -> Alarm | None:
    """`asked` is when a schedule should have had it read."""
    if held is not None:
        return Alarm(feed.id, title, "held", progress_id=held)
    if feed.error_message:
        return Alarm(feed.id, title, "failed", feed.error_message)
    seen = feed.succeeded_at
    if asked is not None and now() - asked > GRACE and (seen is None or seen < asked):
        return Alarm(feed.id, title, "overdue")
    return None
