"""Importing against its floor, the time that the shop itself spends answering; and how little a check asks."""

import psutil
from sqlalchemy import insert, inspect, select

from benchmarks.bigshop import make
from benchmarks.report import figure
from benchmarks.scene import KEY, Scene, Shopkeeper, free_port, listens, scene, wait_for
from models import JobProgress, Product, ProductSyncStatus, SentDocument, Shop
from sync import jobs
from sync.drift import open_drift
from sync.intake import ImportSelection, open_import
from sync.transform.remote import pack, unpack

COUNT = 10_000
CHECKED = 100_000


def imported() -> bool:
    """10,000 products out of a shop that takes the time that a real PrestaShop takes."""
    with scene() as at:
        keeper = _shop(at, COUNT, cost="prestashop")
        row = at.link_shop(keeper)
        worker = psutil.Process(at.worker().pid)
        _run(at, row.id, 1, worker)  # the worker is awake
        keeper.forget()
        seconds, peak = _run(at, row.id, None, worker)
        asked = keeper.asked()
    floor = sum(one["milliseconds"] for one in asked) / 1000
    per_product = len(asked) / COUNT
    figure(f"{COUNT:,} products imported", f"{seconds:.1f} s; the shop answered for {floor:.1f} s")
    good = [
        figure("ratio", f"{seconds / floor:.3f}", "at most 1.15", seconds <= 1.15 * floor),
        figure("requests per imported product", f"{per_product:.4f}", "at most 0.02", per_product <= 0.02),
        figure("largest process of the worker meanwhile", f"{peak:.0f} MB", "below 200 MB", peak < 200),
    ]
    return all(good)


def checked() -> bool:
    """A check of 100,000 imported products, none of them changed."""
    with scene() as at:
        keeper = _shop(at, CHECKED)
        row = at.link_shop(keeper)
        worker = psutil.Process(at.worker().pid)
        _run(at, row.id, 1, worker)
        _copy_the_first(at)
        keeper.forget()
        with at.db.write() as session:
            job = open_drift(session, session.get_one(Shop, row.id))
        seconds, peak = _wait(at, job, worker)
        asked = len(keeper.asked())
        with at.db.read() as session:
            state = jobs.get(session, job.id).summary["state"]
    whole = state["complete"] and state["checked"]["products"] == CHECKED and not state["found"]
    good = figure("requests of a check of 100,000 unchanged products", str(asked), "under 250", asked < 250)
    figure("that check", f"{seconds:.0f} s, found {state['found'] or 'nothing'}", "nothing", whole)
    return figure("largest process of the worker meanwhile", f"{peak:.0f} MB", "below 200 MB", peak < 200) and good


def _shop(at: Scene, count: int, cost: str = "") -> Shopkeeper:
    path, port = at.folder / "shop.sqlite3", free_port()
    make(path, KEY, count)
    options = ["--port", str(port), "--key", KEY, "--db", str(path), *(["--cost", cost] if cost else [])]
    at._keep(["-m", "prestashop_client.sandbox", *options], {})
    wait_for(lambda: listens(port), "the sandbox shop")
    return Shopkeeper(port)


def _copy_the_first(at: Scene) -> None:
    """As if all of them had been imported like the first one, whose rows are copied."""
    with at.db.read() as session:
        link = session.scalars(select(ProductSyncStatus)).one()
        product = session.get_one(Product, link.product_id)
        agreed = unpack(session.get_one(SentDocument, link.id).document)
    mine = {one.key: getattr(product, one.key) for one in inspect(Product).column_attrs}
    linked = {one.key: getattr(link, one.key) for one in inspect(ProductSyncStatus).column_attrs}
    for first in range(2, CHECKED + 1, 5000):
        products, links, documents = [], [], []
        for number in range(first, min(first + 5000, CHECKED + 1)):
            own = {"id": product.id + number - 1, "sku": f"BIG-{number}"}
            products.append({**mine, **own})
            there = {"external_id": number, "stock_available_id": number}
            links.append({**linked, "id": link.id + number - 1, "product_id": own["id"], **there})
            document = pack({**agreed, "reference": own["sku"]})
            documents.append({"link_id": link.id + number - 1, "document": document})
        with at.db.write() as session:
            session.execute(insert(Product), products)
            session.execute(insert(ProductSyncStatus), links)
            session.execute(insert(SentDocument), documents)


def _run(at: Scene, shop_id: int, limit: int | None, worker: psutil.Process) -> tuple[float, float]:
    with at.db.write() as session:
        job = open_import(session, session.get_one(Shop, shop_id), ImportSelection("all", limit=limit))
    return _wait(at, job, worker)


def _wait(at: Scene, job: JobProgress, worker: psutil.Process) -> tuple[float, float]:
    """Seconds from the click to the job's end, and the most memory in MB that a process of the worker had."""
    import time

    import tasks

    tasks.configure(at.settings)
    from tasks.actors import bulk_import_products, bulk_sync_products

    peak = 0.0

    def ended() -> bool:
        nonlocal peak
        sizes = [child.memory_info().rss for child in worker.children(recursive=True) if child.is_running()]
        peak = max(peak, *(size / 2**20 for size in sizes), 0.0)
        with at.db.read() as session:
            return jobs.get(session, job.id).completed_at is not None

    started = time.perf_counter()
    (bulk_import_products if job.kind == "import" else bulk_sync_products).send(job.id)
    wait_for(ended, "the job's end")
    return time.perf_counter() - started, peak
