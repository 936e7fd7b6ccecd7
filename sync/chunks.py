"""The ledger of items: a lane claims the next chunk, works on it, and settles it.

A claim belongs to one claimant (a message's id). A lane that was killed leaves claims that its own message, delivered
again, takes up at once; everybody else when sync.presence has seen that nobody is behind them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, true, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, now
from models.jobs import WRONG_ITEMS
from sync import deadly
from sync.counts import count_done, recount
from sync.job_progress import ERROR_LENGTH, remember_errors
from sync.outcome import Outcome
from sync.services import Policy
from sync.signatures import error_signature

LONGEST_WAIT = 3600.0
"""Seconds: no item waits longer. One that has to was put off by a clock that was set back since."""
_PUT_BACK = (ItemStatus.PENDING, ItemStatus.RETRY)


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
    history: list[dict[str, str]] | None = None
    kills: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """An item done with, or put back: `milliseconds` is its share of the chunk's time."""

    item: Claimed
    outcome: Outcome
    milliseconds: int


def claim(
    session: Session, progress_id: int, claimant: str, policy: Policy, chunk: int | None = None,
    *, allowed: ColumnElement[bool] | None = None,
) -> list[Claimed]:  # fmt: skip
    """Take the next items, by priority; `chunk` of them (None: the policy's). One statement while plenty wait, two on a
    server that does not return what it updates (MariaDB).

    Nothing is taken where `allowed`, a condition on anything, does not hold.
    """
    chunk = chunk or policy.chunk
    may = true() if allowed is None else allowed
    rows = _take(session, progress_id, claimant, and_(JobItem.status == ItemStatus.PENDING, _is_due(), may), chunk)
    if len(rows) < chunk:
        others = JobItem.id.not_in([row.id for row in rows])
        rows += _take(session, progress_id, claimant, and_(_left_over(claimant), others, may), chunk - len(rows))
    return _without_deadly(session, progress_id, claimant, rows)


def _without_deadly(session: Session, progress_id: int, claimant: str, rows: list[Claimed]) -> list[Claimed]:
    """What may have killed its workers twice is worked on alone (sync.deadly): no other suspect beside it either."""
    kept, later = [row for row in rows if row.kills < deadly.ALONE], None
    if rows and not kept:
        if _suspect_at_work(session, progress_id, claimant):
            later = now() + timedelta(seconds=deadly.BESIDE)
        else:
            kept = rows[:1]
    if len(kept) < len(rows):
        others = {row.id for row in rows} - {row.id for row in kept}
        back = {"status": ItemStatus.PENDING, "claimed_by": None, "not_before": later}
        session.execute(update(JobItem).where(JobItem.id.in_(others)).values(back))
    return kept


def _suspect_at_work(session: Session, progress_id: int, claimant: str) -> bool:
    """Whether another lane of the job has one in hand."""
    other = select(JobItem.id).where(
        JobItem.progress_id == progress_id, JobItem.status == ItemStatus.CLAIMED, JobItem.claimed_by != claimant,
        JobItem.kills >= deadly.ALONE,
    )  # fmt: skip
    return session.scalar(other.limit(1)) is not None


def cancel_left_over(session: Session, progress_id: int, claimant: str) -> None:
    """Cancel what this claimant had in hand when it was killed, where the job is to stop."""
    session.execute(
        update(JobItem)
        .where(JobItem.progress_id == progress_id, _left_over(claimant))
        .values(status=ItemStatus.CANCELLED, error="cancelled by the operator", finished_at=now(), claimed_by=None)
    )


def _is_due() -> ColumnElement[bool]:
    moment = now()
    late = JobItem.not_before > moment + timedelta(seconds=LONGEST_WAIT + 60)
    return or_(JobItem.not_before.is_(None), JobItem.not_before <= moment, late)


def _left_over(claimant: str) -> ColumnElement[bool]:
    """Retries that are due, and what this claimant had in hand when it was killed."""
    return or_(
        and_(JobItem.status == ItemStatus.RETRY, _is_due()),
        and_(JobItem.status == ItemStatus.CLAIMED, JobItem.claimed_by == claimant),
    )


_IN_HAND = (
    JobItem.id, JobItem.product_id, JobItem.sku, JobItem.attempts, JobItem.key, JobItem.external_id, JobItem.data,
    JobItem.history, JobItem.kills, JobItem.priority,
)  # fmt: skip


