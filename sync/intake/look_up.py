"""Reading which of our products a chunk of a shop's may be. Four statements, whatever the chunk's size."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Product, ProductSyncStatus
from sync.intake.matching import Known, Ours, sku_of
from sync.intake.values import Incoming


def known_products(
    session: Session, shop_id: int, products: Sequence[Incoming], gone: Iterable[int] = ()
) -> tuple[Known, dict[int, ProductSyncStatus]]:
    """What may match these products; and the links of all that may, by product, locked until the transaction ends."""
    numbers = [one.external_id for one in products]
    mine = ProductSyncStatus.shop_id == shop_id
    linked = session.scalars(
        select(ProductSyncStatus).where(mine, ProductSyncStatus.external_id.in_(numbers)).with_for_update()
    ).all()
    skus = {sku_of(one, shop_id) for one in products}
    eans = {one.ean for one in products if one.ean}
    by_sku = session.execute(select(Product.id, Product.sku, Product.ean).where(Product.sku.in_(skus))).all()
    by_ean = session.execute(select(Product.id, Product.sku, Product.ean).where(Product.ean.in_(eans))).all()
    found = {number for number, _, _ in (*by_sku, *by_ean)}
    others = session.scalars(
        select(ProductSyncStatus).where(mine, ProductSyncStatus.product_id.in_(found)).with_for_update()
    ).all()
    links = {link.product_id: link for link in (*linked, *others)}
    ours = {
        number: Ours(number, sku, links[number].external_id if number in links else None)
        for number, sku, _ in (*by_sku, *by_ean)
    }
    by_link = {
        link.external_id: ours.get(link.product_id) or Ours(link.product_id, "", link.external_id)
        for link in linked
        if link.external_id is not None
    }
    same_ean: dict[str, list[Ours]] = {}
    for number, _, ean in sorted(by_ean):
        same_ean.setdefault(ean or "", []).append(ours[number])
    known = Known(
        by_link=by_link,
        by_sku={sku: ours[number] for number, sku, _ in by_sku},
        by_ean={ean: tuple(same) for ean, same in same_ean.items()},
        gone=frozenset(gone),
    )
    return known, links
