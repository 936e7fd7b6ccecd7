"""The resources by name, for each version of PrestaShop."""

from prestashop_client.sandbox.definitions.catalogue import (
    CATEGORIES,
    MANUFACTURERS,
    STOCK_AVAILABLES,
    SUPPLIERS,
    TAGS,
)
from prestashop_client.sandbox.definitions.product import PRODUCTS
from prestashop_client.sandbox.definitions.reference import (
    CONFIGURATIONS,
    CURRENCIES,
    GROUPS,
    LANGUAGES,
    SHOP_GROUPS,
    SHOPS,
    TAX_RULE_GROUPS,
    TAX_RULES,
    TAXES,
)
from prestashop_client.sandbox.definitions.variants import (
    COMBINATIONS,
    PRODUCT_FEATURE_VALUES,
    PRODUCT_FEATURES,
    PRODUCT_OPTION_VALUES,
    PRODUCT_OPTIONS,
    SPECIFIC_PRICES,
)
from prestashop_client.sandbox.fields import Resource

RESOURCES: dict[str, Resource] = {
    resource.name: resource
    for resource in (
        CATEGORIES,
        COMBINATIONS,
        CONFIGURATIONS,
        CURRENCIES,
        GROUPS,
        LANGUAGES,
        MANUFACTURERS,
        PRODUCTS,
        PRODUCT_FEATURES,
        PRODUCT_FEATURE_VALUES,
        PRODUCT_OPTIONS,
        PRODUCT_OPTION_VALUES,
        SHOPS,
        SHOP_GROUPS,
        SPECIFIC_PRICES,
        STOCK_AVAILABLES,
        SUPPLIERS,
        TAGS,
        TAXES,
        TAX_RULES,
        TAX_RULE_GROUPS,
    )
}
