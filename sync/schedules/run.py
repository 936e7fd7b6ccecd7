"""One run of one schedule."""

import structlog
from sqlalchemy.orm import Session

from models import JobProgress, JobStatus, Schedule, Shop, now
from sync.errors import SyncError
from sync.schedules import due
from sync.schedules.actions import Action, NotNow, action_of
from sync.services import Services

logger = structlog.get_logger(__name__)

UNFINISHED = (JobStatus.PENDING, JobStatus.RUNNING, JobStatus.AWAITING_APPROVAL)
RESULT_LENGTH = 1000


def run(services: Services, schedule_id: int, token: str) -> int | None:
    """Do what the schedule says, if the token's run is still to be done. The id of the job to be started, if any.

    A message that comes twice finds its run over. Raises what an action's work raises; its run is over then, too.
    """
    with services.db.write() as session:
        schedule = session.get(Schedule, schedule_id, with_for_update=True)
        if schedule is None or due.token_of(schedule) != token:
            return None
        schedule.last_run_at = now()
        reason = _why_not(session, schedule)
        action = None if reason else action_of(schedule.action)
        if action is None or action.open is not None:
            return _conclude(session, schedule, action, reason)
        schedule.running_until = now() + due.LEASE
        token = due.token_of(schedule)
    _work(services, schedule, action, token)
    return None


def _why_not(session: Session, schedule: Schedule) -> str | None:
    """Why nothing is done this time; None when nothing speaks against it."""
    shop = session.get(Shop, schedule.shop_id) if schedule.shop_id is not None else None
    if shop is not None and not shop.active:
        return f"skipped: shop {shop.name!r} is not active"
    if shop is not None and shop.paused_at is not None:
        return f"skipped: shop {shop.name!r} is paused{f' by {shop.paused_by}' if shop.paused_by else ''}"
    last = session.get(JobProgress, schedule.progress_id) if schedule.progress_id is not None else None
    if last is not None and last.status in UNFINISHED:
        return f"skipped: job {last.id} of the last run is not over"
    return None


def _conclude(session: Session, schedule: Schedule, action: Action | None, reason: str | None) -> int | None:
    """Open the job, in this transaction, or say why not; either way the run is over."""
    job = None
    if action is not None and action.open is not None:
        try:
            with session.begin_nested():
                job = action.open(session, schedule)
                session.flush()
        except NotNow as error:
            reason = f"nothing to do: {error}"
        except SyncError as error:
            reason = f"failed: {error}"
    if job is not None:
        schedule.progress_id = job.id
    schedule.last_result = f"job {job.id}" if job is not None else (reason or "")[:RESULT_LENGTH]
    schedule.running_until = None
    logger.info("a schedule ran", schedule=schedule.key, result=schedule.last_result)
    return job.id if job is not None else None


def _work(services: Services, schedule: Schedule, action: Action, token: str) -> None:
    assert action.work is not None  # noqa: S101 - an action has one of the two
    try:
        result = action.work(services, schedule)
    except NotNow as error:
        result = f"nothing to do: {error}"
    except SyncError as error:
        result = f"failed: {error}"
    except Exception as error:
        _end(services, schedule.id, token, f"failed: {type(error).__name__}")
        raise
    _end(services, schedule.id, token, result)


def _end(services: Services, schedule_id: int, token: str, result: str) -> None:
    with services.db.write() as session:
        schedule = session.get(Schedule, schedule_id, with_for_update=True)
        if schedule is not None and due.token_of(schedule) == token:
            schedule.running_until, schedule.last_result = None, result[:RESULT_LENGTH]
            logger.info("a schedule ran", schedule=schedule.key, result=schedule.last_result)
