"""What the live pages show of jobs, as plain data, each in one indexed statement or two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select, union
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, Shop, User, now
from models.jobs import ACTIVE, WRONG_ITEMS, percentage
from models.types import UtcDateTime
from sync.error_groups import ErrorGroup, error_groups
from sync.jobs import outcome_counts

__all__ = [
    "ErrorGroup", "ErrorRow", "JobView", "News", "active_jobs", "children", "details", "error_groups", "errors",
    "history", "items", "iter_errors", "news", "recent_jobs",
]  # fmt: skip

LISTED = 20
LINGER = timedelta(seconds=10)
"""So long a job that has ended stays in the active list, for its bar to be seen complete."""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as it is shown. `rate` is items per second over the last minute or two (of a job that has ended: over all
    of it), `eta_seconds` what is left at that rate; `paused` says that its shop is, so that it waits."""

    id: int
    job_id: str
    job_type: str
    kind: str
    parent_id: int | None
    paused: bool
    title: str
    status: str
    shop_id: int | None
    shop_name: str | None
    user_name: str | None
    current_count: int
    total_count: int
    error_count: int
    percentage: int
    rate: float | None
    eta_seconds: float | None
    cancel_requested: bool
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    updated_at: datetime
    duration_seconds: float | None
    outcomes: dict[str, int] = field(default_factory=dict, hash=False)
    summary: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One item that went wrong. `number` counts from 1 within the list."""

    number: int
    item_id: int
    product_id: int | None
    sku: str
    status: str
    error: str


def active_jobs(session: Session, shop_id: int | None = None) -> list[JobView]:
    """Pending and running jobs, the newest first, at most 20; and those that ended a moment ago."""
    query = _ACTIVE_JOBS if shop_id is None else _ACTIVE_JOBS.where(JobProgress.shop_id == shop_id)
    return [_view(row._asdict(), {}) for row in session.execute(query, {"since": now() - LINGER})]


def recent_jobs(session: Session, shop_id: int | None = None, job_type: str | None = None) -> list[JobView]:
    """The jobs of the last 24 hours, the newest first, at most 20."""
    query = _jobs(shop_id).where(JobProgress.created_at >= now() - timedelta(hours=24))
    if job_type is not None:
        query = query.where(JobProgress.job_type == job_type)
    return _views(session, query)


def details(session: Session, progress_id: int) -> JobView | None:
    """One job with the counts of its items by state."""
    found = _views(session, _jobs().where(JobProgress.id == progress_id), outcome_counts(session, progress_id))
    return found[0] if found else None


def history(
    session: Session,
    *,
    shop_id: int | None = None,
    job_type: str | None = None,
    status: str | None = None,
    text: str = "",
    user_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[JobView]:
    """Jobs of any age, the newest first, from below the id `after`. `text` looks into title, job id and SKUs."""
    query = _jobs(shop_id)
    for column, value in (
        (JobProgress.job_type, job_type),
        (JobProgress.status, status),
        (JobProgress.user_id, user_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if text:
        named = or_(JobProgress.title.icontains(text, autoescape=True), JobProgress.job_id == text)
        with_sku = select(JobItem.progress_id).where(JobItem.sku == text)
        query = query.where(or_(named, JobProgress.id.in_(with_sku)))
    if after is not None:
        query = query.where(JobProgress.id < after)
    return _views(session, query, limit=limit)


def children(session: Session, progress_id: int) -> list[JobView]:
    """The jobs that go on from this one, the newest first, at most 20."""
    return _views(session, _jobs().where(JobProgress.parent_id == progress_id))


def items(
    session: Session, progress_id: int,
    *, statuses: Sequence[str] = (), warned: bool = False, after: int = 0, limit: int = 50,
) -> Sequence[JobItem]:  # fmt: skip
    """A job's items by id, from behind the id `after`; `warned`: only those that went well with something to say."""
    query = select(JobItem).where(JobItem.progress_id == progress_id, JobItem.id > after)
    if statuses:
        query = query.where(JobItem.status.in_(statuses))
    if warned:
        query = query.where(JobItem.status == ItemStatus.PUSHED, JobItem.error.is_not(None))
    return session.scalars(query.order_by(JobItem.id).limit(limit)).all()


def errors(session: Session, progress_id: int, *, after: int = 0, limit: int = 100) -> list[ErrorRow]:
    """The items that went wrong, from behind the item id `after`."""
    rows = items(session, progress_id, statuses=WRONG_ITEMS, after=after, limit=limit)
    return [_error_row(number, item) for number, item in enumerate(rows, 1)]


