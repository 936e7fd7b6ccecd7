"""The associations of a product: how each is read, and how each is replaced."""

from collections.abc import Callable

from prestashop_client.sandbox.behaviour import stock
from prestashop_client.sandbox.behaviour.combination import delete_combination
from prestashop_client.sandbox.entity import Entity, Entry
from prestashop_client.sandbox.php import is_empty, to_int

_FILE = "/var/www/html/classes/Product.php"
_GOOD_PART = 5  # observed: 8 of 39 combinations are read by id, 4 of 39 are not


def _entries(product: Entity, sql: str, *more: int) -> list[Entry]:
    rows = product.context.store.rows(sql, (*more, product.number))
    return [{name: str(value) for name, value in row.items()} for row in rows]


def _categories(product: Entity) -> list[Entry]:
    return _entries(
        product,
        "SELECT cp.id_category AS id FROM category_product cp JOIN category_shop cs "
        "ON cs.id_category = cp.id_category AND cs.id_shop = ? WHERE cp.id_product = ? "
        "ORDER BY cp.id_category",
        product.context.shop,
    )


def _images(product: Entity) -> list[Entry]:
    return _entries(
        product,
        "SELECT i.id_image AS id FROM image i JOIN image_shop s ON s.id_image = i.id_image "
        "AND s.id_shop = ? WHERE i.id_product = ? ORDER BY i.position, i.id_image",
        product.context.shop,
    )


def _combination_ids(product: Entity) -> list[int]:
    """In the order in which MariaDB gives them: along the index (id_product, default_on), which puts the default last;
    but by id where the product holds a good part of all combinations, since the table itself is then read."""
    context = product.context
    rows = context.store.rows(
        "SELECT id_product_attribute AS id, default_on FROM product_attribute_shop "
        "WHERE id_shop = ? AND id_product = ? ORDER BY id_product_attribute",
        (context.shop, product.number),
    )
    last = context.store.value("SELECT MAX(id_product_attribute) FROM product_attribute") or 0
    if len(rows) * _GOOD_PART < last:
        rows.sort(key=lambda row: row["default_on"] or 0)
    return [row["id"] for row in rows]


def _combinations(product: Entity) -> list[Entry]:
    return [{"id": str(key)} for key in _combination_ids(product)]


def _option_values(product: Entity) -> list[Entry]:
    values: dict[int, None] = {}
    for key in _combination_ids(product):
        values |= dict.fromkeys(
            product.context.store.column(
                "SELECT id_attribute FROM product_attribute_combination WHERE id_product_attribute = ? "
                "ORDER BY id_attribute",
                (key,),
            )
        )
    return [{"id": str(value)} for value in values]


def _features(product: Entity) -> list[Entry]:
    return _entries(
        product,
        "SELECT id_feature AS id, id_feature_value FROM feature_product WHERE id_product = ? "
        "ORDER BY id_feature, id_feature_value",
    )


def _tags(product: Entity) -> list[Entry]:
    return _entries(product, "SELECT id_tag AS id FROM product_tag WHERE id_product = ? ORDER BY id_tag")


def _stock(product: Entity) -> list[Entry]:
    context = product.context
    rows = context.store.rows(
        f"SELECT id_stock_available AS id, id_product_attribute FROM stock_available WHERE id_product = ? "
        f"AND {stock.OWNED} ORDER BY id_stock_available",
        (product.number, *stock.owner_of(context, context.shop)),
    )
    return [{name: str(value) for name, value in row.items()} for row in rows]


def _attachments(product: Entity) -> list[Entry]:
    return _entries(product, "SELECT id_attachment AS id FROM product_attachment WHERE id_product = ?")


def _accessories(product: Entity) -> list[Entry]:
    return _entries(
        product,
        "SELECT p.id_product AS id FROM accessory a JOIN product_shop p "
        "ON p.id_product = a.id_product_2 AND p.id_shop = ? WHERE a.id_product_1 = ?",
        product.context.shop,
    )


def _bundle(product: Entity) -> list[Entry]:
    return _entries(
        product,
        "SELECT id_product_item AS id, id_product_attribute_item AS id_product_attribute, "
        "quantity FROM pack WHERE id_product_pack = ?",
    )


