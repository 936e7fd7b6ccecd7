"""Taking what is due: in one transaction, by one scheduler, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from models import Schedule, now
from sync.errors import Missing
from sync.schedules.clock import ScheduleInvalid, next_run

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=20)
"""How long a taken run is waited for, longer than its time limit; then its message was lost, and it is taken again."""
AT_ONCE = 200


class StillRunning(Exception):
    """Raised when a schedule is to run that runs already."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A run to be done. `token` names it: whoever holds another one is late or twice."""

    schedule_id: int
    token: str


def take_due(session: Session) -> list[Taken]:
    """Take all that is due, moving each on to its next time. A run that was missed, once or often, is made up once."""
    moment = now()
    query = select(Schedule).where(_due(moment)).order_by(Schedule.next_run_at, Schedule.id).limit(AT_ONCE)
    return [_take(schedule, moment) for schedule in session.scalars(query.with_for_update(skip_locked=True))]


def _due(moment: datetime) -> ColumnElement[bool]:
    free = or_(Schedule.running_until.is_(None), Schedule.running_until <= moment)
    its_time = and_(Schedule.active, Schedule.next_run_at <= moment)
    return and_(free, or_(its_time, Schedule.running_until <= moment))


def _take(schedule: Schedule, moment: datetime) -> Taken:
    schedule.running_until = moment + LEASE
    if schedule.active and (schedule.next_run_at is None or schedule.next_run_at <= moment):
        plan(schedule, moment)
    return Taken(schedule.id, token_of(schedule))


def run_now(session: Session, schedule_id: int) -> Taken:
    """Take a schedule at once, whatever its time; on or off. Raises Missing and StillRunning."""
    schedule = get(session, schedule_id, lock=True)
    moment = now()
    if schedule.running_until is not None and schedule.running_until > moment:
        raise StillRunning
    schedule.running_until = moment + LEASE
    return Taken(schedule.id, token_of(schedule))


def plan(schedule: Schedule, after: datetime) -> None:
    """Set when it runs next; one that is off runs never, and so does one whose time nobody can read any more."""
    schedule.next_run_at = None
    if not schedule.active:
        return
    try:
        schedule.next_run_at = next_run(schedule.cron, schedule.time_zone, after)
    except ScheduleInvalid as error:
        schedule.active, schedule.last_result = False, str(error)
        logger.warning("a schedule is switched off", schedule=schedule.key, reason=str(error))


def token_of(schedule: Schedule) -> str:
    """What names the run in progress; empty when there is none."""
    return schedule.running_until.isoformat() if schedule.running_until else ""


def get(session: Session, schedule_id: int, *, lock: bool = False) -> Schedule:
    """The schedule of that id. Raises Missing."""
    found = session.get(Schedule, schedule_id, with_for_update=True if lock else None, populate_existing=lock)
    if found is None:
        raise Missing("schedule", schedule_id)
    return found
