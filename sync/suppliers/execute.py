"""A run of a feed: get the file, read and plan all of it, stop where it looks wrong, then apply it chunk by chunk.

Killed at any moment and called again, it goes on where the ledger stands: while the file is read nothing is applied,
so it is read from its beginning; afterwards the chunks that are still open are applied.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Feed, FeedRow, ItemStatus, JobProgress, JobStatus, now
from sync import jobs
from sync.outcome import Outcome, failed, retry, skipped
from sync.services import Services
from sync.suppliers import ending, holds
from sync.suppliers.acquire import acquired
from sync.suppliers.again import failed_rows
from sync.suppliers.chunk_rows import ROWS, PlannedRow
from sync.suppliers.chunk_store import add_chunk, drop_chunks, open_chunks
from sync.suppliers.detect import detect
from sync.suppliers.feed_errors import FeedError, FeedUnreachable, FeedUnreadable
from sync.suppliers.feeds import Reading, get_feed, last_runs
from sync.suppliers.fetch import Fetched
from sync.suppliers.missing import missing_rows
from sync.suppliers.one_by_one import one_by_one
from sync.suppliers.planning import Planner
from sync.suppliers.readers import headers, read_raw
from sync.suppliers.rows import RawRow, Row
from sync.suppliers.safety import RUNS, stops

READING = 120.0
"""Seconds that a reader has the run to itself after a sign of life."""

GRACE = 60.0
"""Seconds beyond that after which somebody else takes the run up."""

TOGETHER = 2
"""Chunks that are planned together: what they ask the database costs little more than for one."""

EMPTY = "the file is empty"
AnyRow = TypeVar("AnyRow", RawRow, Row)


class Lost(Exception):
    """Raised when the run is not this reader's any more: it was cancelled, or somebody else took it over."""


def execute(services: Services, progress_id: int, claimant: str) -> list[int] | Outcome:
    """Bring the run to where its chunks can be applied: their numbers; or how the run ended, or RETRY.

    To be called again after the outcome's delay where it is RETRY.
    """
    begun = _begin(services, progress_id, claimant)
    if begun is None:
        return _chunks(services, progress_id)
    feed, params = begun
    try:
        return _read(services, feed, progress_id, claimant, params)
    except Lost:
        return skipped("the run was cancelled, or somebody else goes on with it")
    except FeedError as error:
        return _not_read(services, progress_id, claimant, error)


def _begin(services: Services, progress_id: int, claimant: str) -> tuple[Feed, dict[str, Any]] | None:
    """Take the run to read its file; None where it is read already, has ended, or somebody is reading it."""
    with services.db.write() as session:
        job = session.get(JobProgress, progress_id, with_for_update=True)
        if job is None or job.status not in (JobStatus.PENDING, JobStatus.RUNNING) or job.opened_at is not None:
            return None
        if _reader_at(job, now()) not in (None, claimant):
            return None
        feed = session.get(Feed, job.feed_id)
        if feed is None:
            ending.fail(session, progress_id, "the feed was deleted")
            return None
        drop_chunks(session, progress_id)
        job.status, job.started_at = JobStatus.RUNNING, job.started_at or now()
        _renew(job, claimant, services.feeds.max_seconds)
        session.flush()
        session.expunge(feed)
        return feed, dict(job.params)


def _reader_at(job: JobProgress, moment: datetime) -> str | None:
    reader = job.params.get("reader") or {}
    return reader["name"] if reader and datetime.fromisoformat(reader["until"]) > moment else None


def _renew(job: JobProgress, claimant: str, seconds: float) -> None:
    until = now() + timedelta(seconds=seconds)
    job.params = {**job.params, "reader": {"name": claimant, "until": until.isoformat()}}
    job.heartbeat_at, job.due_at = now(), until + timedelta(seconds=GRACE)


def _still_mine(session: Session, progress_id: int, claimant: str) -> JobProgress:
    """The job, with a sign of life given. Raises Lost."""
    job = session.get(JobProgress, progress_id, with_for_update=True)
    if job is None or job.status != JobStatus.RUNNING or job.opened_at is not None:
        raise Lost
    if (job.params.get("reader") or {}).get("name") != claimant:
        raise Lost
    if job.cancel_requested:
        drop_chunks(session, progress_id)
        job.status, job.completed_at = JobStatus.CANCELLED, now()
        session.commit()
        raise Lost
    _renew(job, claimant, READING)
    return job


