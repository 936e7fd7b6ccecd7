"""Pushing: nothing when nothing changed, few requests when prices changed, and a worker that stays small."""

import time
from decimal import Decimal

import psutil
from sqlalchemy import update

from benchmarks.report import figure
from benchmarks.scene import KEY, Scene, Shopkeeper, scene, wait_for
from models import Product, Shop, now
from sync import jobs
from sync.selection import Selection

LATENCY_MS = 50
PEER_SAMPLE = 60


class Pusher:
    """Pushes everything and waits for the end."""

    def __init__(self, at: Scene, shop: Shop) -> None:
        self.at, self.shop = at, shop
        import tasks

        tasks.configure(at.settings)

    def push(self) -> float:
        """Seconds from the click to the job's end."""
        from tasks.actors import bulk_sync_products

        started = time.perf_counter()
        with self.at.db.write() as session:
            job = jobs.open_push(session, session.get_one(Shop, self.shop.id), Selection("all"))
        bulk_sync_products.send(job.id)
        wait_for(lambda: self._ended(job.id), "the job's end")
        with self.at.db.read() as session:
            ended = jobs.get(session, job.id)
            assert ended.error_count == 0, ended.error_details[:3]
        return time.perf_counter() - started

    def _ended(self, job: int) -> bool:
        with self.at.db.read() as session:
            return jobs.get(session, job).completed_at is not None


def unchanged() -> bool:
    """10,000 products that are in step already."""
    with scene() as at:
        shop = at.shop()
        at.products(10_000)
        pusher = Pusher(at, at.link_shop(shop))
        at.worker()
        first = pusher.push()
        figure("10,000 products created in a sandbox without latency", f"{first:.1f} s")
        shop.forget()
        seconds = pusher.push()
        asked = len([one for one in shop.asked() if one["resource"] == "products"])
    good = figure("10,000 unchanged products, a whole job", f"{seconds:.1f} s", "under 15 s", seconds < 15)
    return figure("product requests of that job", str(asked), "none", asked == 0) and good


def prices() -> bool:
    """1,000 changed prices, against a GET and a PUT per product with prestapyt, at the same latency."""
    with scene() as at:
        shop = at.shop(LATENCY_MS)
        at.products(1000)
        pusher = Pusher(at, at.link_shop(shop))
        at.worker()
        pusher.push()
        with at.db.write() as session:
            session.execute(update(Product).values(price=Decimal("7.77"), changed_at=now()))
        shop.forget()
        ours = 1000 / pusher.push()
        per_product = len(shop.writes()) / 1000
        theirs = _prestapyt(shop)
    good = figure(
        f"write requests per changed price, {LATENCY_MS} ms latency",
        f"{per_product:.3f}",
        "at most 0.03",
        per_product <= 0.03,
    )
    figure("products a second: Shopferry", f"{ours:.0f}")
    figure("products a second: GET + PUT with prestapyt", f"{theirs:.1f}")
    return figure("ratio", f"{ours / theirs:.1f} x", "at least 20 x", ours >= 20 * theirs) and good


def _prestapyt(shop: Shopkeeper) -> float:
    """Products a second of the usual loop."""
    from prestapyt import PrestaShopWebServiceDict

    peer = PrestaShopWebServiceDict(f"{shop.address}/api", KEY)
    found = peer.get("products", options={"limit": str(PEER_SAMPLE), "sort": "[id_ASC]"})
    ids = [one["attrs"]["id"] for one in found["products"]["product"]]
    started = time.perf_counter()
    for number in ids:
        product = peer.get("products", number)["product"]
        for read_only in ("manufacturer_name", "quantity", "position_in_category"):
            product.pop(read_only, None)
        product["price"] = "8.88"
        peer.edit("products", {"product": product})
    return len(ids) / (time.perf_counter() - started)


def memory() -> bool:
    """The worker's memory over a push of 50,000 products."""
    with scene() as at:
        shop = at.shop()
        at.products(50_000)
        pusher = Pusher(at, at.link_shop(shop))
        worker = psutil.Process(at.worker().pid)
        peak = 0.0

        def watched(job: int) -> bool:
            nonlocal peak
            sizes = [child.memory_info().rss for child in worker.children(recursive=True) if child.is_running()]
            peak = max(peak, *(size / 2**20 for size in sizes), 0.0)
            return type(pusher)._ended(pusher, job)

        pusher._ended = watched  # type: ignore[method-assign]
        seconds = pusher.push()
    figure("50,000 products created", f"{seconds:.0f} s ({50_000 / seconds:.0f}/s)")
    return figure("largest process of the worker meanwhile", f"{peak:.0f} MB", "below 150 MB", peak < 150)
