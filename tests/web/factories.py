"""Rows to test pages with, each call in its own transaction."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from models import (
    Category,
    ItemStatus,
    JobItem,
    JobProgress,
    JobStatus,
    Product,
    ProductSyncStatus,
    Shop,
    SyncLog,
    SyncStatus,
    now,
)
from sync.services import Services

PASSWORD = "correct horse battery"
KEY = "ABCDEFGH" * 4


class Make:
    """Makes rows in the application's database and gives back their ids."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.count = 0

    def _add(self, row: Any) -> int:
        with self.services.db.write() as session:
            session.add(row)
            session.flush()
            return int(row.id)

    def shop(self, name: str = "Cyan", **values: Any) -> int:
        given = {
            "address": f"http://{name.lower()}.example",
            "key_encrypted": self.services.vault.encrypt(KEY),
            "languages": {"en": 1, "pl": 2},
            "health": "ok",
            "latency_ms": 40.0,
        }
        return self._add(Shop(name=name, **{**given, **values}))

    def category(self, name: str = "Mugs", parent_id: int | None = None) -> int:
        return self._add(Category(texts={"en": {"name": name}}, parent_id=parent_id))

    def product(self, sku: str | None = None, name: str = "Mug", category_id: int | None = None, **values: Any) -> int:
        self.count += 1
        given: dict[str, Any] = {
            "sku": sku or f"sku-{self.count:04d}",
            "texts": {"en": {"name": name}},
            "price": Decimal("12.50"),
            "tax_rate": Decimal(23),
        }
        with self.services.db.write() as session:
            product = Product(**{**given, **values})
            if category_id is not None:
                product.categories = [session.get_one(Category, category_id)]
                product.default_category_id = category_id
            session.add(product)
            session.flush()
            return product.id

    def products(self, count: int) -> list[int]:
        return [self.product() for _ in range(count)]

    def link(self, product_id: int, shop_id: int, status: str = SyncStatus.SYNCED, **values: Any) -> int:
        with self.services.db.read() as session:
            changed = session.get_one(Product, product_id).changed_at
        given = {"product_changed_at": changed, "last_success_at": now()}
        return self._add(
            ProductSyncStatus(product_id=product_id, shop_id=shop_id, sync_status=status, **{**given, **values})
        )

    def log(self, product_id: int, shop_id: int, message: str = "price") -> int:
        row = SyncLog(product_id=product_id, shop_id=shop_id, operation="update", status="success", message=message)
        return self._add(row)

    def job(self, shop_id: int | None = None, status: str = JobStatus.RUNNING, **values: Any) -> int:
        self.count += 1
        begun = now() - timedelta(seconds=10)
        given: dict[str, Any] = {
            "job_id": f"job-{self.count}",
            "job_type": "sync",
            "title": "Push products",
            "current_count": 5,
            "total_count": 150,
            "started_at": begun,
            "opened_at": begun,
            "heartbeat_at": now(),
        }
        return self._add(JobProgress(shop_id=shop_id, status=status, **{**given, **values}))

    def items(
        self,
        progress_id: int,
        errors: Sequence[str],
        status: str = ItemStatus.REFUSED,
        sku: str = "sku",
        product_id: int | None = None,
    ) -> None:
        with self.services.db.write() as session:
            for error in errors:
                self.count += 1
                session.add(
                    JobItem(
                        progress_id=progress_id,
                        key=f"product:{self.count}",
                        sku=sku,
                        status=status,
                        error=error,
                        product_id=product_id,
                    )
                )
