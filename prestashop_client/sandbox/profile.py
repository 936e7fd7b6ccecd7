"""What differs between the versions of PrestaShop, and between the hostings they run on."""

from dataclasses import dataclass, replace

from prestashop_client.sandbox.definitions import RESOURCES
from prestashop_client.sandbox.definitions.product import PRODUCTS
from prestashop_client.sandbox.fields import Resource, text

_ALL = (
    "addresses",
    "attachments",
    "carriers",
    "cart_rules",
    "carts",
    "categories",
    "combinations",
    "configurations",
    "contacts",
    "content_management_system",
    "countries",
    "currencies",
    "customer_messages",
    "customer_threads",
    "customers",
    "customizations",
    "deliveries",
    "employees",
    "groups",
    "guests",
    "image_types",
    "images",
    "languages",
    "manufacturers",
    "messages",
    "order_carriers",
    "order_cart_rules",
    "order_details",
    "order_histories",
    "order_invoices",
    "order_payments",
    "order_returns",
    "order_slip",
    "order_states",
    "orders",
    "price_ranges",
    "product_customization_fields",
    "product_feature_values",
    "product_features",
    "product_option_values",
    "product_options",
    "product_suppliers",
    "products",
    "search",
    "shop_groups",
    "shop_urls",
    "shops",
    "specific_price_rules",
    "specific_prices",
    "states",
    "stock_availables",
    "stock_movement_reasons",
    "stock_movements",
    "stocks",
    "stores",
    "suppliers",
    "tags",
    "tax_rule_groups",
    "tax_rules",
    "taxes",
    "translated_configurations",
    "warehouses",
    "weight_ranges",
    "zones",
)
_GONE_IN_9 = (
    "supply_order_details",
    "supply_order_histories",
    "supply_order_receipt_histories",
    "supply_order_states",
    "supply_orders",
    "warehouse_product_locations",
)
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "stock_availables": ("POST", "DELETE"),
    "search": ("PUT", "POST", "PATCH", "DELETE"),
    "stock_movements": ("PUT", "POST", "PATCH", "DELETE"),
    "stocks": ("PUT", "POST", "PATCH", "DELETE"),
    "warehouses": ("DELETE",),
}
SPECIFIC = ("images", "attachments", "search")
_KEYWORDS = text("meta_keywords", "isGenericName", 255, lang=True)
_METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD")


@dataclass(frozen=True)
class Profile:
    """A version as the web service shows it."""

    version: str
    full_version: str
    resources: dict[str, Resource]
    names: tuple[str, ...]
    methods: tuple[str, ...] = _METHODS
    warnings_are_errors: bool = True
    """True where PHP's display_errors is off: the web service then turns every PHP warning into a 500 with code 3."""

    @property
    def major(self) -> int:
        """8, 9, or 1 for 1.7."""
        return int(self.version.split(".")[0])


def _before_9(resources: dict[str, Resource]) -> dict[str, Resource]:
    older = dict(resources)
    older["products"] = PRODUCTS.with_fields(
        text("ean13", "isEan13", 13),
        text("unity", "isString", 0, "varchar(255)", shop=True),
    ).with_field_after("meta_description", _KEYWORDS)
    for name in ("categories", "manufacturers", "suppliers"):
        older[name] = resources[name].with_field_after("meta_description", _KEYWORDS)
    older["combinations"] = resources["combinations"].with_fields(text("ean13", "isEan13", 13))
    return older


def profile_of(version: str, display_errors: bool = False) -> Profile:
    """The profile of `9.1`, `8.2` or `1.7`; ValueError for another version."""
    names_8 = tuple(sorted({*_ALL, *_GONE_IN_9} - {"order_returns"}))
    known = {
        "9.1": Profile("9.1", "9.1.4", RESOURCES, _ALL),
        "8.2": Profile("8.2", "8.2.3", _before_9(RESOURCES), names_8),
        "1.7": Profile(
            "1.7", "1.7.8.11", _before_9(RESOURCES), names_8, methods=tuple(m for m in _METHODS if m != "PATCH")
        ),
    }
    if version not in known:
        raise ValueError(f"no profile for PrestaShop {version!r}; there is {', '.join(known)}")
    return replace(known[version], warnings_are_errors=not display_errors)
