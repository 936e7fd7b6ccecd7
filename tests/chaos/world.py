"""What chaos is made in: sandbox shops, a database, a broker and processes of ours, all of this run's own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import dramatiq
import redis
from dramatiq import Actor
from sqlalchemy import create_engine, select, text

import migrations
from models import Product, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from settings import Settings
from sync.secrets import new_key
from sync.services import Services
from tasks import context
from tasks.broker import build
from tasks.embedded.servers import servers
from tests.factories import make_category, make_product, make_shop, texts
from tests.processes import Processes, wait_until

QUICK = {
    "SHOPFERRY_RETRY_DELAYS": "0.5,1,1,2,2,2,2,2",
    "SHOPFERRY_MESSAGE_HEARTBEAT": "2",
    "SHOPFERRY_CLAIM_SECONDS": "6",
    "SHOPFERRY_LOG_LEVEL": "WARNING",
}
"""The same patience as in production, in short: what takes minutes there takes seconds here."""


class World:
    """Everything alive. `shops` are sandboxes by our shop's id."""

    def __init__(self, folder: Path, database_url: str, seed: int, products: int) -> None:
        self.folder, self.database_url = folder, database_url
        self.port = _free_port()
        self.broker_url = f"redis://127.0.0.1:{self.port}/0"
        self.broker: subprocess.Popen[bytes] | None = None
        key = new_key()
        settings = Settings(
            broker_url=self.broker_url, database_url=database_url, data_dir=folder, encryption_keys=(key,)
        )
        environment = {
            "BROKER_URL": self.broker_url, "DATABASE_URL": database_url, "SHOPFERRY_DATA_DIR": str(folder),
            "SHOPFERRY_ENCRYPTION_KEYS": key, **QUICK,
        }  # fmt: skip
        logs = folder / "logs"
        logs.mkdir()
        self.processes = Processes(environment, logs)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.start_broker()
        self.messages = build(settings)
        self.services: Services = context.build(settings)
        context.use(self.services)
        migrations.upgrade(self.services.db.engine)
        self.shops: dict[int, Sandbox] = {}
        self.expected: dict[str, Decimal] = {}
        self._furnish(seed, products)

    def _furnish(self, seed: int, products: int) -> None:
        with self.services.db.write() as session:
            category = make_category(session, "Kitchen")
            for number in range(products):
                sku, price = f"SKU-{number:05}", Decimal("10.00") + number
                made = make_product(session, sku, price=price, texts=texts(f"Product {sku}"))
                made.categories, made.default_category_id = [category], category.id
                self.expected[sku] = price
            for number, name in enumerate(("Cyan", "Magenta")):
                sandbox = Sandbox(seed=seed + number).start()
                shop = make_shop(session, self.services, sandbox.address, sandbox.key, name=name)
                self.shops[shop.id] = sandbox
        for number, shop_id in enumerate(self.shops):
            self._stock_foreign(shop_id, 20, f"SHOP{number}")

    def _stock_foreign(self, shop_id: int, count: int, prefix: str) -> None:
        """Products that only the shop has, to be imported."""
        with self.client(shop_id) as client:
            documents = [
                {
                    "reference": f"{prefix}-{number:03}", "price": "5", "state": 1, "active": 1, "show_price": 1,
                    "id_category_default": 2, "name": {1: f"Foreign {number}", 2: f"Obcy {number}"},
                    "associations": {"categories": [{"id": 2}]},
                }
                for number in range(count)
            ]  # fmt: skip
            assert all(verdict.ok for verdict in client.create_many("products", documents))
        self.expected |= {f"{prefix}-{number:03}": Decimal(5) for number in range(count)}

    @contextmanager
    def client(self, shop_id: int) -> Iterator[PrestaShopClient]:
        """A client that no fault stands in the way of, once faults are over."""
        sandbox = self.shops[shop_id]
        with PrestaShopClient(sandbox.address, sandbox.key, sleep=lambda _seconds: None) as client:
            yield client

    # Processes

    def start_broker(self) -> None:
        """The same folder and port each time: what was queued is there again."""
        server = next(one for one in servers() if one.keeps)
        data = self.folder / "broker"
        data.mkdir(exist_ok=True)
        with (self.folder / "broker.log").open("ab") as log:
            command = server.command(data, self.port)
            self.broker = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        client = redis.Redis.from_url(self.broker_url)
        wait_until(lambda: _answers(client), "the broker")
        client.close()

    def kill_broker(self) -> None:
        assert self.broker is not None
        os.killpg(self.broker.pid, signal.SIGKILL)
        self.broker.wait()

    def empty_broker(self) -> None:
        with redis.Redis.from_url(self.broker_url) as client:
            client.flushall()

    def start_worker(self) -> None:
        self.workers.append(self.processes.worker(threads=4))

    def start_scheduler(self) -> None:
        self.scheduler = self.processes.scheduler()

    def cut_connections(self) -> bool:
        """Every connection to the database, cut by the server; False where the database is a file."""
        kind = self.services.db.engine.dialect.name
        if kind == "sqlite":
            return False
        admin = create_engine(self.database_url, isolation_level="AUTOCOMMIT")
        with suppress(Exception), admin.connect() as connection:
            if kind == "postgresql":
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            else:
                mine = connection.execute(text("SELECT CONNECTION_ID()")).scalar()
                query = text("SELECT id FROM information_schema.processlist WHERE db = DATABASE()")
                for number in connection.execute(query).scalars():
                    if number != mine:
                        connection.exec_driver_sql(f"KILL {int(number)}")
        admin.dispose()
        return True

    def send(self, actor: Actor[..., Any], *arguments: int) -> bool:
        """Send a message as the admin does. The work is in the database: a broker that is away loses none of it."""
        try:
            message = actor.message(*arguments)
            self.messages.declare_queue(message.queue_name)
            self.messages.enqueue(message)
        except (redis.RedisError, dramatiq.DramatiqError):
            return False
        return True

    def product_ids(self) -> list[int]:
        with self.services.db.read() as session:
            return list(session.scalars(select(Product.id).order_by(Product.id)))

    def shop(self, shop_id: int) -> Shop:
        with self.services.db.read() as session:
            return session.get_one(Shop, shop_id)

    def stop(self) -> None:
        self.processes.stop_all()
        if self.broker is not None and self.broker.poll() is None:
            self.kill_broker()
        for sandbox in self.shops.values():
            sandbox.stop()
        self.messages.close()
        self.services.db.dispose()


def _answers(client: redis.Redis) -> bool:
    with suppress(redis.RedisError):
        return bool(client.ping())
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(line: str) -> None:
    """One line of the run's report, with its second."""
    sys.stdout.write(f"{time.monotonic() - _STARTED:7.1f} s  {line}\n")
    sys.stdout.flush()


_STARTED = time.monotonic()
