"""Products: the fields of classes/Product.php in 9.1, checked against the recorded synopsis."""

from prestashop_client.sandbox.fields import (
    Association,
    Field,
    Part,
    Resource,
    date,
    decimal,
    flag,
    html,
    integer,
    text,
)

REDIRECTS = (
    "404", "410", "301-product", "302-product", "301-category", "302-category",
    "200-displayed", "404-displayed", "410-displayed", "default",
)
CONDITIONS = ("new", "used", "refurbished")
VISIBILITIES = ("both", "catalog", "search", "none")
KINDS = ("standard", "pack", "virtual", "combinations", "")


def _enum(*values: str) -> str:
    return f"enum({','.join(values)})"


_COMMON = (
    integer("id_shop_default"),
    integer("id_manufacturer", xlink="manufacturers"),
    integer("id_supplier", xlink="suppliers"),
    text("reference", "isReference", 64),
    text("supplier_reference", "isReference", 64),
    text("location", "isString", 255),
    decimal("width", "isUnsignedFloat"),
    decimal("height", "isUnsignedFloat"),
    decimal("depth", "isUnsignedFloat"),
    decimal("weight", "isUnsignedFloat"),
    flag("quantity_discount"),
    text("ean13", "isGtin", 14, "varchar(20)"),
    text("isbn", "isIsbn", 32),
    text("upc", "isUpc", 12),
    text("mpn", "isMpn", 40),
    flag("cache_is_pack"),
    flag("cache_has_attachments"),
    flag("is_virtual"),
    integer("state", initial="1"),
    integer("additional_delivery_times", initial="1"),
    text("delivery_in_stock", "isGenericName", 255, lang=True),
    text("delivery_out_stock", "isGenericName", 255, lang=True),
    text("product_type", "isGenericName", 0, _enum(*KINDS), values=KINDS, default="standard"),
)
_PER_SHOP = (
    integer("id_category_default", shop=True, xlink="categories"),
    integer("id_tax_rules_group", shop=True, xlink="tax_rule_groups"),
    flag("on_sale", shop=True),
    flag("online_only", shop=True),
    decimal("ecotax", "isPrice", shop=True),
    integer("minimal_quantity", "isPositiveInt", shop=True),
    integer("low_stock_threshold", "isInt", "int", shop=True, nullable=True),
    flag("low_stock_alert", shop=True),
    decimal("price", "isPrice", shop=True, required=True),
    decimal("wholesale_price", "isPrice", shop=True),
    text("unity", "isString", 255, shop=True),
    decimal("unit_price", "isPrice", shop=True),
    decimal("unit_price_ratio", "", shop=True),
    decimal("additional_shipping_cost", "isPrice", shop=True),
    integer("customizable", "isUnsignedInt", "tiny", shop=True),
    integer("text_fields", "isUnsignedInt", "tiny", shop=True),
    integer("uploadable_files", "isUnsignedInt", "tiny", shop=True),
    flag("active", shop=True),
    text("redirect_type", "isString", 0, _enum(*REDIRECTS), shop=True),
    integer("id_type_redirected", shop=True),
    flag("available_for_order", shop=True),
    date("available_date", "isDateFormat", "date", shop=True),
    flag("show_condition", shop=True),
    text("condition", "isGenericName", 0, _enum(*CONDITIONS), shop=True, values=CONDITIONS, default="new"),
    flag("show_price", shop=True),
    flag("indexed", shop=True),
    text("visibility", "isProductVisibility", 0, _enum(*VISIBILITIES), shop=True, values=VISIBILITIES,
         default="both"),
    integer("cache_default_attribute", "", shop=True),
    flag("advanced_stock_management", shop=True),
    date("date_add", shop=True),
    date("date_upd", shop=True),
    integer("pack_stock_type", "isUnsignedInt", shop=True),
)
_TRANSLATED = (
    text("meta_description", "isGenericName", 512, lang=True),
    text("meta_title", "isGenericName", 255, "varchar(128)", lang=True),
    text("link_rewrite", "isLinkRewrite", 128, lang=True, slug=True),
    text("name", "isCatalogName", 128, lang=True),
    html("description"),
    html("description_short", size_in_force=800),
    text("available_now", "isGenericName", 255, lang=True),
    text("available_later", "IsGenericName", 255, lang=True),
)

PRODUCTS = Resource(
    name="products",
    node="product",
    class_name="Product",
    table="product",
    primary="id_product",
    shop="shop",
    lang_shop=True,
    definition=(*_COMMON, *_PER_SHOP, *_TRANSLATED),
    listed=(
        "id_manufacturer",
        "id_supplier",
        "id_category_default",
        Field("new", validate=""),
        "cache_default_attribute",
        Field("id_default_image", dynamic=True, is_property=False, xlink="images", xlink_under="products"),
        Field("id_default_combination", dynamic=True, is_property=False, xlink="combinations"),
        "id_tax_rules_group",
        Field("position_in_category", dynamic=True, is_property=False),
        Field("manufacturer_name", dynamic=True, read_only=True),
        Field("quantity", dynamic=True, read_only=True, initial="0"),
        Field("type", dynamic=True, is_property=False),
    ),
    associations=(
        Association("categories", "category", (Part("id", required=True),)),
        Association("images", "image"),
        Association("combinations", "combination", (Part("id", required=True),)),
        Association("product_option_values", "product_option_value", (Part("id", required=True),)),
        Association("product_features", "product_feature", (
            Part("id", required=True), Part("id_feature_value", required=True, xlink="product_feature_values"))),
        Association("tags", "tag", (Part("id", required=True),)),
        Association("stock_availables", "stock_available", (
            Part("id", required=True), Part("id_product_attribute", required=True))),
        Association("attachments", "attachment", (Part("id", required=True),)),
        Association("accessories", "product", (Part("id", required=True, xlink="products"),), api="products"),
        Association("product_bundle", "product", (
            Part("id", required=True), Part("id_product_attribute"), Part("quantity")), api="products"),
    ),
)
