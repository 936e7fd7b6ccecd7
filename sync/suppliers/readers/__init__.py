"""Reads a feed's file, whatever its format, one row after the other."""

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.limits import FeedLimits
from sync.suppliers.readers import csv_reader, tabular
from sync.suppliers.rows import RawRow
from sync.suppliers.unpack import opened

SAMPLE = 200
"""Rows that are looked at to list the paths of a format without a header."""


def read_raw(
    path: Path,
    options: FeedOptions,
    columns: Collection[str] = (),
    *,
    only: bool = False,
    limits: FeedLimits | None = None,
) -> Iterator[RawRow]:
    """The rows of a file; `options` are those that `detect` gave. Memory does not grow with the file.

    Every cell of a row is given, and what `columns` ask for under the names they ask with; with `only`, nothing else,
    which is faster. Raises FeedUnreadable, FeedRefused or FeedTooLarge, after the rows before that place.
    """
    with opened(path, options.member, limits) as stream:
        found = csv_reader.cells(stream, options)
        yield from tabular.rows(found, options.header is not False, columns, only)


def headers(path: Path, options: FeedOptions, limits: FeedLimits | None = None) -> tuple[str, ...]:
    """The columns of a table; the paths that the first 200 records have."""
    with opened(path, options.member, limits) as stream:
        for _, cells, _ in islice(csv_reader.cells(stream, options), 1):
            return tabular.names(cells, options.header is not False)
    return ()
