"""classes/stock/StockAvailable.php: one row per product or combination and shop."""

from sqlite3 import IntegrityError

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.entity import Entity

OWNED = "((id_shop = ? AND id_shop_group = 0) OR (id_shop = 0 AND id_shop_group = ?))"


def owner_of(context: Context, shop: int) -> tuple[int, int]:
    """The two parameters of OWNED for a shop: rows of other layouts are invisible."""
    owner = context.stock_owner(shop)
    return (shop if owner[0] else -1, owner[1] or -1)


class StockRow(Entity):
    """A row of stock; a combination's row carries into the sum of its product."""

    resource_name = "stock_availables"

    def update(self) -> bool:
        try:
            written = super().update()
        except IntegrityError:
            return False
        if self.integer("id_product_attribute"):
            restore_sum(self.context, self.integer("id_product"), self.integer("id_shop") or self.context.shop)
        return written


def make_row(context: Context, product: int, combination: int, shop: int, out_of_stock: int) -> None:
    """The row of a new product or combination; nothing where there is one."""
    owner_shop, owner_group = context.stock_owner(shop)
    context.store.insert(
        "stock_available",
        {
            "id_product": product,
            "id_product_attribute": combination,
            "id_shop": owner_shop,
            "id_shop_group": owner_group,
            "quantity": 0,
            "depends_on_stock": 0,
            "out_of_stock": out_of_stock,
            "location": "",
        },
        "INSERT OR IGNORE",
    )


def remove_rows(context: Context, product: int, combination: int | None = None) -> None:
    """Delete the rows of a product, or of one of its combinations, in the shops of the request."""
    for shop in context.shop_ids:
        where, parameters = "id_product = ?", [product]
        if combination is not None:
            where, parameters = f"{where} AND id_product_attribute = ?", [*parameters, combination]
        context.store.execute(
            f"DELETE FROM stock_available WHERE {where} AND {OWNED}", (*parameters, *owner_of(context, shop))
        )
        if combination is not None:
            restore_sum(context, product, shop)


def restore_sum(context: Context, product: int, shop: int) -> None:
    """Make the product's own row hold the sum of its combinations (postSave)."""
    owner = owner_of(context, shop)
    total = context.store.value(
        f"SELECT SUM(quantity) FROM stock_available WHERE id_product = ? AND id_product_attribute <> 0 AND {OWNED}",
        (product, *owner),
    )
    context.store.execute(
        f"UPDATE stock_available SET quantity = ? WHERE id_product = ? AND id_product_attribute = 0 AND {OWNED}",
        (total or 0, product, *owner),
    )
