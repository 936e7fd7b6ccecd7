"""What the live pages show of jobs, as plain data, each in one indexed statement or two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import Session

from models import JobItem, JobProgress, Shop, User, now
from models.jobs import ACTIVE, WRONG_ITEMS
from sync.jobs import outcome_counts

LISTED = 20
LINGER = timedelta(seconds=10)
"""So long a job that has ended stays in the active list, for its bar to be seen complete."""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as it is shown. `rate` is items per second since the start, `eta_seconds` what is left at that rate."""

    id: int
    job_id: str
    job_type: str
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
    outcomes: dict[str, int] = field(default_factory=dict)
    summary: dict[str, object] = field(default_factory=dict)


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
    running = select(JobProgress.id).where(JobProgress.status.in_(ACTIVE))
    just_ended = select(JobProgress.id).where(JobProgress.completed_at >= now() - LINGER)
    return _views(session, _jobs(shop_id).where(JobProgress.id.in_(union(running, just_ended))))


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


def items(
    session: Session, progress_id: int, *, statuses: Sequence[str] = (), after: int = 0, limit: int = 50
) -> Sequence[JobItem]:
    """A job's items by id, from behind the id `after`."""
    query = select(JobItem).where(JobItem.progress_id == progress_id, JobItem.id > after)
    if statuses:
        query = query.where(JobItem.status.in_(statuses))
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


def changed_since(session: Session) -> str:
    """A token that differs as soon as anything in the active list does."""
    query = select(func.count(), func.max(JobProgress.updated_at)).where(JobProgress.status.in_(ACTIVE))
    number, last = session.execute(query).one()
    ended = session.scalar(select(func.count()).where(JobProgress.completed_at >= now() - LINGER))
    return f"{number}-{last.timestamp() if last else 0:.6f}-{ended}"


def _jobs(shop_id: int | None = None) -> Select[JobProgress, str, str]:
    query = (
        select(JobProgress, Shop.name, User.name)
        .outerjoin(Shop, Shop.id == JobProgress.shop_id)
        .outerjoin(User, User.id == JobProgress.user_id)
        .order_by(JobProgress.id.desc())
    )
    return query if shop_id is None else query.where(JobProgress.shop_id == shop_id)


def _views(
    session: Session,
    query: Select[JobProgress, str, str],
    outcomes: dict[str, int] | None = None,
    limit: int = LISTED,
) -> list[JobView]:
    return [_view(job, shop, user, outcomes or {}) for job, shop, user in session.execute(query.limit(limit))]


def _view(job: JobProgress, shop: str | None, user: str | None, outcomes: dict[str, int]) -> JobView:
    rate, left = _pace(job)
    return JobView(
        id=job.id, job_id=job.job_id, job_type=job.job_type, title=job.title, status=job.status,
        shop_id=job.shop_id, shop_name=shop, user_name=user,
        current_count=job.current_count, total_count=job.total_count, error_count=job.error_count,
        percentage=job.progress_percentage, rate=rate, eta_seconds=left, cancel_requested=job.cancel_requested,
        created_at=job.created_at, started_at=job.started_at, completed_at=job.completed_at,
        updated_at=job.updated_at, duration_seconds=job.duration_seconds, outcomes=outcomes,
        summary=dict(job.summary),
    )  # fmt: skip


def _pace(job: JobProgress) -> tuple[float | None, float | None]:
    """Items per second up to the last sign of life (not to this moment: a poll without news stays the same)."""
    last = job.completed_at or job.heartbeat_at
    if job.started_at is None or last is None or not job.current_count:
        return None, None
    seconds = (last - job.started_at).total_seconds()
    if seconds <= 0:
        return None, None
    rate = job.current_count / seconds
    left = (job.total_count - job.current_count) / rate
    return round(rate, 2), None if job.completed_at else round(left, 1)
