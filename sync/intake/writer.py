"""A chunk of a shop's products into the catalogue: matched, made or updated, and linked, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Category, MappingType, Product, ProductSyncStatus, Shop, ShopMapping
from sync.fingerprint import field_marks
from sync.intake.agree import documents, new_link, settle
from sync.intake.bindings import bind_names, feature_of
from sync.intake.build import new_product
from sync.intake.look_up import known_products
from sync.intake.matching import match, sku_of
from sync.intake.names import ShopNames
from sync.intake.parts import Parts
from sync.intake.selection import ImportSelection
from sync.intake.tree import ensure_local
from sync.intake.updating import Update, Updates
from sync.intake.values import Incoming
from sync.outcome import Outcome, pushed, refused, skipped
from sync.strategies.history import agree
from sync.transform.product import Document, ShopFacts


class Writer:
    """One transaction's work. `outcomes` are by id in the shop; `rivals` stand in the way of others: {id: of which};
    `links` are those of all that were imported or updated, by id in the shop."""

    def __init__(
        self, session: Session, shop: Shop, names: ShopNames, selection: ImportSelection, claimant: str
    ) -> None:
        self.session, self.shop, self.names = session, shop, names
        self.selection, self.claimant = selection, claimant
        self.outcomes: dict[int, Outcome] = {}
        self.rivals: dict[int, int] = {}
        self.links: dict[int, ProductSyncStatus] = {}

    def write(self, products: Sequence[Incoming], gone: Iterable[int] = ()) -> None:
        """Make, update or skip them all."""
        self.categories = self._categories(products)
        facts = self._facts(products)
        parts = Parts(self.session, self.shop, facts, products)
        fresh, old = self._match(products, gone)
        agreed = self._create(fresh, facts, parts)
        updates = Updates(self.session, self.shop, facts, parts, self.categories, self.claimant)
        agreed |= updates.run(old)
        self.outcomes |= updates.outcomes
        self.links |= updates.links
        self.session.flush()
        agree(self.session, agreed)

    def _categories(self, products: Sequence[Incoming]) -> dict[int, Category]:
        wanted = {number for one in products for number in one.categories}
        local = ensure_local(self.session, self.shop, self.names, wanted)
        rows = self.session.scalars(select(Category).where(Category.id.in_(set(local.values()))))
        by_id = {category.id: category for category in rows}
        return {number: by_id[here] for number, here in local.items() if here in by_id}

    def _facts(self, products: Sequence[Incoming]) -> ShopFacts:
        bindings = bind_names(self.session, self.shop, self.names, products)
        facts = ShopFacts.of(self.shop).knowing(self._mapped(), bindings.manufacturers)
        pairs = (feature_of(pair) for product in products for pair in product.features)
        return replace(facts, features=bindings.features(pairs))

    def _mapped(self) -> dict[int, int]:
        """The shop's ids of all our categories that it has, by ours."""
        query = select(ShopMapping.local_key, ShopMapping.external_id).where(
            ShopMapping.shop_id == self.shop.id,
            ShopMapping.mapping_type == MappingType.CATEGORY,
            ShopMapping.external_id.is_not(None),
        )
        return {int(key): number for key, number in self.session.execute(query) if number is not None}

    def _match(self, products: Sequence[Incoming], gone: Iterable[int]) -> tuple[list[Incoming], list[Update]]:
        known, links = known_products(self.session, self.shop.id, products, gone)
        fresh, old = [], []
        for incoming in products:
            found = match(incoming, self.shop.id, known)
            if found.reason:
                self.outcomes[incoming.external_id] = skipped(found.reason)
                if found.rival is not None:
                    self.rivals[found.rival] = incoming.external_id
            elif found.product is None:
                fresh.append(incoming)
            elif not self.selection.update:
                reason = f"product {found.product.id} of ours is it already; existing ones are not to be updated"
                self.outcomes[incoming.external_id] = skipped(reason)
            else:
                old.append(Update(incoming, found.product.id, links.get(found.product.id)))
        return fresh, old

    def _create(self, fresh: Sequence[Incoming], facts: ShopFacts, parts: Parts) -> dict[int, Document]:
        made: list[tuple[Incoming, Product]] = []
        for incoming in fresh:
            if not any(text.get("name") for text in incoming.texts.values()):
                self.outcomes[incoming.external_id] = refused("the product has no name in any language of the shop")
                continue
            product = new_product(incoming, sku_of(incoming, self.shop.id), self.categories, facts.prices, self.shop.id)
            parts.combine(product, incoming)
            self.session.add(product)
            made.append((incoming, product))
        self.session.flush()
        for incoming, product in made:
            parts.price(product, incoming)
            link = new_link(self.shop, product, incoming)
            self.session.add(link)
            self.links[incoming.external_id] = link
        self.session.flush()
        return {self.links[one.external_id].id: self._settle(product, one, facts, parts) for one, product in made}

    def _settle(self, product: Product, incoming: Incoming, facts: ShopFacts, parts: Parts) -> Document:
        shot, document = documents(product, self.shop, facts)
        parts.link(product, incoming, shot)
        link = self.links[incoming.external_id]
        link.quantity_sent = incoming.quantity
        self.outcomes[incoming.external_id] = pushed("imported", incoming.external_id)
        return settle(link, product, incoming, document, field_marks(document))
