"""Rows of the catalogue from a shop's values."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from models import (
    Category,
    Combination,
    ConflictPolicy,
    Product,
    ProductFeature,
    ProductOverride,
    ProductSyncStatus,
    Shop,
    SpecificPrice,
)
from sync.availability.told import told_fields
from sync.intake.values import Incoming, IncomingCombination, IncomingPrice
from sync.transform.locks import LOCKABLE
from sync.transform.prices import PriceRule, micro
from sync.transform.snapshot import OVERRIDABLE

COLUMNS = {
    fields[0]: name
    for name, fields in LOCKABLE.items()
    if len(fields) == 1 and not fields[0].startswith("associations.")
}
"""Field of a product's document -> column of models.Product, or one of its texts."""
TREE = "associations.categories"
FEATURES = "associations.product_features"


def new_product(
    incoming: Incoming, sku: str, categories: Mapping[int, Category], rule: PriceRule, shop_id: int
) -> Product:
    """A product that we do not have yet, with its categories and features. `categories`: by id there."""
    product = Product(
        sku=sku,
        ean=incoming.ean,
        texts=incoming.texts,
        quantity=incoming.quantity,
        overrides=[],
        images=[],
        combinations=[],
        specific_prices=[],
        **incoming.values,
    )
    set_categories(product, incoming, categories)
    set_features(product, incoming)
    take_price(product, incoming, rule, shop_id)
    return product


def set_categories(product: Product, incoming: Incoming, categories: Mapping[int, Category]) -> None:
    """Give the product the shop's categories."""
    known = (categories[number] for number in incoming.categories if number in categories)
    product.categories = list({category.id: category for category in known}.values())
    default = categories.get(incoming.default_category or 0)
    product.default_category_id = default.id if default else None


def set_features(product: Product, incoming: Incoming) -> None:
    """Give the product the shop's features."""
    product.features = [
        ProductFeature(position=position, feature=feature, value=value)
        for position, (feature, value) in enumerate(incoming.features)
    ]


def take_fields(
    product: Product,
    incoming: Incoming,
    fields: Collection[str],
    categories: Mapping[int, Category],
    rule: PriceRule,
    shop_id: int,
) -> None:
    """Take these fields (of the document) over from the shop. What the shop has its own value for stays its own."""
    if TREE in fields:
        set_categories(product, incoming, categories)
    if FEATURES in fields:
        set_features(product, incoming)
    override = _override(product, shop_id)
    for field in fields:
        name = COLUMNS.get(field)
        if name == "price":
            take_price(product, incoming, rule, shop_id)
        elif name is None:
            continue
        elif name in incoming.values or name == "ean":
            _take_value(product, override, name, incoming.ean if name == "ean" else incoming.values[name])
        else:
            _take_text(product, override, name, incoming.texts)


def take_price(product: Product, incoming: Incoming, rule: PriceRule, shop_id: int) -> None:
    """Our price of which the shop's rule makes the shop's; where none does, the shop gets a price of its own."""
    price, override = incoming.values["price"], _override(product, shop_id)
    if override is not None and "price" in override.fields:
        override.fields = {**override.fields, "price": format(price, "f")}
        return
    base = price if rule == PriceRule() or not rule.factor else micro(price / rule.factor)
    product.price = base
    try:
        exact = rule.price(base, incoming.values["tax_rate"]) == price
    except ValueError:  # the shop's rounding cannot be read: a push will say so
        exact = True
    if not exact:
        if override is None:
            override = ProductOverride(shop_id=shop_id, fields={}, locked=[])
            product.overrides.append(override)
        override.fields = {**override.fields, "price": format(price, "f")}


def take_quantity(product: Product, incoming: Incoming, link: ProductSyncStatus, shop: Shop) -> bool:
    """Take the shop's stock, unless it was changed here too and the shop does not come first; whether it was."""
    override = _override(product, shop.id)
    own = override is not None and "quantity" in override.fields
    ours = override.fields["quantity"] if override is not None and own else product.quantity
    sent, link.quantity_sent = link.quantity_sent, incoming.quantity
    locked = {
        *shop.locked_fields, *(override.locked if override is not None else ()), *told_fields(link.availability)
    }  # fmt: skip
    if ours == incoming.quantity or "quantity" in locked:
        return False
    if sent not in (None, ours) and shop.conflict_policy != ConflictPolicy.SHOP:
        return False
    if override is not None and own:
        override.fields = {**override.fields, "quantity": incoming.quantity}
    else:
        product.quantity = incoming.quantity
    return True


def _override(product: Product, shop_id: int) -> ProductOverride | None:
    return next((row for row in product.overrides if row.shop_id == shop_id), None)


def _take_value(product: Product, override: ProductOverride | None, name: str, value: Any) -> None:
    if override is not None and name in override.fields and name in OVERRIDABLE:
        plain = value if isinstance(value, bool | int | str) or value is None else format(value, "f")
        override.fields = {**override.fields, name: plain}
    else:
        setattr(product, name, value)


def _take_text(
    product: Product, override: ProductOverride | None, name: str, texts: Mapping[str, Mapping[str, str]]
) -> None:
    own = (override.fields.get("texts") or {}) if override is not None else {}
    taken = {iso: one.get(name, "") for iso, one in texts.items()}
    over = {iso: {**fields, name: taken[iso]} for iso, fields in own.items() if name in fields and iso in taken}
    if override is not None and over:
        override.fields = {**override.fields, "texts": {**own, **over}}
    rest = {iso: text for iso, text in taken.items() if iso not in over}
    order = [*product.texts, *(iso for iso in rest if iso not in product.texts)]
    product.texts = {iso: {**product.texts.get(iso, {}), **({name: rest[iso]} if iso in rest else {})} for iso in order}


def fill_combination(row: Combination, incoming: IncomingCombination, position: int, sku: str | None) -> bool:
    """Give a combination the shop's values, but for its images; whether it was changed."""
    values: dict[str, Any] = {
        "sku": sku,
        "ean": incoming.ean,
        "supplier_reference": incoming.supplier_reference,
        "options": [{"option": option, "value": value} for option, value in incoming.options],
        "price": incoming.price,
        "weight": incoming.weight,
        "quantity": incoming.quantity,
        "minimal_quantity": incoming.minimal_quantity,
        "is_default": incoming.is_default,
        "position": position,
    }
    return _fill(row, values)


def fill_price(row: SpecificPrice, incoming: IncomingPrice, combination_id: int | None, shop_id: int | None) -> bool:
    """Give a specific price the shop's values; whether it was changed. `shop_id`: the shop it is for, None for all."""
    return _fill(row, {**incoming.values, "combination_id": combination_id, "shop_id": shop_id})


def _fill(row: Any, values: Mapping[str, Any]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def usable_skus(combinations: Iterable[IncomingCombination], foreign: Collection[str]) -> dict[int, str | None]:
    """The SKU of each combination by its id there: its reference, unless it is somebody else's or not its alone."""
    listed = list(combinations)
    counted: dict[str, int] = {}
    for one in listed:
        counted[one.reference] = counted.get(one.reference, 0) + 1
    return {
        one.external_id: one.reference
        if one.reference and counted[one.reference] == 1 and one.reference not in foreign
        else None
        for one in listed
    }
