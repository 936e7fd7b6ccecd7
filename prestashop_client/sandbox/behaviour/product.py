"""classes/Product.php: what the web service does with a product besides storing its fields."""

from prestashop_client.sandbox.behaviour import combination, stock
from prestashop_client.sandbox.behaviour.links import slug_modifier
from prestashop_client.sandbox.behaviour.product_links import READERS, WRITERS
from prestashop_client.sandbox.entity import Entity, Entry, Shown
from prestashop_client.sandbox.php import is_empty, to_float, to_int

_FILE = "/var/www/html/classes/Product.php"
_TABLES_OF_A_PRODUCT = (
    ("category_product", "id_product"),
    ("feature_product", "id_product"),
    ("product_tag", "id_product"),
    ("accessory", "id_product_1"),
    ("accessory", "id_product_2"),
    ("pack", "id_product_pack"),
    ("pack", "id_product_item"),
    ("product_attachment", "id_product"),
    ("specific_price", "id_product"),
)


class Product(Entity):
    """A product with its stock row, categories, images and combinations."""

    resource_name = "products"

    # Fields with a getter or a setter.

    def dynamic(self, name: str) -> Shown:
        if name == "type":
            return self._type()
        if name == "id_default_image":
            return self._cover()
        if name == "id_default_combination":
            key = combination.default_of(self.context, self.number)
            return str(key) if key else 0
        if name == "manufacturer_name":
            return self._manufacturer()
        if name == "position_in_category":
            return self._position()
        return super().dynamic(name)

    def _type(self) -> str:
        if self.number and self.context.store.value(
            "SELECT 1 FROM pack WHERE id_product_pack = ? LIMIT 1", (self.number,)
        ):
            return "pack"
        return "simple" if is_empty(self.values.get("is_virtual")) else "virtual"

    def _cover(self) -> str | None:
        found = self.context.store.value(
            "SELECT id_image FROM image_shop WHERE id_product = ? AND id_shop = ? AND cover = 1",
            (self.number, self.context.shop),
        )
        return None if found is None else str(found)

    def _manufacturer(self) -> Shown:
        found = self.context.store.value(
            "SELECT name FROM manufacturer WHERE id_manufacturer = ?", (self.integer("id_manufacturer"),)
        )
        return False if found is None else str(found)

    def _position(self) -> str:
        found = self.context.store.value(
            "SELECT position FROM category_product WHERE id_category = ? AND id_product = ?",
            (self.integer("id_category_default"), self.number),
        )
        return "" if found is None else str(found)

    def assign(self, name: str, text: str) -> None:
        if name == "type":
            self._set_type(text)
        elif name == "position_in_category":
            self._set_position(text)
        elif name == "id_default_image":
            self._set_cover(to_int(text))
        elif name == "id_default_combination":
            self._set_default_combination(to_int(text))
        else:
            super().assign(name, text)

    def _set_type(self, text: str) -> None:
        if text not in ("simple", "pack", "virtual"):
            return
        if text != "pack":
            self.context.store.execute("DELETE FROM pack WHERE id_product_pack = ?", (self.number,))
        self.values["cache_is_pack"] = "1" if text == "pack" else ""
        self.values["is_virtual"] = "1" if text == "virtual" else ""

    def _set_position(self, text: str) -> None:
        store, category = self.context.store, self.integer("id_category_default")
        keys = store.column(
            "SELECT id_product FROM category_product WHERE id_category = ? ORDER BY position, id_product", (category,)
        )
        if to_float(text) <= 0:
            self.context.errors.add(500, "You cannot set 0 or a negative position, the minimum is 1.", 134)
            return
        if to_float(text) > len(keys):
            self.context.errors.add(
                500,
                "You cannot set a position greater than the total number of products in the category, starting at 1.",
                135,
            )
            return
        if self.number in keys:
            keys.remove(self.number)
            keys.insert(to_int(text) - 1, self.number)
        for position, key in enumerate(keys, 1):
            store.execute(
                "UPDATE category_product SET position = ? WHERE id_category = ? AND id_product = ?",
                (position, category, key),
            )

    def _set_cover(self, image: int) -> None:
        for shop in self.context.shop_ids:
            self.context.store.execute(
                "UPDATE image_shop SET cover = NULL WHERE id_product = ? AND id_shop = ?", (self.number, shop)
            )
            self.context.store.execute(
                "UPDATE image_shop SET cover = 1 WHERE id_product = ? AND id_image = ? AND id_shop = ?",
                (self.number, image, shop),
            )

    def _set_default_combination(self, key: int) -> None:
        for table in ("product_attribute", "product_attribute_shop"):
            self.context.store.execute(
                f"UPDATE {table} SET default_on = CASE WHEN id_product_attribute = ? THEN 1 END WHERE id_product = ?",
                (key, self.number),
            )
        combination.update_default(self.context, self.number)

    # Writing.

    def modify(self, method: str) -> None:
        if method == "POST":
            slug_modifier(self, empty_becomes_list=True, file=_FILE, line=7752)

    def add(self) -> bool:
        if not is_empty(self.values.get("unit_price")):
            self.values["unit_price_ratio"] = self._ratio()
        if not super().add():
            return False
        for shop in self.context.shop_ids:
            stock.make_row(self.context, self.number, 0, shop, 1 if self._type() == "virtual" else 2)
        self._index()
        return True

    def update(self) -> bool:
        before = self.context.store.row("SELECT price, unit_price FROM product WHERE id_product = ?", (self.number,))
        if self.values.get("unit_price_ratio") is None:  # a PUT
            self.values["unit_price_ratio"] = self._ratio()
        elif before and before["unit_price"]:  # a PATCH: the ratio lags behind a change of price
            self.values["unit_price_ratio"] = f"{before['price'] / before['unit_price']:.6f}"
        if not super().update():
            return False
        self._index()
        return True

    def _ratio(self) -> str:
        value, per = (to_float(str(self.values.get(name) or "")) for name in ("price", "unit_price"))
        return f"{value / per:.6f}" if per else "0"

    def _index(self) -> None:
        """The search index takes active products that may be found; it marks them as indexed."""
        for table in ("product", "product_shop"):
            self.context.store.execute(
                f"UPDATE {table} SET indexed = (active AND visibility IN ('both', 'search')) WHERE id_product = ?",
                (self.number,),
            )

    def delete(self) -> bool:
        super().delete()
        stock.remove_rows(self.context, self.number)
        for key in self._combinations():
            combination.delete_combination(self.context, key)
        if self.is_elsewhere():
            return True
        if not self._delete_images():
            return False
        for table, column in _TABLES_OF_A_PRODUCT:
            self.context.store.execute(f'DELETE FROM "{table}" WHERE {column} = ?', (self.number,))
        return True

    def _combinations(self) -> list[int]:
        return self.context.store.column(
            "SELECT id_product_attribute FROM product_attribute WHERE id_product = ?", (self.number,)
        )

    def _delete_images(self) -> bool:
        """Delete the images; False where one has no file (a ghost), after which PrestaShop leaves the rest."""
        store = self.context.store
        keys = store.column("SELECT id_image FROM image WHERE id_product = ?", (self.number,))
        whole = True
        for key in keys:
            whole = bool(store.execute("DELETE FROM picture WHERE kind = 'products' AND id = ?", (key,))) and whole
            for table in ("image", "image_shop", "product_attribute_image"):
                store.execute(f"DELETE FROM {table} WHERE id_image = ?", (key,))
        return whole

    # Associations.

    def associated(self, name: str) -> list[Entry]:
        return READERS[name](self) if name in READERS else []

    def associate(self, name: str, entries: list[Entry]) -> bool:
        return WRITERS[name](self, entries) if name in WRITERS else True
