"""What became of everything: shop, links and items compared with what was asked for."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func, select

from models import JobItem, JobProgress, Product, ProductSyncStatus, SyncStatus
from models.jobs import ENDED, OPEN_ITEMS
from tests.chaos.world import World


@dataclass(slots=True)
class Verdict:
    """`lost`: edited or pushed, and not there; `doubled`: there more than once; `unaccounted`: without an end."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"lost {len(self.lost)}, doubled {len(self.doubled)}, unaccounted {len(self.unaccounted)}"

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.unaccounted)

    def details(self, most: int = 20) -> list[str]:
        lines = [
            *(f"lost: {one}" for one in self.lost), *(f"doubled: {one}" for one in self.doubled),
            *(f"unaccounted: {one}" for one in self.unaccounted),
        ]  # fmt: skip
        return lines[:most]


def judge(world: World) -> Verdict:
    """Compare catalogue, shops, links and items, after everything has ended and every shop was pushed to once more."""
    verdict = Verdict()
    _judge_ledger(world, verdict)
    _judge_catalogue(world, verdict)
    for shop_id in world.shops:
        _judge_shop(world, shop_id, verdict)
    return verdict


def _judge_ledger(world: World, verdict: Verdict) -> None:
    with world.services.db.read() as session:
        unended = session.execute(
            select(JobProgress.id, JobProgress.status).where(JobProgress.status.not_in(list(ENDED)))
        ).all()
        verdict.unaccounted += [f"job {number} is {status}" for number, status in unended]
        open_items = session.execute(
            select(JobItem.progress_id, JobItem.key, JobItem.status).where(JobItem.status.in_(OPEN_ITEMS))
        ).all()
        verdict.unaccounted += [f"item {key} of job {job} is {status}" for job, key, status in open_items]
        wrong_counts = session.execute(
            select(JobProgress.id, JobProgress.current_count, func.count(JobItem.id))
            .outerjoin(JobItem, (JobItem.progress_id == JobProgress.id) & JobItem.status.not_in(OPEN_ITEMS))
            .group_by(JobProgress.id, JobProgress.current_count)
            .having(JobProgress.current_count != func.count(JobItem.id))
        ).all()
        verdict.unaccounted += [f"job {job} says {said} done, {found} are" for job, said, found in wrong_counts]
        hanging = session.execute(
            select(ProductSyncStatus.product_id, ProductSyncStatus.shop_id).where(
                ProductSyncStatus.sync_status == SyncStatus.SYNCING
            )
        ).all()
        verdict.unaccounted += [f"the link of product {product} and shop {shop} hangs" for product, shop in hanging]


def _judge_catalogue(world: World, verdict: Verdict) -> None:
    with world.services.db.read() as session:
        prices = {sku: price for sku, price in session.execute(select(Product.sku, Product.price))}  # noqa: C416
    verdict.lost += [
        f"the edit of {sku}: {prices.get(sku)} instead of {price}"
        for sku, price in world.expected.items()
        if sku in prices and prices[sku] != price
    ]


def _judge_shop(world: World, shop_id: int, verdict: Verdict) -> None:
    name = world.shop(shop_id).name
    with world.client(shop_id) as client:
        stored = list(client.iterate("products", display=["id", "reference", "price"], page=1000))
        rows = client.iterate("stock_availables", display=["id_product", "quantity"], page=1000)
        stock = {int(row["id_product"]): int(row["quantity"]) for row in rows}
    verdict.doubled += [
        f"{reference} is {count} times in {name}"
        for reference, count in Counter(one["reference"] for one in stored).items()
        if count > 1
    ]
    there = {one["reference"]: one for one in stored}
    with world.services.db.read() as session:
        links = session.execute(
            select(Product.sku, Product.price, Product.quantity, ProductSyncStatus.external_id)
            .outerjoin(
                ProductSyncStatus,
                (ProductSyncStatus.product_id == Product.id) & (ProductSyncStatus.shop_id == shop_id),
            )
            .where(Product.active.is_(True))
        ).all()
    for sku, price, quantity, external_id in links:
        one = there.get(sku)
        if one is None:
            verdict.lost.append(f"{sku} is not in {name}")
        elif external_id != int(one["id"]):
            verdict.unaccounted.append(f"{sku} is product {one['id']} of {name}, its link says {external_id}")
        elif Decimal(one["price"]) != price:
            verdict.lost.append(f"the price of {sku} in {name}: {one['price']} instead of {price}")
        elif stock.get(int(one["id"])) != quantity:
            verdict.lost.append(f"the stock of {sku} in {name}: {stock.get(int(one['id']))} instead of {quantity}")
