"""What an installation brings along: languages, currencies, shops, taxes, customer groups, configurations."""

from prestashop_client.sandbox.fields import Field, Resource, date, decimal, flag, integer, text

LANGUAGES = Resource(
    name="languages",
    node="language",
    class_name="Language",
    table="lang",
    primary="id_lang",
    shop="shop",
    definition=(
        text("name", "isGenericName", 32, required=True),
        text("iso_code", "isLanguageIsoCode", 2, required=True),
        text("locale", "isLocale", 5),
        text("language_code", "isLanguageCode", 5),
        flag("active", initial="1"),
        flag("is_rtl", initial=""),
        text("date_format_lite", "isPhpDateFormat", 32, required=True, initial="Y-m-d"),
        text("date_format_full", "isPhpDateFormat", 32, required=True, initial="Y-m-d H:i:s"),
    ),
)

CURRENCIES = Resource(
    name="currencies",
    node="currency",
    class_name="Currency",
    table="currency",
    primary="id_currency",
    shop="shop",
    definition=(
        text("iso_code", "isLanguageIsoCode", 3, required=True),
        text("numeric_iso_code", "isNumericIsoCode", 3, nullable=True),
        integer("precision", "isInt"),
        decimal("conversion_rate", "isUnsignedFloat", shop=True, required=True),
        flag("deleted", initial="0"),
        flag("active"),
        flag("unofficial"),
        flag("modified"),
        text("names", "isGenericName", 255, lang=True),
        text("symbol", "", 255, lang=True),
        text("pattern", "", 255, lang=True),
    ),
    listed=("names", Field("name", dynamic=True), "symbol", "iso_code"),
)

SHOPS = Resource(
    name="shops",
    node="shop",
    class_name="Shop",
    table="shop",
    primary="id_shop",
    definition=(
        flag("active", initial="1"),
        flag("deleted"),
        text("name", "isGenericName", 64, required=True),
        text("color", "isColor", 50),
        integer("id_category", "", required=True),
        text("theme_name", "isThemeName", 255),
        integer("id_shop_group", "", required=True, xlink="shop_groups"),
    ),
    listed=("id_shop_group", "id_category", "active", "deleted", "name", "color", "theme_name"),
)

SHOP_GROUPS = Resource(
    name="shop_groups",
    node="shop_group",
    class_name="ShopGroup",
    table="shop_group",
    primary="id_shop_group",
    definition=(
        text("name", "isGenericName", 64, required=True),
        text("color", "isColor", 50),
        flag("share_customer"),
        flag("share_order"),
        flag("share_stock"),
        flag("active", initial="1"),
        flag("deleted"),
    ),
)

TAX_RULE_GROUPS = Resource(
    name="tax_rule_groups",
    node="tax_rule_group",
    class_name="TaxRulesGroup",
    table="tax_rules_group",
    primary="id_tax_rules_group",
    shop="shop",
    definition=(
        text("name", "isGenericName", 64, required=True),
        flag("active"),
        flag("deleted", initial="0"),
        date("date_add"),
        date("date_upd"),
    ),
)

TAXES = Resource(
    name="taxes",
    node="tax",
    class_name="Tax",
    table="tax",
    primary="id_tax",
    definition=(
        decimal("rate", "isFloat", "decimal(3)", required=True),
        flag("active", ""),
        flag("deleted", "", initial=""),
        text("name", "isGenericName", 32, lang=True, required=True),
    ),
)

TAX_RULES = Resource(
    name="tax_rules",
    node="tax_rule",
    class_name="TaxRule",
    table="tax_rule",
    primary="id_tax_rule",
    definition=(
        integer("id_tax_rules_group", required=True, xlink="tax_rule_groups"),
        integer("id_state", xlink="states"),
        integer("id_country", required=True, xlink="countries"),
        text("zipcode_from", "isPostCode", 12),
        text("zipcode_to", "isPostCode", 12),
        integer("id_tax", required=True),
        integer("behavior", "isUnsignedInt"),
        text("description", "isString", 100),
    ),
    listed=("id_tax_rules_group", "id_state", "id_country"),
)

GROUPS = Resource(
    name="groups",
    node="group",
    class_name="Group",
    table="group",
    primary="id_group",
    shop="shop",
    definition=(
        decimal("reduction", "isFloat", "decimal(2)"),
        integer("price_display_method", "isPriceDisplayMethod", "tiny", required=True),
        flag("show_prices", initial="1"),
        date("date_add"),
        date("date_upd"),
        text("name", "isGenericName", 32, lang=True, required=True),
    ),
)

CONFIGURATIONS = Resource(
    name="configurations",
    node="configuration",
    class_name="Configuration",
    table="configuration",
    primary="id_configuration",
    definition=(
        text("name", "isConfigName", 254, required=True),
        integer("id_shop_group", nullable=True),
        integer("id_shop", nullable=True),
        text("value", "", 0, "text"),
        date("date_add"),
        date("date_upd"),
    ),
    listed=("value", "name", "id_shop_group", "id_shop", "date_add", "date_upd"),
)
