"""A run's chunks in the database, each with its item in the job."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import FeedChunk, ItemStatus, JobItem, now
from models.jobs import OPEN_ITEMS
from sync.suppliers.chunk_rows import WRITTEN, PlannedRow, item_key, pack, unpack, unpack_written


def add_chunk(
    session: Session, progress_id: int, number: int, rows: Sequence[PlannedRow], counts: dict[str, int]
) -> None:
    """Keep a planned chunk, with its item. One that changes nothing has its item settled at once."""
    first, last = (rows[0].number, rows[-1].number) if rows else (0, 0)
    idle = not any(row.fresh or row.result in WRITTEN for row in rows)
    session.add(FeedChunk(progress_id=progress_id, number=number, counts=counts, rows=pack(rows)))
    session.add(
        JobItem(
            progress_id=progress_id, key=item_key(number), sku=f"{first:,}–{last:,}",
            status=ItemStatus.UNCHANGED if idle else ItemStatus.PENDING, finished_at=now() if idle else None,
        )
    )  # fmt: skip


def drop_chunks(session: Session, progress_id: int) -> None:
    """Forget what was planned: the file is read from its beginning again. Nothing of it was applied."""
    session.execute(delete(FeedChunk).where(FeedChunk.progress_id == progress_id))
    session.execute(delete(JobItem).where(JobItem.progress_id == progress_id))


def chunk_rows(session: Session, progress_id: int, number: int) -> list[PlannedRow]:
    """The rows of a chunk; none where there is no such chunk."""
    packed = _packed(session, progress_id, number)
    return list(unpack(packed)) if packed is not None else []


def rows_to_write(session: Session, progress_id: int, number: int) -> list[PlannedRow]:
    """Those of a chunk's rows that change what is stored."""
    packed = _packed(session, progress_id, number)
    return unpack_written(packed) if packed is not None else []


def _packed(session: Session, progress_id: int, number: int) -> bytes | None:
    return session.scalar(
        select(FeedChunk.rows).where(FeedChunk.progress_id == progress_id, FeedChunk.number == number)
    )


def totals(session: Session, progress_id: int) -> dict[str, int]:
    """How many rows of each result the run has, over all chunks."""
    sums: Counter[str] = Counter()
    for counts in session.scalars(select(FeedChunk.counts).where(FeedChunk.progress_id == progress_id)):
        sums.update(counts)
    return dict(sums)


def open_chunks(session: Session, progress_id: int) -> list[int]:
    """The numbers of the chunks that have still to be applied."""
    query = select(JobItem.key).where(JobItem.progress_id == progress_id, JobItem.status.in_(OPEN_ITEMS))
    return [int(key.partition(":")[2]) for key in session.scalars(query.order_by(JobItem.id))]


def counts_of(session: Session, progress_id: int) -> list[tuple[int, dict[str, int]]]:
    """(number, counts) of every chunk, in order."""
    query = select(FeedChunk.number, FeedChunk.counts).where(FeedChunk.progress_id == progress_id)
    return [(int(number), dict(counts)) for number, counts in session.execute(query.order_by(FeedChunk.number))]
