"""The PrestaShop document that says how a shop is to show a product."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from models import Shop
from sync.errors import Refusal
from sync.transform.prices import PriceRule
from sync.transform.snapshot import (
    AMOUNTS,
    OVERRIDABLE,
    Feature,
    GroupPrice,
    Image,
    Snapshot,
    Variant,
    first_name,
    snapshot,
)
from sync.transform.texts import link_rewrites, multilingual

__all__ = [
    "AMOUNTS", "FEATURES", "ON_CREATE", "OVERRIDABLE", "Document", "Feature", "GroupPrice", "Image", "ShopFacts",
    "Snapshot", "Variant", "product_document", "rate_key", "snapshot",
]  # fmt: skip

Document = dict[str, Any]

ON_CREATE = {"state": 1, "show_price": 1, "available_for_order": 1}
"""PrestaShop stores 0 for what a POST leaves out: without state=1 nobody ever sees the product (prestashop.md 2.2).

Sent once: later they are the shop's own affair."""
FEATURES = "associations.product_features"
TEXTS = (
    "name",
    "description",
    "description_short",
    "meta_title",
    "meta_description",
    "available_now",
    "available_later",
)


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What a document needs to know of its shop: languages, tax groups, prices, and the ids of our things there."""

    name: str
    languages: Mapping[str, int]
    tax_rules_groups: Mapping[str, int]
    home_category_id: int
    categories: Mapping[int, int]
    manufacturers: Mapping[str, int]
    fallback_languages: Sequence[str] = ()
    prices: PriceRule = field(default_factory=PriceRule)
    features: Mapping[Feature, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, shop: Shop) -> "ShopFacts":
        """The facts that the shop's own row holds."""
        return cls(
            shop.name, shop.languages, shop.tax_rules_groups, shop.home_category_id, {}, {}, shop.fallback_languages,
            PriceRule(shop.price_factor, shop.price_rounding),
        )  # fmt: skip

    def knowing(self, categories: Mapping[int, int], manufacturers: Mapping[str, int]) -> "ShopFacts":
        """The same with the ids of categories and manufacturers."""
        return replace(self, categories=categories, manufacturers=manufacturers)


def product_document(
    product: Snapshot, shop: ShopFacts, problems: dict[str, Refusal] | None = None, skip: frozenset[str] = frozenset()
) -> Document:
    """Everything that we say of a product, without id and without what is said on creation only.

    Raises Refusal where the shop or the product lacks something that the document needs; with `problems` it leaves
    that field out instead and says why there. Fields in `skip` are left out, and features where there are none: the
    shop's own stay then.
    """
    if not shop.languages:
        raise Refusal("languages", f"no language of shop {shop.name!r} is known yet; test its connection under Shops")
    document: Document = {}
    for name, build in BUILDERS.items():
        if name in skip or (name == FEATURES and not product.features):
            continue
        try:
            value = build(product, shop)
        except Refusal as refusal:
            if problems is None:
                raise
            problems[name] = refusal
            continue
        _put(document, name, value)
    return document


def _put(document: Document, name: str, value: Any) -> None:
    kind, _, association = name.partition(".")
    if association:
        document.setdefault(kind, {})[association] = value
    else:
        document[name] = value


def _name(product: Snapshot, shop: ShopFacts) -> dict[int, str]:
    names = multilingual(product.texts, "name", shop.languages, shop.fallback_languages)
    if not all(names.values()):
        raise Refusal("name", "the product has no name in any language; give it one")
    return names


def _text(name: str) -> "Builder":
    return lambda product, shop: multilingual(product.texts, name, shop.languages, shop.fallback_languages)


def _price(product: Snapshot, shop: ShopFacts) -> Decimal:
    if product.own_price:
        return product.price
    try:
        return shop.prices.price(product.price, product.tax_rate)
    except ValueError as error:
        raise Refusal("price", f"{error} (shop {shop.name!r})") from None


def _category_ids(product: Snapshot, shop: ShopFacts) -> list[int]:
    """The ids in the shop, the default one first; the shop's home for a product without a category."""
    wanted = list(product.category_ids)
    default = product.default_category_id or (wanted[0] if wanted else None)
    if default is None:
        return [shop.home_category_id]
    missing = [number for number in (default, *wanted) if number not in shop.categories]
    if missing:
        raise Refusal(
            "category", f"category {missing[0]} is not in shop {shop.name!r}; see its own error under Categories"
        )
    return [shop.categories[number] for number in (default, *wanted)]


def _tax_rules_group(product: Snapshot, shop: ShopFacts) -> int:
    rate = rate_key(product.tax_rate)
    if rate == "0":
        return shop.tax_rules_groups.get(rate, 0)
    if rate not in shop.tax_rules_groups:
        raise Refusal(
            "tax_rate", f"shop {shop.name!r} has no tax rules group for {rate} %; name one in the shop's settings"
        )
    return shop.tax_rules_groups[rate]


def rate_key(rate: Decimal) -> str:
    """A tax rate as Shop.tax_rules_groups writes it: 23, 5.5."""
    return format(rate.normalize(), "f") if rate else "0"


def _manufacturer(product: Snapshot, shop: ShopFacts) -> int:
    if not product.manufacturer:
        return 0
    if product.manufacturer not in shop.manufacturers:
        raise Refusal("manufacturer", f"{product.manufacturer!r} could not be created in shop {shop.name!r}")
    return shop.manufacturers[product.manufacturer]


def _features(product: Snapshot, shop: ShopFacts) -> list[dict[str, int]]:
    """Each value once, by id: the shop has no order of them of its own."""
    found: set[tuple[int, int]] = set()
    for each in product.features:
        ids = shop.features.get(each)
        if ids is None:
            raise Refusal("features", f"{first_name(each.feature)!r} is not in shop {shop.name!r}")
        found.add(ids)
    return [{"id": feature, "id_feature_value": value} for feature, value in sorted(found)]


Builder = Callable[[Snapshot, ShopFacts], Any]
BUILDERS: Mapping[str, Builder] = {
    "name": _name,
    "reference": lambda product, _shop: product.sku,
    "ean13": lambda product, _shop: product.ean or "",
    "price": _price,
    "id_tax_rules_group": _tax_rules_group,
    "weight": lambda product, _shop: product.weight,
    "width": lambda product, _shop: product.width,
    "height": lambda product, _shop: product.height,
    "depth": lambda product, _shop: product.depth,
    "id_manufacturer": _manufacturer,
    "supplier_reference": lambda product, _shop: product.supplier_reference or "",
    "minimal_quantity": lambda product, _shop: product.minimal_quantity,
    "condition": lambda product, _shop: product.condition,
    "visibility": lambda product, _shop: product.visibility,
    "active": lambda product, _shop: product.active,
    **{name: _text(name) for name in TEXTS if name != "name"},
    "link_rewrite": lambda product, shop: link_rewrites(product.texts, shop.languages, shop.fallback_languages),
    "id_category_default": lambda product, shop: _category_ids(product, shop)[0],
    "associations.categories": lambda product, shop: [
        {"id": number} for number in sorted(set(_category_ids(product, shop)))
    ],
    FEATURES: _features,
}
"""Each field of the document and how it is made of a product."""
