"""Push products: what of them differs goes into the shop."""

from collections.abc import Callable, Sequence

from sqlalchemy import Select, String, cast, func, insert, literal, select
from sqlalchemy.orm import Session

from models import JobItem, JobProgress, Product, ProductSyncStatus
from models.links import PRIORITY_NORMAL
from sync.chunks import Claimed
from sync.kinds import Done, Kind, category_items
from sync.modes import TREE, mode_of
from sync.outcome import Outcome, skipped, snooze
from sync.rehearsal.chunk import apply, rehearse
from sync.rehearsal.prepare import prepare
from sync.selection import Selection
from sync.strategies.product import push_products
from sync.strategies.run import BUSY_DELAY, Run
from sync.strategies.work import Work, record


def fill(session: Session, job: JobProgress) -> None:
    """One item for each product of the job's selection, and the links that they need; in the mode "categories" one for
    each category of it."""
    if job.shop_id is None:
        return
    if mode_of(job.params).name == TREE:
        category_items.fill(session, job, job.shop_id)
        return
    products = Selection.from_params(job.params["selection"]).products(session, job.shop_id)
    _insert_links(session, job.shop_id, products)
    _insert_items(session, job.id, job.shop_id, products)


def _insert_links(session: Session, shop_id: int, products: Select[int]) -> None:
    known = select(ProductSyncStatus.product_id).where(ProductSyncStatus.shop_id == shop_id)
    fresh = select(Product.id, literal(shop_id)).where(Product.id.in_(products), Product.id.not_in(known))
    session.execute(insert(ProductSyncStatus).from_select(["product_id", "shop_id"], fresh))


def _insert_items(session: Session, progress_id: int, shop_id: int, products: Select[int]) -> None:
    items = (
        select(
            literal(progress_id),
            literal("product:").concat(cast(Product.id, String(20))),
            Product.id,
            Product.sku,
            func.coalesce(ProductSyncStatus.priority, PRIORITY_NORMAL),
        )
        .outerjoin(
            ProductSyncStatus,
            (ProductSyncStatus.product_id == Product.id) & (ProductSyncStatus.shop_id == shop_id),
        )
        .where(Product.id.in_(products))
        .order_by(Product.sku)
    )
    session.execute(insert(JobItem).from_select(["progress_id", "key", "product_id", "sku", "priority"], items))


def work(run: Run, items: Sequence[Claimed]) -> Done:
    """Push the products, or the categories, of a chunk; or plan them, or push what was planned and approved."""
    if mode_of(run.params).name == TREE:
        return category_items.work(run, items)
    works, keep = _plan_or_push(run, items)
    by_product = {work.product.id: work.outcome for work in works}
    others = _existing(run, [item.product_id for item in items if item.product_id not in by_product])
    outcomes = {item.id: by_product.get(item.product_id or 0) or _untaken(item, others) for item in items}
    return Done(outcomes, keep)


def _plan_or_push(run: Run, items: Sequence[Claimed]) -> tuple[list[Work], Callable[[Session, int], None]]:
    if run.params.get("plan"):
        return rehearse(run, items)
    if run.params.get("approved"):
        return apply(run, items)
    works = push_products(run, [item.product_id for item in items if item.product_id is not None])
    return works, lambda session, share: record(session, run, works, share, run.progress_id)


def _untaken(item: Claimed, existing: set[int | None]) -> Outcome:
    return snooze(BUSY_DELAY) if item.product_id in existing else skipped("the product was deleted")


def _existing(run: Run, product_ids: Sequence[int | None]) -> set[int | None]:
    if not product_ids:
        return set()
    with run.services.db.read() as session:
        return set(session.scalars(select(Product.id).where(Product.id.in_(product_ids))))


PUSH = Kind("push", fill, work, prepare=prepare, two_hands=True)
