"""A database with PrestaShop's own tables on a real MariaDB: two shops, two languages, and products to fill in."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pymysql
from sqlalchemy import make_url

from prestashop_client.database import DatabaseSettings
from prestashop_client.secret import Secret

TABLES = Path(__file__).parent / "data" / "prestashop_tables.sql"
OLD = "2020-01-01 00:00:00"
EN, PL = 1, 2


class PrestaShopDatabase:
    """Made on a server, dropped by `close`. Shop 1 and 2, each with en and pl, in groups that share stock or not.

    `url`: the server's, with an account that may create databases and users.
    """

    def __init__(self, url: str, prefix: str = "ps_") -> None:
        server = make_url(url)
        self.prefix = prefix
        self.name = f"shopferry_{uuid.uuid4().hex[:16]}"
        self.host, self.port = server.host or "127.0.0.1", server.port or 3306
        self.admin = pymysql.connect(
            host=self.host, port=self.port, user=server.username, password=server.password or "", autocommit=True
        )
        self._users: list[str] = []
        self.run(f"CREATE DATABASE `{self.name}` CHARACTER SET utf8mb4")
        self.run(f"USE `{self.name}`")
        for statement in TABLES.read_text().replace("{prefix}", prefix).split(";\n"):
            if statement.strip():
                self.run(statement)
        self.settings = DatabaseSettings(
            host=self.host, port=self.port, name=self.name, user=server.username or "root", prefix=prefix,
            password=Secret(server.password or ""), lock_wait=1,
        )  # fmt: skip

    def close(self) -> None:
        for user in self._users:
            self.run(f"DROP USER '{user}'@'%'")
        self.run(f"DROP DATABASE `{self.name}`")
        self.admin.close()

    def _prefixed(self, sql: str) -> str:
        return sql.replace(" ps_", f" {self.prefix}")

    def run(self, sql: str, values: Sequence[object] | None = None) -> None:
        with self.admin.cursor() as cursor:
            cursor.execute(self._prefixed(sql), values)

    def many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        with self.admin.cursor() as cursor:
            cursor.executemany(self._prefixed(sql), rows)

    def rows(self, sql: str, values: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
        with self.admin.cursor() as cursor:
            cursor.execute(self._prefixed(sql), values)
            return list(cursor.fetchall())

    def all_of(self, table: str) -> list[tuple[Any, ...]]:
        return self.rows(f"SELECT * FROM `{self.prefix}{table}` ORDER BY 1, 2, 3")

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of the tables that the route may write."""
        return {table: self.all_of(table) for table in ("product", "product_shop", "product_lang", "stock_available")}

    def account(self, *rights: str) -> DatabaseSettings:
        """Settings of a new account; a right is what stands between GRANT and TO, `{db}` the database."""
        user = f"sf_{uuid.uuid4().hex[:12]}"
        self.run(f"CREATE USER '{user}'@'%' IDENTIFIED BY 'pass-{user}'")
        self._users.append(user)
        for right in rights:
            option = " WITH GRANT OPTION" if right.endswith(" WITH GRANT OPTION") else ""
            what = right.removesuffix(" WITH GRANT OPTION").replace("{db}", f"`{self.name}`")
            self.run(f"GRANT {what} TO '{user}'@'%'{option}")
        return replace(self.settings, user=user, password=Secret(f"pass-{user}"))

    def shops(self, *, share_stock: bool = False) -> None:
        """Shops 1 and 2: in one group that shares stock, or in one that does not; languages en and pl."""
        self.many(
            "INSERT INTO ps_lang VALUES (%s, %s, 1, %s, %s, %s, 'Y-m-d', 'Y-m-d H:i:s', 0)",
            [(EN, "English", "en", "en-us", "en-US"), (PL, "Polski", "pl", "pl-pl", "pl-PL")],
        )
        self.run("INSERT INTO ps_shop_group VALUES (1, 'Default', '', 0, 0, %s, 1, 0)", (int(share_stock),))
        self.many("INSERT INTO ps_shop VALUES (%s, 1, %s, '', 2, 'classic', 1, 0)", [(1, "Cyan"), (2, "Magenta")])
        self.many("INSERT INTO ps_lang_shop VALUES (%s, %s)", [(EN, 1), (PL, 1), (EN, 2), (PL, 2)])

    def products(
        self, ids: Sequence[int], *, shops: Sequence[int] = (1, 2), owner: tuple[int, int] | None = None
    ) -> None:
        """Products in shops, 10 pieces each, out_of_stock 2, with texts. `owner`: of one shared stock row."""
        self.many(
            "INSERT INTO ps_product (id_product, id_shop_default, id_tax_rules_group, price, active, date_add,"
            f" date_upd) VALUES (%s, 1, 1, 10, 1, '{OLD}', '{OLD}')",
            [(number,) for number in ids],
        )
        self.many(
            "INSERT INTO ps_product_shop (id_product, id_shop, id_tax_rules_group, price, active, date_add, date_upd)"
            f" VALUES (%s, %s, 1, 10, 1, '{OLD}', '{OLD}')",
            [(number, shop) for number in ids for shop in shops],
        )
        self.many(
            "INSERT INTO ps_product_lang (id_product, id_shop, id_lang, description, link_rewrite, name, available_now,"
            " available_later) VALUES (%s, %s, %s, %s, 'x', 'x', 'old now', 'old later')",
            [(number, shop, language, "x" * 300) for number in ids for shop in shops for language in (EN, PL)],
        )
        owners = [owner] if owner else [(shop, 0) for shop in shops]
        self.stock([(number, 0, 10, *one) for number in ids for one in owners])

    def stock(self, rows: Sequence[tuple[int, int, int, int, int]]) -> None:
        """Stock rows: product, combination, quantity, id_shop, id_shop_group; two more pieces are reserved."""
        self.many(
            "INSERT INTO ps_stock_available (id_product, id_product_attribute, quantity, id_shop, id_shop_group,"
            " physical_quantity, reserved_quantity, out_of_stock) VALUES (%s, %s, %s, %s, %s, %s, 2, 2)",
            [(*row, row[2] + 2) for row in rows],
        )

    def stock_of(self, product: int, owner: tuple[int, int] = (1, 0)) -> dict[int, tuple[int, int, int]]:
        """combination -> (quantity, physical_quantity, out_of_stock)."""
        found = self.rows(
            "SELECT id_product_attribute, quantity, physical_quantity, out_of_stock FROM ps_stock_available"
            " WHERE id_product = %s AND id_shop = %s AND id_shop_group = %s",
            (product, *owner),
        )
        return {combination: (quantity, physical, out) for combination, quantity, physical, out in found}

    def texts_of(self, product: int, shop: int = 1) -> dict[int, tuple[str, str]]:
        found = self.rows(
            "SELECT id_lang, available_now, available_later FROM ps_product_lang"
            " WHERE id_product = %s AND id_shop = %s",
            (product, shop),
        )
        return {language: (now, later) for language, now, later in found}

    def price_of(self, product: int, shop: int) -> tuple[Decimal, int]:
        found = self.rows(
            "SELECT price, active FROM ps_product_shop WHERE id_product = %s AND id_shop = %s", (product, shop)
        )
        return found[0][0], found[0][1]

    def moved(self) -> dict[str, set[int]]:
        """The products whose date_upd moved, by table and shop."""
        rows = self.rows(f"SELECT id_product, id_shop FROM ps_product_shop WHERE date_upd > '{OLD}'")
        found = {f"product_shop {shop}": {p for p, s in rows if s == shop} for shop in (1, 2)}
        moved = self.rows(f"SELECT id_product FROM ps_product WHERE date_upd > '{OLD}'")
        return {"product": {number for (number,) in moved}, **found}
