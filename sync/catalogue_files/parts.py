"""What a product has besides its fields: combinations, features, prices for groups; from records onto rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from models import Combination, Product, ProductFeature, SpecificPrice
from models.types import nfc

Names = Mapping[str, str]
"""{iso code: name}"""


@dataclass(frozen=True, slots=True)
class CombinationRecord:
    """A combination; `images` are places in the product's list of images, from 1 (None: the file does not say)."""

    options: Sequence[tuple[Names, Names]]
    sku: str = ""
    ean: str = ""
    supplier_reference: str = ""
    price: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)
    quantity: int | None = None
    minimal_quantity: int = 1
    is_default: bool = False
    images: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class FeatureRecord:
    """A feature and its value."""

    feature: Names
    value: Names


@dataclass(frozen=True, slots=True)
class PriceRecord:
    """A price for a group; `options` says for which combination (None: the whole product)."""

    group: str = ""
    from_quantity: int = 1
    price: Decimal | None = None
    reduction: Decimal = Decimal(0)
    reduction_type: str = "amount"
    reduction_tax: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    options: Sequence[tuple[Names, Names]] | None = None


def set_features(product: Product, records: Sequence[FeatureRecord]) -> bool:
    """Give the product these features; whether that changed anything. Names in other languages are kept."""
    left = list(product.features)
    listed = []
    changed = len(left) != len(records)
    for position, record in enumerate(records):
        row = next((one for one in left if _alike(one.feature, record.feature)), None)
        if row is None:
            row, changed = ProductFeature(feature={}, value={}), True
        else:
            left.remove(row)
        kept = _alike(row.value, record.value) or not row.value
        value = _merged(row.value if kept else {}, record.value)
        values = {"feature": _merged(row.feature, record.feature), "value": value, "position": position}
        changed |= _assign(row, values)
        listed.append(row)
    if changed:
        product.features = listed
    return changed


def set_combinations(product: Product, records: Sequence[CombinationRecord], foreign: Collection[str] = ()) -> bool:
    """Give the product these combinations; whether that changed anything. One that is there already keeps its row.

    A SKU that several of them share, or that another product's combination has (`foreign`), is left out.
    """
    left = list(product.combinations)
    skus = [record.sku for record in records]
    listed = []
    changed = len(left) != len(records)
    for position, record in enumerate(records):
        sku = record.sku if record.sku and skus.count(record.sku) == 1 and record.sku not in foreign else None
        row = _known(left, record, sku)
        if row is None:
            row, changed = Combination(options=[], images=[], quantity=0), True
        else:
            left.remove(row)
        changed |= _assign(row, _values(product, row, record, sku, position))
        listed.append(row)
    if changed:
        product.combinations = listed
    return changed


def _known(rows: Sequence[Combination], record: CombinationRecord, sku: str | None) -> Combination | None:
    same = next((row for row in rows if same_options(row.options, record.options)), None)
    return same or next((row for row in rows if sku and row.sku == sku), None)


def same_options(options: Sequence[Mapping[str, Names]], said: Sequence[tuple[Names, Names]]) -> bool:
    """Whether these are the same options with the same values, by a name that both have."""
    return len(options) == len(said) and all(
        any(_alike(one["option"], option) and _alike(one["value"], value) for one in options) for option, value in said
    )


def _values(
    product: Product, row: Combination, record: CombinationRecord, sku: str | None, position: int
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "sku": sku, "ean": record.ean or None, "supplier_reference": record.supplier_reference or None,
        "options": _options(row, record), "price": record.price, "weight": record.weight,
        "minimal_quantity": record.minimal_quantity, "is_default": record.is_default, "position": position,
    }  # fmt: skip
    if record.quantity is not None:
        values["quantity"] = record.quantity
    if record.images is not None:
        pictures = [image.sha256 for image in product.images]
        values["images"] = [pictures[place - 1] for place in record.images if 0 < place <= len(pictures)]
    return values


def _options(row: Combination, record: CombinationRecord) -> list[dict[str, dict[str, str]]]:
    found = []
    for place, (option, value) in enumerate(record.options):
        known = _same_pair(row.options, option, value) or _same_place(row.options, place, option, value)
        found.append(
            {
                "option": _merged(known["option"] if known else {}, option),
                "value": _merged(known["value"] if known else {}, value),
            }
        )
    return found


def _same_pair(options: Sequence[Mapping[str, Names]], option: Names, value: Names) -> Mapping[str, Names] | None:
    return next((one for one in options if _alike(one["option"], option) and _alike(one["value"], value)), None)


def _same_place(
    options: Sequence[Mapping[str, Names]], place: int, option: Names, value: Names
) -> Mapping[str, Names] | None:
    """The pair in the same place, where the file is in a language that it has no name in yet."""
    known = options[place] if place < len(options) else None
    new = (
        known is not None and not (known["option"].keys() & option.keys()) and not known["value"].keys() & value.keys()
    )
    return known if new else None


def set_prices(product: Product, records: Sequence[PriceRecord]) -> bool:
    """Give the product these prices for groups; whether that changed anything. Those of one shop alone stay."""
    own = [row for row in product.specific_prices if row.shop_id is not None]
    left = [row for row in product.specific_prices if row.shop_id is None]
    listed = []
    changed = len(left) != len(records)
    for record in records:
        combination = next((one for one in product.combinations if _is_of(one, record)), None)
        key = (record.group, record.from_quantity, combination.id if combination else None)
        row = next((one for one in left if (one.customer_group, one.from_quantity, one.combination_id) == key), None)
        if row is None:
            row, changed = SpecificPrice(), True
        else:
            left.remove(row)
        values = {
            "customer_group": nfc(record.group), "from_quantity": record.from_quantity, "price": record.price,
            "reduction": record.reduction, "reduction_type": record.reduction_type,
            "reduction_tax": record.reduction_tax, "starts_at": record.starts_at, "ends_at": record.ends_at,
            "combination_id": combination.id if combination else None,
        }  # fmt: skip
        changed |= _assign(row, values)
        listed.append(row)
    if changed:
        product.specific_prices = [*own, *listed]
    return changed


def _is_of(combination: Combination, record: PriceRecord) -> bool:
    return record.options is not None and same_options(combination.options, record.options)


def _assign(row: Any, values: Mapping[str, Any]) -> bool:
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _alike(one: Names, other: Names) -> bool:
    """Whether they agree in a language that both have."""
    shared = one.keys() & other.keys()
    return bool(shared) and all(nfc(one[iso]) == nfc(other[iso]) for iso in shared)


def _merged(known: Names, said: Names) -> dict[str, str]:
    return {iso: nfc(name) for iso, name in {**known, **said}.items() if name}
