"""A chunk of a shop's products into the catalogue: matched, made or updated, and linked, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Category, MappingType, ProductSyncStatus, Shop, ShopMapping
from sync.intake.bindings import bind_names, feature_of
from sync.intake.creating import Creation
from sync.intake.look_up import known_products
from sync.intake.matching import match
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
        named = [one for one in fresh if any(text.get("name") for text in one.texts.values())]
        creation = Creation(self.session, self.shop, facts, parts, self.categories)
        agreed = creation.run(named)
        self.links |= creation.links
        nameless = refused("the product has no name in any language of the shop")
        self.outcomes |= dict.fromkeys((one.external_id for one in fresh), nameless)
        self.outcomes |= {one.external_id: pushed("imported", one.external_id) for one in named}
        return agreed
