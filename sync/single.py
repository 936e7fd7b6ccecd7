"""One product, one product's images, or one category into one shop, outside of any job."""

import time

from sqlalchemy import select

from models import Category, ItemStatus, Product, ProductSyncStatus, Shop, SyncLog, SyncStatus
from models.links import PRIORITY_HIGH
from prestashop_client import PrestaShopError
from sync.errors import Missing, ShopInactive
from sync.outcome import Outcome, pushed, refused, snooze, unchanged
from sync.places import NotNow, place_in
from sync.services import Services
from sync.shops import note_contact
from sync.strategies.category import ensure_categories
from sync.strategies.product import push_products
from sync.strategies.run import BUSY_DELAY, Busy, Run, outcome_of
from sync.strategies.work import ensure_links, record


def push_product(services: Services, product_id: int, shop_id: int, claimant: str, *, last: bool = True) -> Outcome:
    """Push one product. `last`: no further attempt follows, so that a transient failure is an error now.

    It waits its turn for one of the shop's slots; a product of high priority has one of its own. Raises Missing and
    ShopInactive.
    """
    shop = active_shop(services, shop_id)
    with services.db.read() as session:
        if session.get(Product, product_id) is None:
            raise Missing("product", product_id)
    ensure_links(services, shop_id, [product_id])
    try:
        with place_in(services, shop_id, claimant, urgent=_is_urgent(services, product_id, shop_id)):
            return _push_product(services, shop, product_id, claimant, last)
    except NotNow as wait:
        return snooze(wait.delay)


def _is_urgent(services: Services, product_id: int, shop_id: int) -> bool:
    link = (ProductSyncStatus.product_id == product_id) & (ProductSyncStatus.shop_id == shop_id)
    with services.db.read() as session:
        priority = session.scalar(select(ProductSyncStatus.priority).where(link))
    return priority is not None and priority <= PRIORITY_HIGH


def _push_product(services: Services, shop: Shop, product_id: int, claimant: str, last: bool) -> Outcome:
    started = time.monotonic()
    with services.connect(shop) as client:
        run = Run(services, shop, client, claimant)
        works = push_products(run, [product_id])
    if not works:
        return snooze(BUSY_DELAY)
    outcome = works[0].outcome or snooze(BUSY_DELAY)
    if last and outcome.status == ItemStatus.RETRY:
        attempts = works[0].link.retry_count + 1
        reason = f"given up after {attempts} attempts: {outcome.error}"
        outcome = Outcome(ItemStatus.FAILED, external_id=outcome.external_id, error=reason)
        works[0].outcome = outcome
    with services.db.write() as session:
        record(session, run, works, _since(started))
        if outcome.status != ItemStatus.PENDING:
            note_contact(session, shop, outcome.error if outcome.shop_wide else None)
    return outcome


def push_product_images(services: Services, product_id: int, shop_id: int, claimant: str) -> Outcome:
    """Push the images of a product that is in the shop. Raises Missing and ShopInactive."""
    shop = active_shop(services, shop_id)
    link = (ProductSyncStatus.product_id == product_id) & (ProductSyncStatus.shop_id == shop_id)
    with services.db.read() as session:
        if session.scalar(select(ProductSyncStatus.id).where(link)) is None:
            raise Missing("link of product", f"{product_id} with shop {shop.name!r}")
    try:
        with place_in(services, shop_id, claimant):
            return _push_images_of(services, shop, product_id, claimant)
    except NotNow as wait:
        return snooze(wait.delay)


def _push_images_of(services: Services, shop: Shop, product_id: int, claimant: str) -> Outcome:
    started = time.monotonic()
    with services.connect(shop) as client:
        run = Run(services, shop, client, claimant, params={"mode": "images"})
        works = push_products(run, [product_id])
    if not works:
        return snooze(BUSY_DELAY)
    with services.db.write() as session:
        record(session, run, works, _since(started))
    return works[0].outcome or snooze(BUSY_DELAY)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def active_shop(services: Services, shop_id: int) -> Shop:
    """The shop, if there may be work in it. Raises Missing and ShopInactive."""
    with services.db.read() as session:
        shop = session.get(Shop, shop_id)
    if shop is None:
        raise Missing("shop", shop_id)
    if not shop.active:
        raise ShopInactive(shop.name)
    return shop


def give_up(services: Services, product_id: int, shop_id: int, reason: str) -> None:
    """A push has failed for good: the link says so, with the reason, and the log keeps it."""
    with services.db.write() as session:
        link = session.scalars(
            select(ProductSyncStatus).where(
                ProductSyncStatus.product_id == product_id, ProductSyncStatus.shop_id == shop_id
            )
        ).one_or_none()
        if link is None:
            return
        link.sync_status, link.error_message = SyncStatus.ERROR, reason
        link.claimed_by = None
        session.add(
            SyncLog(shop_id=shop_id, product_id=product_id, operation="sync_product", status="error", message=reason)
        )


def push_category(services: Services, category_id: int, shop_id: int, claimant: str) -> Outcome:
    """Push one category, all above it first. Raises Missing and ShopInactive."""
    shop = active_shop(services, shop_id)
    with services.db.read() as session:
        if session.get(Category, category_id) is None:
            raise Missing("category", category_id)
    try:
        with place_in(services, shop_id, claimant), services.connect(shop) as client:
            found = ensure_categories(Run(services, shop, client, claimant), [category_id], update=True)
    except NotNow as wait:
        return snooze(wait.delay)
    except Busy:
        return snooze(BUSY_DELAY)
    except PrestaShopError as error:
        return outcome_of(error)
    if category_id in found.wrong:
        return refused(found.wrong[category_id], found.ids.get(category_id))
    if found.created or found.updated:
        return pushed("create" if found.created else "update", found.ids[category_id])
    return unchanged(found.ids[category_id])


def log_category_failure(services: Services, category_id: int, shop_id: int, reason: str) -> None:
    """A category has failed for good: the log keeps why."""
    with services.db.write() as session:
        if session.get(Category, category_id) and session.get(Shop, shop_id):
            session.add(
                SyncLog(
                    shop_id=shop_id, category_id=category_id, operation="sync_category", status="error", message=reason
                )
            )