def _chunks(services: Services, progress_id: int) -> list[int]:
    """The chunks that have still to be applied; a run that has none left is ended."""
    with services.db.write() as session:
        job = session.get(JobProgress, progress_id)
        if job is None or job.status != JobStatus.RUNNING or job.opened_at is None:
            return []
        jobs.expect(session, progress_id, READING)
        ending.finish(session, progress_id)
        return open_chunks(session, progress_id)


def _not_read(services: Services, progress_id: int, claimant: str, error: FeedError) -> Outcome:
    """The file cannot be had or read: try again where that may help, else the run has failed."""
    with services.db.write() as session:
        job = session.get(JobProgress, progress_id, with_for_update=True)
        if job is None or (job.params.get("reader") or {}).get("name") != claimant:
            return skipped("somebody else goes on with the run")
        tries = int(job.params.get("tries", 0))
        delays = services.policy.retry_delays
        if isinstance(error, FeedUnreachable) and error.retryable and tries < len(delays):
            job.params = {**job.params, "tries": tries + 1}
            job.due_at = now() + timedelta(seconds=delays[tries] + GRACE)
            get_feed(session, job.feed_id).error_message = str(error)
            return retry(str(error), delay=delays[tries])
        ending.fail(session, progress_id, str(error))
        return failed(str(error))


def _read(
    services: Services, feed: Feed, progress_id: int, claimant: str, params: dict[str, Any]
) -> list[int] | Outcome:
    reading = Reading.of(feed)
    settings = reading.settings_hash(feed)
    if params.get("again"):
        planner = _planner(services, feed, reading)
        rows = failed_rows(services.db, params["again"], reading)
        number = _plan(services, progress_id, claimant, planner, rows, planner.plan)
        return _open(services, feed, progress_id, claimant, planner, reading, number, None)
    known = not params.get("force") and feed.settings_hash == settings
    planner = _planner(services, feed, reading)
    limit = min((each for each in (params.get("limit"), feed.row_limit) if each), default=None)
    kept: dict[str, Any] = {"settings_hash": settings, "limit": limit}
    number = 0
    try:
        with acquired(services, feed, conditional=known) as file:
            if file.unchanged:
                return _unchanged(services, progress_id, claimant)
            kept |= {"sha256": file.sha256, "etag": file.etag, "last_modified": file.last_modified}
            raws = _until_broken(_rows(services, feed, reading, file, limit), planner)
            mapped = one_by_one(reading.mapping, reading.filters)
            number = _plan(
                services,
                progress_id,
                claimant,
                planner,
                raws,
                lambda session, some: planner.plan_raw(session, some, mapped),
            )
    except FeedUnreadable as error:
        if error.what != EMPTY:
            raise
        planner.numbers.broken_off = str(error)
    if limit is None and planner.numbers.broken_off is None:
        number = _plan_missing(services, progress_id, claimant, planner, feed, number)
    return _open(services, feed, progress_id, claimant, planner, reading, number, kept)


def _planner(services: Services, feed: Feed, reading: Reading) -> Planner:
    with services.db.read() as session:
        first_run = session.scalar(select(FeedRow.id).where(FeedRow.feed_id == feed.id).limit(1)) is None
    return Planner(feed.id, reading.salt, reading.safety.price_jump, first_run)


