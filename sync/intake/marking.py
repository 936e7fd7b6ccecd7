"""The marks of combinations and specific prices that came from a shop, as a push would have left them."""

from models import CombinationLink, Shop, SpecificPriceLink
from sync.fingerprint import field_marks, fingerprint
from sync.intake.values import IncomingCombination
from sync.transform.combination import combination_document
from sync.transform.product import ShopFacts
from sync.transform.snapshot import GroupPrice, Snapshot, Variant
from sync.transform.specific_price import mark, specific_price_document


def mark_combination(
    link: CombinationLink, product: Snapshot, variant: Variant, facts: ShopFacts, incoming: IncomingCombination
) -> None:
    """Say that the combination is in step, as we say it. Its images are left to the shop."""
    document = combination_document(product, variant, facts, incoming.values, None)
    link.sent, link.fingerprint = field_marks(document), fingerprint(document)


def mark_price(
    link: SpecificPriceLink, product: Snapshot, price: GroupPrice, facts: ShopFacts, shop: Shop, combination: int | None
) -> None:
    """Say that the specific price is in step, as we say it."""
    document = specific_price_document(
        product, price, facts, id_shop=shop.id_shop or 0, combination=combination or 0, time_zone=shop.time_zone
    )
    link.fingerprint = mark(document, price.group)
