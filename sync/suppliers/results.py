"""The rows of a run by result: for pages, and as a whole for a file."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from sync.suppliers.chunk_rows import PlannedRow
from sync.suppliers.chunk_store import chunk_rows, counts_of
from sync.suppliers.ending import said


def rows_of_run(session: Session, progress_id: int, result: str, skip: int = 0) -> Iterator[PlannedRow]:
    """The rows of a run with one result, in the order of the file, after the first `skip`; a chunk at a time."""
    left = skip
    for number, counts in counts_of(session, progress_id):
        count = counts.get(result, 0)
        if count <= left:
            left -= count
            continue
        rows = [row for row in chunk_rows(session, progress_id, number) if row.result == result]
        yield from rows[left:]
        left = 0


def why(row: PlannedRow) -> str:
    """What there is to say of a row, in a line."""
    if row.result == "invalid":
        return said(row.number, row.problems)
    if row.candidates:
        return f"could be one of {len(row.candidates)} products"
    return "; ".join(f"{one['column']} {one.get('value', '')!r} {one['reason']}" for one in row.problems)
