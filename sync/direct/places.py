"""The SQL of each place that a change reaches: which rows it means, where they differ, how they are set.

Aliases: c changes, t texts, k combinations (temporary, see `staging`); s stock, l product_lang, ps product_shop,
p product. Conditions keep to the shop's own rows: its stock owner's, its product_lang's, its product_shop's. The
columns of `product` are the default shop's, so price and active go there only where that is this shop.
"""

from __future__ import annotations

from dataclasses import dataclass

from prestashop_client.database import Layout
from sync.direct.staging import CHANGES, COMBINATIONS, FOUND, TEXTS


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is set: `wanted` is SQL, NULL where it is to be left. `key`: which of the product's rows."""

    name: str
    alias: str
    wanted: str
    text: bool = False
    key: str = "NULL"

    @property
    def current(self) -> str:
        return f"{self.alias}.{self.name}"

    @property
    def differs(self) -> str:
        """Texts to the byte: the shop's collation takes Sold out and SOLD OUT for one. NULL stands for an empty one."""
        if self.text:
            return f"CAST({self.wanted} AS BINARY) <> CAST(COALESCE({self.current}, '') AS BINARY)"
        return f"{self.wanted} <> {self.current}"

    @property
    def assignment(self) -> str:
        return f"{self.current} = COALESCE({self.wanted}, {self.current})"


@dataclass(frozen=True, slots=True)
class Place:
    """A table's rows that changes mean. `source`: what to join them from; `present`: whether there is such a row.

    Joined in the order given, from the changes to rows by their key: MariaDB, left to choose, reads product_lang by
    its language first, which takes three times as long and locks the rows of other products.
    """

    name: str
    table: str
    source: str
    present: str
    relevant: str
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()

    @property
    def all_rows(self) -> str:
        """For FROM, with what has no row."""
        return self.source.format(changes=f"{CHANGES} c", join="LEFT JOIN")

    @property
    def present_rows(self) -> str:
        """For FROM, only rows that exist."""
        return self.source.format(changes=f"{CHANGES} c", join="STRAIGHT_JOIN")

    @property
    def differing_rows(self) -> str:
        """For UPDATE: rows of products that were found to differ here, so that no others are locked or waited for."""
        found = f"{FOUND} f STRAIGHT_JOIN {CHANGES} c ON f.place = '{self.name}' AND c.id_product = f.id_product"
        return self.source.format(changes=found, join="STRAIGHT_JOIN")

    @property
    def differs(self) -> str:
        return " OR ".join(f"({column.differs})" for column in self.columns) or "FALSE"

    @property
    def assignments(self) -> str:
        return ", ".join([*(column.assignment for column in self.columns), *self.also])


def places(layout: Layout, fields: set[str], *, combinations: bool) -> list[Place]:
    """Those that changes with these fields reach; the product itself always, to see whether it is there."""
    found = [product_place(layout, fields)]
    if fields & {"out_of_stock", "quantity"}:
        found.append(stock_place(layout, fields, combinations=combinations))
    if fields & {"available_now", "available_later"}:
        found.append(text_place(layout, fields))
    return found


def stock_rows(layout: Layout) -> str:
    """The shop's stock rows of the product at hand, all its combinations included."""
    id_shop, id_shop_group = layout.stock_owner
    return f"s.id_product = c.id_product AND s.id_shop = {id_shop:d} AND s.id_shop_group = {id_shop_group:d}"


def stock_place(layout: Layout, fields: set[str], *, combinations: bool) -> Place:
    rows = f"{{changes}} {{join}} {layout.table('stock_available')} s ON {stock_rows(layout)}"
    pieces = "IF(s.id_product_attribute = 0, c.quantity, NULL)"
    if combinations:
        rows += (
            f" LEFT JOIN {COMBINATIONS} k"
            " ON k.id_product = s.id_product AND k.id_product_attribute = s.id_product_attribute"
        )
        pieces = "IF(s.id_product_attribute = 0, c.quantity, k.quantity)"
    columns = [
        Column("out_of_stock", "s", "c.out_of_stock", key="s.id_product_attribute"),
        Column("quantity", "s", pieces, key="s.id_product_attribute"),
    ]
    also = []
    if "quantity" in fields and layout.has_physical:
        also.append(f"s.physical_quantity = COALESCE({pieces} + s.reserved_quantity, s.physical_quantity)")
    return Place(
        name="stock",
        table="stock_available",
        source=rows,
        present="s.id_product IS NOT NULL",
        relevant="(c.out_of_stock IS NOT NULL OR c.quantity IS NOT NULL)",
        columns=tuple(column for column in columns if column.name in fields),
        also=tuple(also),
    )


def text_place(layout: Layout, fields: set[str]) -> Place:
    columns = [
        Column(name, "l", f"t.{name}", text=True, key="l.id_lang") for name in ("available_now", "available_later")
    ]
    return Place(
        name="texts",
        table="product_lang",
        source=(
            f"{{changes}} STRAIGHT_JOIN {TEXTS} t ON t.text_set = c.text_set"
            f" {{join}} {layout.table('product_lang')} l"
            f" ON l.id_product = c.id_product AND l.id_shop = {layout.id_shop:d} AND l.id_lang = t.id_lang"
        ),
        present="l.id_product IS NOT NULL",
        relevant="TRUE",
        columns=tuple(column for column in columns if column.name in fields),
    )


def product_place(layout: Layout, fields: set[str]) -> Place:
    """product_shop and product together; they are set by `stamps`, with their date."""
    columns = [*product_shop_columns(fields), *product_columns(layout, fields)]
    return Place(
        name="product",
        table="product_shop",
        source=(
            f"{{changes}} {{join}} {layout.table('product_shop')} ps"
            f" ON ps.id_product = c.id_product AND ps.id_shop = {layout.id_shop:d}"
            f" {{join}} {layout.table('product')} p ON p.id_product = ps.id_product"
        ),
        present="p.id_product IS NOT NULL",
        relevant="TRUE",
        columns=tuple(columns),
    )


def product_shop_columns(fields: set[str]) -> list[Column]:
    return [Column(name, "ps", f"c.{name}") for name in ("price", "active") if name in fields]


def product_columns(layout: Layout, fields: set[str]) -> list[Column]:
    default = f"p.id_shop_default = {layout.id_shop:d}"
    return [Column(name, "p", f"IF({default}, c.{name}, NULL)") for name in ("price", "active") if name in fields]
