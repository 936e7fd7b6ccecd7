"""What is to become of each row of a chunk, and how a chunk's rows are kept: as compressed JSON."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

ROWS = 1000
"""Rows of a chunk."""
RESULTS = ("linked", "updated", "unchanged", "unmatched", "ambiguous", "invalid", "missing", "skipped")
FAILED = ("unmatched", "ambiguous", "invalid")
"""Results that can be processed again once the catalogue or the mapping was mended."""
WRITTEN = ("linked", "updated", "missing")
"""Results that change an offer."""


@dataclass(slots=True)
class PlannedRow:
    """One row: what comes of it, and what is needed to do so.

    `row_id` is that of the FeedRow that is known already, `fresh` says that it is to be written, `back` that the feed
    had it, lost it, and has it again; `values` are the
    mapped values, `raw` the cells of a row that failed, `problems` say what is wrong with it, `candidates` are the
    products that it could be.
    """

    number: int
    key: str
    result: str
    hash: str = ""
    product_id: int | None = None
    row_id: int | None = None
    fresh: bool = False
    back: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)


_all_of = attrgetter(*PlannedRow.__dataclass_fields__)
_RESULT, _FRESH = (tuple(PlannedRow.__dataclass_fields__).index(name) for name in ("result", "fresh"))


def pack(rows: Sequence[PlannedRow]) -> bytes:
    """The rows, small enough for a column."""
    data = [
        (row.number, row.key, row.result, row.hash, row.product_id) if row.result == "unchanged" else _all_of(row)
        for row in rows
    ]
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 1)


def unpack(packed: bytes) -> Iterator[PlannedRow]:
    """The rows again."""
    for values in json.loads(zlib.decompress(packed)):
        yield PlannedRow(*values)


def unpack_written(packed: bytes) -> list[PlannedRow]:
    """Of the rows only those that are to be written."""
    return [
        PlannedRow(*values)
        for values in json.loads(zlib.decompress(packed))
        if values[_RESULT] in WRITTEN or (len(values) > _FRESH and values[_FRESH])
    ]


def item_key(number: int) -> str:
    """The key of a chunk's item in its job."""
    return f"rows:{number:07}"
