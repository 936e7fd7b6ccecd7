"""The tables that no resource describes (links between objects), and the indexes, named as PrestaShop names them."""

LINKS = (
    "CREATE TABLE IF NOT EXISTS category_product (id_category INTEGER, id_product INTEGER, position INTEGER, "
    "PRIMARY KEY (id_category, id_product)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS category_group (id_category INTEGER, id_group INTEGER, "
    "PRIMARY KEY (id_category, id_group)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS feature_product (id_feature INTEGER, id_product INTEGER, id_feature_value INTEGER, "
    "PRIMARY KEY (id_product, id_feature, id_feature_value)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS product_tag (id_product INTEGER, id_tag INTEGER, id_lang INTEGER, "
    "PRIMARY KEY (id_product, id_tag)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS manufacturer_address (id_manufacturer INTEGER, id_address INTEGER, "
    "PRIMARY KEY (id_manufacturer, id_address)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS product_attachment (id_product INTEGER, id_attachment INTEGER, "
    "PRIMARY KEY (id_product, id_attachment)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS accessory (id_product_1 INTEGER, id_product_2 INTEGER)",
    "CREATE TABLE IF NOT EXISTS pack (id_product_pack INTEGER, id_product_item INTEGER, "
    "id_product_attribute_item INTEGER, quantity INTEGER, "
    "PRIMARY KEY (id_product_pack, id_product_item, id_product_attribute_item)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS product_attribute_combination (id_attribute INTEGER, id_product_attribute INTEGER, "
    "PRIMARY KEY (id_product_attribute, id_attribute)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS product_attribute_image (id_product_attribute INTEGER, id_image INTEGER, "
    "PRIMARY KEY (id_product_attribute, id_image)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS image (id_image INTEGER PRIMARY KEY AUTOINCREMENT, id_product INTEGER, "
    "position INTEGER, cover INTEGER)",
    "CREATE TABLE IF NOT EXISTS image_shop (id_product INTEGER, id_image INTEGER, id_shop INTEGER, cover INTEGER, "
    "PRIMARY KEY (id_image, id_shop)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS picture (kind TEXT, id INTEGER, size TEXT, content BLOB, "
    "PRIMARY KEY (kind, id, size)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS webservice_key (key TEXT PRIMARY KEY COLLATE NOCASE, active INTEGER, rights TEXT, "
    "shops TEXT)",
)

INDEXES = tuple(
    f'CREATE {kind} IF NOT EXISTS "{table}_{name}" ON "{table}" ({columns})'
    for kind, table, name, columns in (
        ("INDEX", "product", "reference_idx", "reference"),
        ("INDEX", "product", "ean13", "ean13"),
        ("INDEX", "product", "product_supplier", "id_supplier"),
        ("INDEX", "product", "product_manufacturer", "id_manufacturer, id_product"),
        ("INDEX", "product", "id_category_default", "id_category_default"),
        ("INDEX", "product", "date_upd", "date_upd"),
        ("INDEX", "product_shop", "shop_tax", "id_shop, id_tax_rules_group, id_product"),
        ("INDEX", "product_lang", "name", "name"),
        ("INDEX", "category", "category_parent", "id_parent"),
        ("INDEX", "category_lang", "category_name", "name"),
        ("INDEX", "category_product", "id_product", "id_product, id_category"),
        ("INDEX", "image", "image_product", "id_product"),
        ("INDEX", "image_shop", "id_product", "id_product, id_shop"),
        ("INDEX", "product_attribute", "product_attribute_product", "id_product"),
        ("INDEX", "product_attribute", "reference", "reference"),
        ("INDEX", "product_attribute_combination", "id_attribute", "id_attribute"),
        ("INDEX", "product_attribute_image", "id_image", "id_image"),
        ("INDEX", "feature_product", "id_feature_value", "id_feature_value"),
        ("INDEX", "feature_value", "feature", "id_feature"),
        ("INDEX", "attribute", "attribute_group", "id_attribute_group"),
        ("INDEX", "manufacturer", "name", "name"),
        ("INDEX", "accessory", "accessory_product", "id_product_1, id_product_2"),
        ("INDEX", "product_tag", "id_tag", "id_tag"),
        ("INDEX", "configuration", "name", "name"),
        (
            "UNIQUE INDEX",
            "stock_available",
            "product_sqlstock",
            "id_product, id_product_attribute, id_shop, id_shop_group",
        ),
        (
            "UNIQUE INDEX",
            "specific_price",
            "id_product_2",
            'id_product, id_product_attribute, id_customer, id_cart, "from", "to", id_shop, id_shop_group, '
            "id_currency, id_country, id_group, from_quantity, id_specific_price_rule",
        ),
    )
)