def _take(
    session: Session, progress_id: int, claimant: str, condition: ColumnElement[bool], limit: int
) -> list[Claimed]:
    next_ids = (
        select(JobItem.id)
        .where(JobItem.progress_id == progress_id, condition)
        .order_by(JobItem.priority, JobItem.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=JobItem)
    )
    mine = update(JobItem).values(status=ItemStatus.CLAIMED, claimed_by=claimant)
    without_sync = {"synchronize_session": False}
    if session.get_bind().dialect.update_returning:
        # A common table expression: PostgreSQL may run a subquery with a LIMIT more than once.
        chosen = select(next_ids.cte("chosen").c.id)
        taken = mine.where(JobItem.id.in_(chosen)).returning(*_IN_HAND)
        rows = sorted(session.execute(taken, execution_options=without_sync), key=lambda row: (row.priority, row.id))
    else:
        locked = session.scalars(next_ids).all()
        rows = list(session.execute(select(*_IN_HAND).where(JobItem.id.in_(locked)))) if locked else []
        rows.sort(key=lambda row: (row.priority, row.id))
        session.execute(mine.where(JobItem.id.in_(locked)), execution_options=without_sync)
    return [Claimed(*row[:-1]) for row in rows]


def settle(session: Session, progress_id: int, claimant: str, settled: Sequence[Settled], policy: Policy) -> None:
    """Write how items ended, in two statements (four when there are errors).

    Items that this claimant no longer holds (it was thought dead) are left alone, and the counts are taken anew.
    """
    rows = [_row(one, policy) for one in settled]
    if not rows:
        return
    written = session.connection().execute(_SETTLE, [{**row, "held_by": claimant} for row in rows]).rowcount
    wrong = [one for one, row in zip(settled, rows, strict=True) if row["status"] in WRONG_ITEMS]
    if written == len(rows):
        count_done(session, progress_id, sum(row["status"] not in _PUT_BACK for row in rows), len(wrong))
    else:
        recount(session, session.get_one(JobProgress, progress_id))
    if wrong:
        _remember(session, progress_id, settled, rows)


_SETTLE = (
    update(JobItem)
    .where(JobItem.id == bindparam("item_id"), JobItem.claimed_by == bindparam("held_by"))
    .values(
        {
            name: bindparam(name, type_=JobItem.__table__.c[name].type)
            for name in (
                "status", "attempts", "not_before", "operation", "external_id", "error", "signature", "history",
                "milliseconds", "finished_at",
            )
        }
        | {"claimed_by": None}
    )
)  # fmt: skip


def _row(one: Settled, policy: Policy) -> dict[str, object]:
    outcome, attempts = one.outcome, one.item.attempts
    status, error = outcome.status, outcome.error
    counts = status != ItemStatus.PENDING and not (status == ItemStatus.RETRY and outcome.shop_wide)
    attempts += counts
    history = _history(one) if counts else one.item.history
    if counts and status == ItemStatus.RETRY and attempts > len(policy.retry_delays):
        status = ItemStatus.FAILED
        error = f"given up after {attempts} attempts: {error}"
    return {
        "item_id": one.item.id,
        "status": status,
        "attempts": attempts,
        "not_before": _next_try(status, attempts, outcome, policy),
        "operation": outcome.operation,
        "external_id": one.item.external_id if outcome.external_id is None else outcome.external_id,
        "error": error[:ERROR_LENGTH] if error else None,
        "signature": error_signature(error) if error and status in WRONG_ITEMS else None,
        "history": history,
        "milliseconds": one.milliseconds,
        "finished_at": None if status in _PUT_BACK else now(),
    }


def _history(one: Settled) -> list[dict[str, str]] | None:
    """The attempts that went wrong, with this one."""
    outcome = one.outcome
    if outcome.status != ItemStatus.RETRY and outcome.status not in WRONG_ITEMS:
        return one.item.history
    attempt = {"at": now().isoformat(timespec="seconds"), "error": (outcome.error or "")[:ERROR_LENGTH]}
    return [*(one.item.history or []), attempt]


def _next_try(status: ItemStatus, attempts: int, outcome: Outcome, policy: Policy) -> datetime | None:
    if status == ItemStatus.PENDING and outcome.delay is not None:
        return now() + timedelta(seconds=min(LONGEST_WAIT, outcome.delay))
    if status == ItemStatus.RETRY:
        wait = policy.retry_delays[max(0, attempts - 1)]
        return now() + timedelta(seconds=min(LONGEST_WAIT, max(wait, outcome.delay or 0.0)))
    return None


def _remember(
    session: Session, progress_id: int, settled: Sequence[Settled], rows: Sequence[dict[str, object]]
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
    query = select(func.count(), func.count(JobItem.not_before), func.min(JobItem.not_before)).where(
        JobItem.progress_id == progress_id, JobItem.status.in_(_PUT_BACK)
    )
    waiting, put_off, earliest = session.execute(query).one()
    if not waiting:
        return None
    if put_off < waiting or earliest is None:
        return 0.0
    return min(LONGEST_WAIT, max(0.0, (earliest - now()).total_seconds()))
