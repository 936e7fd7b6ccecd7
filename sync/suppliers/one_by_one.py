"""Maps rows when they are asked for, one by one; which keys there were is remembered over all of them."""

from collections import deque
from collections.abc import Callable, Iterator

from sync.suppliers.filters import Filter
from sync.suppliers.mapping import FeedMapping, map_rows
from sync.suppliers.rows import RawRow, Row


def one_by_one(mapping: FeedMapping, filters: tuple[Filter, ...]) -> Callable[[RawRow], Row]:
    """A function from a row as it stands to the row as mapped."""
    waiting: deque[RawRow] = deque()

    def given() -> Iterator[RawRow]:
        while True:
            yield waiting.popleft()

    rows = map_rows(given(), mapping, filters)

    def mapped(raw: RawRow) -> Row:
        waiting.append(raw)
        return next(rows)

    return mapped
