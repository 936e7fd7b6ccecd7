"""What changes mean in a shop's tables: which rows differ, which are not there. Only temporary tables are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prestashop_client.database import Connection, Layout
from sync.direct.places import Place, places, stock_rows
from sync.direct.staging import CHANGES, COMBINATIONS, FOUND, SUMS, Staged

ABSENT = {"stock": "has no stock row in this shop", "texts": "lacks its texts in a language of this shop"}


@dataclass(frozen=True, slots=True)
class Findings:
    """rows: how many differ, by place. changed: products of which anything differs; the rest as in `Written`."""

    places: tuple[Place, ...]
    rows: Mapping[str, int]
    changed: tuple[int, ...]
    missing: tuple[int, ...]
    incomplete: Mapping[int, str]
    quantity_left: tuple[int, ...]


def find(connection: Connection, layout: Layout, staged: Staged) -> Findings:
    """Compare what is laid down with what stands in the shop, and take out of it what cannot be written whole."""
    quantity_left = leave_quantities(connection, layout) if "quantity" in staged.fields else ()
    if staged.combined:
        sum_combinations(connection, layout)
    reached = places(layout, staged.fields, combinations=staged.combined)
    for place in reached:
        _compare(connection, place)
    missing, incomplete = _absent(connection, layout, combined=staged.combined)
    _take_out(connection, [*missing, *incomplete])
    rows = {str(name): int(number) for name, number in connection.rows(
        f"SELECT place, SUM(differing) FROM {FOUND} GROUP BY place"
    )}  # fmt: skip
    changed = connection.rows(f"SELECT DISTINCT id_product FROM {FOUND}")
    return Findings(
        places=tuple(reached),
        rows=rows,
        changed=tuple(sorted(int(one) for (one,) in changed)),
        missing=tuple(missing),
        incomplete=incomplete,
        quantity_left=tuple(one for one in quantity_left if one not in incomplete),
    )


def leave_quantities(connection: Connection, layout: Layout) -> list[int]:
    """Leave the quantity of products that have combinations: it is the sum of theirs. Their ids."""
    found = connection.rows(
        f"SELECT DISTINCT c.id_product FROM {CHANGES} c JOIN {layout.table('stock_available')} s"
        f" ON {stock_rows(layout)} AND s.id_product_attribute <> 0"
        " WHERE c.quantity IS NOT NULL"
    )
    ids = [int(one) for (one,) in found]
    if ids:
        connection.execute(f"UPDATE {CHANGES} SET quantity = NULL WHERE id_product IN %s", (ids,))
    return ids


def sum_combinations(connection: Connection, layout: Layout) -> None:
    """Give products whose combinations change the sum that they will have (StockAvailable::postSave)."""
    connection.execute(
        f"INSERT INTO {SUMS} (id_product, quantity)"
        f" SELECT c.id_product, SUM(COALESCE(k.quantity, s.quantity))"
        f" FROM {CHANGES} c JOIN {layout.table('stock_available')} s"
        f" ON {stock_rows(layout)} AND s.id_product_attribute <> 0"
        f" LEFT JOIN {COMBINATIONS} k"
        " ON k.id_product = s.id_product AND k.id_product_attribute = s.id_product_attribute"
        " WHERE c.combined = 1 GROUP BY c.id_product"
    )
    connection.execute(f"UPDATE {CHANGES} c JOIN {SUMS} u ON u.id_product = c.id_product SET c.quantity = u.quantity")


def _compare(connection: Connection, place: Place) -> None:
    present = place.present
    connection.execute(
        f"INSERT INTO {FOUND} (place, id_product, differing, absent)"
        f" SELECT '{place.name}', c.id_product, SUM({present}), SUM(NOT ({present}))"
        f" FROM {place.all_rows}"
        f" WHERE {place.relevant} AND (NOT ({present}) OR {place.differs})"
        " GROUP BY c.id_product"
    )


def _absent(connection: Connection, layout: Layout, *, combined: bool) -> tuple[list[int], dict[int, str]]:
    """Products that are not there, and those of which a row is not there, with the reason."""
    found = connection.rows(f"SELECT place, id_product FROM {FOUND} WHERE absent > 0 ORDER BY id_product")
    missing = [int(number) for place, number in found if place == "product"]
    gone = set(missing)
    incomplete = {int(number): ABSENT[place] for place, number in found if place != "product" and number not in gone}
    if combined:
        strangers = connection.rows(
            "SELECT k.id_product, k.id_product_attribute"
            f" FROM {CHANGES} c JOIN {COMBINATIONS} k ON k.id_product = c.id_product"
            f" LEFT JOIN {layout.table('stock_available')} s"
            f" ON {stock_rows(layout)} AND s.id_product_attribute = k.id_product_attribute"
            " WHERE s.id_product IS NULL"
        )
        for product, combination in strangers:
            if product not in gone:
                incomplete[int(product)] = f"has no stock row of combination {combination} in this shop"
    return missing, incomplete


def _take_out(connection: Connection, ids: Iterable[int]) -> None:
    listed = list(ids)
    if listed:
        for table in (CHANGES, FOUND):
            connection.execute(f"DELETE FROM {table} WHERE id_product IN %s", (listed,))
