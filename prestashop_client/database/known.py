"""The tables that we know, as far as we read and write them: those of PrestaShop 1.7 to 9.1."""

from __future__ import annotations

INTEGER = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint"})
TEXT = frozenset({"char", "varchar", "text", "mediumtext", "longtext"})
DECIMAL = frozenset({"decimal"})
MOMENT = frozenset({"datetime", "timestamp"})

COLUMNS: dict[str, dict[str, frozenset[str]]] = {
    "shop": {"id_shop": INTEGER, "id_shop_group": INTEGER, "name": TEXT, "active": INTEGER, "deleted": INTEGER},
    "shop_group": {"id_shop_group": INTEGER, "name": TEXT, "share_stock": INTEGER},
    "lang": {"id_lang": INTEGER, "iso_code": TEXT, "active": INTEGER},
    "lang_shop": {"id_lang": INTEGER, "id_shop": INTEGER},
    "product": {
        "id_product": INTEGER, "id_shop_default": INTEGER, "price": DECIMAL, "active": INTEGER, "date_upd": MOMENT,
    },
    "product_shop": {
        "id_product": INTEGER, "id_shop": INTEGER, "price": DECIMAL, "active": INTEGER, "date_upd": MOMENT,
    },
    "product_lang": {
        "id_product": INTEGER, "id_shop": INTEGER, "id_lang": INTEGER, "available_now": TEXT, "available_later": TEXT,
    },
    "stock_available": {
        "id_product": INTEGER, "id_product_attribute": INTEGER, "id_shop": INTEGER, "id_shop_group": INTEGER,
        "quantity": INTEGER, "out_of_stock": INTEGER,
    },
}  # fmt: skip

# What is unique, so that a join by these columns meets one row.
UNIQUE: dict[str, frozenset[str]] = {
    "shop": frozenset({"id_shop"}),
    "product": frozenset({"id_product"}),
    "product_shop": frozenset({"id_product", "id_shop"}),
    "product_lang": frozenset({"id_product", "id_shop", "id_lang"}),
    "stock_available": frozenset({"id_product", "id_product_attribute", "id_shop", "id_shop_group"}),
}

# Kept as physical = quantity + reserved (StockManager::updatePhysicalProductQuantity); not there before 1.7.2.
PHYSICAL = ("physical_quantity", "reserved_quantity")

# What is written, by what it is for.
WRITTEN: dict[str, dict[str, tuple[str, ...]]] = {
    "availability": {
        "stock_available": ("out_of_stock",),
        "product_lang": ("available_now", "available_later"),
    },
    "quantities": {"stock_available": ("quantity", "physical_quantity")},
    "prices": {"product": ("price",), "product_shop": ("price",)},
    "activation": {"product": ("active",), "product_shop": ("active",)},
}
PURPOSES = tuple(WRITTEN)
ALWAYS = {"product": ("date_upd",), "product_shop": ("date_upd",)}


def written(purposes: tuple[str, ...], *, has_physical: bool = True) -> dict[str, tuple[str, ...]]:
    """Table -> the columns that these purposes change."""
    found: dict[str, tuple[str, ...]] = dict(ALWAYS)
    for purpose in purposes:
        for table, columns in WRITTEN[purpose].items():
            kept = tuple(each for each in columns if has_physical or each not in PHYSICAL)
            found[table] = found.get(table, ()) + kept
    return found
