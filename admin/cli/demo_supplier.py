"""The demo's supplier: a feed with a file of its own, and what both shops say of its offers."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Feed, Product, Shop, ShopAvailability, Supplier
from sync.services import Services
from sync.suppliers.feeds import open_run

NAME, FEED, FILE = "Harbour Wholesale", "Stock and prices", "demo-harbour.csv"
COLUMNS = ("Code", "EAN", "Product", "Stock", "Ships in", "Net price")
MAPPING = {
    "sku": "Code", "ean": "EAN", "name": "Product", "stock_quantity": "Stock", "delivery_days": "Ships in",
    "purchase_price": "Net price",
}  # fmt: skip
TEXTS = {
    "en": {
        "available": "In stock", "unavailable": "Sold out at the moment",
        "delivery": {"one": "Ships in {days} day", "other": "Ships in {days} days"},
    },
    "pl": {
        "available": "Na stanie", "unavailable": "Chwilowo niedostępny",
        "delivery": {
            "one": "Wysyłka za {days} dzień", "few": "Wysyłka za {days} dni", "many": "Wysyłka za {days} dni",
            "other": "Wysyłka za {days} dnia",
        },
    },
}  # fmt: skip


def first_run(services: Services) -> int | None:
    """Add the supplier with its feed, unless there is one; the job of its first run."""
    folder = services.feeds.upload_dir
    with services.db.write() as session:
        if folder is None or session.scalars(select(Supplier.id).limit(1)).first() is not None:
            return None
        _write_file(session, folder / FILE)
        supplier = Supplier(name=NAME, contractor_id="K-1")
        supplier.feeds.append(Feed(name=FEED, format="csv", source="upload", address=FILE, mapping=MAPPING))
        session.add(supplier)
        session.flush()
        for shop_id in session.scalars(select(Shop.id)):
            session.add(ShopAvailability(shop_id=shop_id, active=True, min_stock_threshold=5, texts=TEXTS))
        return open_run(session, supplier.feeds[0].id).id


def _write_file(session: Session, path: Path) -> None:
    """Nine of ten products of the catalogue, some rows of nobody's, and two with mistakes to look at."""
    path.parent.mkdir(parents=True, exist_ok=True)
    products = session.execute(select(Product.sku, Product.ean, Product.name, Product.price).order_by(Product.id))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for number, (sku, ean, name, price) in enumerate(products):
            if number % 10:
                cost = f"{price * 6 / 10:.2f}".replace(".", ",") + " EUR"
                writer.writerow([sku, ean or "", name, number * 7 % 60, f"{number % 4 + 1} days", cost])
        for number in range(12):
            writer.writerow([f"HW-{number:03}", "", f"Not in the catalogue {number}", 10, "2 days", "4,50 EUR"])
        writer.writerow(["HW-900", "", "A stock in words", "plenty", "2 days", "4,50 EUR"])
        writer.writerow(["HW-901", "", "A price that is none", 3, "2 days", "on request"])
