"""Products that are new to us, with all that belongs to them: bulk statements, whatever the chunk's size."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from models import Category, Product, ProductFeature, ProductOverride, ProductSyncStatus, Shop, now, product_categories
from sync.intake.agree import documents, new_link, settle
from sync.intake.build import new_product
from sync.intake.matching import sku_of
from sync.intake.parts import Parts
from sync.intake.values import Incoming
from sync.transform.locks import names_of
from sync.transform.product import Document, ShopFacts


class Creation:
    """Those of one chunk. The products stay out of the session: their rows are written from them, then their ids read
    back by SKU, since an ORM flush would insert them one by one where the database tells ids only so (SQLite)."""

    def __init__(
        self, session: Session, shop: Shop, facts: ShopFacts, parts: Parts, categories: Mapping[int, Category]
    ) -> None:
        self.session, self.shop, self.facts = session, shop, facts
        self.parts, self.categories = parts, categories
        self.links: dict[int, ProductSyncStatus] = {}

    def run(self, products: Sequence[Incoming]) -> dict[int, Document]:
        """Make them; what each new link and the shop agree on, by the link's id."""
        if not products:
            return {}
        made = [(one, self._product(one)) for one in products]
        self._insert_products([product for _, product in made])
        for incoming, product in made:
            self.parts.combine(product, incoming)
            self.session.add_all(product.combinations)
        self.session.flush()
        for incoming, product in made:
            self.parts.price(product, incoming)
            self.session.add_all(product.specific_prices)
        self.session.flush()
        agreed = {product.id: self._settle(product, incoming) for incoming, product in made}
        ids = self._insert_links()
        return {ids[number]: document for number, document in agreed.items()}

    def _product(self, incoming: Incoming) -> Product:
        sku = sku_of(incoming, self.shop.id)
        product = new_product(incoming, sku, self.categories, self.facts.prices, self.shop.id)
        product.changed_at = now()
        return product

    def _insert_products(self, products: Sequence[Product]) -> None:
        self.session.execute(insert(Product), [_row(product) for product in products])
        skus = [product.sku for product in products]
        ids = {sku: number for sku, number in self.session.execute(_IDS.where(Product.sku.in_(skus)))}  # noqa: C416
        for product in products:
            product.id = ids[product.sku]
        self._insert_parts(products)

    def _insert_parts(self, products: Sequence[Product]) -> None:
        memberships = [
            {"product_id": product.id, "category_id": category.id}
            for product in products
            for category in product.categories
        ]
        if memberships:
            self.session.execute(insert(product_categories), memberships)
        features = [_row(row) | {"product_id": product.id} for product in products for row in product.features]
        if features:
            self.session.execute(insert(ProductFeature), features)
        overrides = [_row(row) | {"product_id": product.id} for product in products for row in product.overrides]
        if overrides:
            self.session.execute(insert(ProductOverride), overrides)

    def _settle(self, product: Product, incoming: Incoming) -> Document:
        link = new_link(self.shop, product, incoming)
        self.links[incoming.external_id] = link
        shot, document = documents(product, self.shop, self.facts)
        self.parts.link(product, incoming, shot)
        link.quantity_sent = incoming.quantity
        return settle(link, product, incoming, document, names_of(document))

    def _insert_links(self) -> dict[int, int]:
        rows = [_row(link) for link in self.links.values()]
        names = {name for row in rows for name in row}
        self.session.execute(insert(ProductSyncStatus), [{name: row.get(name) for name in names} for row in rows])
        query = select(ProductSyncStatus.product_id, ProductSyncStatus.id).where(
            ProductSyncStatus.shop_id == self.shop.id,
            ProductSyncStatus.product_id.in_([link.product_id for link in self.links.values()]),
        )
        return {product: number for product, number in self.session.execute(query)}  # noqa: C416


_IDS = select(Product.sku, Product.id)


def _row(thing: Any) -> dict[str, Any]:
    """The columns that were set, by their names."""
    state = inspect(thing)
    return {name: state.dict[name] for name in (one.key for one in state.mapper.column_attrs) if name in state.dict}
