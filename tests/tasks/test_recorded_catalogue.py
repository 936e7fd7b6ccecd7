"""A real PrestaShop's recorded demo catalogue: loaded here, pushed into an empty shop, read back field by field."""

from decimal import Decimal
from pathlib import Path

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import JobStatus, Product, ProductSyncStatus, Shop
from models.catalogue import PRODUCT_TEXTS
from prestashop_client import Document, PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.catalogue_files import Options, open_catalogue
from sync.catalogue_files import load as load_catalogue
from sync.selection import Selection
from sync.services import Services
from sync.shops import apply_report
from sync.shops import test_connection as check_connection
from tasks.actors import bulk_sync_products
from tests.factories import make_shop
from tests.tasks.conftest import Run

RECORDED = Path(__file__).parent.parent / "data" / "recorded"
PRODUCTS = 19


@pytest.fixture
def loaded(in_tasks: Services, sandbox: Sandbox) -> int:
    """The catalogue in our database, and an empty shop that has been tested; the shop's id."""
    options = Options()
    results = list(load_catalogue(in_tasks.db, in_tasks.media, open_catalogue(RECORDED, options), options.language))
    assert len([one for one in results if one.kind == "product"]) == PRODUCTS
    with in_tasks.db.write() as session:
        shop = make_shop(session, in_tasks, sandbox.address, sandbox.key, languages={}, tax_rules_groups={})
        apply_report(shop, check_connection(in_tasks, shop))
        return shop.id


def test_the_recorded_catalogue_arrives_whole(
    broker: StubBroker, in_tasks: Services, run: Run, sandbox: Sandbox, loaded: int
) -> None:
    with in_tasks.db.write() as session:
        job = jobs.open_push(session, session.get_one(Shop, loaded), Selection("search", search=""))
    bulk_sync_products.send(job.id)
    run.until_idle()
    with in_tasks.db.read() as session:
        ended = jobs.get(session, job.id)
        assert (ended.status, ended.error_details) == (JobStatus.COMPLETED, [])
        products = session.scalars(
            select(Product).options(
                selectinload(Product.categories),
                selectinload(Product.images),
                selectinload(Product.combinations),
                selectinload(Product.features),
                selectinload(Product.specific_prices),
            )
        ).all()
        links = {link.product_id: link for link in session.scalars(select(ProductSyncStatus))}
    with PrestaShopClient(sandbox.address, sandbox.key) as client:
        reader = Reader(client)
        assert len(products) == PRODUCTS
        for product in products:
            reader.compare(product, links[product.id])


class Reader:
    """Reads products back from the shop and compares them with the catalogue's."""

    def __init__(self, client: PrestaShopClient) -> None:
        self.client = client
        self.categories = {int(one["id"]): one for one in client.iterate("categories", display="full")}
        self.makers = {one["id"]: one["name"] for one in client.iterate("manufacturers", display=["id", "name"])}
        self.options = self._pairs("product_options", "product_option_values", "id_attribute_group", "name", 1)
        self.features = self._pairs("product_features", "product_feature_values", "id_feature", "value", 2)
        self.rates = {group: rate for rate, group in client.probe().tax_groups.items()}

    def _pairs(self, above: str, below: str, parent: str, name: str, language: int) -> dict[int, tuple[str, str]]:
        names = {one["id"]: one["name"][language] for one in self.client.iterate(above, display="full")}
        return {
            one["id"]: (names[int(one[parent])], one[name][language])
            for one in self.client.iterate(below, display="full")
        }

    def compare(self, product: Product, link: ProductSyncStatus) -> None:
        stored = self.client.get("products", link.external_id or 0)
        assert stored["reference"] == product.sku
        assert stored["ean13"] == (product.ean or "")
        assert stored["active"] == str(int(product.active))
        assert stored["state"] == "1"
        for name in ("price", "weight", "width", "height", "depth"):
            assert Decimal(stored[name]) == getattr(product, name), f"{product.sku}: {name}"
        assert self.rates.get(int(stored["id_tax_rules_group"]), Decimal(0)) == product.tax_rate
        assert self.makers.get(int(stored["id_manufacturer"])) == product.manufacturer
        self._texts(product, stored)
        self._categories(product, stored)
        row = self.client.get("stock_availables", int(stored["associations"]["stock_availables"][0]["id"]))
        assert int(row["quantity"]) == product.quantity
        assert len(stored["associations"]["images"]) == len(product.images)
        self._parts(product, stored)

    def _parts(self, product: Product, stored: Document) -> None:
        there = self.client.list("combinations", filters={"id_product": stored["id"]}, display="full")
        ours = {
            frozenset((one["option"]["en"], one["value"]["en"]) for one in each.options): (
                each.quantity,
                each.is_default,
            )
            for each in product.combinations
        }
        rows = self.client.list("stock_availables", filters={"id_product": stored["id"]}, display="full")
        quantities = {int(row["id_product_attribute"]): int(row["quantity"]) for row in rows}
        assert {
            frozenset(self.options[int(one["id"])] for one in each["associations"]["product_option_values"]): (
                quantities[each["id"]], each["default_on"] == "1",
            )
            for each in there
        } == ours, product.sku  # fmt: skip
        entries = stored["associations"]["product_features"]
        assert {self.features[int(one["id_feature_value"])] for one in entries} == {
            (each.feature["pl"], each.value["pl"]) for each in product.features
        }, product.sku
        prices = self.client.list("specific_prices", filters={"id_product": stored["id"]}, display="full")
        assert [(Decimal(one["reduction"]), one["reduction_type"]) for one in prices] == [
            (one.reduction, one.reduction_type) for one in product.specific_prices
        ], product.sku

    def _texts(self, product: Product, stored: Document) -> None:
        for iso, language in (("en", 1), ("pl", 2)):
            for field in PRODUCT_TEXTS:
                assert stored[field][language] == product.texts[iso].get(field, ""), f"{product.sku}: {field} {iso}"

    def _categories(self, product: Product, stored: Document) -> None:
        there = {self.categories[int(one["id"])]["name"][1] for one in stored["associations"]["categories"]}
        ours = {category.texts["en"]["name"] for category in product.categories} or {"Home"}
        assert there == ours, product.sku
        if product.default_category_id is not None:
            default = next(one for one in product.categories if one.id == product.default_category_id)
            shown = self.categories[int(stored["id_category_default"])]
            assert shown["name"] == {1: default.texts["en"]["name"], 2: default.texts["pl"]["name"]}
