"""The job that tells a shop what can be ordered: opened, its items found, and what was told remembered."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobStatus, JobType, ProductSyncStatus, Shop, ShopAvailability, now
from models.jobs import ACTIVE
from sync import jobs
from sync.availability.choice import ShopRules, Wanted, wanted
from sync.bulk import insert_rows, update_rows
from sync.errors import Missing, SyncError

KIND = "availability"
ROUTES = ("api", "sql")
_LINKS = cast(Table, ProductSyncStatus.__table__)
_ITEMS = cast(Table, JobItem.__table__)


class AvailabilityBusy(SyncError):
    """Raised when the shop is being told already: it happens once at a time."""

    def __init__(self, shop: str, progress_id: int) -> None:
        super().__init__(f"shop {shop!r} is being told what can be ordered already (job {progress_id}); wait for it")
        self.progress_id = progress_id


class AvailabilityOff(SyncError):
    """Raised when a shop is not to be told: its availability is not set up, or switched off."""

    def __init__(self, shop: str, why: str) -> None:
        super().__init__(f"availability of shop {shop!r}: {why}; see its Availability page")


def open_availability(
    session: Session, shop_id: int, *, user_id: int | None = None, supplier_id: int | None = None,
    limit: int | None = None, everything: bool = False, route: str | None = None,
) -> JobProgress:  # fmt: skip
    """Open the job of a shop. `everything`: also what has not changed; `limit`: so many products; `route`: another one
    than the shop's settings say.

    Raises Missing, ShopInactive, AvailabilityOff and AvailabilityBusy.
    """
    shop = session.get(Shop, shop_id, with_for_update=True)
    if shop is None:
        raise Missing("shop", shop_id)
    row = settings_of(session, shop)
    running = select(JobProgress.id).where(
        JobProgress.shop_id == shop_id, JobProgress.kind == KIND, JobProgress.status.in_(ACTIVE)
    )
    if busy := session.scalar(running.limit(1)):
        raise AvailabilityBusy(shop.name, busy)
    params: dict[str, Any] = {
        "route": route or row.route, "supplier_id": supplier_id, "limit": limit, "everything": everything,
    }  # fmt: skip
    return jobs.open_job(session, KIND, JobType.SYNC, "Availability", shop, params, user_id=user_id)


def settings_of(session: Session, shop: Shop) -> ShopAvailability:
    """The shop's settings. Raises AvailabilityOff where it is not to be told."""
    row = session.get(ShopAvailability, shop.id)
    if row is None:
        raise AvailabilityOff(shop.name, "it is not set up")
    if not row.active:
        raise AvailabilityOff(shop.name, "it is switched off")
    if not row.product_listing_enabled:
        raise AvailabilityOff(shop.name, "the listing of products is not enabled")
    if problems := ShopRules.of(row).settings.problems():
        raise AvailabilityOff(shop.name, "; ".join(problems))
    return row


def asked_for(session: Session, job: JobProgress) -> Iterable[Wanted]:
    """The products that the job speaks of, with what is to stand in the shop."""
    if job.shop_id is None:
        return ()
    row = session.get(ShopAvailability, job.shop_id)
    if row is None:
        return ()
    rules, params = ShopRules.of(row), job.params
    every = params.get("everything") or not rules.only_changed
    found = wanted(session, job.shop_id, rules, supplier_id=params.get("supplier_id"))
    return islice((one for one in found if every or one.changed), params.get("limit"))


def fill(session: Session, job: JobProgress, first: list[Wanted] | None = None, keep: int = 0) -> None:
    """One item for each product that the shop has to be told about; up to `keep` of them go into `first`, too."""
    found = iter(asked_for(session, job))
    while some := list(islice(found, 5000)):
        if first is not None and len(first) < keep:
            first += some[: keep - len(first)]
        insert_rows(session, _ITEMS, [item(job.id, one) for one in some])


def item(progress_id: int, one: Wanted) -> dict[str, Any]:
    """The item of a product, as a row."""
    return {
        "progress_id": progress_id, "key": f"product:{one.product_id}", "product_id": one.product_id, "sku": one.sku,
        "priority": 5, "status": ItemStatus.PENDING, "attempts": 0, "external_id": one.external_id, "data": one.data,
    }  # fmt: skip


def remember(session: Session, sent: Iterable[Wanted]) -> None:
    """The shop holds this now: to be called once it is written, and not before."""
    moment = now()
    rows = [{"id": one.link_id, "availability": one.data, "availability_sent_at": moment} for one in sent]
    update_rows(session, _LINKS, rows)


def is_running(job: JobProgress) -> bool:
    """Whether there is work in the job."""
    return job.status == JobStatus.RUNNING and not job.cancel_requested
