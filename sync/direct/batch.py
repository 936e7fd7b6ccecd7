"""One batch in one transaction: laid down, compared, counted, written, read back, committed; or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from prestashop_client.database import Connection, Layout
from prestashop_client.database.errors import DatabaseUnavailable, RowsDisagree
from sync.direct.change import Change, Written
from sync.direct.findings import Findings, find
from sync.direct.places import Place, product_columns, product_shop_columns
from sync.direct.recall import recall
from sync.direct.sample import differences, sample
from sync.direct.staging import CHANGES, COMBINATIONS, FOUND, Staged, lay_tables, stage

Connect = Callable[[], Connection]


class Batch:
    """Writes batches of changes over one connection, and takes a new one where that breaks during a commit.

    `close` closes the one that it has then. `now`: the date that goes into date_upd, in the shop's own time; None for
    the database server's clock.
    """

    def __init__(
        self, connection: Connection, connect: Connect, layout: Layout, now: Callable[[], datetime] | None = None
    ) -> None:
        self._connection, self._connect, self._layout, self._now = connection, connect, layout, now

    def close(self) -> None:
        self._connection.close()

    def write(self, changes: Sequence[Change]) -> Written:
        """Write what differs. Raises DatabaseError; then nothing of the batch stands, UncertainCommit excepted."""
        connection = self._connection
        lay_tables(connection)
        staged = stage(connection, changes, self._layout.languages)
        with connection.transaction():
            if staged.combined:
                self._hold_combinations()
            findings = find(connection, self._layout, staged)
            rows = self._apply(staged, findings) if findings.changed else {}
            if findings.changed and not self._commit():
                findings = self._recall(changes, findings)
        return _written(staged, findings, rows)

    def _hold_combinations(self) -> None:
        """Lock the rows that sums are made of, so that no order changes them in between.

        An UPDATE without effect, since MySQL 8 wants a right on the whole table for SELECT ... FOR UPDATE.
        """
        id_shop, id_shop_group = self._layout.stock_owner
        self._connection.execute(
            f"UPDATE {self._layout.table('stock_available')} s JOIN {COMBINATIONS} k ON k.id_product = s.id_product"
            " SET s.quantity = s.quantity WHERE s.id_shop = %s AND s.id_shop_group = %s",
            (id_shop, id_shop_group),
        )

    def _apply(self, staged: Staged, findings: Findings) -> dict[str, int]:
        """Write, and hold what was matched against what was counted. Rows by table."""
        written = {}
        for place in findings.places:
            if place.name != "product" and findings.rows.get(place.name):
                written[place.table] = self._set(place, findings.rows[place.name])
        for table, alias in (("product_shop", "ps"), ("product", "p")):
            written[table] = self._stamp(table, alias, staged.fields, len(findings.changed))
        chosen = sample(findings.changed)
        if found := differences(self._connection, self._layout, staged, findings, chosen):
            raise RowsDisagree(f"read back otherwise than written, all rolled back: {'; '.join(found[:5])}")
        return written

    def _set(self, place: Place, planned: int) -> int:
        matched = self._connection.execute(
            f"UPDATE {place.differing_rows} SET {place.assignments} WHERE {place.differs}"
        )
        return _agreed(place.table, planned, matched)

    def _stamp(self, table: str, alias: str, fields: set[str], planned: int) -> int:
        """date_upd, with price and active, in the changed products' row; PrestaShop moves both dates on a save."""
        columns = product_shop_columns(fields) if alias == "ps" else product_columns(self._layout, fields)
        moment = "NOW()" if self._now is None else "%s"
        assignments = ", ".join([f"{alias}.date_upd = {moment}", *(column.assignment for column in columns)])
        shop = f" AND ps.id_shop = {self._layout.id_shop:d}" if alias == "ps" else ""
        values = f" STRAIGHT_JOIN {CHANGES} c ON c.id_product = f.id_product" if columns else ""
        name = f"{self._layout.table(table)} {alias} FORCE INDEX (PRIMARY)"
        matched = self._connection.execute(
            f"UPDATE (SELECT DISTINCT id_product FROM {FOUND}) f"
            f" STRAIGHT_JOIN {name} ON {alias}.id_product = f.id_product{shop}"
            f"{values} SET {assignments}",
            None if self._now is None else (self._now().strftime("%Y-%m-%d %H:%M:%S"),),
        )
        return _agreed(table, planned, matched)

    def _commit(self) -> bool:
        """False where the connection broke meanwhile, so that nobody knows."""
        try:
            self._connection.commit()
        except DatabaseUnavailable as error:
            if not error.maybe_written:
                raise
            return False
        return True

    def _recall(self, changes: Sequence[Change], findings: Findings) -> Findings:
        """Find out over a new connection; what the shop changed again since is not ours to remember."""
        self._connection.close()
        self._connection, again = recall(self._connect, self._layout, changes, findings)
        return replace(
            findings,
            changed=tuple(one for one in findings.changed if one not in again),
            incomplete={**findings.incomplete, **dict.fromkeys(again, "was changed by the shop meanwhile")},
        )


def _agreed(table: str, planned: int, matched: int) -> int:
    if matched != planned:
        raise RowsDisagree(f"{table}: {planned} rows were to change, {matched} matched; all rolled back")
    return matched


def _written(staged: Staged, findings: Findings, rows: dict[str, int]) -> Written:
    settled = staged.changes.keys() - set(findings.missing) - findings.incomplete.keys()
    return Written(
        changed=findings.changed,
        unchanged=tuple(sorted(settled - set(findings.changed))),
        missing=findings.missing,
        incomplete=findings.incomplete,
        quantity_left=findings.quantity_left,
        twice=staged.twice,
        rows=rows,
    )
