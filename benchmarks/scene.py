"""A shop in a process of its own, products, workers over a real broker: what the benchmarks measure on."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert

import migrations
from models import Database, Product, Shop
from settings import Settings
from sync import services as sync_services
from sync.services import Services

ROOT = Path(__file__).parent.parent
KEY = "BENCHMARKBENCHMARKBENCHMARKBENCH"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], what: str, seconds: float = 1800.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"{what} did not come within {seconds:g} s")
        time.sleep(0.02)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Shopkeeper:
    """A sandbox shop in its own process; what was asked of it since the last `forget()`."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def asked(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.address}/__sandbox__/requests") as answer:
            found: list[dict[str, Any]] = json.load(answer)
            return found

    def forget(self) -> None:
        request = urllib.request.Request(f"{self.address}/__sandbox__/requests", method="DELETE")
        urllib.request.urlopen(request).close()

    def writes(self) -> list[dict[str, Any]]:
        return [one for one in self.asked() if one["method"] in {"POST", "PUT", "PATCH", "DELETE"}]


class Scene:
    """Database, broker, shop; `worker()` starts a worker process."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack
        self._keep(["-m", "tasks.embedded"], {"SHOPFERRY_DATA_DIR": str(folder)})
        wait_for((folder / "broker.json").exists, "the broker")
        self.environment = {
            "SHOPFERRY_DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
            "BROKER_URL": json.loads((folder / "broker.json").read_text())["url"],
            "SHOPFERRY_LOG_LEVEL": "WARNING",
        }
        self.settings = Settings.from_env(self.environment)
        self.db = Database(self.settings.database_url)
        stack.callback(self.db.dispose)
        migrations.upgrade(self.db.engine)
        self.services: Services = sync_services.build(self.db, self.settings.encryption_keys, folder / "media")

    def _keep(self, arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment})
        self._stack.callback(_end, process)
        return process

    def shop(self, latency_ms: int = 0, cost: str = "") -> Shopkeeper:
        port = free_port()
        options = ["--port", str(port), "--key", KEY, "--latency", str(latency_ms), *(["--cost", cost] if cost else [])]
        self._keep(["-m", "prestashop_client.sandbox", *options], {})
        wait_for(lambda: listens(port), "the sandbox shop")
        return Shopkeeper(port)

    def worker(self, threads: int = 2) -> subprocess.Popen[bytes]:
        return self._keep(["-m", "dramatiq", "worker", "-p", "1", "-t", str(threads)], self.environment)

    def link_shop(self, shop: Shopkeeper, name: str = "Bench") -> Shop:
        with self.db.write() as session:
            row = Shop(
                name=name, address=shop.address, key_encrypted=self.services.vault.encrypt(KEY),
                languages={"en": 1, "pl": 2}, tax_rules_groups={"23": 1},
            )  # fmt: skip
            session.add(row)
        return row

    def products(self, count: int) -> None:
        with self.db.write() as session:
            for first in range(0, count, 5000):
                session.execute(insert(Product), [_product(n) for n in range(first, min(first + 5000, count))])


def _product(number: int) -> dict[str, Any]:
    name = f"Benchmark product {number}"
    texts = {"en": {"name": name, "description": "<p>Plain</p>"}, "pl": {"name": f"{name} PL"}}
    return {
        "sku": f"B-{number:06}", "name": name, "texts": texts, "price": Decimal(number % 500) + Decimal("0.99"),
        "tax_rate": Decimal(23), "quantity": number % 40, "active": True,
    }  # fmt: skip


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def scene() -> Iterator[Scene]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shopferry-bench-")))
        yield Scene(folder, stack)