def _rows(services: Services, feed: Feed, reading: Reading, file: Fetched, limit: int | None) -> Iterator[RawRow]:
    """The file's rows as they stand, with the cells that are needed.

    Raises FeedUnreadable where a table lacks a column that is mapped.
    """
    assert file.path is not None  # noqa: S101 - an unchanged file was seen to before
    options = detect(file.path, reading.options, services.feeds)
    titles = headers(file.path, options, services.feeds)
    with services.db.write() as session:
        get_feed(session, feed.id).last_headers = list(titles)
    gone = reading.mapping.missing(titles) if options.format in ("csv", "tsv", "xlsx") else {}
    if gone:
        listed = "; ".join(f"{field}: {' or '.join(columns)}" for field, columns in gone.items())
        raise FeedUnreadable(f"the file lacks columns that are mapped ({listed})", "mend the mapping of the feed")
    columns = dict.fromkeys((*reading.mapping.columns, *(each.column for each in reading.filters)))
    raws = read_raw(file.path, options, tuple(columns), only=True, limits=services.feeds)
    yield from islice(raws, limit)


def _until_broken(rows: Iterator[RawRow], planner: Planner) -> Iterator[RawRow]:
    """The rows before the place where the file breaks off; an empty file has none. The safety stops see to both."""
    count = 0
    try:
        for row in rows:
            count += 1
            yield row
    except FeedUnreadable as error:
        if not count and error.what != EMPTY:
            raise
        planner.numbers.broken_off = str(error)


def _plan(
    services: Services, progress_id: int, claimant: str, planner: Planner, rows: Iterable[AnyRow],
    plan: Callable[[Session, list[AnyRow]], tuple[list[PlannedRow], dict[str, int]]],
) -> int:  # fmt: skip
    """Plan the chunks, some at a time, and keep each; the number of the next one. Raises Lost and FeedError."""
    number = 0
    stream = iter(rows)
    while some := list(islice(stream, TOGETHER * ROWS)):
        with services.db.read() as session:
            planned, _counts = plan(session, some)
        with services.db.write() as session:
            job = _still_mine(session, progress_id, claimant)
            for first in range(0, len(planned), ROWS):
                chunk = planned[first : first + ROWS]
                add_chunk(session, progress_id, number, chunk, dict(Counter(one.result for one in chunk)))
                number += 1
            job.summary = {**job.summary, "stage": "reading", "rows": planner.numbers.rows}
    return number


def _plan_missing(
    services: Services, progress_id: int, claimant: str, planner: Planner, feed: Feed, number: int
) -> int:
    """Chunks of the rows that the feed knew and has no longer."""
    stream = missing_rows(services.db, feed, planner)
    while planned := list(islice(stream, ROWS)):
        with services.db.write() as session:
            _still_mine(session, progress_id, claimant)
            add_chunk(session, progress_id, number, planned, {"missing": len(planned)})
        number += 1
    return number


def _unchanged(services: Services, progress_id: int, claimant: str) -> Outcome:
    """The file is the one that was applied last: the run ends."""
    with services.db.write() as session:
        job = _still_mine(session, progress_id, claimant)
        feed = get_feed(session, job.feed_id)
        feed.checked_at = feed.succeeded_at = now()
        feed.error_message = None
        holds.supersede(session, feed.id, progress_id)
        job.summary = {"message": "unchanged", "rows": feed.row_count or 0}
        job.opened_at = job.completed_at = now()
        job.status = JobStatus.COMPLETED
    return Outcome(ItemStatus.UNCHANGED)


def _open(
    services: Services, feed: Feed, progress_id: int, claimant: str, planner: Planner, reading: Reading, number: int,
    file: dict[str, Any] | None,
) -> list[int]:  # fmt: skip
    """All is planned: hold the run, or let its chunks be applied."""
    with services.db.write() as session:
        job = _still_mine(session, progress_id, claimant)
        kept = get_feed(session, feed.id)
        found = [] if file is None else stops(planner.numbers, reading.safety, last_runs(session, feed.id, RUNS))
        whole = file is not None and file.pop("limit") is None and planner.numbers.broken_off is None
        job.params = {**{name: value for name, value in job.params.items() if name != "reader"}, "file": file}
        job.summary = {"rows": planner.numbers.rows, "whole": whole}
        if file is not None:
            kept.checked_at = now()
            holds.supersede(session, feed.id, progress_id)
        job.total_count, job.opened_at = number, now()
        jobs.recount(session, job)
        if found:
            holds.hold(job, found)
            return []
        jobs.expect(session, progress_id, READING)
        return [] if ending.finish(session, progress_id) else open_chunks(session, progress_id)
