"""What the pages of suppliers show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models import Feed, FeedRow, JobProgress, Offer, Product, Supplier
from sync.suppliers.feeds import KIND


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer of a product, with who makes it."""

    offer: Offer
    supplier: Supplier
    feed: Feed | None

    @property
    def checked_at(self) -> datetime:
        """When it was looked at last: a row or a file that has not changed is not written again."""
        seen = self.feed.succeeded_at if self.feed else None
        return max(self.offer.checked_at, seen) if seen else self.offer.checked_at


def all_suppliers(session: Session) -> Sequence[Supplier]:
    """Every supplier with its feeds, by rank."""
    query = select(Supplier).options(selectinload(Supplier.feeds)).order_by(Supplier.position, Supplier.name)
    return session.scalars(query).all()


def offer_counts(session: Session) -> dict[int, int]:
    """{supplier id: offers}."""
    rows = session.execute(select(Offer.supplier_id, func.count()).group_by(Offer.supplier_id))
    return {int(number): int(count) for number, count in rows}


def offers_of(session: Session, product_id: int) -> list[OfferLine]:
    """The offers of a product, by the suppliers' rank."""
    query = (
        select(Offer, Supplier, Feed)
        .join(Supplier, Supplier.id == Offer.supplier_id)
        .outerjoin(Feed, Feed.id == Offer.feed_id)
        .where(Offer.product_id == product_id)
        .order_by(Supplier.position, Supplier.name)
    )
    return [OfferLine(*row) for row in session.execute(query)]


def row_counts(session: Session, feed_id: int) -> dict[str, int]:
    """{result: rows} of a feed as it stands."""
    rows = session.execute(
        select(FeedRow.result, func.count()).where(FeedRow.feed_id == feed_id).group_by(FeedRow.result)
    )
    return {str(name): int(count) for name, count in rows}


def rows_of(session: Session, feed_id: int, result: str, after: int, limit: int) -> list[tuple[FeedRow, str | None]]:
    """Rows of a feed with one result, each with its product's SKU."""
    query = (
        select(FeedRow, Product.sku)
        .outerjoin(Product, Product.id == FeedRow.product_id)
        .where(FeedRow.feed_id == feed_id, FeedRow.result == result, FeedRow.id > after)
        .order_by(FeedRow.id)
        .limit(limit)
    )
    return [(row, sku) for row, sku in session.execute(query)]


def runs_of(session: Session, feed_id: int, limit: int = 10) -> Sequence[JobProgress]:
    """The last runs of a feed, the newest first."""
    query = select(JobProgress).where(JobProgress.feed_id == feed_id, JobProgress.kind == KIND)
    return session.scalars(query.order_by(JobProgress.id.desc()).limit(limit)).all()
