"""The failed rows of a run, to be processed again after the catalogue or the mapping was mended."""

from collections.abc import Iterator

from models import Database
from sync.suppliers.chunk_rows import FAILED, PlannedRow
from sync.suppliers.chunk_store import chunk_rows, counts_of
from sync.suppliers.feed_errors import MappingInvalid
from sync.suppliers.feeds import Reading
from sync.suppliers.mapping import map_rows
from sync.suppliers.planning import AGAIN
from sync.suppliers.rows import Problem, RawRow, Row

TABLES = ("csv", "tsv", "xlsx")
_NO_KEY = "has no SKU"


def failed_rows(db: Database, progress_id: int, reading: Reading) -> Iterator[Row]:
    """The unmatched, ambiguous and invalid rows of a run, mapped anew. Raises MappingInvalid."""
    return map_rows(_raw(db, progress_id, reading), reading.mapping, reading.filters)


def _raw(db: Database, progress_id: int, reading: Reading) -> Iterator[RawRow]:
    with db.read() as session:
        numbers = [number for number, counts in counts_of(session, progress_id) if any(counts.get(n) for n in FAILED)]
    for number in numbers:
        with db.read() as session:
            rows = chunk_rows(session, progress_id, number)
        for row in rows:
            if row.result in FAILED and not _doubled(row):
                _check(row, reading)
                yield RawRow(row.number, row.raw, _of_the_file(row))


def _doubled(row: PlannedRow) -> bool:
    """Another row with its key was taken; it does not count whatever is mended here."""
    return any(problem["reason"].startswith(AGAIN) for problem in row.problems)


def _of_the_file(row: PlannedRow) -> tuple[Problem, ...]:
    """What is wrong with the row as it stands in the file: no mapping mends that."""
    return tuple(
        Problem(one["column"], one["value"], one["reason"], one["fatal"])
        for one in row.problems
        if not one["column"] and not one["reason"].startswith(_NO_KEY)
    )


def _check(row: PlannedRow, reading: Reading) -> None:
    gone = reading.mapping.missing(row.raw) if (reading.options.format or "csv") in TABLES else {}
    if gone:
        raise MappingInvalid(
            next(iter(gone)), "it is mapped to a column that the failed rows were not read with", "run the feed again"
        )
