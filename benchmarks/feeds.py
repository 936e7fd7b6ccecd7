"""A feed of 100,000 rows from the file to the offers, on SQLite and PostgreSQL; the same file; 1 % changed."""

import os
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import create_engine, insert, make_url, text
from sqlalchemy.exc import OperationalError

import migrations
from benchmarks.report import figure
from benchmarks.scene import _product
from models import Database, Feed, JobProgress, Product, Supplier
from sync.collecting import collect_rarely
from sync.secrets import new_key
from sync.services import Services, build
from sync.suppliers import chunks, feeds
from sync.suppliers.execute import execute
from sync.suppliers.limits import FeedLimits

ROWS, OURS = 100_000, 80_000
POSTGRESQL = os.environ.get("POSTGRESQL_TEST_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
MAPPING = {
    "sku": "Kod", "ean": "EAN", "name": "Nazwa", "stock_quantity": "Stan", "delivery_days": "Dostawa",
    "purchase_price": "Cena",
}  # fmt: skip


def on_sqlite() -> bool:
    """The default database."""
    with tempfile.TemporaryDirectory(prefix="shopferry-bench-") as folder:
        return _measure("SQLite", Database(f"sqlite:///{folder}/bench.sqlite3"), Path(folder))


def on_postgresql() -> bool:
    """A database of its own on the server of the tests; a line and no figure where none runs."""
    with tempfile.TemporaryDirectory(prefix="shopferry-bench-") as folder, _database() as url:
        if url is None:
            figure("feeds on PostgreSQL", "no server", "see POSTGRESQL_TEST_URL")
            return True
        return _measure("PostgreSQL", Database(url), Path(folder))


@contextmanager
def _database() -> Iterator[str | None]:
    name = f"shopferry_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        yield None
        return
    try:
        yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def _measure(where: str, db: Database, folder: Path) -> bool:
    collect_rarely()  # as in a worker
    migrations.upgrade(db.engine)
    services = build(db, [new_key()], folder / "media", feeds=FeedLimits(upload_dir=folder, work_dir=folder))
    feed = _furnish(services)
    lines = _lines()
    _write(folder, lines)
    first = _run(services, feed)
    memory = psutil.Process().memory_info().rss >> 20
    same = _run(services, feed)
    for number in range(1, ROWS, 100):
        lines[number] = lines[number].replace(",", "1,", 1)
    _write(folder, lines)
    changed = _run(services, feed)
    db.dispose()
    good = figure(f"100,000 rows, 80 % ours, {where}", f"{first:.1f} s", "under 12 s", first < 12)
    good &= figure(f"memory of the process then, {where}", f"{memory} MB", "under 150 MB", memory < 150)
    good &= figure(f"the same file again, {where}", f"{same:.2f} s", "under 1 s", same < 1)
    return figure(f"1 % of the rows changed, {where}", f"{changed:.1f} s", "under 4 s", changed < 4) and good


def _furnish(services: Services) -> int:
    with services.db.write() as session:
        for first in range(0, OURS, 5000):
            session.execute(insert(Product), [_product(n) for n in range(first, first + 5000)])
        supplier = Supplier(name="Hurt")
        supplier.feeds.append(Feed(name="Stock", address="feed.csv", mapping=MAPPING))
        session.add(supplier)
        session.flush()
        return supplier.feeds[0].id


def _lines() -> list[str]:
    chance = random.Random(1)
    lines = ["Kod;EAN;Nazwa;Stan;Dostawa;Cena"]
    for number in range(ROWS):
        price = f"{chance.randint(100, 99_999) / 100:.2f}".replace(".", ",")
        days = chance.choice(["24h", "3 dni", ""])
        lines.append(f"B-{number:06};;Produkt {number};{chance.randint(0, 80)};{days};{price} zł")
    return lines


def _write(folder: Path, lines: list[str]) -> None:
    (folder / "feed.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _run(services: Services, feed: int) -> float:
    """Seconds from the job's opening to its end, one worker doing all of it."""
    started = time.perf_counter()
    with services.db.write() as session:
        job = feeds.open_run(session, feed).id
    found = execute(services, job, "benchmark")
    for number in found if isinstance(found, list) else ():
        chunks.apply_chunk(services, job, number)
    seconds = time.perf_counter() - started
    with services.db.read() as session:
        ended = session.get_one(JobProgress, job)
        assert ended.status == "completed", (ended.status, ended.summary)
    return seconds