def iter_errors(session: Session, progress_id: int, page: int = 500) -> Iterator[ErrorRow]:
    """All items that went wrong, page by page in constant memory."""
    after, number = 0, 0
    while rows := items(session, progress_id, statuses=WRONG_ITEMS, after=after, limit=page):
        for item in rows:
            number += 1
            yield _error_row(number, item)
        after = rows[-1].id
        session.expunge_all()


def _error_row(number: int, item: JobItem) -> ErrorRow:
    return ErrorRow(number, item.id, item.product_id, item.sku, item.status, item.error or "")


class News(NamedTuple):
    """`token` differs as soon as anything in the active list does; `active` counts the jobs that wait or run."""

    token: str
    active: int


def news(session: Session) -> News:
    """Whether a poll has anything new to show, in one statement."""
    number, last, just_ended = session.execute(_NEWS, {"since": now() - LINGER}).one()
    return News(f"{number}-{last.timestamp() if last else 0:.6f}-{just_ended}", number)


_SHOWN = (
    JobProgress.id, JobProgress.job_id, JobProgress.job_type, JobProgress.kind, JobProgress.parent_id,
    JobProgress.title, JobProgress.status,
    JobProgress.shop_id, JobProgress.current_count, JobProgress.total_count, JobProgress.error_count,
    JobProgress.cancel_requested, JobProgress.created_at, JobProgress.started_at, JobProgress.completed_at,
    JobProgress.updated_at,
)  # fmt: skip
"""The columns that a JobView takes as they are; whole rows would bring a hundred errors along with each job."""


def _jobs(shop_id: int | None = None) -> Any:
    query = (
        select(
            *_SHOWN,
            JobProgress.heartbeat_at,
            JobProgress.opened_at,
            JobProgress.earlier_mark,
            JobProgress.earlier_count,
            JobProgress.summary,
            Shop.paused_at,
            Shop.name.label("shop_name"),
            User.name.label("user_name"),
        )
        .outerjoin(Shop, Shop.id == JobProgress.shop_id)
        .outerjoin(User, User.id == JobProgress.user_id)
        .order_by(JobProgress.id.desc())
    )
    return query if shop_id is None else query.where(JobProgress.shop_id == shop_id)


def _views(session: Session, query: Any, outcomes: dict[str, int] | None = None, limit: int = LISTED) -> list[JobView]:
    return [_view(row._asdict(), outcomes or {}) for row in session.execute(query.limit(limit))]


def _view(row: dict[str, Any], outcomes: dict[str, int]) -> JobView:
    marks = {name: row.pop(name) for name in ("heartbeat_at", "opened_at", "earlier_mark", "earlier_count")}
    paused_at, ended = row.pop("paused_at"), row["completed_at"]
    paused = paused_at is not None and row["status"] in ACTIVE
    rate = None if paused else _rate(row, **marks)
    left = (row["total_count"] - row["current_count"]) / rate if rate and not ended else None
    return JobView(
        **row,
        paused=paused,
        outcomes=outcomes,
        percentage=percentage(row["current_count"], row["total_count"]),
        rate=None if rate is None else round(rate, 2),
        eta_seconds=None if left is None else round(left, 1),
        duration_seconds=_between(row["started_at"], ended),
    )


def _rate(
    job: dict[str, Any], heartbeat_at: datetime | None, opened_at: datetime | None, earlier_mark: datetime | None,
    earlier_count: int,
) -> float | None:  # fmt: skip
    """Items per second; None where nothing can be said."""
    if job["completed_at"]:
        count, seconds = job["current_count"], _between(job["started_at"], job["completed_at"])
    else:
        # Up to the last sign of life, not to this moment: a poll without news stays the same.
        count = job["current_count"] - earlier_count
        seconds = _between(earlier_mark or opened_at or job["started_at"], heartbeat_at)
    return count / seconds if seconds and seconds > 0 and count > 0 else None


def _between(first: datetime | None, last: datetime | None) -> float | None:
    return (last - first).total_seconds() if first and last else None


# Asked every few seconds by every open page, so put together once.
_ENDED = JobProgress.completed_at >= bindparam("since", type_=UtcDateTime())
_IDS = union(
    select(JobProgress.id).where(JobProgress.status.in_(ACTIVE)),
    select(JobProgress.id).where(_ENDED),
)
_ACTIVE_JOBS = _jobs().where(JobProgress.id.in_(_IDS)).limit(LISTED)
_NEWS = select(
    func.count(),
    func.max(JobProgress.updated_at),
    select(func.count()).where(_ENDED).scalar_subquery(),
).where(JobProgress.status.in_(ACTIVE))
