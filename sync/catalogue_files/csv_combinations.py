"""Reads PrestaShop's combinations CSV: the rows of a product, which stand together, are its combinations."""

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from sync.catalogue_files import csv_parts, values
from sync.catalogue_files.aside import Aside
from sync.catalogue_files.csv_columns import bare, known
from sync.catalogue_files.csv_file import LONGEST_HEADER
from sync.catalogue_files.csv_text import encoding_of, separator_of
from sync.catalogue_files.options import Options
from sync.catalogue_files.parts import CombinationRecord
from sync.catalogue_files.records import CatalogueFileError, CategoryRecord, ProductRecord, Refused
from sync.catalogue_files.values import BadValue

T = TypeVar("T")
COLUMNS = {
    "product id": "id",
    "product reference": "product",
    "attribute": "attributes",
    "value": "values",
    "supplier reference": "supplier_reference",
    "reference": "sku",
    "ean13": "ean",
    "impact on price": "price",
    "impact on weight": "weight",
    "quantity": "quantity",
    "minimal quantity": "minimal_quantity",
    "default": "default",
    "image position": "images",
}
Row = tuple[int, list[str]]


def is_combinations(titles: Sequence[str]) -> bool:
    """Whether a header is one of combinations: it has options and their values."""
    names = {COLUMNS.get(bare(title)) for title in titles}
    return {"attributes", "values"} <= names


def _known(titles: Sequence[str]) -> int:
    return sum(bare(title) in COLUMNS for title in titles)


class CombinationsFile:
    """One CSV file of combinations. Products are named by *Product reference*, or by *Product ID* as a product CSV of
    the same shop has it (`Options.products`)."""

    def __init__(self, path: Path, options: Options) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._options = options
        self._encoding = options.encoding or encoding_of(path, options.language)[0]
        self._at: io.BufferedReader | None = None
        with self._open() as text:
            first = text.readline(LONGEST_HEADER)
        self._separator = options.separator or separator_of(first, _known)
        self._titles = next(csv.reader([first], delimiter=self._separator), [])
        self._index = {COLUMNS[bare(title)]: at for at, title in enumerate(self._titles) if bare(title) in COLUMNS}
        self._references = Aside()
        if "product" not in self._index:
            if "id" not in self._index or options.products is None:
                raise CatalogueFileError(
                    f"{path} names its products by ID; give the product CSV that the ids are of with --products"
                )
            self._references.fill(_ids(options.products, options))

    def _open(self) -> io.TextIOWrapper:
        return self.path.open("r", encoding=self._encoding, errors="replace", newline="")

    def position(self) -> int:
        """How many bytes have been read."""
        return 0 if self._at is None else self.size if self._at.closed else self._at.tell()

    def categories(self) -> Sequence[CategoryRecord]:
        """None."""
        return ()

    def products(self) -> Iterator[ProductRecord | Refused]:
        """One record for each product, with its combinations."""
        with self._open() as text:
            self._at = text.buffer  # type: ignore[assignment]
            text.readline(LONGEST_HEADER)
            for name, rows in groupby(self._rows(text), key=lambda row: self._name(row[1])):
                yield self._product(name, list(rows))

    def _rows(self, text: io.TextIOWrapper) -> Iterator[Row]:
        reader = csv.reader(text, delimiter=self._separator)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num + 1, cells
        except csv.Error as error:
            raise CatalogueFileError(f"{self.path}, line {reader.line_num + 2} is no CSV: {error}") from None

    def _name(self, cells: list[str]) -> str:
        at = self._index.get("product", self._index.get("id", 0))
        return cells[at].strip() if at < len(cells) else ""

    def _product(self, name: str, rows: Sequence[Row]) -> ProductRecord | Refused:
        place = f"line {rows[0][0]}" + (f" to {rows[-1][0]}" if len(rows) > 1 else "")
        sku = name if "product" in self._index else next(self._references.of(name), "")
        if not sku:
            return Refused(place, name, f"no product with ID {name} is in {self._options.products}")
        try:
            return ProductRecord(place, sku, combinations=[self._row(*row) for row in rows], only_known=True)
        except BadValue as error:
            return Refused(place, sku, str(error))

    def _row(self, line: int, cells: list[str]) -> CombinationRecord:
        width = len(self._titles)
        cells = cells[:width] + [""] * (width - len(cells))
        try:
            return self._combination(cells)
        except BadValue as error:
            raise BadValue(f"line {line}: {error}") from None

    def _combination(self, cells: list[str]) -> CombinationRecord:
        def cell(field: str) -> tuple[str, str]:
            at = self._index.get(field)
            return ("", "") if at is None else (self._titles[at].strip(), cells[at])

        (first, attributes), (second, chosen) = cell("attributes"), cell("values")
        return CombinationRecord(
            options=csv_parts.options((first, second), attributes, chosen, self._options.language),
            sku=values.code(*cell("sku"), 64),
            ean=values.ean(*cell("ean")),
            supplier_reference=values.code(*cell("supplier_reference"), 64),
            price=values.signed(*cell("price")) or Decimal(0),
            weight=values.signed(*cell("weight")) or Decimal(0),
            quantity=values.pieces(*cell("quantity")),
            minimal_quantity=_or(values.pieces(*cell("minimal_quantity")), 1),
            is_default=bool(values.flag(*cell("default"))),
            images=_places(*cell("images")) if "images" in self._index else None,
        )

    def notes(self) -> Sequence[str]:
        """What was not read."""
        unread = [title.strip() for title in self._titles if title.strip() and bare(title) not in COLUMNS]
        notes = ["what combinations add to the price is without tax"]
        return [*notes, f"columns not read: {', '.join(unread)}"] if unread else notes


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _places(title: str, text: str) -> list[int]:
    places = [values.pieces(title, part) for part in text.split(",")]
    return [place for place in places if place is not None]


def _ids(path: Path, options: Options) -> Iterator[tuple[str, str]]:
    """Product ID and reference of each row of a product CSV."""
    encoding = options.encoding or encoding_of(path, options.language)[0]
    with path.open("r", encoding=encoding, errors="replace", newline="") as text:
        first = text.readline(LONGEST_HEADER)
        separator = separator_of(first, known)
        titles = [bare(title) for title in next(csv.reader([first], delimiter=separator), [])]
        if "product id" not in titles or "reference" not in titles:
            raise CatalogueFileError(f"{path} has no columns Product ID and Reference")
        number, reference = titles.index("product id"), titles.index("reference")
        for cells in csv.reader(text, delimiter=separator):
            if len(cells) > max(number, reference):
                yield cells[number].strip(), cells[reference].strip()
