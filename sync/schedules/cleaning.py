"""Deleting what is old, a few thousand rows a transaction, so that nobody waits for it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from models import ItemChange, Schedule, SyncLog, now
from sync import dead_messages, deliveries, jobs, presence
from sync.schedules.actions import params_of
from sync.services import Services

DEFAULTS = {"jobs_days": 30, "logs_days": 30, "changes_days": 30, "dead_hours": 168}
"""After how long what is deleted: ended jobs with their items, the log of pushes, what pushes replaced (an undo needs
it), dead messages."""
ROWS = 2000


def clean_up(services: Services, schedule: Schedule) -> str:
    """Delete what is older than the schedule says; how much, in words."""
    after = params_of(schedule)
    with services.db.write() as session:
        ended = jobs.cleanup_old_jobs(session, after["jobs_days"])
        deliveries.prune(session)
        presence.free_orphans(session)
    logs = _delete(services, SyncLog, after["logs_days"])
    changes = _delete(services, ItemChange, after["changes_days"])
    dead = _prune(services, after["dead_hours"])
    return f"deleted {ended} jobs, {logs} log entries, {changes} changes, {dead} dead messages"


def _delete(services: Services, table: Any, days: float) -> int:
    limit, count = now() - timedelta(days=days), 0
    while True:
        with services.db.write() as session:
            old = session.scalars(select(table.id).where(table.created_at < limit).limit(ROWS)).all()
            session.execute(delete(table).where(table.id.in_(old)))
        count += len(old)
        if len(old) < ROWS:
            return count


def _prune(services: Services, hours: float) -> int:
    count = 0
    while True:
        with services.db.write() as session:
            gone = dead_messages.prune(session, hours)
        count += gone
        if gone < dead_messages.PRUNE_CHUNK:
            return count
