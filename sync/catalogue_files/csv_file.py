"""Reads PrestaShop's product CSV, row by row; a wrong row is refused with its line and the reason."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from sync.catalogue_files.csv_columns import columns, known
from sync.catalogue_files.csv_rows import RowReader
from sync.catalogue_files.csv_text import encoding_of, separator_of
from sync.catalogue_files.options import Options
from sync.catalogue_files.records import CatalogueFileError, CategoryRecord, ProductRecord, Refused

LONGEST_HEADER = 100_000
LONGEST_CELL = 5_000_000
"""PrestaShop's descriptions end at 4,194,303 characters."""


class CsvFile:
    """One CSV file, open for reading. Encoding, separator and the columns' order are found out."""

    def __init__(self, path: Path, options: Options) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._encoding, self._guessed = (
            (options.encoding, False) if options.encoding else encoding_of(path, options.language)
        )
        self._at: io.BufferedReader | None = None
        try:
            with self._open() as text:
                first = text.readline(LONGEST_HEADER)
            self._separator = options.separator or separator_of(first, known)
            self._columns = columns(next(csv.reader([first], delimiter=self._separator), []))
        except LookupError:
            raise CatalogueFileError(f"there is no encoding {self._encoding!r}; try utf-8 or cp1250") from None
        except CatalogueFileError as error:
            raise CatalogueFileError(f"{path}: {error}") from None
        self._rows = RowReader(self._columns, options)

    def _open(self) -> io.TextIOWrapper:
        return self.path.open("r", encoding=self._encoding, errors="replace", newline="")

    def position(self) -> int:
        """How many bytes have been read."""
        return 0 if self._at is None else self.size if self._at.closed else self._at.tell()

    def categories(self) -> Sequence[CategoryRecord]:
        """None of their own: they are made from the products' paths."""
        return ()

    def products(self) -> Iterator[ProductRecord | Refused]:
        """The rows, once."""
        limit = csv.field_size_limit(LONGEST_CELL)
        try:
            with self._open() as text:
                self._at = text.buffer  # type: ignore[assignment]
                text.readline(LONGEST_HEADER)
                yield from self._read(text)
        finally:
            csv.field_size_limit(limit)

    def _read(self, text: io.TextIOWrapper) -> Iterator[ProductRecord | Refused]:
        reader = csv.reader(text, delimiter=self._separator)
        while True:
            line = reader.line_num + 2  # the header was line 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield Refused(f"line {line}", "", f"it is no CSV: {error}")
                continue
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield self._rows.read(f"line {line}", cells)

    def notes(self) -> Sequence[str]:
        """How the file was read, and what of it was not."""
        separator = {"\t": "tab"}.get(self._separator, self._separator)
        how = f"read as {self._encoding}" + (" (a guess, as it is not UTF-8)" if self._guessed else "")
        notes = [f"{how}, separator {separator}", *self._rows.notes()]
        if self._columns.ignored:
            notes.append(f"columns not read: {', '.join(self._columns.ignored)}")
        return notes
