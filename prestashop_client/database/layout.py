"""What a database holds: tables, shops, languages, and where a shop keeps its stock. Unknown ones are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prestashop_client.database.connection import Connection
from prestashop_client.database.errors import DatabaseError, GrantMissing, UnknownLayout, WrongPrefix
from prestashop_client.database.known import COLUMNS, PHYSICAL, UNIQUE, WRITTEN
from prestashop_client.database.settings import DatabaseSettings

FIRST, LAST = "stock_available", "product_lang"  # together, tables that only a PrestaShop has


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A shop of the installation."""

    id_shop: int
    name: str
    id_shop_group: int
    share_stock: bool

    def __str__(self) -> str:
        return f"{self.id_shop} ({self.name})"


@dataclass(frozen=True, slots=True)
class Layout:
    """A shop as it lies in its database.

    languages: id_lang -> iso code, of this shop, the inactive ones too. others: the installation's other shops.
    stock_owner: (id_shop, id_shop_group) of its stock rows: its own (N, 0), or its group's (0, G) where stock is
    shared. has_physical: physical_quantity and reserved_quantity are kept (since PrestaShop 1.7.2).
    """

    server: str
    prefix: str
    shop: ShopRow
    languages: Mapping[int, str]
    has_physical: bool
    others: tuple[ShopRow, ...] = ()

    @property
    def id_shop(self) -> int:
        return self.shop.id_shop

    @property
    def stock_owner(self) -> tuple[int, int]:
        return (0, self.shop.id_shop_group) if self.shop.share_stock else (self.shop.id_shop, 0)

    @property
    def sharing(self) -> tuple[ShopRow, ...]:
        """The shops that sell from the same stock rows."""
        return tuple(each for each in self.others if self.shop.share_stock and self._same_group(each))

    def table(self, name: str) -> str:
        return f"`{self.prefix}{name}`"

    def _same_group(self, other: ShopRow) -> bool:
        return other.id_shop_group == self.shop.id_shop_group


def read_layout(connection: Connection, id_shop: int) -> Layout:
    """The layout of one shop. Raises WrongPrefix, GrantMissing, UnknownLayout (also where there is no such shop)."""
    has_physical = check_tables(connection)
    shops = read_shops(connection)
    if id_shop not in shops:
        there = ", ".join(map(str, shops.values())) or "none"
        raise UnknownLayout((f"shop {id_shop} does not exist; there are: {there}",))
    return Layout(
        server=str(connection.one("SELECT VERSION()")[0]),
        prefix=connection.settings.prefix,
        shop=shops[id_shop],
        languages=read_languages(connection, id_shop),
        has_physical=has_physical,
        others=tuple(shop for shop in shops.values() if shop.id_shop != id_shop),
    )


def check_tables(connection: Connection) -> bool:
    """Compare tables, columns, keys and engines with what we know; whether physical quantities are kept."""
    columns = _columns(connection)
    if not columns:
        _explain_absence(connection)
    problems = [*_column_problems(columns), *_key_problems(connection, columns), *_engine_problems(connection, columns)]
    if problems:
        raise UnknownLayout(tuple(problems))
    return all(name in columns["stock_available"] for name in PHYSICAL)


def find_prefixes(connection: Connection) -> tuple[str, ...]:
    """The prefixes under which PrestaShop's tables can be seen in this database."""
    found = [{str(name)[: -len(suffix)] for (name,) in _tables_like(connection, suffix)} for suffix in (FIRST, LAST)]
    return tuple(sorted(set.intersection(*found)))


def read_shops(connection: Connection) -> dict[int, ShopRow]:
    settings = connection.settings
    rows = connection.rows(
        "SELECT s.id_shop, s.name, s.id_shop_group, g.share_stock"
        f" FROM {settings.table('shop')} s JOIN {settings.table('shop_group')} g USING (id_shop_group)"
        " WHERE s.deleted = 0 ORDER BY s.id_shop"
    )
    return {int(row[0]): ShopRow(int(row[0]), str(row[1]), int(row[2]), bool(row[3])) for row in rows}


