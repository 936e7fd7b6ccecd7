"""Availability of 12,465 products by SQL, from the job's opening to its end: offers, decision, shop, memory of it."""

import tempfile
import time
from pathlib import Path

from sqlalchemy import insert, update

import migrations
from benchmarks.direct import PRODUCTS, _shop
from benchmarks.report import figure
from benchmarks.scene import _product
from models import Database, Offer, Product, ProductSyncStatus, Shop, ShopAvailability, ShopDatabase, Supplier, now
from sync import jobs
from sync.availability import direct
from sync.availability.job import open_availability
from sync.collecting import collect_rarely
from sync.secrets import new_key
from sync.services import Services, build
from tests.availability_scene import TEXTS


def by_sql() -> bool:
    """Everything changed, then nothing; until the shop's commit, and until the job's end."""
    with tempfile.TemporaryDirectory(prefix="shopferry-bench-") as folder, _shop(PRODUCTS) as there:
        if there is None:
            return True
        db = Database(f"sqlite:///{folder}/bench.sqlite3")
        collect_rarely()  # as in a worker
        migrations.upgrade(db.engine)
        services = build(db, [new_key()], Path(folder) / "media")
        _furnish(services, there.settings)
        committed: list[float] = []
        kept = direct._record

        def record(*arguments: object) -> None:
            committed.append(time.perf_counter())
            kept(*arguments)  # type: ignore[arg-type]

        direct._record = record  # type: ignore[assignment]
        started = time.perf_counter()
        _tell(services)
        ended = time.perf_counter() - started
        last = committed[-1] - started
        with db.write() as session:
            session.execute(update(ShopAvailability).values(only_changed=True))
        started = time.perf_counter()
        _tell(services)
        unchanged = time.perf_counter() - started
        db.dispose()
    figure(f"{PRODUCTS:,} changed products by SQL, to the job's end", f"{ended:.2f} s")
    good = figure("from the start to the shop's last commit", f"{last:.2f} s", "under 1.5 s", last < 1.5)
    return figure("unchanged, the whole job", f"{unchanged:.2f} s", "under 0.5 s", unchanged < 0.5) and good


def _furnish(services: Services, settings: object) -> None:
    with services.db.write() as session:
        shop = Shop(name="Bench", address="http://unused.example", key_encrypted="", languages={"en": 1, "pl": 2})
        supplier = Supplier(name="Hurt")
        session.add_all([shop, supplier])
        session.flush()
        session.add(ShopAvailability(shop_id=shop.id, active=True, texts=TEXTS, min_stock_threshold=5, route="sql"))
        account = settings
        session.add(ShopDatabase(
            shop_id=shop.id, host=account.host, port=account.port, name=account.name, user=account.user,  # type: ignore[attr-defined]
            password_encrypted=services.vault.encrypt(account.password.reveal()), prefix=account.prefix,  # type: ignore[attr-defined]
        ))  # fmt: skip
        numbers = range(1, PRODUCTS + 1)
        session.execute(insert(Product), [{**_product(n), "id": n} for n in numbers])
        session.execute(
            insert(ProductSyncStatus), [{"product_id": n, "shop_id": shop.id, "external_id": n} for n in numbers]
        )
        moment = now()
        session.execute(insert(Offer), [
            {"product_id": n, "supplier_id": supplier.id, "stock_quantity": n % 50, "delivery_days": n % 9,
             "is_available": None, "checked_at": moment, "changed_at": moment}
            for n in numbers
        ])  # fmt: skip


def _tell(services: Services) -> None:
    with services.db.write() as session:
        job = open_availability(session, 1).id
    direct.work_by_sql(services, job)
    with services.db.read() as session:
        ended = jobs.get(session, job)
        assert ended.status == "completed", (ended.status, ended.summary, ended.error_details[:2])
