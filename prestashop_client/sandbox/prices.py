"""`?price[gross][use_tax]=1`: prices that the shop computes for a product."""

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.entity import Entity
from prestashop_client.sandbox.fields import Resource
from prestashop_client.sandbox.php import Query, is_empty, to_float, to_int

_COUNTRY = "PS_COUNTRY_DEFAULT"


def computed_prices(
    context: Context, resource: Resource, entities: list[Entity], query: Query
) -> dict[int, dict[str, str]]:
    """{product: {name: price}} for the prices asked for; empty where none is, or for another resource."""
    asked = query.get("price")
    if not isinstance(asked, dict) or resource.name not in ("products", "combinations"):
        return {}
    return {
        entity.number: {
            name.lower(): _price(context, entity, wish if isinstance(wish, dict) else {})
            for name, wish in asked.items()
        }
        for entity in entities
    }


def _price(context: Context, entity: Entity, wish: Query) -> str:
    combined = entity.resource.name == "combinations"
    product = entity.integer("id_product") if combined else entity.number
    row = context.store.row(
        "SELECT price, id_tax_rules_group FROM product_shop WHERE id_product = ? AND id_shop = ?",
        (product, context.shop),
    ) or {"price": 0.0, "id_tax_rules_group": 0}
    price = float(row["price"]) + (to_float(str(entity.values.get("price") or "")) if combined else 0.0)
    if not is_empty(wish.get("use_reduction", "1")):
        price *= 1 - _reduction(context, product)
    if not is_empty(wish.get("use_tax", "1")):
        price *= 1 + _rate(context, row["id_tax_rules_group"]) / 100
    decimals = wish.get("decimals")
    shown = round(price, to_int(decimals) if isinstance(decimals, str) else 2)
    return f"{shown:.6f}"


def _reduction(context: Context, product: int) -> float:
    found = context.store.value(
        "SELECT reduction FROM specific_price WHERE id_product = ? AND reduction_type = 'percentage' "
        "AND from_quantity <= 1 ORDER BY id_specific_price LIMIT 1",
        (product,),
    )
    return to_float(str(found or 0))


def _rate(context: Context, group: int) -> float:
    country = to_int(context.store.setting(_COUNTRY))
    found = context.store.value(
        "SELECT t.rate FROM tax_rule r JOIN tax t ON t.id_tax = r.id_tax WHERE r.id_tax_rules_group = ? "
        "ORDER BY r.id_country = ? DESC, r.id_tax_rule LIMIT 1",
        (group, country),
    )
    return float(found or 0)
