"""A chunk of a shop's products with all that belongs to them: four requests, the next chunk's under way meanwhile."""

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from models import Shop
from prestashop_client import PrestaShopClient, PrestaShopError
from prestashop_client.errors import PermissionRefused
from sync.services import Services

Document = dict[str, Any]
ByProduct = dict[int, list[Document]]
Job = tuple[str, int]


def job_key(services: Services, progress_id: int) -> Job:
    """What tells a job from all others in this process."""
    return services.db.engine.url.render_as_string(hide_password=True), progress_id


@dataclass(slots=True)
class Fetched:
    """What the shop shows of some products: whole ones by id, and the rows of the others by their product's id.

    `lacking` says which right of the key is missing for what could be left out.
    """

    ids: tuple[int, ...]
    products: dict[int, Document] = field(default_factory=dict)
    combinations: ByProduct = field(default_factory=dict)
    stock: ByProduct = field(default_factory=dict)
    prices: ByProduct = field(default_factory=dict)
    lacking: str | None = None


def fetch(client: PrestaShopClient, ids: Sequence[int]) -> Fetched:
    """Ask for these products. Those that the shop has no more are simply absent. Raises PrestaShopError."""
    found = Fetched(tuple(ids))
    wanted = set(ids)
    if not wanted:
        return found
    listed = client.list("products", filters={"id": sorted(wanted)}, display="full")
    found.products = {int(one["id"]): one for one in listed if int(one["id"]) in wanted}
    there = sorted(found.products)
    if there:
        found.stock = _rows(client, "stock_availables", there)
        try:
            found.prices = _rows(client, "specific_prices", there)
        except PermissionRefused:
            found.lacking = "the key may not read specific_prices: prices for groups were left out"
    varied = sorted(
        number for number, one in found.products.items() if (one.get("associations") or {}).get("combinations")
    )
    if varied:
        found.combinations = _rows(client, "combinations", varied)
    return found


def _rows(client: PrestaShopClient, resource: str, ids: Sequence[int]) -> ByProduct:
    found: ByProduct = {}
    for row in client.list(resource, filters={"id_product": list(ids)}, display="full"):
        found.setdefault(int(row["id_product"]), []).append(row)
    return found


class Prefetcher:
    """Fetches ahead, one chunk for each job, in threads of its own with a client of its own."""

    def __init__(self, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="prefetch")
        self._lock = Lock()
        self._under_way: OrderedDict[Job, tuple[tuple[int, ...], Future[Fetched]]] = OrderedDict()

    def take(self, job: Job, ids: Sequence[int]) -> Fetched | None:
        """What was fetched ahead for these ids, waited for; None where others were, or it failed."""
        with self._lock:
            asked, future = self._under_way.pop(job, ((), None))
        if future is None or asked != tuple(ids):
            return None
        try:
            return future.result()
        except PrestaShopError:
            return None

    def start(self, services: Services, shop: Shop, job: Job, ids: Sequence[int]) -> None:
        """Fetch these ids for later."""
        with self._lock:
            if job in self._under_way or len(self._under_way) >= self._pool._max_workers:
                return
            self._under_way[job] = (tuple(ids), self._pool.submit(_fetch, services, shop, tuple(ids)))

    def drop(self, job: Job) -> None:
        """Nobody will ask for it."""
        with self._lock:
            self._under_way.pop(job, None)


def _fetch(services: Services, shop: Shop, ids: Sequence[int]) -> Fetched:
    with services.connect(shop) as client:
        return fetch(client, ids)


PREFETCHER = Prefetcher()
