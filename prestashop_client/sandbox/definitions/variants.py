"""Combinations, options and their values, features and their values, specific prices."""

from prestashop_client.sandbox.fields import Association, Resource, date, decimal, flag, integer, text

_REDUCTIONS = "enum(amount,percentage)"

COMBINATIONS = Resource(
    name="combinations",
    node="combination",
    class_name="Combination",
    table="product_attribute",
    primary="id_product_attribute",
    shop="shop",
    definition=(
        integer("id_product", required=True, shop=True, xlink="products"),
        text("ean13", "isGtin", 14, "varchar(20)"),
        text("isbn", "isIsbn", 32),
        text("upc", "isUpc", 12),
        text("mpn", "isMpn", 40),
        text("reference", "", 64),
        text("supplier_reference", "", 64),
        decimal("wholesale_price", "isNegativePrice", shop=True, size=27),
        decimal("price", "isNegativePrice", shop=True, size=20),
        decimal("ecotax", "isPrice", shop=True, size=20),
        decimal("weight", "isFloat", shop=True),
        decimal("unit_price_impact", "isNegativePrice", shop=True, size=20),
        integer("minimal_quantity", "isPositiveInt", shop=True, required=True, initial="1"),
        integer("low_stock_threshold", "isInt", "int", shop=True, nullable=True),
        flag("low_stock_alert", shop=True, initial=""),
        flag("default_on", shop=True, nullable=True),
        date("available_date", "isDateFormat", "date", shop=True, initial="0000-00-00"),
        text("available_now", "isGenericName", 255, lang=True),
        text("available_later", "IsGenericName", 255, lang=True),
    ),
    listed=("id_product",),
    associations=(
        Association("product_option_values", "product_option_value"),
        Association("images", "image", api="images/products"),
    ),
)

PRODUCT_OPTIONS = Resource(
    name="product_options",
    node="product_option",
    class_name="AttributeGroup",
    table="attribute_group",
    primary="id_attribute_group",
    shop="shop",
    definition=(
        flag("is_color_group"),
        text("group_type", "", 255, "enum(select,radio,color)", required=True),
        integer("position", "isInt"),
        text("name", "isGenericName", 128, lang=True, required=True),
        text("public_name", "isGenericName", 64, lang=True, required=True),
    ),
    associations=(Association("product_option_values", "product_option_value"),),
)

PRODUCT_OPTION_VALUES = Resource(
    name="product_option_values",
    node="product_option_value",
    class_name="ProductAttribute",
    table="attribute",
    primary="id_attribute",
    shop="shop",
    definition=(
        integer("id_attribute_group", required=True, xlink="product_options"),
        text("color", "isColor", 32),
        integer("position", "isInt"),
        text("name", "isGenericName", 128, lang=True, required=True),
    ),
)

PRODUCT_FEATURES = Resource(
    name="product_features",
    node="product_feature",
    class_name="Feature",
    table="feature",
    primary="id_feature",
    shop="shop",
    definition=(
        integer("position", "isInt"),
        text("name", "isGenericName", 128, lang=True, required=True),
    ),
)

PRODUCT_FEATURE_VALUES = Resource(
    name="product_feature_values",
    node="product_feature_value",
    class_name="FeatureValue",
    table="feature_value",
    primary="id_feature_value",
    definition=(
        integer("id_feature", required=True, xlink="product_features"),
        flag("custom", initial=""),
        integer("position", "isInt"),
        text("value", "isGenericName", 255, lang=True, required=True),
    ),
)

SPECIFIC_PRICES = Resource(
    name="specific_prices",
    node="specific_price",
    class_name="SpecificPrice",
    table="specific_price",
    primary="id_specific_price",
    definition=(
        integer("id_shop_group", xlink="shop_groups"),
        integer("id_shop", required=True, xlink="shops"),
        integer("id_cart", required=True, xlink="carts"),
        integer("id_product", required=True, xlink="products"),
        integer("id_product_attribute", xlink="product_attributes"),
        integer("id_currency", required=True, xlink="currencies"),
        integer("id_specific_price_rule", initial="0"),
        integer("id_country", required=True, xlink="countries"),
        integer("id_group", required=True, xlink="groups"),
        integer("id_customer", required=True, xlink="customers"),
        decimal("price", "isNegativePrice", required=True),
        integer("from_quantity", "isUnsignedInt", required=True),
        decimal("reduction", "isPrice", required=True),
        integer("reduction_tax", "isBool", "tiny", required=True, initial="1"),
        text("reduction_type", "isReductionType", 0, _REDUCTIONS, required=True),
        date("from", "isDateFormat", required=True),
        date("to", "isDateFormat", required=True),
    ),
    listed=(
        "id_shop_group",
        "id_shop",
        "id_cart",
        "id_product",
        "id_product_attribute",
        "id_currency",
        "id_country",
        "id_group",
        "id_customer",
    ),
)
