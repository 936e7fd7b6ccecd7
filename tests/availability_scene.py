"""Products with offers, and a shop's settings, for tests of availability."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Offer, ProductSyncStatus, ShopAvailability, Supplier, now
from prestashop_client import PrestaShopClient
from sync.services import Services
from tests.factories import make_product

TEXTS = {
    "en": {
        "available": "In stock", "unavailable": "Sold out",
        "delivery": {"one": "Ships in {days} day", "other": "Ships in {days} days"},
    },
    "pl": {
        "available": "Jest", "unavailable": "Brak",
        "delivery": {"one": "{days} dzień", "few": "{days} dni", "many": "{days} dni", "other": "{days} dnia"},
    },
}  # fmt: skip


def add_settings(session: Session, shop_id: int, **values: Any) -> None:
    given = {"active": True, "texts": TEXTS, "min_stock_threshold": 5, "only_changed": True, **values}
    session.add(ShopAvailability(shop_id=shop_id, **given))


def add_supplier(session: Session, name: str = "Hurt", **values: Any) -> int:
    supplier = Supplier(name=name, **values)
    session.add(supplier)
    session.flush()
    return supplier.id


def add_offer(session: Session, product_id: int, supplier_id: int, **values: Any) -> None:
    given = {"purchase_price": Decimal(1), "currency": "PLN", "checked_at": now(), "changed_at": now(), **values}
    session.add(Offer(product_id=product_id, supplier_id=supplier_id, **given))


def add_link(session: Session, product_id: int, shop_id: int, external_id: int) -> None:
    session.add(ProductSyncStatus(product_id=product_id, shop_id=shop_id, external_id=external_id))


def offered_products(
    services: Services, shop_id: int, external_ids: Sequence[int], offers: Sequence[Mapping[str, Any]]
) -> dict[int, int]:
    """Linked products with an offer each; {external id: product id}."""
    with services.db.write() as session:
        supplier = add_supplier(session)
        made = {}
        for external_id, offer in zip(external_ids, offers, strict=True):
            product_id = make_product(session, f"SKU-{external_id}").id
            add_link(session, product_id, shop_id, external_id)
            add_offer(session, product_id, supplier, **offer)
            made[external_id] = product_id
        return made


def products_in_shop(client: PrestaShopClient, count: int) -> list[int]:
    """Products in a sandbox shop, none with a text; their ids there."""
    documents = [
        {"name": {1: f"P{n}", 2: f"P{n}"}, "link_rewrite": {1: f"p{n}", 2: f"p{n}"}, "price": "1.00", "active": 1,
         "id_category_default": 2, "state": 1}
        for n in range(count)
    ]  # fmt: skip
    return [int(verdict.unwrap()["id"]) for verdict in client.create_many("products", documents)]


def combination_in_shop(client: PrestaShopClient, product: int) -> int:
    """A combination of that product; its id there."""
    return int(client.create("combinations", {"id_product": product, "minimal_quantity": 1, "reference": "C"})["id"])


def shown(client: PrestaShopClient, products: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What stands in a shop: texts by language, stock rows by combination."""
    texts = ["id", "available_now", "available_later"]
    found: dict[int, dict[str, Any]] = {
        int(product["id"]): {
            "now": dict(product["available_now"]), "later": dict(product["available_later"]), "stock": {},
        }
        for product in client.get_many("products", products, display=texts).values()
    }  # fmt: skip
    display = ["id_product", "id_product_attribute", "out_of_stock", "quantity"]
    for row in client.iterate("stock_availables", filters={"id_product": list(products)}, display=["id", *display]):
        stock = found[int(row["id_product"])]["stock"]
        stock[int(row["id_product_attribute"])] = (int(row["out_of_stock"]), int(row["quantity"]))
    return found


def links(services: Services) -> dict[int, ProductSyncStatus]:
    with services.db.read() as session:
        return {link.product_id: link for link in session.scalars(select(ProductSyncStatus))}
