"""Links in step with the shop: the marks of our own document, as if it had just been pushed.

So the next push of an untouched product finds nothing to send, whatever our form of a value is and the shop's.
"""

from collections.abc import Collection, Mapping
from typing import Any

from models import Product, ProductSyncStatus, Shop, SyncStatus, now
from sync.availability.told import told_fields
from sync.errors import Refusal
from sync.fingerprint import field_marks, fingerprint
from sync.intake.values import Incoming
from sync.plan import FOREIGN_IMAGES
from sync.transform.locks import locked_fields, without
from sync.transform.product import Document, ShopFacts, product_document
from sync.transform.remote import canonical, mark, picked
from sync.transform.snapshot import Snapshot, snapshot


def documents(
    product: Product, shop: Shop, facts: ShopFacts, link: ProductSyncStatus | None = None
) -> tuple[Snapshot, Document]:
    """The product as this shop is to show it, and our document of it; fields that it cannot be told of are left out,
    and those that availability has written there."""
    told = told_fields(link.availability if link else None, combined=bool(product.combinations))
    shot = snapshot(product, shop.id, (*shop.locked_fields, *told))
    problems: dict[str, Refusal] = {}
    document = product_document(shot, facts, problems)
    return shot, without(document, locked_fields(shot.locked))


def new_link(shop: Shop, product: Product, incoming: Incoming) -> ProductSyncStatus:
    """A link of a product that came from the shop."""
    return ProductSyncStatus(
        product_id=product.id,
        shop_id=shop.id,
        external_id=incoming.external_id,
        linked_by="import",
        sent={},
        seen={},
        images={FOREIGN_IMAGES: 0} if incoming.images else {},
        retry_count=0,
    )


def forget(link: ProductSyncStatus, incoming: Incoming) -> None:
    """The link was of nothing yet, or of a product that the shop has no more: nothing of it holds."""
    link.external_id, link.linked_by = incoming.external_id, "import"
    link.sent, link.seen = {}, {}
    link.images = {FOREIGN_IMAGES: 0} if incoming.images else {}
    link.image_intent = link.conflict = link.availability = link.availability_sent_at = None
    link.fingerprint = link.quantity_sent = link.product_changed_at = link.shop_changed_at = None


def settle(
    link: ProductSyncStatus, product: Product, incoming: Incoming, document: Document, agreed: Collection[str]
) -> dict[str, Any]:
    """Bring the link in step for the `agreed` fields; what shop and link agree on for those, canonical."""
    theirs = picked(incoming.document, document)
    own = field_marks(document)
    link.sent = {**(link.sent or {}), **{name: own[name] for name in agreed if name in own}}
    ours: Mapping[str, Any] = canonical(document)
    apart = {name: mark(theirs[name]) for name in agreed if name in theirs and theirs[name] != ours.get(name)}
    link.seen = {name: one for name, one in (link.seen or {}).items() if name not in agreed} | apart
    whole = own.keys() <= set(agreed)
    link.fingerprint = fingerprint(document) if whole else None
    link.shop_changed_at = incoming.changed_at
    link.stock_available_id = incoming.stock_available_id
    link.sync_status = SyncStatus.CONFLICT if link.conflict else SyncStatus.SYNCED if whole else SyncStatus.PENDING
    link.error_message = None
    link.last_attempt_at = now()
    if whole:
        link.last_success_at = link.last_attempt_at
        link.product_changed_at = product.changed_at
    return {name: ours[name] for name in agreed if name in ours}
