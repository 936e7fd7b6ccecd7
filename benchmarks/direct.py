"""The SQL route, on a real MariaDB with PrestaShop's own tables, against a loop of updates and bare UPDATE JOINs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psutil
import pymysql

from benchmarks.report import figure
from prestashop_client.database import Layout
from sync.availability.decision import AvailabilitySettings, OfferState, decide
from sync.availability.texts import Texts
from sync.direct import Change, ShopSql, change_of
from tests.prestashop_tables import PrestaShopDatabase

SERVER = os.environ.get("MARIADB_TEST_URL", "mariadb+pymysql://root@127.0.0.1:3306/mysql")
PRODUCTS, MANY = 12_465, 200_000
ROUNDS = 3
PRODUCT = "INSERT INTO ps_product (id_product, id_tax_rules_group, reference, date_add, date_upd)"
IN_SHOP = "INSERT INTO ps_product_shop (id_product, id_shop, id_tax_rules_group, date_add, date_upd)"
IN_LANGUAGE = "INSERT INTO ps_product_lang (id_product, id_shop, id_lang, link_rewrite, name, description)"
STOCK = "INSERT INTO ps_stock_available (id_product, id_product_attribute, id_shop, id_shop_group, out_of_stock)"


def direct() -> bool:
    """12,465 products in two languages, all changed, then none; ours and both peers in turn, the best of three."""
    with _shop(PRODUCTS) as shop:
        if shop is None:
            return True
        route = ShopSql(shop.settings, 1)
        layout = route.layout()
        ours, loop, bare = [], [], []
        for number in range(ROUNDS):
            ours.append(_timed(_ours, route, layout, 3 * number))
            bare.append(_timed(_bare, shop, layout, 3 * number + 1))
            loop.append(_timed(_loop, shop, layout, 3 * number + 2))
        route.write(_changes(layout, PRODUCTS, 99))
        unchanged = min(_timed(_nothing, route, layout) for _ in range(ROUNDS))
    mine, row_by_row, least = min(ours), min(loop), min(bare)
    figure("row by row, a commit each", f"{row_by_row:.2f} s")
    figure("temporary tables and UPDATE JOIN, neither counted nor read back", f"{least:.2f} s")
    good = figure(f"{PRODUCTS:,} changed products by SQL, verified", f"{mine:.2f} s", "under 1.5 s", mine < 1.5)
    ratio = row_by_row / mine
    good &= figure("faster than row by row", f"{ratio:.1f} x", "at least 15 x", ratio >= 15)
    good &= figure("slower than the bare UPDATE JOIN", f"{mine / least:.1f} x", "at most 3 x", mine <= 3 * least)
    return figure("the same again, unchanged", f"{unchanged:.2f} s", "under 0.5 s", unchanged < 0.5) and good


def direct_many() -> bool:
    """200,000 changed products, and the memory that they take."""
    with _shop(MANY) as shop:
        if shop is None:
            return True
        route = ShopSql(shop.settings, 1)
        layout = route.layout()
        process = psutil.Process()
        sizes = []
        started = time.perf_counter()
        changed = 0
        for written in route.batches(_changes(layout, MANY, 0)):
            changed += len(written.changed)
            sizes.append(process.memory_info().rss / 2**20)
        seconds = time.perf_counter() - started
    assert changed == MANY, changed
    growth = max(sizes) - sizes[1]
    good = figure(f"{MANY:,} changed products by SQL", f"{seconds:.1f} s", "under 20 s", seconds < 20)
    return figure("memory: growth after the second batch", f"{growth:.0f} MB", "under 10 MB", growth < 10) and good


def _changes(layout: Layout, count: int, turn: int) -> Iterator[Change]:
    """What offers mean; each turn says something else of every product."""
    texts = {
        "en": Texts(
            f"In stock {turn}", f"Sold out {turn}", {"one": "In {days} day", "other": f"In {{days}} days {turn}"}
        ),
        "pl": Texts(f"Dostępny {turn}", f"Brak {turn}", {"one": "Za {days} dzień", "other": f"Za {{days}} dni {turn}"}),
    }
    settings = AvailabilitySettings(texts)
    for number in range(1, count + 1):
        offer = OfferState(True, 20 + number % 50 if (number + turn) % 2 else 3, number % 9)
        yield change_of(number, decide(offer, settings), layout.languages)


def _ours(route: ShopSql, layout: Layout, turn: int) -> None:
    written = route.write(_changes(layout, PRODUCTS, turn))
    assert len(written.changed) == PRODUCTS
    assert written.rows["product_lang"] == 2 * PRODUCTS, written.rows


def _nothing(route: ShopSql, layout: Layout) -> None:
    assert len(route.write(_changes(layout, PRODUCTS, 99)).unchanged) == PRODUCTS


def _loop(shop: PrestaShopDatabase, layout: Layout, turn: int) -> None:
    """To the same end, as it is usually written."""
    with _connection(shop, autocommit=True) as connection, connection.cursor() as cursor:
        for change in _changes(layout, PRODUCTS, turn):
            cursor.execute(
                "UPDATE ps_stock_available SET out_of_stock = %s"
                " WHERE id_product = %s AND id_shop = 1 AND id_shop_group = 0",
                (change.out_of_stock, change.id_product),
            )
            for language, now, later in _texts(change):
                cursor.execute(
                    "UPDATE ps_product_lang SET available_now = %s, available_later = %s"
                    " WHERE id_product = %s AND id_shop = 1 AND id_lang = %s",
                    (now, later, change.id_product, language),
                )
            cursor.execute("UPDATE ps_product SET date_upd = NOW() WHERE id_product = %s", (change.id_product,))
            cursor.execute(
                "UPDATE ps_product_shop SET date_upd = NOW() WHERE id_product = %s AND id_shop = 1",
                (change.id_product,),
            )


def _bare(shop: PrestaShopDatabase, layout: Layout, turn: int) -> None:
    """To the same end, with nothing but temporary tables and joins."""
    with _connection(shop) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bare_stock (id_product INT UNSIGNED PRIMARY KEY, out_of_stock INT)")
        cursor.execute(
            "CREATE TEMPORARY TABLE bare_lang (id_product INT UNSIGNED, id_lang INT UNSIGNED, now VARCHAR(255),"
            " later VARCHAR(255), PRIMARY KEY (id_product, id_lang)) DEFAULT CHARSET utf8mb4"
        )
        changes = list(_changes(layout, PRODUCTS, turn))
        cursor.executemany("INSERT INTO bare_stock VALUES (%s, %s)", [(c.id_product, c.out_of_stock) for c in changes])
        texts = [(change.id_product, *one) for change in changes for one in _texts(change)]
        cursor.executemany("INSERT INTO bare_lang VALUES (%s, %s, %s, %s)", texts)
        for sql in (
            "UPDATE ps_stock_available s JOIN bare_stock b USING (id_product) SET s.out_of_stock = b.out_of_stock"
            " WHERE s.id_shop = 1 AND s.id_shop_group = 0",
            "UPDATE ps_product_lang l JOIN bare_lang b USING (id_product, id_lang)"
            " SET l.available_now = b.now, l.available_later = b.later WHERE l.id_shop = 1",
            "UPDATE ps_product p JOIN bare_stock b USING (id_product) SET p.date_upd = NOW()",
            "UPDATE ps_product_shop p JOIN bare_stock b USING (id_product) SET p.date_upd = NOW() WHERE p.id_shop = 1",
        ):
            cursor.execute(sql)
        connection.commit()


def _texts(change: Change) -> Iterable[tuple[int, str, str]]:
    now, later = change.available_now or {}, change.available_later or {}
    return [(language, now[language], later[language]) for language in now]


def _timed(what: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    what(*arguments)
    return time.perf_counter() - started


@contextmanager
def _connection(shop: PrestaShopDatabase, *, autocommit: bool = False) -> Iterator[pymysql.connections.Connection[Any]]:
    one = shop.settings
    made = pymysql.connect(
        host=one.host, port=one.port, user=one.user, password=one.password.reveal(), database=one.name,
        charset="utf8mb4", autocommit=autocommit,
    )  # fmt: skip
    with made:
        yield made


@contextmanager
def _shop(count: int) -> Iterator[PrestaShopDatabase | None]:
    """A shop with that many products; None, with a line, where no MariaDB runs."""
    try:
        shop = PrestaShopDatabase(SERVER)
    except pymysql.err.OperationalError as error:
        figure("the SQL route needs a MariaDB", f"not measured ({error.args[0]})")
        yield None
        return
    try:
        shop.shops()
        for first in range(1, count + 1, 10_000):
            _fill(shop, range(first, min(first + 10_000, count + 1)))
        yield shop
    finally:
        shop.close()


def _fill(shop: PrestaShopDatabase, numbers: range) -> None:
    about = "<p>" + "A sentence about the product, as long as they are. " * 8 + "</p>"
    now = datetime(2026, 1, 1)  # noqa: DTZ001 - PrestaShop keeps local times
    shop.many(f"{PRODUCT} VALUES (%s, %s, %s, %s, %s)", [(n, 1, f"REF-{n:06}", now, now) for n in numbers])
    shop.many(f"{IN_SHOP} VALUES (%s, %s, %s, %s, %s)", [(n, 1, 1, now, now) for n in numbers])
    texts = [(n, 1, language, f"product-{n}", f"Product {n}", about) for n in numbers for language in (1, 2)]
    shop.many(f"{IN_LANGUAGE} VALUES (%s, %s, %s, %s, %s, %s)", texts)
    shop.many(f"{STOCK} VALUES (%s, %s, %s, %s, %s)", [(n, 0, 1, 0, 2) for n in numbers])
