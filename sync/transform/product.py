"""A product of the catalogue, as a shop is to show it, and the PrestaShop document that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from models import Product, Shop
from sync.errors import Refusal
from sync.transform.texts import link_rewrites, multilingual

Document = dict[str, Any]

ON_CREATE = {"state": 1, "show_price": 1, "available_for_order": 1, "minimal_quantity": 1, "visibility": "both"}
"""PrestaShop stores 0 for what a POST leaves out: without state=1 nobody ever sees the product (prestashop.md 2.2).

Sent once: later they are the shop's own affair."""
TEXTS = (
    "name",
    "description",
    "description_short",
    "meta_title",
    "meta_description",
    "available_now",
    "available_later",
)
OVERRIDABLE = ("ean", "price", "tax_rate", "weight", "width", "height", "depth", "manufacturer", "active", "quantity")
AMOUNTS = frozenset(("price", "tax_rate", "weight", "width", "height", "depth"))


@dataclass(frozen=True, slots=True)
class Image:
    """An image to be shown, by its content."""

    sha256: str
    filename: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A product as one shop is to show it, overrides applied. Units as in models.Product."""

    id: int
    sku: str
    ean: str | None
    texts: dict[str, dict[str, str]]
    price: Decimal
    tax_rate: Decimal
    weight: Decimal
    width: Decimal
    height: Decimal
    depth: Decimal
    manufacturer: str | None
    default_category_id: int | None
    category_ids: tuple[int, ...]
    active: bool
    quantity: int
    images: tuple[Image, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What a document needs to know of its shop: languages, tax groups, and the ids of our things there."""

    name: str
    languages: Mapping[str, int]
    tax_rules_groups: Mapping[str, int]
    home_category_id: int
    categories: Mapping[int, int]
    manufacturers: Mapping[str, int]

    @classmethod
    def of(cls, shop: Shop) -> "ShopFacts":
        """The facts that the shop's own row holds."""
        return cls(shop.name, shop.languages, shop.tax_rules_groups, shop.home_category_id, {}, {})

    def knowing(self, categories: Mapping[int, int], manufacturers: Mapping[str, int]) -> "ShopFacts":
        """The same with the ids of categories and manufacturers."""
        return replace(self, categories=categories, manufacturers=manufacturers)


def snapshot(product: Product, shop_id: int) -> Snapshot:
    """The product with the shop's overrides applied."""
    fields = next((dict(row.fields) for row in product.overrides if row.shop_id == shop_id), {})
    changed = {name: _value(name, fields[name]) for name in OVERRIDABLE if name in fields}
    return replace(
        Snapshot(
            id=product.id, sku=product.sku, ean=product.ean, texts=_overlaid(product.texts, fields.get("texts") or {}),
            price=product.price, tax_rate=product.tax_rate, weight=product.weight, width=product.width,
            height=product.height, depth=product.depth, manufacturer=product.manufacturer,
            default_category_id=product.default_category_id,
            category_ids=tuple(sorted(category.id for category in product.categories)),
            active=product.active, quantity=product.quantity,
            images=tuple(Image(image.sha256, image.filename) for image in product.images),
            changed_at=product.changed_at,
        ),
        **changed,
    )  # fmt: skip


def _value(name: str, value: Any) -> Any:
    return Decimal(str(value)) if name in AMOUNTS else value


def _overlaid(texts: dict[str, dict[str, str]], over: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {
        iso: {**texts.get(iso, {}), **over.get(iso, {})} for iso in [*texts, *(iso for iso in over if iso not in texts)]
    }


def product_document(product: Snapshot, shop: ShopFacts) -> Document:
    """Everything that we say of a product, without id and without what is said on creation only.

    Raises Refusal where the shop or the product lacks something that the document needs.
    """
    if not shop.languages:
        raise Refusal("languages", f"no language of shop {shop.name!r} is known yet; test its connection under Shops")
    names = multilingual(product.texts, "name", shop.languages)
    if not all(names.values()):
        raise Refusal("name", "the product has no name in any language; give it one")
    categories = _categories(product, shop)
    return {
        "reference": product.sku,
        "ean13": product.ean or "",
        "price": product.price,
        "id_tax_rules_group": _tax_rules_group(product, shop),
        "weight": product.weight,
        "width": product.width,
        "height": product.height,
        "depth": product.depth,
        "id_manufacturer": _manufacturer(product, shop),
        "active": product.active,
        **{field: multilingual(product.texts, field, shop.languages) for field in TEXTS},
        "link_rewrite": link_rewrites(product.texts, shop.languages),
        "id_category_default": categories[0],
        "associations": {"categories": [{"id": number} for number in sorted(set(categories))]},
    }


def _categories(product: Snapshot, shop: ShopFacts) -> list[int]:
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
