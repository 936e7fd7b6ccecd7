"""Finds the rows that a feed knew and has no longer."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Database, Feed, FeedRow, MissingBehavior
from sync.among import among
from sync.suppliers.chunk_rows import PlannedRow
from sync.suppliers.planning import Planner, offered

PAGE = 5000
ALIVE = ("linked", "unmatched", "ambiguous")


def missing_rows(db: Database, feed: Feed, planner: Planner) -> Iterator[PlannedRow]:
    """The rows that the run has not seen, page by page; those of products that were offered are counted as going."""
    if planner.first_run or _alive(db, feed.id) <= planner.seen_alive:
        return
    withdraws = feed.missing_behavior != MissingBehavior.LEAVE
    for result in ALIVE:
        last = 0
        while True:
            with db.read() as session:
                ids = _page(session, feed.id, result, last)
                gone = _gone(session, [each for each in ids if each not in planner.seen])
            for row in gone:
                if withdraws and row.product_id and offered(row.values):
                    planner.numbers.unavailable += 1
                    planner.numbers.example("unavailable", row=None, key=row.key[2:])
                planner.numbers.known += row.product_id is not None
                yield row
            if len(ids) < PAGE:
                break
            last = ids[-1]


def _alive(db: Database, feed_id: int) -> int:
    with db.read() as session:
        query = select(func.count()).where(FeedRow.feed_id == feed_id, FeedRow.result.in_(ALIVE))
        return session.scalar(query) or 0


def _page(session: Session, feed_id: int, result: str, last: int) -> Sequence[int]:
    query = select(FeedRow.id).where(FeedRow.feed_id == feed_id, FeedRow.result == result, FeedRow.id > last)
    return session.scalars(query.order_by(FeedRow.id).limit(PAGE)).all()


def _gone(session: Session, ids: Sequence[int]) -> list[PlannedRow]:
    if not ids:
        return []
    columns = (FeedRow.number, FeedRow.key, FeedRow.hash, FeedRow.product_id, FeedRow.id, FeedRow.data)
    rows = session.execute(select(*columns).where(among(session, FeedRow.id, ids)).order_by(FeedRow.id))
    return [PlannedRow(number, key, "missing", mark, product_id, row_id, fresh=True, values=values)
            for number, key, mark, product_id, row_id, values in rows]  # fmt: skip
