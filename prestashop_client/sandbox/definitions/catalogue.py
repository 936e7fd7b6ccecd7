"""Categories, stock rows, manufacturers, suppliers and tags, as PrestaShop 9.1's classes define them."""

from prestashop_client.sandbox.fields import (
    INT32,
    LONG_TEXT,
    Association,
    Field,
    Part,
    Resource,
    date,
    flag,
    html,
    integer,
    text,
)

CATEGORY_REDIRECTS = "enum(404,410,301,302)"

CATEGORIES = Resource(
    name="categories",
    node="category",
    class_name="Category",
    table="category",
    primary="id_category",
    shop="shop",
    lang_shop=True,
    hidden=("nleft", "nright", "groupBox"),
    definition=(
        integer("nleft", "isUnsignedInt"),
        integer("nright", "isUnsignedInt"),
        integer("level_depth", "isUnsignedInt", read_only=True),
        flag("active", required=True),
        integer("id_parent", "isUnsignedInt", xlink="categories"),
        integer("id_shop_default"),
        flag("is_root_category"),
        integer("position", "", shop=True),
        text("redirect_type", "isString", 0, CATEGORY_REDIRECTS),
        integer("id_type_redirected"),
        date("date_add"),
        date("date_upd"),
        text("name", "isCatalogName", 128, lang=True, required=True),
        text("link_rewrite", "isLinkRewrite", 128, lang=True, required=True, slug=True),
        html("description", 0),
        html("additional_description", 0),
        text("meta_title", "isGenericName", 255, lang=True),
        text("meta_description", "isGenericName", 512, lang=True),
    ),
    listed=(
        "id_parent",
        "level_depth",
        Field("nb_products_recursive", dynamic=True, read_only=True, is_property=False),
    ),
    associations=(Association("categories", "category"), Association("products", "product")),
)

STOCK_AVAILABLES = Resource(
    name="stock_availables",
    node="stock_available",
    class_name="StockAvailable",
    table="stock_available",
    primary="id_stock_available",
    shop="fk_shop",
    definition=(
        integer("id_product", required=True, xlink="products"),
        integer("id_product_attribute", required=True, xlink="combinations"),
        integer("id_shop", xlink="shops"),
        integer("id_shop_group", xlink="shop_groups"),
        integer("quantity", "isInt", "int", required=True, span=INT32, initial="0"),
        flag("depends_on_stock", required=True, initial=""),
        integer("out_of_stock", "isInt", "utiny", required=True, initial="0"),
        text("location", "isString", 255, initial=""),
    ),
)

MANUFACTURERS = Resource(
    name="manufacturers",
    node="manufacturer",
    class_name="Manufacturer",
    table="manufacturer",
    primary="id_manufacturer",
    shop="shop",
    definition=(
        text("name", "isCatalogName", 64, required=True),
        flag("active", "", column="tiny"),
        date("date_add", ""),
        date("date_upd", ""),
        html("description"),
        html("short_description"),
        text("meta_title", "isGenericName", 255, lang=True),
        text("meta_description", "isGenericName", 512, lang=True),
    ),
    listed=("active", Field("link_rewrite", dynamic=True, read_only=True)),
    associations=(Association("addresses", "address", (Part("id", xlink="addresses"),)),),
)

SUPPLIERS = Resource(
    name="suppliers",
    node="supplier",
    class_name="Supplier",
    table="supplier",
    primary="id_supplier",
    shop="shop",
    definition=(
        text("name", "isCatalogName", 64, required=True),
        flag("active", "", column="tiny"),
        date("date_add"),
        date("date_upd"),
        html("description", LONG_TEXT),
        text("meta_title", "isGenericName", 255, lang=True),
        text("meta_description", "isGenericName", 512, lang=True),
    ),
    listed=(Field("link_rewrite"),),
)

TAGS = Resource(
    name="tags",
    node="tag",
    class_name="Tag",
    table="tag",
    primary="id_tag",
    definition=(
        integer("id_lang", required=True, xlink="languages"),
        text("name", "isGenericName", 32, required=True),
    ),
)