READERS: dict[str, Callable[[Entity], list[Entry]]] = {
    "categories": _categories,
    "images": _images,
    "combinations": _combinations,
    "product_option_values": _option_values,
    "product_features": _features,
    "tags": _tags,
    "stock_availables": _stock,
    "attachments": _attachments,
    "accessories": _accessories,
    "product_bundle": _bundle,
}


def _ids(entries: list[Entry]) -> list[int]:
    return list(dict.fromkeys(to_int(entry.get("id")) for entry in entries))


def _set_categories(product: Entity, entries: list[Entry]) -> bool:
    store, key = product.context.store, product.number
    kept = {
        row["id_category"]: row["position"]
        for row in store.rows("SELECT id_category, position FROM category_product WHERE id_product = ?", (key,))
    }
    store.execute("DELETE FROM category_product WHERE id_product = ?", (key,))
    for category in _ids(entries):
        position = kept.get(category)
        if position is None:
            last = store.value("SELECT MAX(position) FROM category_product WHERE id_category = ?", (category,))
            position = (last or 0) + 1
        store.insert("category_product", {"id_category": category, "id_product": key, "position": position})
    return True


def _set_features(product: Entity, entries: list[Entry]) -> bool:
    store = product.context.store
    store.execute("DELETE FROM feature_product WHERE id_product = ?", (product.number,))
    for entry in entries:
        for name in ("id", "id_feature_value"):
            if name not in entry:
                product.context.errors.warn(f'Undefined array key "{name}"', 6888, _FILE)
        store.insert(
            "feature_product",
            {
                "id_feature": to_int(entry.get("id")),
                "id_product": product.number,
                "id_feature_value": to_int(entry.get("id_feature_value")),
            },
            "INSERT OR IGNORE",
        )
    return True


def _set_tags(product: Entity, entries: list[Entry]) -> bool:
    store = product.context.store
    store.execute("DELETE FROM product_tag WHERE id_product = ?", (product.number,))
    for tag in _ids(entries):
        language = store.value("SELECT id_lang FROM tag WHERE id_tag = ?", (tag,)) or 0
        store.insert("product_tag", {"id_product": product.number, "id_tag": tag, "id_lang": language})
    return True


def _set_accessories(product: Entity, entries: list[Entry]) -> bool:
    store = product.context.store
    store.execute("DELETE FROM accessory WHERE id_product_1 = ?", (product.number,))
    for other in _ids(entries):
        store.insert("accessory", {"id_product_1": product.number, "id_product_2": other})
    return True


def _set_combinations(product: Entity, entries: list[Entry]) -> bool:
    wanted = _ids(entries)
    for entry in _combinations(product):
        if int(entry["id"]) not in wanted:
            delete_combination(product.context, int(entry["id"]))
    for key in wanted:
        for table in ("product_attribute", "product_attribute_shop"):
            product.context.store.execute(
                f"UPDATE {table} SET id_product = ? WHERE id_product_attribute = ?", (product.number, key)
            )
    return True


def _set_bundle(product: Entity, entries: list[Entry]) -> bool:
    if not is_empty(product.values.get("is_virtual")):
        return False
    store = product.context.store
    store.execute("DELETE FROM pack WHERE id_product_pack = ?", (product.number,))
    for entry in entries:
        if to_int(entry.get("id")) > 0:
            store.insert(
                "pack",
                {
                    "id_product_pack": product.number,
                    "id_product_item": to_int(entry["id"]),
                    "id_product_attribute_item": to_int(entry.get("id_product_attribute")),
                    "quantity": to_int(entry.get("quantity")),
                },
                "INSERT OR REPLACE",
            )
    store.execute("UPDATE product SET cache_is_pack = ? WHERE id_product = ?", (int(bool(entries)), product.number))
    return True


WRITERS: dict[str, Callable[[Entity, list[Entry]], bool]] = {
    "categories": _set_categories,
    "product_features": _set_features,
    "tags": _set_tags,
    "accessories": _set_accessories,
    "combinations": _set_combinations,
    "product_bundle": _set_bundle,
}
