"""When a schedule is due next. Pure: an expression, a time zone and a moment in, a moment in UTC out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from sync.errors import SyncError

_FROM = datetime(2000, 1, 1, tzinfo=UTC)


class ScheduleInvalid(SyncError):
    """Raised when a cron expression or a time zone makes no sense; the message says what it should look like."""


def next_run(cron: str, time_zone: str, after: datetime) -> datetime:
    """The first moment after `after` (aware) that the expression names in the time zone.

    When clocks are put forward, a time that is skipped runs right after the gap; when they are put back, a time that
    comes twice runs once, and "every so many minutes" goes on through both hours (as Debian's cron does it). Raises
    ScheduleInvalid.
    """
    moments = _moments(cron, time_zone, after)
    try:
        return next(moment for each in moments if (moment := each.astimezone(UTC)) > after)
    except StopIteration:
        raise ScheduleInvalid(f"{cron!r} never happens, such as on the 31st of February") from None


def check(cron: str, time_zone: str) -> None:
    """Raises ScheduleInvalid for what `next_run` could not follow."""
    next_run(cron, time_zone, _FROM)


def describe(cron: str) -> str:
    """The expression in English words: "At 02:00 every day". Raises ScheduleInvalid."""
    return _moments(cron, "UTC", _FROM).explain()


def _moments(cron: str, time_zone: str, after: datetime) -> CronSim:
    if len(cron) > 64 or len(cron.split()) != 5:
        raise ScheduleInvalid(f"{cron!r} is no schedule; write minute, hour, day, month and weekday, such as 0 2 * * *")
    if time_zone not in available_timezones():
        raise ScheduleInvalid(f"{time_zone!r} is no time zone; write one such as Europe/Warsaw or UTC")
    try:
        return CronSim(cron, after.astimezone(ZoneInfo(time_zone)))
    except CronSimError as error:
        raise ScheduleInvalid(
            f"{cron!r} is no schedule: {str(error).lower()}; such as 0 2 * * * or */10 * * * *"
        ) from None
