"""Lanes: what a chunk costs our database, and whether one shop's flood keeps another shop waiting."""

import statistics
import time
from decimal import Decimal

from sqlalchemy import event, select, update

from benchmarks.report import figure
from benchmarks.scene import Scene, scene, wait_for
from models import Product, ProductSyncStatus, Shop, now
from models.links import PRIORITY_HIGH
from sync import jobs, lanes
from sync.kinds.push import PUSH
from sync.selection import Selection

CHUNKS = 20
FLOOD, SMALL, LATENCY_MS, ROUNDS = 20_000, 100, 300, 5


def statements() -> bool:
    """Statements in our database for each chunk of 50 products."""
    with scene() as at:
        shop = at.link_shop(at.shop())
        at.products(50 * CHUNKS)
        figure("statements per chunk of 50: creates", f"{_per_chunk(at, shop):.1f}")
        with at.db.write() as session:
            session.execute(update(Product).values(price=Decimal("7.77"), changed_at=now()))
        prices = _per_chunk(at, shop)
        unchanged = _per_chunk(at, shop)
    good = figure("statements per chunk of 50: changed prices", f"{prices:.1f}", "at most 12", prices <= 12)
    return figure("statements per chunk of 50: unchanged", f"{unchanged:.1f}", "at most 12", unchanged <= 12) and good


def _per_chunk(at: Scene, shop: Shop) -> float:
    with at.db.write() as session:
        job = jobs.open_push(session, session.get_one(Shop, shop.id), Selection("all"))
        jobs.fill(session, job, PUSH)
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(at.db.engine, "before_cursor_execute", count)
    while lanes.work_turn(at.services, job.id, "bench", 0, lambda: False) is not None:
        pass
    event.remove(at.db.engine, "before_cursor_execute", count)
    return len(seen) / CHUNKS


def fairness() -> bool:
    """A job of 100 products in one shop, alone and while another shop is flooded; an urgent push into the flood."""
    with scene() as at:
        a, b = (at.link_shop(at.shop(LATENCY_MS), name) for name in ("Flooded", "Small"))
        at.products(FLOOD)
        at.worker(4)
        import tasks

        tasks.configure(at.settings)
        from tasks.actors import bulk_sync_products, sync_product

        _small(at, b)
        alone = statistics.median(_small(at, b) for _ in range(ROUNDS))
        with at.db.write() as session:
            flood = jobs.open_push(session, session.get_one(Shop, a.id), Selection("all")).id
        bulk_sync_products.send(flood)
        wait_for(lambda: _done(at, flood) > 0, "the flood's first chunk")
        beside = statistics.median(_small(at, b) for _ in range(ROUNDS))
        with at.db.write() as session:
            last = session.scalars(select(Product.id).order_by(Product.id.desc()).limit(1)).one()
            link = (ProductSyncStatus.product_id == last) & (ProductSyncStatus.shop_id == a.id)
            session.execute(update(ProductSyncStatus).where(link).values(priority=PRIORITY_HIGH))
        started = time.perf_counter()
        sync_product.send(last, a.id)
        wait_for(lambda: _attempted(at, last, a.id), "the urgent push")
        urgent = time.perf_counter() - started
    figure(f"a job of {SMALL} alone, {LATENCY_MS} ms latency", f"{alone:.2f} s")
    good = figure(
        f"the same while {FLOOD:,} go to another shop", f"{beside / alone:.2f} x", "at most 1.3 x",
        beside <= 1.3 * alone,
    )  # fmt: skip
    return figure("an urgent push into the flooded shop starts after", f"{urgent:.2f} s", "2 s", urgent <= 2) and good


def _small(at: Scene, shop: Shop) -> float:
    from tasks.actors import bulk_sync_products

    with at.db.write() as session:
        ids = tuple(session.scalars(select(Product.id).order_by(Product.id).limit(SMALL)))
        session.execute(update(Product).where(Product.id.in_(ids)).values(price=Product.price + 1, changed_at=now()))
        job = jobs.open_push(session, session.get_one(Shop, shop.id), Selection("ids", ids)).id
    started = time.perf_counter()
    bulk_sync_products.send(job)
    wait_for(lambda: _done(at, job) == SMALL, "the small job")
    return time.perf_counter() - started


def _done(at: Scene, job: int) -> int:
    with at.db.read() as session:
        return jobs.get(session, job).current_count


def _attempted(at: Scene, product_id: int, shop_id: int) -> bool:
    link = (ProductSyncStatus.product_id == product_id) & (ProductSyncStatus.shop_id == shop_id)
    with at.db.read() as session:
        return session.scalar(select(ProductSyncStatus.last_attempt_at).where(link)) is not None
