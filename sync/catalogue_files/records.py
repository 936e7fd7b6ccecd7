"""What a catalogue file says, whatever its format, and what became of each row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from sync.catalogue_files.parts import CombinationRecord, FeatureRecord, PriceRecord

CategoryPath = tuple[str, ...]
"""The names from the top down to a category, without the shop's own Root and Home."""

TextsOf = Mapping[str, Mapping[str, str]]
"""{iso code: {field: text}}; an empty text clears the field."""


class CatalogueFileError(Exception):
    """Raised when a file as a whole cannot be read; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """An image and the way to its bytes, which are read only when its row is written."""

    filename: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class CategoryRecord:
    """A category; None means that the file does not say."""

    path: CategoryPath
    texts: TextsOf
    active: bool = True
    position: int | None = None


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product; `place` is where it stands in the file. None means that the file does not say: it stays as it is.

    Units are those of models.Product: net price, tax rate in percent, kg, cm. An empty `ean`, `manufacturer` or
    `supplier_reference` means none. `categories` starts with the default one unless `default_category` says otherwise.
    A record that is `only_known` speaks of a product that must be there already.
    """

    place: str
    sku: str
    texts: TextsOf = field(default_factory=dict)
    price: Decimal | None = None
    tax_rate: Decimal | None = None
    weight: Decimal | None = None
    width: Decimal | None = None
    height: Decimal | None = None
    depth: Decimal | None = None
    ean: str | None = None
    manufacturer: str | None = None
    active: bool | None = None
    quantity: int | None = None
    categories: Sequence[CategoryPath] | None = None
    default_category: CategoryPath | None = None
    images: Sequence[ImageFile] | None = None
    supplier_reference: str | None = None
    minimal_quantity: int | None = None
    condition: str | None = None
    visibility: str | None = None
    combinations: Sequence[CombinationRecord] | None = None
    features: Sequence[FeatureRecord] | None = None
    prices: Sequence[PriceRecord] | None = None
    only_known: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken, and why."""

    place: str
    sku: str
    reason: str


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """One row's end. `kind` is "category" or "product", `key` a path or a SKU."""

    kind: str
    place: str
    key: str
    outcome: Outcome
    reason: str = ""


class CatalogueFile(Protocol):
    """A readable catalogue. `size` and `position()` are in bytes, for a progress bar; `notes()` is known at the end."""

    size: int

    def position(self) -> int: ...
    def categories(self) -> Sequence[CategoryRecord]: ...
    def products(self) -> Iterator[ProductRecord | Refused]: ...
    def notes(self) -> Sequence[str]: ...
