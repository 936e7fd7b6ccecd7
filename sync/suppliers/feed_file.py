"""A feed's file in one call: detected or given options, mapping and filters in; mapped rows out."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sync.suppliers.feed_errors import FeedUnreadable
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.filters import Filter
from sync.suppliers.limits import FeedLimits
from sync.suppliers.mapping import FeedMapping, map_rows
from sync.suppliers.readers import headers, read_raw
from sync.suppliers.rows import Row


def read_feed(
    path: Path,
    options: FeedOptions,
    mapping: FeedMapping,
    filters: tuple[Filter, ...] = (),
    *,
    row_limit: int | None = None,
    limits: FeedLimits | None = None,
) -> Iterator[Row]:
    """The mapped rows of a file, in order and once; `raw` holds the columns that are mapped or filtered by, no others.

    `options` are those of `detect`. Raises FeedUnreadable, FeedRefused or FeedTooLarge, after the rows before that
    place: whoever applies rows must be ready to throw the file away.
    """
    check_columns(path, options, mapping, limits)
    columns = dict.fromkeys((*mapping.columns, *(each.column for each in filters)))
    raw = read_raw(path, options, tuple(columns), only=True, limits=limits)
    return map_rows(islice(raw, row_limit), mapping, filters)


def check_columns(path: Path, options: FeedOptions, mapping: FeedMapping, limits: FeedLimits | None = None) -> None:
    """Raises FeedUnreadable where a table has lost a column that is mapped: its supplier has changed it.

    Records of XML and JSON lines may leave out what they have not, so nothing is said of those.
    """
    if options.format in ("xml", "jsonl"):
        return
    titles = headers(path, options, limits)
    for field, columns in mapping.missing(titles).items():
        raise FeedUnreadable(
            f"{field}: the file has no column {' or '.join(columns)}, but {', '.join(titles)[:500]}",
            "correct the mapping, or ask the supplier",
        )