def read_languages(connection: Connection, id_shop: int) -> dict[int, str]:
    """id_lang -> iso code of a shop's languages; the inactive ones have texts of products too."""
    settings = connection.settings
    rows = connection.rows(
        "SELECT l.id_lang, l.iso_code"
        f" FROM {settings.table('lang')} l JOIN {settings.table('lang_shop')} s USING (id_lang)"
        " WHERE s.id_shop = %s ORDER BY l.id_lang",
        (id_shop,),
    )
    return {int(row[0]): str(row[1]).lower() for row in rows}


def _columns(connection: Connection) -> dict[str, dict[str, str]]:
    """table -> column -> data type, of those of our tables that can be seen."""
    rows = connection.rows(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = DATABASE() AND table_name IN %s",
        (_names(connection.settings),),
    )
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(_bare(table, connection), {})[str(column)] = str(kind).lower()
    return found


def _explain_absence(connection: Connection) -> None:
    """None of our tables can be seen: another prefix, or no right to see them."""
    prefixes = find_prefixes(connection)
    if not prefixes:
        try:
            connection.rows(f"SELECT 1 FROM {connection.settings.table('shop')} WHERE 0")
        except GrantMissing:
            raise GrantMissing(
                f"{connection.settings.where}: the user may read none of the tables with the prefix"
                f" {connection.settings.prefix!r}, if there are any; `test-database` lists the rights that it needs"
            ) from None
        except DatabaseError:
            pass
    raise WrongPrefix(connection.settings.prefix, prefixes)


def _column_problems(columns: Mapping[str, Mapping[str, str]]) -> list[str]:
    problems = []
    for table, expected in COLUMNS.items():
        if table not in columns:
            problems.append(f"table {table} is missing (or may not be read)")
            continue
        for name, kinds in expected.items():
            kind = columns[table].get(name)
            if kind is None:
                problems.append(f"column {table}.{name} is missing (or may not be read)")
            elif kind not in kinds:
                problems.append(f"column {table}.{name} is {kind}, not {' or '.join(sorted(kinds))}")
    return problems


def _key_problems(connection: Connection, columns: Mapping[str, object]) -> list[str]:
    rows = connection.rows(
        "SELECT table_name, index_name, column_name FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND non_unique = 0 AND table_name IN %s",
        (_names(connection.settings),),
    )
    keys: dict[tuple[str, str], set[str]] = {}
    for table, index, column in rows:
        keys.setdefault((_bare(table, connection), str(index)), set()).add(str(column))
    unique = {(table, frozenset(names)) for (table, _), names in keys.items()}
    return [
        f"table {table} has no unique key over {', '.join(sorted(names))}"
        for table, names in UNIQUE.items()
        if table in columns and (table, names) not in unique
    ]


def _engine_problems(connection: Connection, columns: Mapping[str, object]) -> list[str]:
    """Without transactions a batch could not be rolled back."""
    rows = connection.rows(
        "SELECT table_name, engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN %s",
        (_names(connection.settings),),
    )
    engines = {_bare(table, connection): str(engine) for table, engine in rows}
    changed = {table for tables in WRITTEN.values() for table in tables}
    return [
        f"table {table} is {engines.get(table)}, not InnoDB: it knows no transactions"
        for table in sorted(changed & set(columns))
        if engines.get(table, "").lower() != "innodb"
    ]


def _names(settings: DatabaseSettings) -> list[str]:
    return [f"{settings.prefix}{table}" for table in COLUMNS]


def _bare(table: object, connection: Connection) -> str:
    return str(table).removeprefix(connection.settings.prefix)


def _tables_like(connection: Connection, suffix: str) -> list[tuple[object, ...]]:
    return connection.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE %s",
        ("%" + suffix.replace("_", r"\_"),),
    )
