"""Feeds that somebody should look at: held, unreachable or unreadable, overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
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
    """The alarms of active feeds, by feed; of several the one to see to first."""
    waiting = select(JobProgress).where(JobProgress.kind == KIND, JobProgress.status == JobStatus.AWAITING_APPROVAL)
    held = {job.feed_id: job.id for job in session.scalars(waiting)}
    due = _due(session)
    query = select(Feed, Supplier.name).join(Supplier).where(Feed.active, Supplier.active).order_by(Feed.id)
    alarms = (_of(feed, f"{supplier}: {feed.name}", held, due) for feed, supplier in session.execute(query))
    return {alarm.feed_id: alarm for alarm in alarms if alarm is not None}


def _due(session: Session) -> Mapping[int, datetime]:
    """When each scheduled feed should have been read by now, and was not."""
    query = select(Schedule.feed_id, Schedule.last_run_at, Schedule.next_run_at, Schedule.created_at).where(
        Schedule.action == "feed", Schedule.active
    )
    return {row.feed_id: row.last_run_at or row.created_at for row in session.execute(query) if row.feed_id}


def _of(feed: Feed, title: str, held: Mapping[int | None, int], due: Mapping[int, datetime]) -> Alarm | None:
    if feed.id in held:
        return Alarm(feed.id, title, "held", progress_id=held[feed.id])
    if feed.error_message:
        return Alarm(feed.id, title, "failed", feed.error_message)
    asked = due.get(feed.id)
    seen = feed.succeeded_at
    if asked is not None and now() - asked > GRACE and (seen is None or seen < asked):
        return Alarm(feed.id, title, "overdue")
    return None
