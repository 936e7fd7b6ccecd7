"""The columns of PrestaShop's product CSV (its own sample file, 1.6 to 9) and what each is to us."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.catalogue_files.options import Prices
from sync.catalogue_files.records import CatalogueFileError

TEXTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "description_short": ("short description", "summary"),
    "description": ("description",),
    "meta_title": ("meta title",),
    "meta_description": ("meta description",),
    "link_rewrite": ("url rewritten", "rewritten url", "friendly url"),
    "available_now": ("text when in stock", "label when in stock"),
    "available_later": ("text when backorder allowed", "label when backorder allowed"),
}
OTHERS: Mapping[str, tuple[str, ...]] = {
    "sku": ("reference", "product reference"),
    "active": ("active", "enabled"),
    "categories": ("categories",),
    "price": ("price",),
    "tax_rules": ("tax rules id", "tax rule id", "id tax rules group"),
    "manufacturer": ("manufacturer", "brand"),
    "ean": ("ean13", "ean", "ean-13", "gtin"),
    "width": ("width",),
    "height": ("height",),
    "depth": ("depth",),
    "weight": ("weight",),
    "quantity": ("quantity",),
    "supplier_reference": ("supplier reference",),
    "minimal_quantity": ("minimal quantity",),
    "visibility": ("visibility",),
    "condition": ("condition",),
    "features": ("feature", "features"),
    "prices": ("group prices",),
}
_FIELD_BY_NAME = {name: field for field, names in {**TEXTS, **OTHERS}.items() for name in names}
_PRICES = {
    "price tax excluded": Prices.NET,
    "price tax excl": Prices.NET,
    "price tax included": Prices.GROSS,
    "price tax incl": Prices.GROSS,
    "price tax excluded or price tax included": None,
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands. `prices` is None when the header leaves open whether the price holds the tax."""

    index: Mapping[str, int]
    titles: Sequence[str]
    ignored: Sequence[str]
    prices: Prices | None

    def title(self, field: str) -> str:
        """What the file itself calls a field."""
        return self.titles[self.index[field]]


def bare(title: str) -> str:
    """'Categories (x,y,z...)' and 'Reference #' without what PrestaShop adds to them."""
    kept = re.sub(r"\((?!\s*tax\b)[^)]*\)", " ", title.lower())
    return re.sub(r"[\s()*#.:_]+", " ", kept).strip()


def _field(title: str) -> str | None:
    name = bare(title)
    return "price" if name in _PRICES else _FIELD_BY_NAME.get(name)


def known(titles: Sequence[str]) -> int:
    """How many of these titles are columns that we read."""
    return sum(_field(title) is not None for title in titles)


def columns(titles: Sequence[str]) -> Columns:
    """The columns of a header line. Raises CatalogueFileError when it has no reference, or a column twice."""
    index: dict[str, int] = {}
    ignored = []
    for number, title in enumerate(titles):
        field = _field(title)
        if field is None:
            ignored.append(title.strip())
        elif field in index:
            raise CatalogueFileError(f"columns {titles[index[field]]!r} and {title!r} are both the {field}; drop one")
        else:
            index[field] = number
    if "sku" not in index:
        raise CatalogueFileError("there is no column Reference; products are known by it")
    prices = _PRICES.get(bare(titles[index["price"]])) if "price" in index else None
    return Columns(index, [title.strip() for title in titles], [title for title in ignored if title], prices)
