"""The ledger of items: a lane claims the next chunk, works on it, and settles it.

A claim lasts for a while and belongs to one claimant (a message's id); a lane that was killed leaves claims that
its own message, delivered again, takes up at once and everybody else when the time is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, now
from models.jobs import WRONG_ITEMS
from sync.job_progress import ERROR_LENGTH, remember_errors
from sync.jobs import get, recount
from sync.outcome import Outcome
from sync.services import Policy


@dataclass(frozen=True, slots=True)
class Claimed:
    """An item in hand."""

    id: int
    product_id: int | None
    sku: str
    attempts: int
    key: str = ""
    external_id: int | None = None
    data: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """An item done with, or put back: `milliseconds` is its share of the chunk's time."""

    item: Claimed
    outcome: Outcome
    milliseconds: int


def claim(session: Session, progress_id: int, claimant: str, policy: Policy, chunk: int | None = None) -> list[Claimed]:
    """Take the next items, by priority; `chunk` of them (None: the policy's). Two statements while plenty wait."""
    chunk = chunk or policy.chunk
    waiting = JobItem.status == ItemStatus.PENDING
    due = and_(waiting, or_(JobItem.not_before.is_(None), JobItem.not_before <= now()))
    rows = _lock(session, progress_id, due, chunk)
    if len(rows) < chunk:
        rows += _lock(session, progress_id, _left_over(claimant), chunk - len(rows))
    session.execute(
        update(JobItem)
        .where(JobItem.id.in_([row.id for row in rows]))
        .values(
            status=ItemStatus.CLAIMED,
            claimed_by=claimant,
        )
    )
    return rows


def cancel_left_over(session: Session, progress_id: int, claimant: str) -> None:
    """Cancel what a lane that is gone had in hand, where the job is to stop."""
    session.execute(
        update(JobItem)
        .where(JobItem.progress_id == progress_id, _left_over(claimant))
        .values(status=ItemStatus.CANCELLED, error="cancelled by the operator", finished_at=now(), claimed_by=None)
    )


def _left_over(claimant: str) -> ColumnElement[bool]:
    """Retries that are due, and claims of a lane that is gone."""
    moment = now()
    return or_(
        and_(JobItem.status == ItemStatus.RETRY, JobItem.not_before <= moment),
        and_(
            JobItem.status == ItemStatus.CLAIMED,
            JobItem.claimed_by == claimant,
        ),
    )


def _lock(session: Session, progress_id: int, condition: ColumnElement[bool], limit: int) -> list[Claimed]:
    query = (
        select(
            JobItem.id,
            JobItem.product_id,
            JobItem.sku,
            JobItem.attempts,
            JobItem.key,
            JobItem.external_id,
            JobItem.data,
        )
        .where(JobItem.progress_id == progress_id, condition)
        .order_by(JobItem.priority, JobItem.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Claimed(*row) for row in session.execute(query)]


def settle(session: Session, progress_id: int, claimant: str, settled: Sequence[Settled], policy: Policy) -> None:
    """Write how items ended, in two statements (four when there are errors).

    Items that this claimant no longer holds (it was thought dead) are left alone, and the counts are taken anew.
    """
    rows = [_row(one, policy) for one in settled]
    if not rows:
        return
    written = session.connection().execute(_SETTLE, [{**row, "held_by": claimant} for row in rows]).rowcount
    done = [one for one, row in zip(settled, rows, strict=True) if row["status"] not in _PUT_BACK]
    wrong = [row for row in rows if row["status"] in WRONG_ITEMS]
    moment = now()
    session.execute(
        update(JobProgress)
        .where(JobProgress.id == progress_id)
        .values(
            current_count=JobProgress.current_count + len(done),
            error_count=JobProgress.error_count + len(wrong),
            heartbeat_at=moment,
            updated_at=moment,
        )
    )
    if written != len(rows):
        recount(session, get(session, progress_id))
    if wrong:
        _remember(session, progress_id, settled, rows)


_PUT_BACK = (ItemStatus.PENDING, ItemStatus.RETRY)


_SETTLE = (
    update(JobItem)
    .where(JobItem.id == bindparam("item_id"), JobItem.claimed_by == bindparam("held_by"))
    .values(
        {
            column: bindparam(column)
            for column in (
                "status",
                "attempts",
                "not_before",
                "operation",
                "external_id",
                "error",
                "milliseconds",
                "finished_at",
            )
        }
        | {"claimed_by": None}
    )
)


def _row(one: Settled, policy: Policy) -> dict[str, object]:
    outcome, attempts = one.outcome, one.item.attempts
    status, error = outcome.status, outcome.error
    counts = status != ItemStatus.PENDING and not (status == ItemStatus.RETRY and outcome.shop_wide)
    attempts += counts
    if counts and status == ItemStatus.RETRY and attempts > len(policy.retry_delays):
        status = ItemStatus.FAILED
        error = f"given up after {attempts} attempts: {error}"
    return {
        "item_id": one.item.id,
        "status": status,
        "attempts": attempts,
        "not_before": _next_try(status, attempts, outcome, policy),
        "operation": outcome.operation,
        "external_id": outcome.external_id,
        "error": error[:ERROR_LENGTH] if error else None,
        "milliseconds": one.milliseconds,
        "finished_at": None if status in _PUT_BACK else now(),
    }


def _next_try(status: ItemStatus, attempts: int, outcome: Outcome, policy: Policy) -> datetime | None:
    if status == ItemStatus.PENDING and outcome.delay is not None:
        return now() + timedelta(seconds=outcome.delay)
    if status == ItemStatus.RETRY:
        wait = policy.retry_delays[max(0, attempts - 1)]
        return now() + timedelta(seconds=max(wait, outcome.delay or 0.0))
    return None


def _remember(
    session: Session, progress_id: int, settled: Iterable[Settled], rows: Iterable[dict[str, object]]
) -> None:
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is not None:
        errors = [
            {"sku": one.item.sku, "error": str(row["error"])}
            for one, row in zip(settled, rows, strict=True)
            if row["status"] in WRONG_ITEMS
        ]
        remember_errors(job, errors)


def next_due(session: Session, progress_id: int) -> float | None:
    """Seconds until another item may be claimed: 0 for now, None when none waits (some may be in other hands)."""
    query = select(func.count(), func.min(JobItem.not_before)).where(
        JobItem.progress_id == progress_id, JobItem.status.in_((ItemStatus.PENDING, ItemStatus.RETRY))
    )
    waiting, earliest = session.execute(query).one()
    if not waiting:
        return None
    return max(0.0, (earliest - now()).total_seconds()) if earliest else 0.0
