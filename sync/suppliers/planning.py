"""Plans a chunk of a feed: compares its rows with what they were, and finds the products of those that are new.

Nothing is written here: the whole run is looked at before anything of it is applied.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import FeedRow
from sync.among import among, looked_up
from sync.suppliers.chunk_rows import PlannedRow
from sync.suppliers.matching import Wanted, match_rows
from sync.suppliers.rows import RawRow, Row
from sync.suppliers.safety import RunNumbers
from sync.suppliers.seen_rows import SeenIds

_KNOWN = FeedRow.__table__
AGAIN = "stands in row "
"""How the reason begins why a row does not count whose key was there before (see sync.suppliers.mapping)."""


@dataclass(frozen=True, slots=True)
class Known:
    """A row as it was taken over last."""

    id: int
    hash: str
    result: str
    product_id: int | None


@dataclass(slots=True)
class Planner:
    """Plans the chunks of one run, one after the other. `salt` is of the mapping, so that a new one changes all rows;
    `first_run`: the feed has no rows yet, so none is asked for."""

    feed_id: int
    salt: str
    price_jump: float
    first_run: bool = False
    numbers: RunNumbers = field(default_factory=RunNumbers)
    seen: SeenIds = field(default_factory=SeenIds)
    seen_alive: int = 0

    def plan(self, session: Session, rows: Sequence[Row]) -> tuple[list[PlannedRow], dict[str, int]]:
        """What is to come of each row, and how many of each result. At most six statements."""
        planned = self._planned(session, rows)
        counts = dict(Counter(one.result for one in planned))
        self._count(planned, counts)
        return planned, counts

    def plan_raw(
        self, session: Session, raws: Sequence[RawRow], mapped: Callable[[RawRow], Row]
    ) -> tuple[list[PlannedRow], dict[str, int]]:
        """The same of rows as they stand: those that say what they said are not even mapped."""
        marks = [None if raw.problems else row_mark(raw.cells, self.salt) for raw in raws]
        same = {} if self.first_run else _same(session, self.feed_id, [mark for mark in marks if mark])
        planned: list[PlannedRow] = []
        rows: list[Row] = []
        left: dict[int, str] = {}
        keys: set[str] = set()
        for raw, mark in zip(raws, marks, strict=True):
            known = same.get(mark or "")
            if known is None or known[0] in self.seen or known[1] in keys:
                rows.append(mapped(raw))
                keys.add(rows[-1].key)
                if mark:
                    left[raw.number] = mark
                continue
            self.seen.add((known[0],))
            self.seen_alive += 1
            planned.append(PlannedRow(raw.number, known[1], "unchanged", product_id=known[2]))
        planned = sorted(planned + self._planned(session, rows, left), key=lambda one: one.number)
        counts = dict(Counter(one.result for one in planned))
        self._count(planned, counts)
        return planned, counts

    def _planned(
        self, session: Session, rows: Sequence[Row], marks: Mapping[int, str] | None = None
    ) -> list[PlannedRow]:
        """`marks`: {number: mark} of the rows whose mark is taken already."""
        known = {} if self.first_run else _known(session, self.feed_id, [row.key for row in rows if row.key])
        taken = marks or {}
        planned = [self._compared(row, known.get(row.key), taken.get(row.number)) for row in rows]
        self._see(known[row.key] for row in rows if row.key in known and not row.skipped)
        self._match(session, [one for one in planned if one.result == ""], known)
        self._look_at_changes(session, [one for one in planned if one.result == "updated"])
        return planned

    def _compared(self, row: Row, known: Known | None, mark: str | None) -> PlannedRow:
        """What the row is; "" where its product has still to be found."""
        if row.skipped:
            return PlannedRow(row.number, row.key, "skipped", problems=[{"column": "", "reason": row.skipped}])
        if not row.valid:
            problems = [problem.data() for problem in row.problems]
            return PlannedRow(row.number, row.key, "invalid", raw=dict(row.raw), values=row.data(), problems=problems)
        mark = mark or row_mark(row.raw, self.salt)
        if known is not None and known.id in self.seen:
            problem = {"column": "", "value": row.key[2:], "reason": f"{AGAIN}of this file already, which counts"}
            return PlannedRow(row.number, row.key, "invalid", values=row.data(), problems=[{**problem, "fatal": True}])
        if known is None:
            return self._changed(row, mark, "")
        if known.hash == mark and known.result == "linked" and known.product_id:
            return PlannedRow(row.number, row.key, "unchanged", product_id=known.product_id)
        made = self._changed(row, mark, "updated" if known.product_id else "")
        made.row_id, made.product_id, made.back = known.id, known.product_id, known.result == "missing"
        return made

    def _changed(self, row: Row, mark: str, result: str) -> PlannedRow:
        problems = [problem.data() for problem in row.problems]
        return PlannedRow(row.number, row.key, result, mark, values=row.data(), problems=problems,
                          raw=dict(row.raw), fresh=True)  # fmt: skip

    def _see(self, rows: Iterable[Known]) -> None:
        for row in rows:
            if row.id not in self.seen:
                self.seen.add((row.id,))
                self.seen_alive += row.result != "missing"

    def _match(self, session: Session, rows: Sequence[PlannedRow], known: Mapping[str, Known]) -> None:
        """Find the products of rows that have none. A row that is as unmatched as it was is not written again."""
        if not rows:
            return
        matches = match_rows(session, [Wanted(one.values.get("sku"), one.values.get("ean")) for one in rows])
        for one, match in zip(rows, matches, strict=True):
            one.product_id = match.product_id
            if match.product_id:
                one.result, one.raw = "linked", {}
                continue
            one.result = "ambiguous" if match.candidates else "unmatched"
            one.candidates = list(match.candidates)
            before = known.get(one.key)
            one.fresh = before is None or (before.hash, before.result) != (one.hash, one.result)

    def _look_at_changes(self, session: Session, rows: Sequence[PlannedRow]) -> None:
        """Count prices that jumped and products that are not available any more."""
        if not rows:
            return
        query = select(_KNOWN.c.id, _KNOWN.c.data).where(among(session, _KNOWN.c.id, [one.row_id for one in rows]))
        before = {int(number): data for number, data in session.execute(query)}
        for one in rows:
            one.raw = {}
            old = before.get(one.row_id or 0, {})
            jump = price_jump(old, one.values)
            if jump is not None and jump > self.price_jump:
                prices = {"before": old["purchase_price"], "after": one.values["purchase_price"]}
                self.numbers.price_jumps += 1
                self.numbers.example("price_jumps", row=one.number, key=one.key[2:], **prices)
            if offered(old) and not offered(one.values):
                self.numbers.unavailable += 1
                self.numbers.example("unavailable", row=one.number, key=one.key[2:])

    def _count(self, planned: Sequence[PlannedRow], counts: Mapping[str, int]) -> None:
        numbers = self.numbers
        numbers.rows += len(planned) - counts.get("skipped", 0)
        unmatched = counts.get("unmatched", 0) + counts.get("ambiguous", 0)
        numbers.unmatched += unmatched
        numbers.known += counts.get("unchanged", 0) + counts.get("updated", 0)
        if unmatched and len(numbers.examples.get("unmatched", ())) < 5:
            for one in planned:
                if one.result in ("unmatched", "ambiguous"):
                    numbers.example("unmatched", row=one.number, key=one.key[2:], name=one.values.get("name"))


def row_mark(cells: Mapping[str, str], salt: str) -> str:
    """32 hexadecimal digits of what the row says; other cells or another mapping (the salt) give another mark."""
    said = repr((salt, tuple(cells.values())))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _same(session: Session, feed_id: int, marks: Sequence[str]) -> dict[str, tuple[int, str, int]]:
    """{mark: (id, key, product id)} of linked rows that said exactly this.

    The result is looked at here: asked for, it would lead some databases through all linked rows of the feed.
    """
    columns = (_KNOWN.c.hash, _KNOWN.c.id, _KNOWN.c.key, _KNOWN.c.product_id, _KNOWN.c.result)
    query = looked_up(session, select(*columns).where(_KNOWN.c.feed_id == feed_id), _KNOWN.c.hash, marks)
    return {
        mark: (number, key, product_id)
        for mark, number, key, product_id, result in session.execute(query).all()
        if result == "linked" and product_id is not None
    }


def _known(session: Session, feed_id: int, keys: Sequence[str]) -> dict[str, Known]:
    columns = (_KNOWN.c.key, _KNOWN.c.id, _KNOWN.c.hash, _KNOWN.c.result, _KNOWN.c.product_id)
    query = looked_up(session, select(*columns).where(_KNOWN.c.feed_id == feed_id), _KNOWN.c.key, keys)
    return {key: Known(*rest) for key, *rest in session.execute(query).all()}


def price_jump(before: Mapping[str, Any], after: Mapping[str, Any]) -> float | None:
    """By how many percent the price moved; None where one is not known or they are in different currencies."""
    old, new = before.get("purchase_price"), after.get("purchase_price")
    if not old or not new or before.get("currency") != after.get("currency"):
        return None
    was = Decimal(old)
    return float(abs(Decimal(new) - was) * 100 / was)


def offered(values: Mapping[str, Any]) -> bool:
    """Whether a row offers something: it does not say no, and has pieces where it tells how many."""
    if values.get("is_available") is False:
        return False
    stock = values.get("stock_quantity")
    return stock > 0 if isinstance(stock, int) else bool(values.get("is_available"))
