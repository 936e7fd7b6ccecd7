"""Reads a feed's file, whatever its format, one row after the other."""

from collections.abc import Collection, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sync.suppliers.feed_errors import FeedUnreadable
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.limits import FeedLimits
from sync.suppliers.readers import csv_reader, json_lines, tabular, xlsx, xml_reader
from sync.suppliers.rows import RawRow
from sync.suppliers.unpack import opened, seekable

SAMPLE = 200
"""Records that are looked at to list the paths of a format without a header."""


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
    which is faster. Raises FeedUnreadable, FeedRefused or FeedTooLarge, after the rows before that place, and
    MappingInvalid for a path that is none.
    """
    caps = limits or FeedLimits()
    with opened(path, options.member, caps) as stream:
        if options.format == "xml":
            yield from xml_reader.rows(stream, options, columns, only)
        elif options.format == "jsonl":
            yield from json_lines.rows(stream, options, columns, only)
        elif options.format == "xlsx":
            with seekable(stream) as file:
                yield from _table(xlsx.cells(file, options.sheet, caps), options, columns, only)
        else:
            yield from _table(csv_reader.cells(stream, options), options, columns, only)


def _table(
    found: Iterator[csv_reader.Cells], options: FeedOptions, columns: Collection[str], only: bool
) -> Iterator[RawRow]:
    return tabular.rows(found, options.header is not False, columns, only)


def headers(path: Path, options: FeedOptions, limits: FeedLimits | None = None) -> tuple[str, ...]:
    """The columns of a table; the paths that the first 200 records have."""
    caps = limits or FeedLimits()
    if options.format in ("xml", "jsonl"):
        return _paths(read_raw(path, options, limits=caps))
    with opened(path, options.member, caps) as stream:
        return _titles(stream, options, caps)


def _paths(rows: Iterator[RawRow]) -> tuple[str, ...]:
    """What the first records have; a file that breaks off among them has those before that place."""
    found: dict[str, None] = {}
    with closing(rows):  # type: ignore[type-var]
        try:
            for row in islice(rows, SAMPLE):
                found.update(dict.fromkeys(row.cells))
        except FeedUnreadable:
            if not found:
                raise
    return tuple(found)


def _titles(stream: BinaryIO, options: FeedOptions, limits: FeedLimits) -> tuple[str, ...]:
    header = options.header is not False
    if options.format == "xlsx":
        with seekable(stream) as file, closing(xlsx.cells(file, options.sheet, limits)) as rows:  # type: ignore[type-var]
            return next((tabular.names(cells, header) for _, cells, _ in rows), ())
    return next((tabular.names(cells, header) for _, cells, _ in csv_reader.cells(stream, options)), ())
