"""classes/Category.php: the tree of categories."""

from prestashop_client.sandbox.behaviour.links import slug_modifier
from prestashop_client.sandbox.behaviour.tree import descendants, rebuild
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.entity import Entity, Entry, Shown
from prestashop_client.sandbox.errors import Crash
from prestashop_client.sandbox.php import is_empty

ROOT = 1
_FILE = "/var/www/html/classes/Category.php"


class Category(Entity):
    """A category. The tree is rebuilt once per request, by the caller."""

    resource_name = "categories"

    def dynamic(self, name: str) -> Shown:
        if name != "nb_products_recursive":
            return super().dynamic(name)
        count = self.context.store.value(
            "SELECT COUNT(DISTINCT cp.id_product) FROM category_product cp JOIN category c USING (id_category) "
            "WHERE c.nleft >= ? AND c.nright <= ?",
            (self.integer("nleft"), self.integer("nright")),
        )
        return str(count or -1)

    def modify(self, method: str) -> None:
        if method == "POST":
            slug_modifier(self, empty_becomes_list=False, file=_FILE, line=2364)

    def add(self) -> bool:
        if self.values.get("level_depth") is None:
            self.values["level_depth"] = str(self._depth())
        if not is_empty(self.values.get("is_root_category")):
            self.values["id_parent"] = str(ROOT)
        if not super().add():
            return False
        for shop in self.context.every_shop():
            self._go_last(shop)
        self._reset_groups()
        return True

    def update(self) -> bool:
        parent = self.integer("id_parent")
        if parent == self.number:
            raise Crash("a category cannot be its own parent")
        if not is_empty(self.values.get("is_root_category")) and parent != ROOT:
            self.values["is_root_category"] = "0"
        self._reset_groups()
        before = (
            self.context.store.row("SELECT id_parent, level_depth FROM category WHERE id_category = ?", (self.number,))
            or {}
        )
        self.values["level_depth"] = str(self._depth())
        if not super().update():
            return False
        if before.get("id_parent") != parent:
            for shop in self.context.every_shop():
                self._go_last(shop)
        return True

    def _depth(self) -> int:
        parent = self.integer("id_parent")
        if not parent:
            return 0
        depth = self.context.store.value("SELECT level_depth FROM category WHERE id_category = ?", (parent,))
        if depth is None:
            raise Crash("Parent category does not exist.")
        return int(depth) + 1

    def _go_last(self, shop: int) -> None:
        store = self.context.store
        last = store.value(
            "SELECT MAX(cs.position) FROM category c JOIN category_shop cs ON cs.id_category = c.id_category "
            "AND cs.id_shop = ? WHERE c.id_parent = ? AND c.id_category <> ?",
            (shop, self.integer("id_parent"), self.number),
        )
        position = 0 if last is None else int(last) + 1
        store.execute(
            "INSERT INTO category_shop (id_category, id_shop, position) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET position = excluded.position",
            (self.number, shop, position),
        )
        store.execute("UPDATE category SET position = ? WHERE id_category = ?", (position, self.number))

    def _reset_groups(self) -> None:
        store = self.context.store
        store.execute("DELETE FROM category_group WHERE id_category = ?", (self.number,))
        for group in store.column('SELECT id_group FROM "group" ORDER BY id_group'):
            store.insert("category_group", {"id_category": self.number, "id_group": group})

    def delete(self) -> bool:
        if self.number in (0, ROOT):
            return False
        for key in [*descendants(self.context.store, self.number), self.number]:
            _delete_one(self.context, key)
        return True

    def associated(self, name: str) -> list[Entry]:
        store = self.context.store
        if name == "products":
            keys = store.column(
                "SELECT id_product FROM category_product WHERE id_category = ? ORDER BY position, id_product",
                (self.number,),
            )
        else:
            keys = store.column(
                "SELECT c.id_category FROM category c JOIN category_shop cs ON cs.id_category = c.id_category "
                "AND cs.id_shop = ? WHERE c.id_parent = ? AND c.active = 1 ORDER BY cs.position, c.id_category",
                (self.context.shop, self.number),
            )
        return [{"id": str(key)} for key in keys]


def _delete_one(context: Context, key: int) -> None:
    entity = Category(context, context.profile.resources["categories"], key)
    Entity.delete(entity)
    if not entity.is_elsewhere():
        for table in ("category_group", "category_product"):
            context.store.execute(f"DELETE FROM {table} WHERE id_category = ?", (key,))
        context.store.execute("DELETE FROM picture WHERE kind = 'categories' AND id = ?", (key,))


def rebuild_tree(context: Context) -> None:
    """Number the whole tree again (regenerateEntireNtree)."""
    rebuild(context.store, context.shop)
