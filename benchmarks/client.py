"""The client against prestapyt: the same sandbox shop, one process each, one run.

The shop spends the time that a real one was measured to spend (`--cost prestashop`). prestapyt is used as it is meant
to be: one entity a call, GET and PUT to change one. Run it alone with `python -m benchmarks.client`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prestapyt import PrestaShopWebServiceDict

from benchmarks.client_stub import endless_shop
from benchmarks.report import figure, machine
from benchmarks.scene import KEY, ROOT, Shopkeeper, free_port, listens, wait_for
from prestashop_client import PrestaShopClient

STOCK = 1000
ALONE = 40  # products that prestapyt works on: its time for each does not depend on how many there are
GOALS = {
    0: {"update a price": 3.3, "write stock": 46.0, "create": 2.2, "import in full": 5.6, "find references": 31.0},
    20: {},
    80: {"update a price": 13.0, "write stock": 120.0, "create": 9.0, "import in full": 25.0, "find references": 100.0},
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds and requests for each product or row."""

    milliseconds: float
    requests: float


@contextmanager
def shop(latency_ms: int) -> Iterator[Shopkeeper]:
    port = free_port()
    options = ["--port", str(port), "--key", KEY, "--latency", str(latency_ms), "--cost", "prestashop"]
    process = subprocess.Popen([sys.executable, "-m", "prestashop_client.sandbox", *options], cwd=ROOT,
                               stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        wait_for(lambda: listens(port), "the sandbox shop")
        yield Shopkeeper(port)
    finally:
        process.terminate()
        process.wait(20)


def product(number: int) -> dict[str, Any]:
    return {
        "reference": f"BENCH-{number:014d}", "price": "10", "active": 1, "state": 1, "id_category_default": 2,
        "name": {1: f"Product {number}", 2: f"Produkt {number}"}, "link_rewrite": {1: "product", 2: "produkt"},
        "description": {1: "<p>Text</p>" * 20, 2: "<p>Tekst</p>" * 20},
        "associations": {"categories": [{"id": 2}]},
    }  # fmt: skip


class Ours:
    """Each operation over many products."""

    def __init__(self, address: str) -> None:
        self.client = PrestaShopClient(address, KEY)
        self.ids: list[int] = []

    def create(self) -> int:
        verdicts = self.client.create_many("products", [product(number) for number in range(STOCK // 2)])
        self.ids = [verdict.id for verdict in verdicts if verdict.id is not None]
        return len(self.ids)

    def update_prices(self) -> int:
        verdicts = self.client.patch_many("products", [{"id": id_, "price": "11.50"} for id_ in self.ids])
        return sum(verdict.ok for verdict in verdicts)

    def write_stock(self) -> int:
        rows = self.client.list("stock_availables", filters={"id_product": self.ids}, display=("id", "id_product"))
        verdicts = self.client.patch_many("stock_availables", [{"id": row["id"], "quantity": 7} for row in rows])
        return sum(verdict.ok for verdict in verdicts)

    def read_whole(self) -> int:
        return sum(1 for _ in self.client.iterate("products", display="full"))

    def find(self) -> int:
        asked = [product(number)["reference"] for number in range(STOCK)]
        return len(self.client.find_by_reference(asked))


class Theirs:
    """The same, one product a call."""

    def __init__(self, address: str, ids: list[int]) -> None:
        self.api = PrestaShopWebServiceDict(f"{address}/api", KEY)
        self.ids = ids[:ALONE]

    def create(self) -> int:
        for number in range(ALONE):
            self.api.add("products", {"product": _their_product(number + 5 * STOCK)})
        return ALONE

    def update_prices(self) -> int:
        for id_ in self.ids:
            whole = self.api.get("products", id_)
            for name in ("manufacturer_name", "quantity", "position_in_category"):
                whole["product"].pop(name)
            whole["product"]["price"] = "12.50"
            self.api.edit("products", whole)
        return len(self.ids)

    def write_stock(self) -> int:
        for id_ in self.ids:
            (row,) = self.api.search("stock_availables", options={"filter[id_product]": f"[{id_}]"})
            whole = self.api.get("stock_availables", row)
            whole["stock_available"]["quantity"] = "9"
            self.api.edit("stock_availables", whole)
        return len(self.ids)

    def read_whole(self) -> int:
        for id_ in self.ids:
            self.api.get("products", id_)
        return len(self.ids)

    def find(self) -> int:
        for number in range(ALONE):
            self.api.search("products", options={"filter[reference]": f"[{product(number)['reference']}]"})
        return ALONE


def _their_product(number: int) -> dict[str, Any]:
    ours = product(number)
    texts = {
        name: {"language": [{"attrs": {"id": str(id_)}, "value": text} for id_, text in value.items()]}
        for name, value in ours.items()
        if name in ("name", "link_rewrite", "description")
    }
    return {**ours, **texts, "associations": {"categories": {"category": [{"id": "2"}]}}}


def _measure(keeper: Shopkeeper, operation: Callable[[], int]) -> Measured:
    keeper.forget()
    started = time.perf_counter()
    done = operation()
    seconds = time.perf_counter() - started
    return Measured(seconds * 1000 / done, len(keeper.asked()) / done)


def compare(latency_ms: int) -> bool:
    """All operations at one latency; whether the aims are reached."""
    reached = True
    with shop(latency_ms) as keeper:
        ours = Ours(keeper.address)
        mine = {"create": _measure(keeper, ours.create)}
        theirs = Theirs(keeper.address, ours.ids)
        pairs: list[tuple[str, Callable[[], int], Callable[[], int]]] = [
            ("update a price", ours.update_prices, theirs.update_prices),
            ("write stock", ours.write_stock, theirs.write_stock),
            ("import in full", ours.read_whole, theirs.read_whole),
            ("find references", ours.find, theirs.find),
            ("create", ours.create, theirs.create),
        ]
        for name, our_way, their_way in pairs:
            our = mine.get(name) or _measure(keeper, our_way)
            reached &= _print(name, latency_ms, our, _measure(keeper, their_way))
        ours.client.close()
    return reached


def _print(name: str, latency_ms: int, our: Measured, their: Measured) -> bool:
    times = their.milliseconds / our.milliseconds
    goal = GOALS[latency_ms].get(name)
    what = (
        f"{name}, {latency_ms} ms: {our.milliseconds:.2f} ms and {our.requests:.3f} requests each; "
        f"prestapyt {their.milliseconds:.1f} and {their.requests:.1f}"
    )
    return figure(what, f"{times:.1f} times", f"aim {goal:g}" if goal else "", None if goal is None else times >= goal)


def own_cpu() -> bool:
    """Our own processor time for each product of a batch of 50."""
    with shop(0) as keeper, PrestaShopClient(keeper.address, KEY) as client:
        verdicts = client.create_many("products", [product(number) for number in range(50)])
        changes = [{"id": verdict.id, "price": "11", "name": {1: "A", 2: "B"}} for verdict in verdicts]
        client.patch_many("products", changes)
        started = time.process_time()
        for _ in range(5):
            client.patch_many("products", changes)
        each = (time.process_time() - started) * 1000 / 250
    return figure("own processor time for a product in a batch of 50", f"{each:.2f} ms", "at most 0.5 ms", each <= 0.5)


def flat_memory() -> bool:
    """The process's memory over an iteration of 100,000 products: after 10,000 of them and at the end."""
    with endless_shop(100_000) as address, PrestaShopClient(address, KEY) as client:
        early = 0.0
        count = 0
        for count, _ in enumerate(client.iterate("products", display=("reference", "price")), 1):
            if count == 10_000:
                early = _memory_mb()
        grown = _memory_mb() - early
    what = f"memory grown between 10,000 and {count:,} products of an iteration"
    return figure(what, f"{grown:.1f} MB", "at most 5 MB", grown <= 5 and count == 100_000)


def _memory_mb() -> float:
    with open("/proc/self/statm") as statm:  # noqa: PTH123
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def run() -> bool:
    """All of it."""
    results = [compare(latency) for latency in GOALS]
    return all([*results, own_cpu(), flat_memory()])


if __name__ == "__main__":
    print(machine())
    sys.exit(0 if run() else 1)
