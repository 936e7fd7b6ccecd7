"""Link our products with those that a shop has already: its items are products without a link."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, cast, delete, insert, literal, select
from sqlalchemy.orm import Session

from models import (
    ItemStatus,
    JobItem,
    JobProgress,
    JobType,
    LinkCandidate,
    Product,
    ProductSyncStatus,
    Shop,
    ShopDatabase,
    now,
)  # fmt: skip
from prestashop_client import PrestaShopError
from sync import jobs
from sync.among import among
from sync.availability.direct import NoDatabase
from sync.chunks import Claimed
from sync.errors import Missing, SyncError
from sync.kinds import Done, Kind
from sync.linking.hands import MANUAL, link
from sync.linking.look_up import look_up
from sync.linking.match import Found, Ours, decide
from sync.linking.sources import ROUTES, source_of
from sync.outcome import Outcome, failed, pushed, skipped, unchanged
from sync.strategies.run import Run, outcome_of

REASONS = {
    "several": "the shop has several products with this code; choose one under Links",
    "taken": "the shop's product with this code is linked with another of ours; see Links",
    "shared": "two of our products have the code of one product of the shop; see Links",
    "unmatched": "the shop has no product with this SKU or EAN",
}


def open_link(session: Session, shop_id: int, *, user_id: int | None = None, route: str = "api") -> JobProgress:
    """Open a job that links products to a shop's; send `link_products` afterwards. `route`: api, or sql to read the
    shop's codes in its database. Raises Missing, ShopInactive and NoDatabase.
    """
    if route not in ROUTES:
        raise ValueError(f"unknown route {route!r}; one of: {', '.join(ROUTES)}")
    shop = session.get(Shop, shop_id)
    if shop is None:
        raise Missing("shop", shop_id)
    if route == "sql" and session.get(ShopDatabase, shop_id) is None:
        raise NoDatabase(shop.name)
    return jobs.open_job(session, "link", JobType.SYNC, "Link products", shop, {"route": route}, user_id=user_id)


def fill(session: Session, job: JobProgress) -> None:
    """One item for each active product without a link, but for those that somebody unlinked by hand."""
    if job.shop_id is None:
        return
    kept = select(ProductSyncStatus.product_id).where(
        ProductSyncStatus.shop_id == job.shop_id,
        ProductSyncStatus.external_id.is_not(None) | (ProductSyncStatus.linked_by == MANUAL),
    )
    items = (
        select(
            literal(job.id), literal("product:").concat(cast(Product.id, String(20))), Product.id, Product.sku,
            literal(5),
        )
        .where(Product.active, Product.id.not_in(kept))
        .order_by(Product.sku)
    )  # fmt: skip
    session.execute(insert(JobItem).from_select(["progress_id", "key", "product_id", "sku", "priority"], items))


def work(run: Run, items: Sequence[Claimed]) -> Done:
    """Ask the shop for the codes of a chunk's products, and link what is certain."""
    ours = _ours(run, [item.product_id for item in items if item.product_id is not None])
    try:
        with source_of(run) as source:
            by_sku, by_ean = look_up(source, list(ours.values()))
    except PrestaShopError as error:
        return Done({item.id: outcome_of(error) for item in items})
    except SyncError as error:  # the database is not set up any more, or its password cannot be read
        return Done({item.id: failed(str(error)) for item in items})
    there = {one.external_id for same in (*by_sku.values(), *by_ean.values()) for one in same}
    found = decide(list(ours.values()), by_sku, by_ean, _taken(run, there))
    outcomes = {item.id: _outcome(found.get(item.product_id or 0)) for item in items}
    return Done(outcomes, lambda session, _share: record(session, run.shop.id, found))


def _ours(run: Run, product_ids: Sequence[int]) -> dict[int, Ours]:
    """Those that have no link by now."""
    with run.services.db.read() as session:
        linked = select(ProductSyncStatus.product_id).where(
            ProductSyncStatus.shop_id == run.shop.id,
            ProductSyncStatus.external_id.is_not(None) | (ProductSyncStatus.linked_by == MANUAL),
        )
        query = select(Product.id, Product.sku, Product.ean).where(
            among(session, Product.id, product_ids), Product.id.not_in(linked)
        )
        return {row.id: Ours(row.id, row.sku, row.ean) for row in session.execute(query)}


def _taken(run: Run, external_ids: set[int]) -> set[int]:
    with run.services.db.read() as session:
        return _linked(session, run.shop.id, external_ids)


def _linked(session: Session, shop_id: int, external_ids: set[int]) -> set[int]:
    link_ = ProductSyncStatus
    query = select(link_.external_id).where(link_.shop_id == shop_id, among(session, link_.external_id, external_ids))
    return {number for number in session.scalars(query) if number is not None}


def _outcome(found: Found | None) -> Outcome:
    if found is None:
        return unchanged(None)
    if found.external_id is not None:
        return pushed("linked", found.external_id)
    word = "unmatched" if found.reason == "unmatched" else "ambiguous"
    return Outcome(ItemStatus.SKIPPED, operation=word, error=skipped(REASONS[found.reason]).error)


def record(session: Session, shop_id: int, found: Mapping[int, Found]) -> None:
    """Write links and candidates. What was linked meanwhile stays as it is."""
    certain = {product_id: one for product_id, one in found.items() if one.external_id is not None}
    taken = _linked(session, shop_id, {one.external_id for one in certain.values() if one.external_id is not None})
    session.execute(
        delete(LinkCandidate).where(
            LinkCandidate.shop_id == shop_id, among(session, LinkCandidate.product_id, list(found))
        )
    )
    for product_id, one in certain.items():
        if one.external_id is not None and one.external_id not in taken:
            link(session, shop_id, product_id, one.external_id, by="auto")
    rows: list[dict[str, Any]] = [
        {
            "shop_id": shop_id, "product_id": product_id, "external_id": theirs.external_id, "name": theirs.name[:255],
            "matched_by": theirs.matched_by, "reason": one.reason, "reference": theirs.reference[:64],
            "ean13": theirs.ean13[:14], "found_at": now(),
        }
        for product_id, one in found.items() if one.external_id is None
        for theirs in one.candidates
    ]  # fmt: skip
    if rows:
        session.execute(insert(LinkCandidate), rows)


LINK = Kind("link", fill, work, queue="integrations", chunk=200)
