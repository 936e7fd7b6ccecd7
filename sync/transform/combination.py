"""Combinations as PrestaShop documents, and which of a shop's combinations is which of ours. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.types import nfc
from sync.errors import Refusal
from sync.transform.product import Document, ShopFacts
from sync.transform.snapshot import Snapshot, Variant

VALUES, IMAGES = "product_option_values", "images"


@dataclass(frozen=True, slots=True)
class Present:
    """A combination that the shop has."""

    id: int
    reference: str
    values: frozenset[int]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Present":
        """Of what the shop shows of it."""
        entries = (document.get("associations") or {}).get(VALUES, ())
        values = frozenset(int(entry["id"]) for entry in entries)
        return cls(int(document["id"]), nfc(document.get("reference") or ""), values)


def check(product: Snapshot) -> None:
    """Raises Refusal where a shop could not tell the product's combinations apart."""
    seen: dict[frozenset[object], Variant] = {}
    for variant in product.variants:
        if not variant.options or not all(option and value for option, value in variant.options):
            raise Refusal("combinations", f"{variant.title} has no option and value; name both")
        if len({option for option, _ in variant.options}) < len(variant.options):
            raise Refusal("combinations", f"{variant.title} has an option twice")
        other = seen.setdefault(frozenset(variant.options), variant)
        if other is not variant:
            raise Refusal("combinations", f"{variant.title} is there twice; remove one")


def default_of(variants: Sequence[Variant]) -> Variant | None:
    """The one that a shop shows first: the marked one, else the first."""
    return next((variant for variant in variants if variant.is_default), variants[0] if variants else None)


def combination_document(
    product: Snapshot, variant: Variant, shop: ShopFacts, values: Iterable[int], images: Sequence[int] | None
) -> Document:
    """All that we say of a combination, but for its product. `values`: ids of its option values in the shop; `images`:
    of its images there (None: nothing is said of them)."""
    associations = {VALUES: [{"id": number} for number in sorted(set(values))]}
    if images is not None:
        associations[IMAGES] = [{"id": number} for number in images]
    return {
        "reference": variant.sku or "",
        "ean13": variant.ean or "",
        "supplier_reference": variant.supplier_reference or "",
        "price": shop.prices.impact(product.price, variant.price, product.tax_rate, as_is=product.own_price),
        "weight": variant.weight,
        "minimal_quantity": variant.minimal_quantity,
        "default_on": int(variant == default_of(product.variants)),
        "associations": associations,
    }


def match(wanted: Mapping[int, tuple[frozenset[int], str]], present: Iterable[Present]) -> dict[int, int]:
    """Which of the shop's combinations is which of ours: {our id: its id}.

    `wanted` is {our id: (ids of its option values, its SKU)}. The same set of values counts first, then the reference;
    of several the oldest, and none is taken twice.
    """
    free = sorted(present, key=lambda one: one.id)
    found: dict[int, int] = {}

    def take(number: int, one: Present | None) -> None:
        if one is not None:
            found[number] = one.id
            free.remove(one)

    for number, (values, _) in wanted.items():
        take(number, next((one for one in free if values and one.values == values), None))
    for number, (_, sku) in wanted.items():
        if number not in found and sku:
            take(number, next((one for one in free if one.reference == nfc(sku)), None))
    return found
