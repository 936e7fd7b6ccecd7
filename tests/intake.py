"""A shop with something of everything, and what comes of importing it: for tests of imports and of drift."""

from typing import Any

from sqlalchemy import func, select

from models import JobItem, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.intake import ImportSelection, open_import
from sync.selection import Selection
from sync.services import Services
from sync.shops import apply_report
from sync.shops import test_connection as check_connection
from tasks.actors import bulk_import_products, bulk_sync_products
from tests.factories import make_shop
from tests.tasks.conftest import Run

QUEUES = ("import", "prestashop_sync", "default")
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def named(name: str) -> dict[int, str]:
    """A name in both languages of a fresh sandbox."""
    return {1: name, 2: f"{name} (pl)"}


def goods(reference: str, **fields: Any) -> dict[str, Any]:
    """A product as its shop would save it."""
    return {
        "reference": reference,
        "price": "12.90",
        "state": 1,
        "active": 1,
        "minimal_quantity": 1,
        "available_for_order": 1,
        "show_price": 1,
        "id_tax_rules_group": 1,
        "id_category_default": 2,
        "name": named(f"Product {reference}"),
        "link_rewrite": named(f"product-{reference}".lower()),
        "associations": {"categories": [{"id": 2}]},
        **fields,
    }


class Intake:
    """A shop that was tested, and jobs that run until they end."""

    def __init__(self, services: Services, run: Run, sandbox: Sandbox, name: str = "Cyan") -> None:
        self.services, self.run, self.sandbox = services, run, sandbox
        self.client = PrestaShopClient(sandbox.address, sandbox.key)
        with services.db.write() as session:
            values: dict[str, Any] = {"languages": {}, "tax_rules_groups": {}, "name": name}
            shop = make_shop(session, services, sandbox.address, sandbox.key, **values)
            apply_report(shop, check_connection(services, shop))
            self.shop_id = shop.id

    def imports(self, selection: ImportSelection | None = None) -> int:
        """Import, and the job's id."""
        with self.services.db.write() as session:
            job = open_import(session, session.get_one(Shop, self.shop_id), selection or ImportSelection("all"))
        bulk_import_products.send(job.id)
        self.run.until_idle(*QUEUES)
        return job.id

    def pushes(self) -> int:
        """Push everything, and the job's id."""
        with self.services.db.write() as session:
            job = jobs.open_push(session, session.get_one(Shop, self.shop_id), Selection("all"))
        bulk_sync_products.send(job.id)
        self.run.until_idle(*QUEUES)
        return job.id

    def counts(self, progress_id: int) -> dict[str, int]:
        """Items by what became of them; the job has ended, and its own counts say the same."""
        word = func.coalesce(JobItem.operation, JobItem.status)
        with self.services.db.read() as session:
            job = jobs.get(session, progress_id)
            assert job.completed_at is not None, job.status
            rows = session.execute(select(word, func.count()).where(JobItem.progress_id == job.id).group_by(word))
            found = {str(name): number for name, number in rows}
            assert job.current_count == job.total_count == sum(found.values())
            return found

    def errors(self, progress_id: int) -> list[str]:
        """What items say."""
        query = select(JobItem.error).where(JobItem.progress_id == progress_id, JobItem.error.is_not(None))
        with self.services.db.read() as session:
            return [error or "" for error in session.scalars(query.order_by(JobItem.id))]

    def writes(self) -> list[str]:
        """What was written to the shop since the last `forget()`."""
        return [f"{one.method} {one.path}" for one in self.sandbox.requests if one.method in WRITES]

    def forget(self) -> None:
        """Forget what was asked of the shop."""
        self.sandbox.requests.clear()

    def stock(self, external_id: int, quantity: int, combination: int = 0) -> None:
        """Set a quantity in the shop."""
        filters = {"id_product": external_id, "id_product_attribute": combination}
        row = self.client.list("stock_availables", filters=filters)[0]
        self.client.patch("stock_availables", row["id"], {"quantity": quantity})


def furnish(client: PrestaShopClient) -> dict[str, int]:
    """Fill a fresh sandbox: two categories, a maker, features, a shirt in two sizes, a group price. Ids by name."""
    home = {"id_parent": 2, "active": 1}
    clothes = client.create("categories", {**home, "name": named("Clothes"), "link_rewrite": named("clothes")})["id"]
    below = {"id_parent": clothes, "active": 1}
    shirts = client.create("categories", {**below, "name": named("Shirts"), "link_rewrite": named("shirts")})["id"]
    maker = client.create("manufacturers", {"name": "Żółw & Co", "active": 1})["id"]
    feature = client.create("product_features", {"name": named("Material")})["id"]
    cotton = client.create("product_feature_values", {"id_feature": feature, "value": named("cotton")})["id"]
    size = client.create(
        "product_options", {"group_type": "select", "name": named("Size"), "public_name": named("Size")}
    )["id"]
    values = [
        client.create("product_option_values", {"id_attribute_group": size, "name": named(name)})["id"]
        for name in ("S", "L")
    ]
    shirt = client.create(
        "products",
        goods(
            "SHIRT-1",
            ean13="5901234123457",
            weight="0.25",
            supplier_reference="SUP-9",
            id_manufacturer=maker,
            id_category_default=shirts,
            description={1: "<p>Soft<br>and warm</p>", 2: "<p>Miękka</p>"},
            associations={
                "categories": [{"id": clothes}, {"id": shirts}],
                "product_features": [{"id": feature, "id_feature_value": cotton}],
            },
        ),
    )["id"]
    small, large = (
        client.create(
            "combinations",
            {
                "id_product": shirt,
                "reference": f"SHIRT-1-{name}",
                "price": price,
                "minimal_quantity": 1,
                "default_on": default,
                "associations": {"product_option_values": [{"id": value}]},
            },
        )["id"]
        for name, price, default, value in (("S", "0", 1, values[0]), ("L", "2.5", "", values[1]))
    )
    group_price = client.create(
        "specific_prices",
        {
            "id_shop": 0, "id_cart": 0, "id_product": shirt, "id_product_attribute": 0, "id_currency": 0,
            "id_country": 0, "id_group": 3, "id_customer": 0, "price": "9.9", "from_quantity": 5, "reduction": "0.1",
            "reduction_tax": 1, "reduction_type": "percentage", "from": "2026-01-01 00:00:00",
            "to": "0000-00-00 00:00:00",
        },
    )["id"]  # fmt: skip
    return {
        "clothes": clothes, "shirts": shirts, "shirt": shirt, "small": small, "large": large, "size": size,
        "group_price": group_price, "feature": feature, "cotton": cotton, "maker": maker,
    }  # fmt: skip
