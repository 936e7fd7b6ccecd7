"""What PrestaShop refuses in the resources that are written most, so that it need not be asked.

From the shop observed (9.1): schemas and the table of refusals. Rules that only some versions have stand in `validate`.
"""

from __future__ import annotations

from collections.abc import Mapping

from prestashop_client.schema import Field

REQUIRED = True


def _fields(*rows: tuple[str, str, int | None] | tuple[str, str, int | None, bool]) -> Mapping[str, Field]:
    return {row[0]: Field(row[0], format=row[1], max_size=row[2], required=len(row) == 4 and row[3]) for row in rows}


PRODUCT = _fields(
    ("price", "isPrice", None, REQUIRED),
    ("wholesale_price", "isPrice", None),
    ("unit_price", "isPrice", None),
    ("ecotax", "isPrice", None),
    ("additional_shipping_cost", "isPrice", None),
    ("name", "isCatalogName", 128, REQUIRED),
    ("reference", "isReference", 64),
    ("supplier_reference", "isReference", 64),
    ("ean13", "isGtin", 14),
    ("upc", "isUpc", 12),
    ("isbn", "", 32),
    ("mpn", "", 40),
    ("location", "", 255),
    ("width", "isUnsignedFloat", None),
    ("height", "isUnsignedFloat", None),
    ("depth", "isUnsignedFloat", None),
    ("weight", "isUnsignedFloat", None),
    ("minimal_quantity", "isPositiveInt", None),
    ("id_category_default", "isUnsignedId", None),
    ("id_manufacturer", "isUnsignedId", None),
    ("id_supplier", "isUnsignedId", None),
    ("id_tax_rules_group", "isUnsignedId", None),
    ("active", "isBool", None),
    ("available_for_order", "isBool", None),
    ("show_price", "isBool", None),
    ("on_sale", "isBool", None),
    ("online_only", "isBool", None),
    ("visibility", "", None),
    ("condition", "", None),
    ("product_type", "", None),
    ("available_date", "isDateFormat", None),
    ("meta_title", "isGenericName", 255),
    ("meta_description", "isGenericName", 512),
    ("available_now", "isGenericName", 255),
    ("available_later", "isGenericName", 255),
    ("delivery_in_stock", "isGenericName", 255),
    ("delivery_out_stock", "isGenericName", 255),
    ("link_rewrite", "isLinkRewrite", 128),
    ("description", "isCleanHtml", 4_194_303),
    ("description_short", "isCleanHtml", None),
)
CATEGORY = _fields(
    ("active", "isBool", None, REQUIRED),
    ("name", "isCatalogName", 128, REQUIRED),
    ("link_rewrite", "isLinkRewrite", 128, REQUIRED),
    ("id_parent", "isUnsignedInt", None),
    ("meta_title", "isGenericName", 255),
    ("meta_description", "isGenericName", 512),
    ("description", "isCleanHtml", None),
    ("additional_description", "isCleanHtml", None),
)
MAKER = _fields(
    ("name", "isCatalogName", 64, REQUIRED),
    ("meta_title", "isGenericName", 255),
    ("meta_description", "isGenericName", 512),
    ("description", "isCleanHtml", 4_194_303),
)
STOCK = _fields(
    ("quantity", "isInt", None),
    ("out_of_stock", "isInt", None),
    ("depends_on_stock", "isBool", None),
    ("location", "", 255),
)
COMBINATION = _fields(
    ("id_product", "isUnsignedId", None, REQUIRED),
    ("minimal_quantity", "isPositiveInt", None, REQUIRED),
    ("reference", "isReference", 64),
    ("ean13", "isGtin", 14),
    ("upc", "isUpc", 12),
)

RULES: Mapping[str, Mapping[str, Field]] = {
    "products": PRODUCT,
    "categories": CATEGORY,
    "manufacturers": MAKER,
    "suppliers": MAKER,
    "stock_availables": STOCK,
    "combinations": COMBINATION,
    "product_features": _fields(("name", "isGenericName", 128, REQUIRED)),
    "product_feature_values": _fields(
        ("id_feature", "isUnsignedId", None, REQUIRED), ("value", "isGenericName", 255, REQUIRED)
    ),
    "product_options": _fields(("name", "isGenericName", 128, REQUIRED)),
    "product_option_values": _fields(
        ("id_attribute_group", "isUnsignedId", None, REQUIRED), ("name", "isGenericName", 128, REQUIRED)
    ),
    "tags": _fields(("id_lang", "isUnsignedId", None, REQUIRED), ("name", "isGenericName", None, REQUIRED)),
}

VALUES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("products", "visibility"): ("both", "catalog", "search", "none"),
    ("products", "condition"): ("new", "used", "refurbished"),
    ("products", "product_type"): ("standard", "pack", "virtual", "combinations"),
}
# Refused when empty, and so not to be cleared (the others may be).
NEVER_EMPTY = {("products", "price"), ("stock_availables", "quantity")}
