"""What an operator does to single rows of a feed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedRow, Offer
from sync.errors import Missing
from sync.suppliers.apply import write_offers
from sync.suppliers.feeds import get_feed


def link_row(session: Session, feed_id: int, row_id: int, product_id: int | None) -> None:
    """Link a row with a product, for good: no run changes it. None: unlink it; the next run looks for its product anew.

    The offers of both products follow at once. Raises Missing.
    """
    feed = get_feed(session, feed_id)
    row = session.get(FeedRow, row_id)
    if row is None or row.feed_id != feed_id:
        raise Missing("row", row_id)
    before = row.product_id
    row.product_id = product_id
    row.linked_by = "manual" if product_id else "auto"
    row.result = "linked" if product_id else "unmatched"
    session.flush()
    if before is not None and before != product_id:
        _follow(session, feed.supplier_id, feed_id, before)
    if product_id is not None:
        write_offers(session, feed, [product_id])


def _follow(session: Session, supplier_id: int, feed_id: int, product_id: int) -> None:
    """The offer of a product that lost a row: made of its other rows, or gone with the last."""
    others = select(FeedRow.id).where(FeedRow.product_id == product_id, FeedRow.result == "linked").limit(1)
    if session.scalar(others) is not None:
        write_offers(session, get_feed(session, feed_id), [product_id])
        return
    offer = select(Offer).where(Offer.product_id == product_id, Offer.supplier_id == supplier_id)
    if (found := session.scalars(offer).one_or_none()) is not None:
        session.delete(found)
