"""The class of each resource: what it does besides storing its fields."""

from prestashop_client.sandbox.behaviour.attributes import Feature, FeatureValue, Option, OptionValue
from prestashop_client.sandbox.behaviour.category import Category
from prestashop_client.sandbox.behaviour.combination import Combination
from prestashop_client.sandbox.behaviour.product import Product
from prestashop_client.sandbox.behaviour.simple import Currency, Manufacturer, SpecificPrice, Supplier
from prestashop_client.sandbox.behaviour.stock import StockRow
from prestashop_client.sandbox.entity import Entity

CLASSES: dict[str, type[Entity]] = {
    kind.resource_name: kind
    for kind in (
        Category,
        Combination,
        Currency,
        Feature,
        FeatureValue,
        Manufacturer,
        Option,
        OptionValue,
        Product,
        SpecificPrice,
        StockRow,
        Supplier,
    )
}


def class_of(resource_name: str) -> type[Entity]:
    """The class of a resource; the plain Entity where it does nothing of its own."""
    return CLASSES.get(resource_name, Entity)
