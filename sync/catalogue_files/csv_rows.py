"""Turns the cells of a CSV row into a product record."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar

from sync.catalogue_files import csv_parts, values
from sync.catalogue_files.csv_columns import TEXTS, Columns
from sync.catalogue_files.options import Options, Prices, net
from sync.catalogue_files.records import CategoryPath, ProductRecord, Refused
from sync.catalogue_files.values import BadValue

T = TypeVar("T")

VISIBILITIES = ("both", "catalog", "search", "none")
CONDITIONS = ("new", "used", "refurbished")
_HOME = {"home", "root"}


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, columns: Columns, options: Options) -> None:
        self.columns = columns
        self.options = options
        self.prices = columns.prices or options.prices
        self.unknown_tax_rules: set[str] = set()

    def read(self, place: str, cells: Sequence[str]) -> ProductRecord | Refused:
        """The record of a row, or why it has none."""
        width = len(self.columns.titles)
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            return Refused(
                place, "", f"it has {len(cells)} cells, the header {width}; look for a stray quote or separator"
            )
        sku = ""
        try:
            sku = values.code(self.columns.title("sku"), self._cell(cells, "sku") or "", 64)
            if not sku:
                raise BadValue(f"{self.columns.title('sku')} is empty; products are known by it")
            return self._record(place, sku, cells)
        except BadValue as error:
            return Refused(place, sku, str(error))

    def _cell(self, cells: Sequence[str], field: str) -> str | None:
        """The text of a field; None when the file has no such column."""
        number = self.columns.index.get(field)
        return None if number is None else cells[number]

    def _record(self, place: str, sku: str, cells: Sequence[str]) -> ProductRecord:
        tax_rate = self._tax_rate(cells)
        return ProductRecord(
            place,
            sku,
            texts=self._texts(cells),
            price=self._price(cells, tax_rate),
            tax_rate=tax_rate,
            ean=self._with(values.ean, cells, "ean"),
            manufacturer=self._with(partial(values.code, most=64), cells, "manufacturer"),
            active=self._with(values.flag, cells, "active"),
            quantity=self._with(values.pieces, cells, "quantity"),
            categories=self._categories(cells),
            weight=self._with(values.amount, cells, "weight"),
            width=self._with(values.amount, cells, "width"),
            height=self._with(values.amount, cells, "height"),
            depth=self._with(values.amount, cells, "depth"),
            supplier_reference=self._with(partial(values.code, most=64), cells, "supplier_reference"),
            minimal_quantity=self._with(values.pieces, cells, "minimal_quantity"),
            visibility=self._with(partial(values.one_of, allowed=VISIBILITIES), cells, "visibility"),
            condition=self._with(partial(values.one_of, allowed=CONDITIONS), cells, "condition"),
            features=self._with(partial(csv_parts.features, language=self.options.language), cells, "features"),
            prices=self._with(csv_parts.prices, cells, "prices"),
        )

    def _with(self, parse: Callable[[str, str], T], cells: Sequence[str], field: str) -> T | None:
        text = self._cell(cells, field)
        return None if text is None else parse(self.columns.title(field), text)

    def _texts(self, cells: Sequence[str]) -> dict[str, dict[str, str]]:
        said = {field: self._with(values.plain, cells, field) for field in TEXTS}
        texts = {field: text.strip() for field, text in said.items() if text is not None}
        if texts.get("name") == "":
            raise BadValue(f"{self.columns.title('name')} is empty")
        return {self.options.language: texts} if texts else {}

    def _tax_rate(self, cells: Sequence[str]) -> Decimal | None:
        number = (self._cell(cells, "tax_rules") or "").strip()
        rate = self.options.rate(number)
        if rate is None and number:
            self.unknown_tax_rules.add(number)
        return rate

    def _price(self, cells: Sequence[str], rate: Decimal | None) -> Decimal | None:
        title = self.columns.title("price") if "price" in self.columns.index else ""
        if not title:
            return None
        price = self._with(values.amount, cells, "price")
        if price is None:
            raise BadValue(f"{title} is empty")
        if self.prices is Prices.NET:
            return price
        if rate is None:
            raise BadValue(
                f"{title} holds the tax, and the rate of its tax rules is not known; give --tax-rule ID=PERCENT"
            )
        return net(price, rate)

    def _categories(self, cells: Sequence[str]) -> list[CategoryPath] | None:
        """PrestaShop's way: several by commas, a path by slashes, the first is the default one."""
        text = self._with(values.plain, cells, "categories")
        if text is None:
            return None
        return [path for part in text.split(",") if (path := self._path(part))]

    def _path(self, text: str) -> CategoryPath:
        names = [name for part in text.split("/") if (name := part.strip())]
        if names and names[0].lower() in _HOME:
            names = names[1:]
        for name in names:
            if name.isdecimal():
                raise BadValue(f"category {name} is an id of one shop; name it, such as Clothes/Men")
            values.code("a category's name", name, 255)
        return tuple(names)

    def notes(self) -> list[str]:
        """How the prices were read, and which tax rates are not known."""
        notes = []
        if "price" in self.columns.index:
            how = "without" if self.prices is Prices.NET else "with"
            why = "as the header says" if self.columns.prices else "as --prices says (the header leaves it open)"
            notes.append(f"prices read as {how} tax, {why}")
        if self.unknown_tax_rules:
            ids = ", ".join(sorted(self.unknown_tax_rules, key=lambda text: (len(text), text)))
            notes.append(f"the rate of tax rules {ids} is not known: new products got 0 %; give --tax-rule ID=PERCENT")
        return notes
