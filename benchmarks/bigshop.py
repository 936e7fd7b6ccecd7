"""A sandbox file with very many products, copied from one by SQL: a shop to import from and to check."""

from pathlib import Path

from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from prestashop_client.sandbox.store import Store

COPIED = {
    "product": "id_product",
    "product_shop": "id_product",
    "product_lang": "id_product",
    "category_product": "id_product",
    "stock_available": "id_product",
}
PRODUCT = {
    "reference": "BIG-1", "price": "12.90", "state": 1, "active": 1, "minimal_quantity": 1, "available_for_order": 1,
    "show_price": 1, "id_tax_rules_group": 1, "id_category_default": 2,
    "name": {1: "Big product", 2: "Duży produkt"}, "link_rewrite": {1: "big-product", 2: "duzy-produkt"},
    "description": {1: "<p>" + "Plain words. " * 40 + "</p>", 2: "<p>" + "Zwykłe słowa. " * 40 + "</p>"},
    "associations": {"categories": [{"id": 2}]},
}  # fmt: skip


def make(path: Path, key: str, count: int) -> None:
    """A shop of `count` products in a file, for `--db`."""
    sandbox = Sandbox(db=path, key=key).start()
    with PrestaShopClient(sandbox.address, key) as client:
        client.create("products", PRODUCT)
    with sandbox.store.request():
        for table, key_column in COPIED.items():
            _copy(sandbox.store, table, key_column, count)
        sandbox.store.execute("UPDATE product SET reference = 'BIG-' || id_product")
    sandbox.stop()


def _copy(store: Store, table: str, key_column: str, count: int) -> None:
    columns = [str(row["name"]) for row in store.rows(f'PRAGMA table_info("{table}")')]
    shown = ["n" if name in (key_column, f"id_{table}") else f'"{name}"' for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    store.execute(
        f"WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) "
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(shown)} FROM "{table}", numbers WHERE "{key_column}" = 1'
    )
