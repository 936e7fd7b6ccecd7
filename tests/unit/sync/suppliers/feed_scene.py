"""A supplier with a feed of its own file, for tests; its runs are done here and now."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Feed, FeedRow, JobProgress, Offer, Supplier
from sync import jobs
from sync.outcome import Outcome
from sync.services import Services
from sync.suppliers import chunks, feeds
from sync.suppliers.execute import execute

MAPPING = {
    "sku": "Kod",
    "ean": "EAN",
    "name": "Nazwa",
    "stock_quantity": "Stan",
    "delivery_days": "Dni",
    "purchase_price": "Cena",
}
HEADER = "Kod;EAN;Nazwa;Stan;Dni;Cena"


class FeedScene:
    """One supplier, one feed. `write` sets its file, `run` reads and applies it."""

    def __init__(self, services: Services, folder: Path, **values: Any) -> None:
        folder.mkdir(exist_ok=True)
        self.file = folder / "feed.csv"
        self.services = replace(services, feeds=replace(services.feeds, upload_dir=folder))
        with services.db.write() as session:
            supplier = Supplier(name="Hurt")
            feed = Feed(name="Stock", address="feed.csv", mapping=MAPPING, **{"reading": {"delimiter": ";"}, **values})
            supplier.feeds.append(feed)
            session.add(supplier)
            session.flush()
            self.feed_id, self.supplier_id = feed.id, supplier.id

    def write(self, *lines: str, header: str = HEADER) -> None:
        self.file.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")

    def set(self, **values: Any) -> None:
        with self.services.db.write() as session:
            feed = session.get_one(Feed, self.feed_id)
            for name, value in values.items():
                setattr(feed, name, value)

    def open(self, **options: Any) -> int:
        with self.services.db.write() as session:
            return feeds.open_run(session, self.feed_id, **options).id

    def execute(self, job: int) -> list[int] | Outcome:
        return execute(self.services, job, "me")

    def apply(self, job: int) -> None:
        found = self.execute(job)
        for number in found if isinstance(found, list) else ():
            chunks.apply_chunk(self.services, job, number)

    def run(self, **options: Any) -> JobProgress:
        job = self.open(**options)
        self.apply(job)
        return self.job(job)

    def job(self, job: int) -> JobProgress:
        with self.services.db.read() as session:
            return jobs.get(session, job)

    def feed(self) -> Feed:
        with self.services.db.read() as session:
            return session.get_one(Feed, self.feed_id)

    def offers(self) -> dict[int, Offer]:
        with self.services.db.read() as session:
            return {offer.product_id: offer for offer in session.scalars(select(Offer))}

    def rows(self) -> dict[str, FeedRow]:
        with self.services.db.read() as session:
            return {row.key: row for row in session.scalars(select(FeedRow))}


def results(job: JobProgress) -> dict[str, int]:
    """The run's rows by result."""
    from sync.suppliers.chunk_rows import RESULTS

    return {name: job.summary[name] for name in RESULTS if name in job.summary}


def sku_of(session: Session, product_id: int) -> str:
    from models import Product

    return session.get_one(Product, product_id).sku
