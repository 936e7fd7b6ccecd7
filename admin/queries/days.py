"""The last fourteen days in numbers: what was pushed and what failed, day by day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import JobProgress, now

DAYS = 14
READ = 5_000
"""At most so many jobs are read for the picture, the newest first."""


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
    """Read the jobs of the last days, in one statement."""
    today = now().astimezone(UTC).date()
    days = [Day(today - timedelta(days=back)) for back in range(DAYS - 1, -1, -1)]
    by_day = {day.day: day for day in days}
    durations: list[float] = []
    job = JobProgress
    rows = session.execute(
        select(job.created_at, job.started_at, job.completed_at, job.current_count, job.error_count)
        .where(job.created_at >= datetime.combine(days[0].day, datetime.min.time(), UTC))
        .order_by(job.created_at.desc())
        .limit(READ)
    )
    for created, started, completed, done, failed in rows:
        day = by_day.get(created.date())
        if day is not None:
            day.done += done
            day.failed += min(failed, done)
        if started is not None and completed is not None:
            durations.append((completed - started).total_seconds())
    durations.sort()
    return LastDays(days, durations[len(durations) // 2] if durations else None)
