"""What a shop says of a product, in the catalogue's own words."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

Names = dict[str, str]
"""{iso code: name}"""


@dataclass(frozen=True, slots=True)
class IncomingCombination:
    """A combination: `options` as models.Combination has them; `images` are ids in the shop."""

    external_id: int
    reference: str
    ean: str | None
    supplier_reference: str | None
    options: tuple[tuple[Names, Names], ...]
    price: Decimal
    weight: Decimal
    minimal_quantity: int
    is_default: bool
    quantity: int
    stock_available_id: int | None
    images: tuple[int, ...] = ()
    values: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class IncomingPrice:
    """A price for a customer group; `values` are columns of models.SpecificPrice, `combination` an id in the shop."""

    external_id: int
    combination: int | None
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A product of a shop. `values` are columns of models.Product; `categories` are ids in the shop, without the home
    category and what lies outside of it; `images` are ids there, the cover first; `document` is the shop's own."""

    external_id: int
    reference: str
    ean: str | None
    values: dict[str, Any]
    texts: dict[str, dict[str, str]]
    default_category: int | None
    categories: tuple[int, ...]
    features: tuple[tuple[Names, Names], ...]
    images: tuple[int, ...]
    quantity: int
    stock_available_id: int | None
    changed_at: datetime | None
    combinations: tuple[IncomingCombination, ...] = ()
    prices: tuple[IncomingPrice, ...] = ()
    document: dict[str, Any] = field(default_factory=dict)
    prices_known: bool = True
