"""A product of the catalogue as one shop is to show it: plain values, overrides applied, no session needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from models import Combination, Product, ProductFeature, SpecificPrice

OVERRIDABLE = (
    "ean", "price", "tax_rate", "weight", "width", "height", "depth", "manufacturer", "supplier_reference",
    "minimal_quantity", "condition", "visibility", "active", "quantity",
)  # fmt: skip
AMOUNTS = frozenset(("price", "tax_rate", "weight", "width", "height", "depth"))
Names = tuple[tuple[str, str], ...]
"""(iso code, name) in the catalogue's order, those that there are."""


def names_of(given: Mapping[str, str]) -> Names:
    """The names of a {iso code: name}."""
    return tuple((iso, name) for iso, name in given.items() if name)


def first_name(names: Names) -> str:
    """The name to speak of it by."""
    return names[0][1] if names else ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image to be shown, by its content."""

    sha256: str
    filename: str


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature and its value, by their names."""

    feature: Names
    value: Names


@dataclass(frozen=True, slots=True)
class Variant:
    """A combination. `options` are (option, value) by their names; `price` and `weight` add to the product's."""

    id: int
    sku: str | None
    ean: str | None
    supplier_reference: str | None
    options: tuple[tuple[Names, Names], ...]
    price: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    quantity: int = 0
    minimal_quantity: int = 1
    is_default: bool = False
    images: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What an operator knows it by: "Size: L, Colour: red"."""
        named = [f"{first_name(option)}: {first_name(value)}" for option, value in self.options]
        return ", ".join(named) or self.sku or f"combination {self.id}"


@dataclass(frozen=True, slots=True)
class GroupPrice:
    """A specific price. `own`: it is this shop's alone, so that its amounts are taken as they are."""

    id: int
    combination_id: int | None
    group: str
    from_quantity: int
    price: Decimal | None
    reduction: Decimal
    reduction_type: str
    reduction_tax: bool
    starts_at: datetime | None
    ends_at: datetime | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A product as one shop is to show it, overrides applied. Units as in models.Product.

    `own_price`: the price is the shop's own, taken as it is; `locked` are the fields (see sync.transform.locks) that
    the shop keeps for itself.
    """

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
    supplier_reference: str | None = None
    minimal_quantity: int = 1
    condition: str = "new"
    visibility: str = "both"
    features: tuple[Feature, ...] = ()
    variants: tuple[Variant, ...] = ()
    group_prices: tuple[GroupPrice, ...] = ()
    own_price: bool = False
    locked: frozenset[str] = frozenset()


def snapshot(product: Product, shop_id: int, locked: Iterable[str] = ()) -> Snapshot:
    """The product with the shop's overrides applied; `locked` are the fields that the shop as a whole keeps."""
    override = next((row for row in product.overrides if row.shop_id == shop_id), None)
    fields: dict[str, Any] = dict(override.fields) if override else {}
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
            changed_at=product.changed_at, supplier_reference=product.supplier_reference,
            minimal_quantity=product.minimal_quantity, condition=product.condition, visibility=product.visibility,
            features=tuple(_feature(each) for each in product.features),
            variants=tuple(_variant(each) for each in product.combinations),
            group_prices=tuple(
                _group_price(each) for each in product.specific_prices if each.shop_id in (None, shop_id)
            ),
            own_price="price" in changed, locked=frozenset((*locked, *(override.locked if override else ()))),
        ),
        **changed,
    )  # fmt: skip


def _value(name: str, value: Any) -> Any:
    return Decimal(str(value)) if name in AMOUNTS else value


def _overlaid(texts: dict[str, dict[str, str]], over: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {
        iso: {**texts.get(iso, {}), **over.get(iso, {})} for iso in [*texts, *(iso for iso in over if iso not in texts)]
    }


def _feature(row: ProductFeature) -> Feature:
    return Feature(names_of(row.feature), names_of(row.value))


def _variant(row: Combination) -> Variant:
    return Variant(
        id=row.id, sku=row.sku, ean=row.ean, supplier_reference=row.supplier_reference,
        options=tuple((names_of(each["option"]), names_of(each["value"])) for each in row.options),
        price=row.price, weight=row.weight,
        quantity=row.quantity, minimal_quantity=row.minimal_quantity, is_default=row.is_default,
        images=tuple(row.images),
    )  # fmt: skip


def _group_price(row: SpecificPrice) -> GroupPrice:
    return GroupPrice(
        id=row.id, combination_id=row.combination_id, group=row.customer_group, from_quantity=row.from_quantity,
        price=row.price, reduction=row.reduction, reduction_type=row.reduction_type, reduction_tax=row.reduction_tax,
        starts_at=row.starts_at, ends_at=row.ends_at, own=row.shop_id is not None,
    )  # fmt: skip
