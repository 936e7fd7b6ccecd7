"""The SQL route's job: batches of thousands straight into the shop's database, remembered once they are committed.

Nothing is claimed: the same values written twice are the same values, and items are settled where they are open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobStatus, Shop, ShopAvailability, ShopDatabase, now
from models.jobs import OPEN_ITEMS
from prestashop_client.database.errors import DatabaseError
from sync import jobs
from sync.among import among
from sync.availability.choice import ShopRules, Wanted, wanted
from sync.availability.job import fill, is_running, remember
from sync.availability.web import GONE
from sync.direct import Change, ShopSql, Written, change_of, open_route
from sync.errors import Refusal, SyncError
from sync.outcome import Outcome, failed, pushed, refused, skipped, unchanged
from sync.services import Services

STEP = 20_000
"""Products that are told, and then remembered; in the shop they are transactions of 5,000 (sync.direct)."""
BATCH_TIME = 300.0
"""Seconds after which a batch without an end is no longer waited for."""


class NoDatabase(SyncError):
    """Raised when a shop's database is not set up."""

    def __init__(self, shop: str) -> None:
        super().__init__(f"shop {shop!r} has no database set up; see manage.py shop set-database")


@dataclass(frozen=True, slots=True)
class Route:
    """The way into the shop, its languages there, and its rules."""

    sql: ShopSql
    languages: dict[int, str]
    rules: ShopRules


def route_of(services: Services, shop: Shop) -> ShopSql:
    """The shop's database. Raises NoDatabase and SecretUnreadable."""
    with services.db.read() as session:
        row = session.get(ShopDatabase, shop.id)
    if row is None:
        raise NoDatabase(shop.name)
    return open_route(row, services.vault, shop.time_zone if shop.time_zone != "UTC" else None)


def work_by_sql(services: Services, progress_id: int) -> float | None:
    """Do the job, batch by batch. Seconds after which to go on (the database is busy or away); None when it is done."""
    begun = _begin(services, progress_id)
    if begun is None:
        return None
    shop, batch = begun
    try:
        sql = route_of(services, shop)
        route = Route(sql, dict(sql.layout().languages), _rules(services, shop.id))
        while batch := batch or _next(services, progress_id, shop.id, route.rules):
            _write(services, progress_id, route, batch)
            batch = []
    except DatabaseError as error:
        return _set_back(services, progress_id, error)
    except SyncError as error:
        _give_up(services, progress_id, str(error))
        return None
    _finish(services, progress_id)
    return None


def _begin(services: Services, progress_id: int) -> tuple[Shop, list[Wanted]] | None:
    """The shop, with the job's items in, and the first of them where they were found now; None: nothing to do."""
    first: list[Wanted] = []
    with services.db.write() as session:
        job = session.get(JobProgress, progress_id, with_for_update=True)
        if job is None or job.status not in (JobStatus.PENDING, JobStatus.RUNNING):
            return None
        if job.status == JobStatus.PENDING:
            job.status, job.started_at = JobStatus.RUNNING, now()
            fill(session, job, first, STEP)
            jobs.opened(session, job)
        jobs.expect(session, progress_id, BATCH_TIME)
        return (job.shop, first) if job.shop is not None and is_running(job) else None


def _rules(services: Services, shop_id: int) -> ShopRules:
    with services.db.read() as session:
        return ShopRules.of(session.get_one(ShopAvailability, shop_id))


def _next(services: Services, progress_id: int, shop_id: int, rules: ShopRules) -> list[Wanted]:
    """The next products, as their offers are now; items whose product is not to be told any more are settled."""
    while True:
        with services.db.read() as session:
            job = session.get(JobProgress, progress_id)
            if job is None or not is_running(job):
                return []
            query = select(JobItem.product_id).where(JobItem.progress_id == progress_id, JobItem.status.in_(OPEN_ITEMS))
            ids = session.scalars(query.order_by(JobItem.id).limit(STEP)).all()
            known = [number for number in ids if number is not None]
            found = list(wanted(session, shop_id, rules, known)) if known else []
        gone = set(known) - {one.product_id for one in found}
        if gone or len(known) < len(ids):
            _skip(services, progress_id, gone)
        if found or not ids:
            return found


