"""Reading a sample back before the commit: compared here, in Python, with what was asked, not by the SQL that wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from prestashop_client.database import Connection, Layout
from sync.direct.change import Change
from sync.direct.findings import Findings
from sync.direct.staging import Staged

SIZE = 20
SIXTH = Decimal("0.000001")


def sample(ids: Sequence[int]) -> list[int]:
    """At most SIZE of them, evenly spread, the first and the last among them."""
    if len(ids) <= SIZE:
        return list(ids)
    return [ids[number * (len(ids) - 1) // (SIZE - 1)] for number in range(SIZE)]


def differences(
    connection: Connection, layout: Layout, staged: Staged, findings: Findings, ids: Sequence[int]
) -> list[str]:
    """What stands otherwise than asked for in the rows of these products, in words."""
    left = set(findings.quantity_left)
    return [
        *_stock(connection, layout, staged, left, ids),
        *_texts(connection, layout, staged, ids),
        *_product(connection, layout, staged, ids),
    ]


def _stock(connection: Connection, layout: Layout, staged: Staged, left: set[int], ids: Sequence[int]) -> Iterator[str]:
    if not staged.fields & {"out_of_stock", "quantity"}:
        return
    rows = connection.rows(
        "SELECT id_product, id_product_attribute, out_of_stock, quantity"
        f" FROM {layout.table('stock_available')} WHERE id_product IN %s AND id_shop = %s AND id_shop_group = %s",
        (ids, *layout.stock_owner),
    )
    sums: dict[int, int] = {}
    for product, combination, _, quantity in rows:
        sums[product] = sums.get(product, 0) + (quantity if combination else 0)
    for product, combination, out_of_stock, quantity in rows:
        change = staged.changes[product]
        wanted = None if product in left else _pieces(change, combination, sums[product])
        yield from _compared(product, "out_of_stock", change.out_of_stock, out_of_stock)
        yield from _compared(product, "quantity", wanted, quantity)


def _pieces(change: Change, combination: int, summed: int) -> int | None:
    if not change.combinations:
        return change.quantity if combination == 0 else None
    return change.combinations.get(combination) if combination else summed


def _texts(connection: Connection, layout: Layout, staged: Staged, ids: Sequence[int]) -> Iterator[str]:
    if not staged.fields & {"available_now", "available_later"}:
        return
    rows = connection.rows(
        f"SELECT id_product, id_lang, available_now, available_later FROM {layout.table('product_lang')}"
        " WHERE id_product IN %s AND id_shop = %s",
        (ids, layout.id_shop),
    )
    for product, language, now, later in rows:
        change = staged.changes[product]
        yield from _compared(product, "available_now", (change.available_now or {}).get(language), now or "")
        yield from _compared(product, "available_later", (change.available_later or {}).get(language), later or "")


def _product(connection: Connection, layout: Layout, staged: Staged, ids: Sequence[int]) -> Iterator[str]:
    if not staged.fields & {"price", "active"}:
        return
    rows = connection.rows(
        f"SELECT id_product, price, active FROM {layout.table('product_shop')} WHERE id_product IN %s AND id_shop = %s",
        (ids, layout.id_shop),
    )
    for product, price, active in rows:
        change = staged.changes[product]
        if change.price is not None and abs(change.price - price) > SIXTH:
            yield f"product {product}: price is {price}, not {change.price}"
        yield from _compared(product, "active", change.active, bool(active))


def _compared(product: int, name: str, wanted: object, found: object) -> Iterator[str]:
    if wanted is not None and wanted != found:
        yield f"product {product}: {name} is {found!r}, not {wanted!r}"
