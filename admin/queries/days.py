"""The last fourteen days in numbers: what was pushed and what failed, day by day."""

import statistics
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import JobProgress, now

DAYS = 14
MEDIAN_OF = 200
"""The median is that of so many jobs, the newest."""


@dataclass(slots=True)
class Day:
    """One day (UTC): items done and items that went wrong."""

    day: date
    done: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class LastDays:
    """The days, the oldest first, and the jobs' median duration in seconds."""

    days: list[Day]
    median_seconds: float | None

    @property
    def largest(self) -> int:
        return max((day.done for day in self.days), default=0)

    @property
    def any(self) -> bool:
        return self.largest > 0


def last_days(session: Session) -> LastDays:
    """The days, added up by the database; and the median of the last jobs."""
    today = now().astimezone(UTC).date()
    days = [Day(today - timedelta(days=back)) for back in range(DAYS - 1, -1, -1)]
    by_day = {day.day.isoformat(): day for day in days}
    since = datetime.combine(days[0].day, datetime.min.time(), UTC)
    day_of = func.date(JobProgress.created_at)
    sums = (
        select(day_of, func.sum(JobProgress.current_count), func.sum(JobProgress.error_count))
        .where(JobProgress.created_at >= since)
        .group_by(day_of)
    )
    for text, done, failed in session.execute(sums):
        day = by_day.get(str(text))  # SQLite gives a text, the others a date
        if day is not None:
            day.done, day.failed = int(done), min(int(failed), int(done))
    return LastDays(days, _median_seconds(session, since))


def _median_seconds(session: Session, since: datetime) -> float | None:
    rows = session.execute(
        select(JobProgress.started_at, JobProgress.completed_at)
        .where(JobProgress.created_at >= since)
        .order_by(JobProgress.created_at.desc())
        .limit(MEDIAN_OF)
    )
    seconds = [(ended - begun).total_seconds() for begun, ended in rows if begun is not None and ended is not None]
    return statistics.median(seconds) if seconds else None
