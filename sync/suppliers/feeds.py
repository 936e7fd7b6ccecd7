"""Feeds: how one is read, and the job of a run of it."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Feed, JobProgress, JobStatus, JobType, MissingBehavior
from models.jobs import ACTIVE
from sync import jobs
from sync.errors import Missing, SyncError
from sync.suppliers import filters as sieve
from sync.suppliers.feed_errors import MappingInvalid
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.filters import Filter
from sync.suppliers.mapping import FeedMapping
from sync.suppliers.safety import SafetyLimits

SOURCES = ("upload", "path", "url", "ftp", "sftp")
KIND = "feed"


class FeedBusy(SyncError):
    """Raised when a run of the feed is under way: there is one at a time."""

    def __init__(self, name: str, progress_id: int) -> None:
        super().__init__(f"feed {name!r} is being read already (job {progress_id}); wait for its end or cancel it")
        self.progress_id = progress_id


class FeedInactive(SyncError):
    """Raised when a run is asked for a feed that is switched off."""

    def __init__(self, name: str) -> None:
        super().__init__(f"feed {name!r} or its supplier is not active; activate it under Suppliers")


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed's JSON, compiled. `salt` is of all that decides what a row becomes: another one, another row."""

    options: FeedOptions
    mapping: FeedMapping
    filters: tuple[Filter, ...]
    safety: SafetyLimits
    salt: str

    @classmethod
    def of(cls, feed: Feed) -> "Reading":
        """Raises MappingInvalid, which names the field."""
        if feed.missing_behavior not in set(MissingBehavior):
            raise MappingInvalid("missing_behavior", f"{feed.missing_behavior!r} is none", "leave, zero, unavailable")
        return cls(
            FeedOptions.from_data(feed.format, feed.reading),
            FeedMapping.from_data(feed.mapping),
            sieve.compiled(feed.filters),
            SafetyLimits.from_data(feed.safety),
            _digest([feed.format, feed.reading, feed.mapping, feed.filters]),
        )

    def settings_hash(self, feed: Feed) -> str:
        """Of all that decides what a whole file becomes."""
        return _digest([self.salt, feed.missing_behavior, feed.row_limit])


def _digest(data: object) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def get_feed(session: Session, feed_id: int | None) -> Feed:
    """The feed of that id. Raises Missing."""
    feed = session.get(Feed, feed_id) if feed_id is not None else None
    if feed is None:
        raise Missing("feed", feed_id)
    return feed


def open_run(
    session: Session, feed_id: int, *, user_id: int | None = None, limit: int | None = None, force: bool = False,
    again: int | None = None,
) -> JobProgress:  # fmt: skip
    """Open a run of a feed. `limit` reads so many rows only; `force` reads a file that has not changed, too; `again`
    is the id of a job whose failed rows are to be processed again instead of the file.

    Raises Missing, FeedBusy and FeedInactive.
    """
    feed = session.get(Feed, feed_id, with_for_update=True)
    if feed is None:
        raise Missing("feed", feed_id)
    if not (feed.active and feed.supplier.active):
        raise FeedInactive(feed.name)
    running = select(JobProgress.id).where(
        JobProgress.feed_id == feed_id, JobProgress.kind == KIND, JobProgress.status.in_(ACTIVE)
    )
    if busy := session.scalar(running.limit(1)):
        raise FeedBusy(feed.name, busy)
    params: dict[str, Any] = {"limit": limit, "force": force, "again": again}
    title = f"{feed.supplier.name}: {feed.name}"
    job = jobs.open_job(session, KIND, JobType.IMPORT, title, None, params, user_id=user_id, parent_id=again)
    job.feed_id = feed_id
    session.flush()
    return job


def last_runs(session: Session, feed_id: int, limit: int) -> list[int]:
    """How many rows the last applied runs of the whole file had, the newest first."""
    done = (JobStatus.COMPLETED, JobStatus.COMPLETED_WITH_ERRORS)
    query = (
        select(JobProgress.summary)
        .where(JobProgress.feed_id == feed_id, JobProgress.kind == KIND, JobProgress.status.in_(done))
        .order_by(JobProgress.id.desc())
        .limit(limit * 4)
    )
    found = [summary["rows"] for summary in session.scalars(query) if summary.get("whole")]
    return found[:limit]
