"""The `id_shop` and `id_shop_group` parameters, and whether the key belongs to the shops they name."""

from prestashop_client.sandbox.auth import Key
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.php import Query, is_numeric, text_of, to_int


def unknown_shop(context: Context, query: Query) -> str | None:
    """The storefront, where PrestaShop redirects a request for a shop that does not exist, before anything else."""
    asked = text_of(query, "id_shop")
    if asked in (None, "all") or (is_numeric(asked or "") and to_int(asked) in context.every_shop()):
        return None
    return context.address.removesuffix("api/")


def choose_shops(context: Context, query: Query, key: Key) -> None:
    """Set the request's shops; Refused where the key belongs to none of them."""
    asked = text_of(query, "id_shop")
    group = next(
        (text_of(query, name) for name in ("id_shop_group", "id_group_shop") if is_numeric(text_of(query, name) or "")),
        None,
    )
    if group is not None:
        _choose_group(context, to_int(group))
    elif asked == "all":
        context.shop_ids, context.single_shop = context.every_shop(), False
    elif asked is not None:
        context.shop_ids = [to_int(asked)]
        context.shop = to_int(asked)
    if not key.shops.intersection(context.shop_ids):
        raise context.errors.refuse(403, "No permission for this key on this shop", 132)


def _choose_group(context: Context, group: int) -> None:
    shops = context.store.column("SELECT id_shop FROM shop WHERE id_shop_group = ? ORDER BY id_shop", (group,))
    if not shops:
        raise context.errors.refuse(500, "This shop group doesn't have shops", 999)
    context.shop_ids, context.single_shop = shops, False
