"""Products that we have already: what only the shop changed is taken over, what only we changed stays, the policy
speaks where both did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Category, ConflictPolicy, Product, ProductSyncStatus, SentDocument, Shop, now
from sync.intake.agree import documents, forget, new_link, settle
from sync.intake.bindings import bound_names
from sync.intake.build import take_fields, take_quantity
from sync.intake.merging import Merge, Sides, merge
from sync.intake.parts import Parts
from sync.intake.values import Incoming
from sync.outcome import Outcome, pushed, skipped, snooze, unchanged
from sync.strategies.loading import load_products
from sync.strategies.run import BUSY_DELAY
from sync.transform.product import Document, ShopFacts
from sync.transform.remote import canonical, picked, unpack


@dataclass(slots=True)
class Update:
    """One product in hand: the shop's, and ours by its id, with its link if there is one."""

    incoming: Incoming
    product_id: int
    link: ProductSyncStatus | None
    product: Product | None = None
    merge: Merge | None = None
    changed: bool = False
    notes: list[str] = field(default_factory=list)


class Updates:
    """Those of a chunk. `outcomes` and `links` as in sync.intake.writer.Writer."""

    def __init__(
        self,
        session: Session,
        shop: Shop,
        facts: ShopFacts,
        parts: Parts,
        categories: Mapping[int, Category],
        claimant: str,
    ) -> None:
        self.session, self.shop, self.facts, self.parts = session, shop, facts, parts
        self.categories, self.claimant = categories, claimant
        self.outcomes: dict[int, Outcome] = {}
        self.links: dict[int, ProductSyncStatus] = {}

    def run(self, updates: Sequence[Update]) -> dict[int, Document]:
        """Update them all; what each link and the shop agree on now."""
        free = [one for one in updates if not self._busy(one)]
        if not free:
            return {}
        loaded = {product.id: product for product in load_products(self.session, [one.product_id for one in free])}
        mine = [one for one in free if one.product_id in loaded]
        self._know(loaded.values())
        self.parts.load_gone([one.product_id for one in mine])
        for one in mine:
            one.product = loaded[one.product_id]
            self._link(one)
        self.session.flush()
        agreed = self._agreed(mine)
        for one in mine:
            self._take(one, agreed.get(self._link(one).id, {}))
        self.session.flush()
        for one in mine:
            self._take_prices(one)
        self.session.flush()
        return {self._link(one).id: self._settle(one, agreed.get(self._link(one).id, {})) for one in mine}

    def _busy(self, one: Update) -> bool:
        held = one.link is not None and one.link.claimed_by not in (None, self.claimant)
        if held:
            self.outcomes[one.incoming.external_id] = snooze(BUSY_DELAY)
        return held

    def _know(self, products: Collection[Product]) -> None:
        """Learn the shop's ids of what our products have beyond what the shop's have."""
        makers, features = bound_names(self.session, self.shop.id, products)
        known = self.facts.knowing(self.facts.categories, {**makers, **self.facts.manufacturers})
        self.facts = self.parts.facts = replace(known, features={**features, **self.facts.features})

    def _link(self, one: Update) -> ProductSyncStatus:
        assert one.product is not None  # noqa: S101 - set by run()
        if one.link is None:
            one.link = new_link(self.shop, one.product, one.incoming)
            self.session.add(one.link)
        elif one.link.external_id != one.incoming.external_id:
            forget(one.link, one.incoming)
        self.links[one.incoming.external_id] = one.link
        return one.link

    def _agreed(self, updates: Sequence[Update]) -> dict[int, Document]:
        numbers = [one.link.id for one in updates if one.link is not None and one.link.sent]
        query = select(SentDocument.link_id, SentDocument.document).where(SentDocument.link_id.in_(numbers))
        return {number: unpack(content) for number, content in self.session.execute(query)}

    def _take(self, one: Update, agreed: Document) -> None:
        product, link = one.product, self._link(one)
        assert product is not None  # noqa: S101 - set by run()
        _, document = documents(product, self.shop, self.facts, link)
        changed_at = one.incoming.changed_at
        one.merge = merge(
            self.shop.conflict_policy or ConflictPolicy.OURS,
            Sides(
                ours=canonical(document),
                theirs=picked(one.incoming.document, document),
                agreed=agreed,
                seen=link.seen or {},
                untouched=changed_at is not None and changed_at == link.shop_changed_at,
                newer=changed_at is not None and changed_at > product.changed_at,
            ),
        )
        take_fields(product, one.incoming, one.merge.take, self.categories, self.facts.prices, self.shop.id)
        one.changed = bool(one.merge.take)
        one.changed |= self.parts.combine(product, one.incoming, keep=self._ours_moved(one))
        one.changed |= take_quantity(product, one.incoming, link, self.shop)

    def _ours_moved(self, one: Update) -> bool:
        """Whether parts of ours stay as they are: we changed the product since the last agreement."""
        assert one.product is not None and one.link is not None  # noqa: S101, PT018 - set by run()
        if one.link.product_changed_at is None or one.link.product_changed_at == one.product.changed_at:
            return False
        return self.shop.conflict_policy != ConflictPolicy.SHOP

    def _take_prices(self, one: Update) -> None:
        assert one.product is not None  # noqa: S101 - set by run()
        one.changed |= self.parts.price(one.product, one.incoming, keep=self._ours_moved(one))

    def _settle(self, one: Update, agreed: Document) -> Document:
        product, link, found = one.product, self._link(one), one.merge
        assert product is not None and found is not None  # noqa: S101, PT018 - set by run()
        kept = self._ours_moved(one)
        if one.changed and not kept:
            product.changed_at = now()
        shot, document = documents(product, self.shop, self.facts, link)
        self.parts.link(product, one.incoming, shot)
        link.conflict = found.conflict or None
        self.outcomes[one.incoming.external_id] = _outcome(one, found)
        return {**agreed, **settle(link, product, one.incoming, document, found.same | found.take)}


def _outcome(one: Update, found: Merge) -> Outcome:
    number = one.incoming.external_id
    if found.conflict:
        names = ", ".join(found.conflict)
        reason = f"conflict: {names} changed both here and in the shop; decide under Conflicts"
        return replace(skipped(reason), operation="conflict", external_id=number)
    outcome = pushed("updated", number) if one.changed else unchanged(number)
    if not found.keep:
        return outcome
    return replace(outcome, error=f"kept as changed here: {', '.join(sorted(found.keep))}")
