"""What happens in a round: the operator's work, and what goes wrong meanwhile. One seeded source decides both."""

import os
import random
import signal
import time
from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from models import JobProgress, Product, Shop, now
from models.jobs import ACTIVE
from prestashop_client.sandbox.faults import Fault
from sync import jobs
from sync.intake import ImportSelection, open_import
from sync.selection import Selection
from tasks.actors import bulk_import_products, bulk_sync_products, sync_product
from tests.chaos.world import World, say

FAULTS = (
    Fault("reset", rate=0.3), Fault("503", rate=0.3), Fault("429", rate=0.2, retry_after=0.2), Fault("502", rate=0.3),
    Fault("500", rate=0.2), Fault("500-saved", rate=0.3), Fault("truncated", rate=0.2), Fault("lost", rate=0.2),
    Fault("notice-before", rate=0.3), Fault("notice-after", rate=0.3), Fault("html-saved", rate=0.2),
    Fault("504-saved", rate=0.2), Fault("deadlock", rate=0.2), Fault("deadlock-saved", rate=0.2),
    Fault("latency", milliseconds=60), Fault("413", rate=0.2, method=("POST", "PATCH")),
    Fault("skip", rate=0.1, method=("POST", "PATCH"), entity=2),
)  # fmt: skip


class Trouble:
    """Does one thing after the other. What it begins that has to end (a fault, a stopped worker) it ends itself."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)
        self.done: dict[str, int] = {}
        self.work: tuple[Callable[[], str | None], ...] = (
            self.push_all, self.push_some, self.push_one, self.edit, self.edit, self.import_all, self.cancel,
        )  # fmt: skip
        self.harm: tuple[Callable[[], str | None], ...] = (
            self.kill_worker, self.kill_worker, self.kill_scheduler, self.kill_broker, self.empty_broker,
            self.cut_connections, self.freeze_worker, self.add_fault, self.add_fault, self.clear_faults,
        )  # fmt: skip

    def round(self, seconds: float) -> None:
        """Work and harm for so long, then everything is well again."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._do(self.random.choice(self.work))
            if self.random.random() < 0.7:
                self._do(self.random.choice(self.harm))
            time.sleep(self.random.uniform(0.1, 1.0))
        self.clear_faults()
        self._revive()

    def _do(self, what: Callable[[], str | None]) -> None:
        try:
            said = what()
        except DBAPIError as error:  # our own connection was cut: an operator would see an error page and try again
            said = f"the database was away: {type(error.orig).__name__}"
        if said:
            self.done[what.__name__] = self.done.get(what.__name__, 0) + 1
            say(f"{what.__name__.replace('_', ' ')}: {said}")

    def _revive(self) -> None:
        self.world.workers = [worker for worker in self.world.workers if worker.poll() is None]
        while len(self.world.workers) < 2:
            self.world.start_worker()
        if self.world.scheduler is None or self.world.scheduler.poll() is not None:
            self.world.start_scheduler()

    # Work

    def _shop(self) -> int:
        return self.random.choice(list(self.world.shops))

    def _open(self, selection: Selection) -> str:
        with self.world.services.db.write() as session:
            shop = session.get_one(Shop, self._shop())
            job, name = jobs.open_push(session, shop, selection).id, shop.name
        self.world.send(bulk_sync_products, job)
        return f"{selection.kind} to {name}, job {job}"

    def push_all(self) -> str:
        return self._open(Selection(self.random.choice(("all", "changed"))))

    def push_some(self) -> str:
        ids = self.random.sample(self.world.product_ids(), 20)
        return self._open(Selection("ids", tuple(ids)))

    def push_one(self) -> str:
        product, shop = self.random.choice(self.world.product_ids()), self._shop()
        self.world.send(sync_product, product, shop)
        return f"product {product} to shop {shop}"

    def edit(self) -> str:
        """Somebody changes prices. What is written here is what every shop has to show in the end."""
        with self.world.services.db.write() as session:
            ids = self.random.sample(self.world.product_ids(), 5)
            changed = {}
            for product in session.scalars(select(Product).where(Product.id.in_(ids))):
                product.price = Decimal(self.random.randrange(100, 99_999)) / 100
                product.changed_at = now()
                changed[product.sku] = product.price
        self.world.expected |= changed
        return ", ".join(changed)

    def import_all(self) -> str:
        with self.world.services.db.write() as session:
            shop = session.get_one(Shop, self._shop())
            job, name = open_import(session, shop, ImportSelection("all")).id, shop.name
        self.world.send(bulk_import_products, job)
        return f"from {name}, job {job}"

    def cancel(self) -> str | None:
        with self.world.services.db.write() as session:
            running = session.scalars(select(JobProgress.id).where(JobProgress.status.in_(ACTIVE))).all()
            if len(running) < 3:
                return None
            job = self.random.choice(running)
            jobs.cancel(session, job)
        return f"job {job}"

    # Harm

    def kill_worker(self) -> str:
        self._revive()
        victim = self.random.choice(self.world.workers)
        self.world.processes.kill(victim)
        self._revive()
        return f"process {victim.pid}, and another in its place"

    def kill_scheduler(self) -> str:
        self._revive()
        assert self.world.scheduler is not None
        self.world.processes.kill(self.world.scheduler)
        self._revive()
        return "and another in its place"

    def kill_broker(self) -> str:
        self.world.kill_broker()
        time.sleep(self.random.uniform(0.0, 1.0))
        self.world.start_broker()
        return "and started again with what it had kept"

    def empty_broker(self) -> str:
        self.world.empty_broker()
        return "every message and lock is gone"

    def cut_connections(self) -> str | None:
        return "every connection to the database" if self.world.cut_connections() else None

    def freeze_worker(self) -> str:
        """Longer than its messages' heartbeat: others take them up, and then it goes on."""
        self._revive()
        victim = self.random.choice(self.world.workers)
        os.killpg(victim.pid, signal.SIGSTOP)
        time.sleep(self.random.uniform(1.0, 3.0))
        os.killpg(victim.pid, signal.SIGCONT)
        return f"process {victim.pid} for a while"

    def add_fault(self) -> str:
        shop = self._shop()
        fault = self.random.choice(FAULTS)
        self.world.shops[shop].faults.add(fault)
        return f"{fault.kind} in shop {shop}"

    def clear_faults(self) -> str:
        for sandbox in self.world.shops.values():
            sandbox.faults.clear()
        return "all shops answer well again"
