"""Pushing products into a sandbox, without jobs and workers."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from models import ItemStatus, Product, ProductSyncStatus, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync.catalogue import touch
from sync.services import Services
from sync.strategies.product import push_products
from sync.strategies.run import Run
from sync.strategies.work import Work, ensure_links, record
from tests.factories import make_shop


class Pusher:
    """A sandbox shop and a way to push to it."""

    def __init__(self, services: Services, sandbox: Sandbox, shop_id: int) -> None:
        self.services, self.sandbox, self.shop_id = services, sandbox, shop_id
        self.client = PrestaShopClient(sandbox.address, sandbox.key, sleep=lambda _seconds: None)

    @property
    def shop(self) -> Shop:
        with self.services.db.read() as session:
            return session.get_one(Shop, self.shop_id)

    def set(self, **values: Any) -> None:
        """Change the shop's settings."""
        with self.services.db.write() as session:
            shop = session.get_one(Shop, self.shop_id)
            for name, value in values.items():
                setattr(shop, name, value)

    def __call__(self, *skus: str, **params: Any) -> dict[str, Work]:
        """Push these products (all of them without any) and give the works by SKU."""
        with self.services.db.read() as session:
            query = select(Product.id).order_by(Product.id)
            ids = list(session.scalars(query.where(Product.sku.in_(skus)) if skus else query))
        ensure_links(self.services, self.shop_id, ids)
        with self.services.connect(self.shop) as client:
            run = Run(self.services, self.shop, client, "test", params=params)
            works = push_products(run, ids)
            with self.services.db.write() as session:
                record(session, run, works, 1)
        return {work.product.sku: work for work in works}

    def well(self, *skus: str, **params: Any) -> dict[str, Work]:
        """The same, where everything has to go well."""
        works = self(*skus, **params)
        wrong = {sku: work.outcome for sku, work in works.items() if not _went_well(work)}
        assert not wrong, wrong
        return works

    def stored(self, sku: str) -> dict[str, Any]:
        """The one product of that reference, as the shop has it."""
        (found,) = self.client.find_by_reference([sku])[sku]
        return self.client.get("products", int(found["id"]))

    def link(self, sku: str) -> ProductSyncStatus:
        with self.services.db.read() as session:
            query = select(ProductSyncStatus).join(Product, Product.id == ProductSyncStatus.product_id)
            return session.scalars(query.where(Product.sku == sku)).one()

    def listed(self, resource: str, **filters: object) -> list[dict[str, Any]]:
        """What the shop has of a resource."""
        return self.client.list(resource, filters=filters, display="full")

    def change(self, sku: str, edit: Callable[[Product], object]) -> None:
        """Edit a product as an operator does."""
        with self.services.db.write() as session:
            product = session.scalars(select(Product).where(Product.sku == sku)).one()
            edit(product)
            session.flush()
            touch(session, [product.id])

    def requests(self) -> list[str]:
        """The requests since the last look, as METHOD resource."""
        found = [f"{one.method} {one.resource}" for one in list(self.sandbox.requests)[self._looked :]]
        self._looked = len(self.sandbox.requests)
        return found

    _looked = 0


def _went_well(work: Work) -> bool:
    good = (ItemStatus.PUSHED, ItemStatus.UNCHANGED)
    return work.outcome is not None and work.outcome.status in good and work.outcome.error is None


@pytest.fixture
def push(services: Services, sandbox: Sandbox) -> Pusher:
    with services.db.write() as session:
        shop = make_shop(session, services, sandbox.address, sandbox.key)
    return Pusher(services, sandbox, shop.id)
