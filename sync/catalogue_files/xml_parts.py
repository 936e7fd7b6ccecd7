"""Combinations, features and specific prices of a folder of web service documents."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from lxml import etree

from sync.catalogue_files import values
from sync.catalogue_files.aside import Aside
from sync.catalogue_files.parts import CombinationRecord, FeatureRecord, PriceRecord
from sync.catalogue_files.xml_reader import Element, linked, number, text
from sync.catalogue_files.xml_reference import associated_images, read, texts

Pair = tuple[dict[str, str], dict[str, str]]
SPECIAL = ("id_cart", "id_currency", "id_country", "id_customer", "id_specific_price_rule")
"""A specific price with one of these is for somebody, or somewhere, that the catalogue does not know."""


class XmlParts:
    """The parts of the folder's products. What belongs to one product is laid aside until it comes."""

    def __init__(self, folder: Path, languages: Mapping[str, str]) -> None:
        self._languages = languages
        self._has = {name: (folder / f"{name}.xml").exists() for name in _NEEDED}
        self._options = self._pairs(folder, "product_options", "product_option_values", "id_attribute_group", "name")
        self._features = self._pairs(folder, "product_features", "product_feature_values", "id_feature", "value")
        self._groups = {
            number(each, "id"): _first(self._names(each, "name")) for each in read(folder, "groups", "group")
        }
        self._quantities = {
            number(row, "id_product_attribute"): number(row, "quantity")
            for row in read(folder, "stock_availables", "stock_available")
            if number(row, "id_product_attribute")
        }
        self._combinations = Aside().fill(_by_product(folder, "combinations", "combination"))
        self._prices = Aside().fill(_by_product(folder, "specific_prices", "specific_price"))
        self._passed_over = 0

    def _names(self, element: Element, name: str) -> dict[str, str]:
        found = texts(element, [name], self._languages)
        return {iso: values.plain(name, said[name]) for iso, said in found.items() if said.get(name)}

    def _pairs(self, folder: Path, groups: str, members: str, parent: str, name: str) -> dict[int, Pair]:
        """Value id -> (names of what it belongs to, its own names)."""
        above = {
            number(each, "id"): self._names(each, "name") for each in read(folder, groups, groups.removesuffix("s"))
        }
        return {
            number(each, "id"): (above.get(number(each, parent), {}), self._names(each, name))
            for each in read(folder, members, members.removesuffix("s"))
        }

    def features(self, product: Element) -> list[FeatureRecord] | None:
        """The product's features; None where the folder does not say what they are."""
        if not self._has["product_feature_values"]:
            return None
        entries = product.findall("associations/product_features/*")
        found = [self._features.get(number(entry, "id_feature_value")) for entry in entries]
        return [FeatureRecord(*pair) for pair in found if pair and all(pair)]

    def combinations(self, product: Element) -> list[CombinationRecord] | None:
        """The product's combinations; None where the folder has none of any product."""
        if not self._has["combinations"]:
            return None
        places = {image: place for place, image in enumerate(associated_images(product), 1)}
        pieces = [etree.fromstring(piece) for piece in self._combinations.of(text(product, "id"))]
        return [self._combination(each, places) for each in pieces]

    def _combination(self, element: Element, places: Mapping[int, int]) -> CombinationRecord:
        images = [places[each] for each in linked(element, "images") if each in places]
        return CombinationRecord(
            options=self._chosen(element),
            sku=values.code("reference", text(element, "reference"), 64),
            ean=values.ean("ean13", text(element, "ean13")),
            supplier_reference=values.code("supplier_reference", text(element, "supplier_reference"), 64),
            price=values.signed("price", text(element, "price")) or Decimal(0),
            weight=values.signed("weight", text(element, "weight")) or Decimal(0),
            quantity=self._quantities.get(number(element, "id"), 0),
            minimal_quantity=number(element, "minimal_quantity"),
            is_default=text(element, "default_on") == "1",
            images=images,
        )

    def _chosen(self, element: Element) -> list[Pair]:
        pairs = [self._options.get(each) for each in linked(element, "product_option_values")]
        return [pair for pair in pairs if pair and all(pair)]

    def prices(self, product: Element) -> list[PriceRecord] | None:
        """The product's prices for groups; None where the folder has none of any product."""
        if not self._has["specific_prices"]:
            return None
        rows = [etree.fromstring(piece) for piece in self._prices.of(text(product, "id"))]
        options = {}
        if any(number(row, "id_product_attribute") for row in rows):
            pieces = [etree.fromstring(piece) for piece in self._combinations.of(text(product, "id"))]
            options = {number(each, "id"): self._chosen(each) for each in pieces}
        return [record for row in rows if (record := self._price(row, options)) is not None]

    def _price(self, row: Element, options: Mapping[int, Sequence[Pair]]) -> PriceRecord | None:
        group, combination = number(row, "id_group"), number(row, "id_product_attribute")
        unknown = (group and group not in self._groups) or (combination and combination not in options)
        if unknown or any(number(row, name) for name in SPECIAL):
            self._passed_over += 1
            return None
        price = values.signed("price", text(row, "price"))
        return PriceRecord(
            group=self._groups.get(group, "") if group else "",
            from_quantity=number(row, "from_quantity"),
            price=None if price is None or price < 0 else price,
            reduction=values.amount("reduction", text(row, "reduction")) or Decimal(0),
            reduction_type=text(row, "reduction_type") or "amount",
            reduction_tax=text(row, "reduction_tax") != "0",
            starts_at=_moment(text(row, "from")),
            ends_at=_moment(text(row, "to")),
            options=options.get(combination),
        )

    def notes(self) -> list[str]:
        """What was missing, and what was passed over."""
        found = [
            f"there is no {name}.xml; {what} left as they were" for name, what in _NEEDED.items() if not self._has[name]
        ]
        if self._passed_over:
            found.append(
                f"{self._passed_over} specific prices were passed over: they are for one customer, cart, country or"
                " currency, or for a group or combination that the folder does not name (groups.xml)"
            )
        return found


_NEEDED = {
    "combinations": "combinations are",
    "product_feature_values": "features are",
    "specific_prices": "prices for groups are",
}


def _by_product(folder: Path, name: str, node: str) -> Iterator[tuple[str, str]]:
    for each in read(folder, name, node):
        yield text(each, "id_product"), etree.tostring(each, encoding="unicode")


def _first(names: Mapping[str, str]) -> str:
    return next(iter(names.values()), "")


def _moment(said: str) -> datetime | None:
    """A time of the shop's, read as UTC: a folder does not say which time zone its shop is in."""
    try:
        return datetime.strptime(said, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
