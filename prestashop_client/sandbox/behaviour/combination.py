"""classes/Combination.php: a variant of a product, with its own stock row."""

from prestashop_client.sandbox.behaviour import stock
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.entity import Entity, Entry, load
from prestashop_client.sandbox.php import is_empty, to_int


class Combination(Entity):
    """A combination; the product learns of it (kind, default combination, sum of stock)."""

    resource_name = "combinations"

    def add(self) -> bool:
        self._one_default()
        if not super().add():
            return False
        product = self.integer("id_product")
        store = self.context.store
        for shop in self.context.shop_ids:
            out_of_stock = store.value(
                "SELECT out_of_stock FROM stock_available WHERE id_product = ? AND "
                f"id_product_attribute = 0 AND {stock.OWNED}",
                (product, *stock.owner_of(self.context, shop)),
            )
            stock.make_row(self.context, product, self.number, shop, 2 if out_of_stock is None else out_of_stock)
        store.execute("UPDATE product SET product_type = 'combinations' WHERE id_product = ?", (product,))
        update_default(self.context, product)
        return True

    def update(self) -> bool:
        self._one_default()
        if not super().update():
            return False
        update_default(self.context, self.integer("id_product"))
        return True

    def _one_default(self) -> None:
        if is_empty(self.values.get("default_on")):
            self.values["default_on"] = None
            return
        for table in ("product_attribute", "product_attribute_shop"):
            self.context.store.execute(
                f"UPDATE {table} SET default_on = NULL WHERE id_product = ? AND id_product_attribute <> ?",
                (self.integer("id_product"), self.number),
            )

    def delete(self) -> bool:
        product = self.integer("id_product")
        if not super().delete():
            return False
        stock.remove_rows(self.context, product, self.number)
        if not self.is_elsewhere():
            for table in ("product_attribute_combination", "product_attribute_image"):
                self.context.store.execute(f"DELETE FROM {table} WHERE id_product_attribute = ?", (self.number,))
        update_default(self.context, product)
        return True

    def associated(self, name: str) -> list[Entry]:
        table, column = {
            "product_option_values": ("product_attribute_combination", "id_attribute"),
            "images": ("product_attribute_image", "id_image"),
        }[name]
        keys = self.context.store.column(
            f"SELECT {column} FROM {table} WHERE id_product_attribute = ? AND {column} <> 0 ORDER BY {column}",
            (self.number,),
        )
        return [{"id": str(key)} for key in keys]

    def associate(self, name: str, entries: list[Entry]) -> bool:
        table, column = {
            "product_option_values": ("product_attribute_combination", "id_attribute"),
            "images": ("product_attribute_image", "id_image"),
        }[name]
        store = self.context.store
        store.execute(f"DELETE FROM {table} WHERE id_product_attribute = ?", (self.number,))
        for entry in entries:
            store.insert(
                table, {"id_product_attribute": self.number, column: to_int(entry.get("id"))}, "INSERT OR IGNORE"
            )
        return True


def delete_combinations(context: Context, value: int) -> None:
    """Delete the combinations that use an option value."""
    keys = context.store.column(
        "SELECT id_product_attribute FROM product_attribute_combination WHERE id_attribute = ?", (value,)
    )
    for key in keys:
        delete_combination(context, key)


def delete_combination(context: Context, key: int) -> None:
    """Delete one combination; nothing where it is missing."""
    found = load(context, context.profile.resources["combinations"], Combination, key)
    if found:
        found.delete()


def default_of(context: Context, product: int) -> int:
    """The product's default combination: the marked one, else the first; 0 without any."""
    found = context.store.value(
        "SELECT id_product_attribute FROM product_attribute_shop WHERE id_product = ? AND id_shop = ? "
        "ORDER BY COALESCE(default_on, 0) DESC, id_product_attribute LIMIT 1",
        (product, context.shop),
    )
    return int(found or 0)


def update_default(context: Context, product: int) -> None:
    """Write the default combination into the product (Product::updateDefaultAttribute)."""
    key = default_of(context, product)
    for table in ("product", "product_shop"):
        context.store.execute(f"UPDATE {table} SET cache_default_attribute = ? WHERE id_product = ?", (key, product))