def _skip(services: Services, progress_id: int, product_ids: set[int]) -> None:
    reason = skipped("the product is not linked any more, or nobody offers it")
    with services.db.write() as session:
        _settle(session, progress_id, product_ids, reason)
        nameless = update(JobItem).where(JobItem.progress_id == progress_id, JobItem.product_id.is_(None))
        ended = {"status": ItemStatus.SKIPPED, "error": "the product was deleted", "finished_at": now()}
        session.execute(nameless.where(JobItem.status.in_(OPEN_ITEMS)).values(ended))
        jobs.recount(session, jobs.get(session, progress_id))


def _write(services: Services, progress_id: int, route: Route, batch: Sequence[Wanted]) -> None:
    """One transaction in the shop; then, and only then, one here that remembers it."""
    wrong: dict[int, str] = {}
    changes: list[Change] = []
    for one in batch:
        try:
            changes.append(change_of(one.external_id, one.availability, route.languages))
        except Refusal as refusal:
            wrong[one.external_id] = str(refusal)
    written = route.sql.write(changes) if changes else Written()
    with services.db.write() as session:
        _record(session, progress_id, batch, written, wrong)
        jobs.recount(session, jobs.get(session, progress_id))
        jobs.expect(session, progress_id, BATCH_TIME)


def _record(
    session: Session, progress_id: int, batch: Sequence[Wanted], written: Written, wrong: dict[int, str]
) -> None:
    by_id = {one.external_id: one for one in batch}
    remember(session, [by_id[number] for number in written.settled])
    settled = (
        (written.changed, pushed("update", None)),
        (written.unchanged, unchanged(None)),
        (written.missing, skipped(GONE)),
    )
    for ids, outcome in settled:
        _settle(session, progress_id, [by_id[number].product_id for number in ids], outcome)
    for number, why in {**dict(written.incomplete), **wrong}.items():
        _settle(session, progress_id, [by_id[number].product_id], refused(why))


def _settle(session: Session, progress_id: int, product_ids: Iterable[int], outcome: Outcome) -> None:
    ids = list(product_ids)
    if ids:
        session.execute(
            update(JobItem)
            .where(
                JobItem.progress_id == progress_id,
                JobItem.status.in_(OPEN_ITEMS),
                among(session, JobItem.product_id, ids),
            )
            .values(status=outcome.status, operation=outcome.operation, error=outcome.error, finished_at=now())
            .execution_options(synchronize_session=False)
        )


def _set_back(services: Services, progress_id: int, error: DatabaseError) -> float | None:
    """Try again where that may help (what is written already is remembered), else give the rest up."""
    delays = services.policy.retry_delays
    with services.db.write() as session:
        job = jobs.get(session, progress_id)
        tries = int(job.params.get("tries", 0))
        if (error.retryable or error.maybe_written) and tries < len(delays):
            job.params = {**job.params, "tries": tries + 1}
            jobs.expect(session, progress_id, delays[tries])
            return delays[tries]
    _give_up(services, progress_id, str(error))
    return None


def _give_up(services: Services, progress_id: int, reason: str) -> None:
    with services.db.write() as session:
        ids = select(JobItem.product_id).where(
            JobItem.progress_id == progress_id, JobItem.status.in_(OPEN_ITEMS), JobItem.product_id.is_not(None)
        )
        _settle(session, progress_id, [number for number in session.scalars(ids) if number], failed(reason))
        jobs.recount(session, jobs.get(session, progress_id))
        jobs.finish(session, progress_id)


def _finish(services: Services, progress_id: int) -> None:
    with services.db.write() as session:
        job = jobs.get(session, progress_id)
        if job.cancel_requested:
            jobs.cancel(session, progress_id)
        jobs.finish(session, progress_id)
