"""Combinations and specific prices of a chunk of products: taken over, linked, and marked as in step."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Combination, CombinationLink, Product, Shop, SpecificPrice, SpecificPriceLink
from sync.intake.build import fill_combination, fill_price, usable_skus
from sync.intake.marking import mark_combination, mark_price
from sync.intake.values import Incoming, IncomingCombination, IncomingPrice
from sync.transform.product import ShopFacts
from sync.transform.snapshot import Snapshot


class Parts:
    """Those of one chunk. Five statements to read what is there, whatever the chunk's size."""

    def __init__(self, session: Session, shop: Shop, facts: ShopFacts, products: Sequence[Incoming]) -> None:
        self.session, self.shop, self.facts = session, shop, facts
        references = {one.reference for product in products for one in product.combinations if one.reference}
        query = select(Combination.sku, Combination.product_id).where(Combination.sku.in_(references))
        self.owners = {sku: owner for sku, owner in session.execute(query)} if references else {}  # noqa: C416
        self.combinations = self._links(
            CombinationLink, [one.external_id for product in products for one in product.combinations]
        )
        self.prices = self._links(
            SpecificPriceLink, [one.external_id for product in products for one in product.prices]
        )
        self.rows: dict[int, Combination] = {}
        self.price_rows: dict[int, SpecificPrice] = {}
        self.kept: set[int] = set()
        self.gone: dict[int, list[Any]] = {}

    def _links(self, model: type[Any], external_ids: Iterable[int]) -> dict[int, Any]:
        ids = list(external_ids)
        if not ids:
            return {}
        query = select(model).where(model.shop_id == self.shop.id, model.external_id.in_(ids))
        return {link.external_id: link for link in self.session.scalars(query)}

    def load_gone(self, product_ids: Sequence[int]) -> None:
        """Read the links of products that we have already, to tell what the shop has no more."""
        models: tuple[Any, ...] = (CombinationLink, SpecificPriceLink)
        for model in models:
            query = select(model).where(model.shop_id == self.shop.id, model.product_id.in_(list(product_ids)))
            for link in self.session.scalars(query):
                self.gone.setdefault(link.product_id, []).append(link)

    def combine(self, product: Product, incoming: Incoming, *, keep: bool = False) -> bool:
        """Take over the combinations (those that are new only, with `keep`); whether anything of ours changed."""
        foreign = {sku for sku, owner in self.owners.items() if sku and owner != product.id}
        skus = usable_skus(incoming.combinations, foreign)
        changed = False
        free = list(product.combinations)
        for position, one in enumerate(incoming.combinations):
            row = self._row_of(one, free)
            if row is None:
                row = Combination(product_id=product.id, images=[])
                product.combinations.append(row)
            elif keep:
                free.remove(row)
                self.kept.add(one.external_id)
                self.rows[one.external_id] = row
                continue
            else:
                free.remove(row)
            changed |= fill_combination(row, one, position, skus[one.external_id])
            self.rows[one.external_id] = row
        return changed | (not keep and self._drop_combinations(product, incoming))

    def _row_of(self, incoming: IncomingCombination, free: Sequence[Combination]) -> Combination | None:
        link = self.combinations.get(incoming.external_id)
        if link is not None:
            return next((row for row in free if row.id == link.combination_id), None)
        options = [{"option": option, "value": value} for option, value in incoming.options]
        same = next((row for row in free if row.options == options), None)
        return same or next((row for row in free if row.sku and row.sku == incoming.reference), None)

    def _drop_combinations(self, product: Product, incoming: Incoming) -> bool:
        """Those that were in the shop and are there no more go, unless another shop has them."""
        there = {one.external_id for one in incoming.combinations}
        lost = [
            link
            for link in self.gone.get(product.id, ())
            if isinstance(link, CombinationLink) and link.external_id not in there
        ]
        numbers = {link.combination_id for link in lost if link.combination_id is not None}
        if not lost:
            return False
        query = select(CombinationLink.combination_id).where(
            CombinationLink.combination_id.in_(numbers), CombinationLink.shop_id != self.shop.id
        )
        elsewhere = set(self.session.scalars(query))
        self.session.execute(delete(CombinationLink).where(CombinationLink.id.in_([link.id for link in lost])))
        dropped = [row for row in product.combinations if row.id in numbers - elsewhere]
        for row in dropped:
            product.combinations.remove(row)
        return bool(dropped)

    def price(self, product: Product, incoming: Incoming, *, keep: bool = False) -> bool:
        """Take over the specific prices, once the combinations have their ids; whether anything of ours changed."""
        changed = False
        mine = {row.id: row for row in product.specific_prices}
        for one in incoming.prices:
            row_of = self.rows.get(one.combination) if one.combination else None
            if one.combination and row_of is None:
                continue
            link = self.prices.get(one.external_id)
            row = mine.get(link.specific_price_id) if link is not None and link.specific_price_id else None
            if row is None:
                row = self._same_price(product, one, row_of)
            if row is None:
                row = SpecificPrice(product_id=product.id)
                product.specific_prices.append(row)
            elif keep:
                self.price_rows[one.external_id] = row
                continue
            for_shop = self.shop.id if row.id is None else row.shop_id
            changed |= fill_price(row, one, row_of.id if row_of else None, for_shop)
            self.price_rows[one.external_id] = row
        return changed | (not keep and incoming.prices_known and self._drop_prices(product, incoming))

    def _same_price(
        self, product: Product, one: IncomingPrice, combination: Combination | None
    ) -> SpecificPrice | None:
        """A price of ours that no shop may have beside this one: for the same group, quantity and time."""
        taken = {row.id for row in self.price_rows.values()} | {link.specific_price_id for link in self.prices.values()}
        wanted = {name: one.values[name] for name in ("customer_group", "from_quantity", "starts_at", "ends_at")}
        wanted["combination_id"] = combination.id if combination else None
        for row in product.specific_prices:
            same = all(getattr(row, name) == value for name, value in wanted.items())
            if same and row.id not in taken and row.shop_id in (None, self.shop.id):
                return row
        return None

    def _drop_prices(self, product: Product, incoming: Incoming) -> bool:
        there = {one.external_id for one in incoming.prices}
        lost = [
            link
            for link in self.gone.get(product.id, ())
            if isinstance(link, SpecificPriceLink) and link.external_id not in there
        ]
        if not lost:
            return False
        numbers = {link.specific_price_id for link in lost}
        self.session.execute(delete(SpecificPriceLink).where(SpecificPriceLink.id.in_([link.id for link in lost])))
        dropped = [row for row in product.specific_prices if row.id in numbers and row.shop_id == self.shop.id]
        for row in dropped:
            product.specific_prices.remove(row)
        return bool(dropped)

    def link(self, product: Product, incoming: Incoming, shot: Snapshot) -> None:
        """Link what was taken over, with the marks of what we say of it; every row has its id by now."""
        variants = {variant.id: variant for variant in shot.variants}
        for one in incoming.combinations:
            row = self.rows.get(one.external_id)
            if row is None:
                continue
            link = self.combinations.get(one.external_id)
            if link is None:
                link = CombinationLink(
                    product_id=product.id, shop_id=self.shop.id, external_id=one.external_id, sent={}
                )
                self.session.add(link)
            link.combination_id, link.product_id = row.id, product.id
            link.stock_available_id, link.quantity_sent = one.stock_available_id, one.quantity
            if one.external_id not in self.kept and row.id in variants:
                mark_combination(link, shot, variants[row.id], self.facts, one)
        amounts = {price.id: price for price in shot.group_prices}
        for price in incoming.prices:
            row_of = self.price_rows.get(price.external_id)
            if row_of is None or row_of.id not in amounts:
                continue
            found = self.prices.get(price.external_id)
            if found is None:
                found = SpecificPriceLink(product_id=product.id, shop_id=self.shop.id, external_id=price.external_id)
                self.session.add(found)
            found.specific_price_id = row_of.id
            mark_price(found, shot, amounts[row_of.id], self.facts, self.shop, price.combination)
