"""`GET /api/`: the resources that a key may use, with its rights."""

from html import escape

from prestashop_client.sandbox.auth import Key
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.profile import SPECIFIC
from prestashop_client.sandbox.xml_output import envelope

_METHODS = ("get", "put", "post", "patch", "delete", "head")
_DESCRIPTIONS = {
    "addresses": "The Customer, Brand and Customer addresses",
    "attachments": "The product Attachments",
    "carriers": "The Carriers",
    "cart_rules": "Cart rules management",
    "carts": "Customer's carts",
    "categories": "The product categories",
    "combinations": "The product combinations",
    "configurations": "Shop configuration",
    "contacts": "Shop contacts",
    "content_management_system": "Content management system",
    "countries": "The countries",
    "currencies": "The currencies",
    "customer_messages": "Customer services messages",
    "customer_threads": "Customer services threads",
    "customers": "The e-shop's customers",
    "customizations": "Customization values",
    "deliveries": "Product delivery",
    "employees": "The Employees",
    "groups": "The customer's groups",
    "guests": "The guests",
    "image_types": "The image types",
    "images": "The images",
    "languages": "Shop languages",
    "manufacturers": "The product brands",
    "messages": "The Messages",
    "order_carriers": "The Order carriers",
    "order_cart_rules": "The Order cart rules",
    "order_details": "Details of an order",
    "order_histories": "The Order histories",
    "order_invoices": "The Order invoices",
    "order_payments": "The Order payments",
    "order_returns": "The Order returns",
    "order_slip": "The Order slips",
    "order_states": "The Order statuses",
    "orders": "The Customers orders",
    "price_ranges": "Price ranges",
    "product_customization_fields": "Customization Field",
    "product_feature_values": "The product feature values",
    "product_features": "The product features",
    "product_option_values": "The product options value",
    "product_options": "The product options",
    "product_suppliers": "Product Suppliers",
    "products": "The products",
    "search": "Search",
    "shop_groups": "Shop groups from multi-shop feature",
    "shop_urls": "Shop URLs from multi-shop feature",
    "shops": "Shops from multi-shop feature",
    "specific_price_rules": "Specific price management",
    "specific_prices": "Specific price management",
    "states": "The available states of countries",
    "stock_availables": "Available quantities",
    "stock_movement_reasons": "Stock movement reason",
    "stock_movements": "Stock movements",
    "stocks": "Stocks",
    "stores": "The stores",
    "suppliers": "The product suppliers",
    "tags": "The Products tags",
    "tax_rule_groups": "Tax rule groups",
    "tax_rules": "Tax rules entity",
    "taxes": "The tax rate",
    "translated_configurations": "Shop configuration",
    "warehouses": "Warehouses",
    "weight_ranges": "Weight ranges",
    "zones": "The Countries zones",
}


def resource_list(context: Context, key: Key) -> str:
    """The document of resources; those without a right are missing."""
    shop = escape(context.store.setting("PS_SHOP_NAME"))
    body = "".join(_resource(context, name, key.rights[name]) for name in context.profile.names if name in key.rights)
    return envelope(f'<api shopName="{shop}">\n{body}</api>\n')


def _resource(context: Context, name: str, methods: list[str]) -> str:
    shown = [m for m in _METHODS if m != "patch" or "PATCH" in context.profile.methods]
    rights = " ".join(f'{m}="{"true" if m.upper() in methods else "false"}"' for m in shown)
    head = f'xlink:href="{context.address}{name}" {rights}'
    schemas = (
        ""
        if name in SPECIFIC
        else "".join(
            f'<schema xlink:href="{context.address}{name}?schema={kind}" type="{kind}"/>\n'
            for kind in ("blank", "synopsis")
        )
    )
    text = _DESCRIPTIONS.get(name, name.replace("_", " "))
    return f"<{name} {head}>\n<description {head}>\n{text}</description>\n{schemas}</{name}>\n"
