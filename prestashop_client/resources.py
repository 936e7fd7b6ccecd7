"""The web service's resources: node names, what may not be sent, and what an entity is recognised by."""

from __future__ import annotations

from dataclasses import dataclass

from prestashop_client.errors import LocalRefusal


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. `key`: fields that tell an entity apart when there is no id yet; the first alternative whose
    fields are all in the document counts. `forbidden`: field -> what to do instead of sending it."""

    name: str
    node: str
    key: tuple[tuple[str, ...], ...] = ()
    read_only: tuple[str, ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()


STOCK_REMEDY = "write the quantity of its stock_availables row"
POSITION_REMEDY = "leave it out: it rewrites the position of every product of the category (codes 134, 135)"

RESOURCES = {
    resource.name: resource
    for resource in (
        Resource(
            "products",
            "product",
            key=(("reference",), ("name",)),
            read_only=("manufacturer_name", "quantity", "position_in_category"),
            forbidden=(
                ("quantity", STOCK_REMEDY),
                ("manufacturer_name", "write id_manufacturer"),
                ("position_in_category", POSITION_REMEDY),
            ),
        ),
        Resource(
            "categories",
            "category",
            key=(("id_parent", "name"), ("name",)),
            read_only=("level_depth", "nb_products_recursive"),
        ),
        Resource("stock_availables", "stock_available", key=(("id_product", "id_product_attribute"),)),
        Resource("manufacturers", "manufacturer", key=(("name",),), read_only=("link_rewrite",)),
        Resource("suppliers", "supplier", key=(("name",),), read_only=("link_rewrite",)),
        Resource("combinations", "combination", key=(("id_product", "reference"), ("id_product",))),
        Resource("product_options", "product_option", key=(("name",),)),
        Resource("product_option_values", "product_option_value", key=(("id_attribute_group", "name"),)),
        Resource("product_features", "product_feature", key=(("name",),)),
        Resource("product_feature_values", "product_feature_value", key=(("id_feature", "value"),)),
        Resource("specific_prices", "specific_price", key=(("id_product", "id_product_attribute", "from_quantity"),)),
        Resource("tags", "tag", key=(("id_lang", "name"),)),
        Resource("taxes", "tax", key=(("name",),)),
        Resource("tax_rules", "tax_rule", key=(("id_tax_rules_group", "id_country", "id_tax"),)),
        Resource("tax_rule_groups", "tax_rule_group", key=(("name",),)),
        Resource("languages", "language", key=(("iso_code",),)),
        Resource("currencies", "currency", key=(("iso_code",),)),
        Resource("shops", "shop", key=(("name",),)),
        Resource("shop_groups", "shop_group", key=(("name",),)),
        Resource("configurations", "configuration", key=(("name",),)),
        Resource("addresses", "address"),
        Resource("order_histories", "order_history"),
        Resource("order_slip", "order_slip"),
        Resource("deliveries", "delivery"),
        Resource("content_management_system", "content"),
    )
}

ASSOCIATION_NODES = {"accessories": "product", "product_bundle": "product", "categories": "category"}


def resource_of(name: str) -> Resource:
    """The resource called `name`, e.g. `products`; one not in the table gets the singular of its own name."""
    known = RESOURCES.get(name)
    if known is not None:
        return known
    if not name.replace("_", "").isalpha() or name != name.lower():
        raise LocalRefusal(f"{name!r} is not a resource's name", remedy="use the plural, as in products")
    return Resource(name, singular(name))


def association_node(name: str) -> str:
    """The node of one entry of an association: categories -> category, accessories -> product."""
    return ASSOCIATION_NODES.get(name) or singular(name)


def singular(name: str) -> str:
    return name[:-3] + "y" if name.endswith("ies") else name.removesuffix("s")
