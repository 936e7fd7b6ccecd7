"""Trying again what went wrong: a job's items, or everything with the same error, as new jobs that name their parent.

Each item is marked with the job that takes it up, so that nothing is retried twice however often somebody asks.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobType, Shop
from models.jobs import ENDED, WRONG_ITEMS
from sync import jobs
from sync.error_groups import can_be_retried, open_errors
from sync.errors import NothingToRetry
from sync.kinds.registry import kind_of
from sync.modes import mode_of
from sync.selection import Selection

FAILED = (ItemStatus.FAILED,)
PARENTS = 500
"""A retry of one error takes up the items of so many jobs at most, the newest first."""


def retry_failed(
    session: Session, job: JobProgress, *, refused: bool = False, user_id: int | None = None
) -> JobProgress:
    """A new job of the items that failed, and if asked of those that were refused, too.

    Items that a later job took up already stay out. Raises NothingToRetry, ShopInactive.
    """
    if job.status not in ENDED:
        raise NothingToRetry(f"job {job.id} has not ended yet")
    statuses = tuple(WRONG_ITEMS) if refused else FAILED
    wrong = JobItem.status.in_(statuses) & JobItem.retried_by.is_(None)
    return _open(session, [job], wrong, f"job {job.id}", user_id)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a job's page may offer: items to retry that failed, that were refused, and a push of all in full."""

    failed: int = 0
    refused: int = 0
    in_full: bool = False


def offered(session: Session, progress_id: int) -> Offered:
    """What can be asked of a job that has ended; nothing where its shop is gone or switched off."""
    possible = select(JobProgress.kind, JobProgress.params).where(
        JobProgress.id == progress_id, JobProgress.status.in_(ENDED), can_be_retried()
    )
    found = session.execute(possible).one_or_none()
    if found is None:
        return Offered()
    kind, params = found
    left = (JobItem.progress_id == progress_id) & JobItem.status.in_(WRONG_ITEMS) & JobItem.retried_by.is_(None)
    counts = dict(session.execute(select(JobItem.status, func.count()).where(left).group_by(JobItem.status)).all())
    return Offered(counts.get(ItemStatus.FAILED, 0), counts.get(ItemStatus.REFUSED, 0), _in_full(kind, params))


def _in_full(kind: str, params: dict[str, Any]) -> bool:
    return kind == "push" and "items_of" not in params


def push_in_full(session: Session, job: JobProgress, *, user_id: int | None = None) -> JobProgress:
    """A new push of the job's selection that sends everything. Raises NothingToRetry, ShopInactive."""
    if not _in_full(job.kind, job.params) or job.shop is None:
        raise NothingToRetry(f"job {job.id} is no push of a selection to a shop that is there")
    selection = Selection.from_params(job.params["selection"])
    mode = mode_of(job.params).name
    return jobs.open_push(session, job.shop, selection, mode=mode, force=True, user_id=user_id, parent_id=job.id)


def retry_group(
    session: Session, signature: str, *, shop_id: int | None = None, since: datetime | None = None,
    user_id: int | None = None,
) -> list[JobProgress]:  # fmt: skip
    """A new job for each shop and kind with the items that went wrong with this error and were not retried yet.

    Raises NothingToRetry, ShopInactive.
    """
    same = JobItem.signature == signature
    query = (
        select(JobProgress.id)
        .join(JobItem, JobItem.progress_id == JobProgress.id)
        .where(same, open_errors(), JobProgress.status.in_(ENDED), can_be_retried())
        .distinct()
    )
    if shop_id is not None:
        query = query.where(JobProgress.shop_id == shop_id)
    if since is not None:
        query = query.where(JobProgress.created_at >= since)
    groups: dict[tuple[Any, ...], list[JobProgress]] = defaultdict(list)
    newest = select(JobProgress).where(JobProgress.id.in_(query))
    for job in session.scalars(newest.order_by(JobProgress.id.desc()).limit(PARENTS)):
        groups[job.shop_id, job.kind, _options(job)].append(job)
    if not groups:
        raise NothingToRetry("nothing with this error waits to be retried")
    wrong = same & JobItem.id.in_(select(JobItem.id).join(JobProgress).where(same, open_errors()).scalar_subquery())
    return [_open(session, parents, wrong, "this error", user_id) for parents in groups.values()]


def _options(job: JobProgress) -> tuple[tuple[str, str], ...]:
    """What a job was asked for beside its selection; items of jobs that differ in it do not go together."""
    return tuple(sorted((name, repr(value)) for name, value in job.params.items() if name not in _OF_THE_PARENT))


_OF_THE_PARENT = ("selection", "items_of")


def _open(
    session: Session, parents: Sequence[JobProgress], which: ColumnElement[bool], what: str, user_id: int | None
) -> JobProgress:
    newest = parents[0]
    if kind_of(newest.kind).actor is not None:
        raise NothingToRetry("a run of a feed is repeated from the feed's own page")
    shop = session.get(Shop, newest.shop_id) if newest.shop_id is not None else None
    if shop is None:
        raise NothingToRetry(f"the shop of {what} was deleted")
    ids = [parent.id for parent in parents]
    made = jobs.open_job(
        session, newest.kind, JobType(newest.job_type), newest.title, shop, {**newest.params, "items_of": ids},
        user_id=user_id, parent_id=newest.id,
    )  # fmt: skip
    marked: Any = session.execute(update(JobItem).where(JobItem.progress_id.in_(ids), which).values(retried_by=made.id))
    if not marked.rowcount:
        session.delete(made)
        session.flush()
        raise NothingToRetry(f"nothing of {what} is left to be retried")
    return made
