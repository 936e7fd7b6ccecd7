"""Reads a sheet of an XLSX workbook row by row. Numbers come as they would be typed: an EAN stays whole."""

import datetime
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from sync.suppliers.feed_errors import FeedRefused, FeedTooLarge, FeedUnreadable
from sync.suppliers.limits import MIB, FeedLimits
from sync.suppliers.readers.csv_reader import LONGEST_CELL, Cells

MOST_SHARED = 512 * MIB
"""openpyxl keeps the workbook's shared texts in memory: more than this of them are refused."""
_FREE = 8 * MIB
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
    ParseError, EOFError, NotImplementedError,
)  # fmt: skip


def guard(path: Path | BinaryIO, limits: FeedLimits) -> None:
    """Raises FeedRefused for a workbook that is a zip bomb, FeedTooLarge for one beyond the limits."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FeedUnreadable("it is no workbook", "save it as XLSX again") from None
    for part in parts:
        if part.file_size > _FREE and part.file_size > max(part.compress_size, 1) * limits.max_ratio:
            raise FeedRefused(
                f"{part.filename} unpacks to more than {limits.max_ratio} times its size, as a zip bomb does"
            )
        if part.filename.endswith("sharedStrings.xml") and part.file_size > MOST_SHARED:
            raise FeedTooLarge(f"the workbook has more than {MOST_SHARED // MIB} MB of texts", "ask for CSV instead")
    if sum(part.file_size for part in parts) > limits.max_unpacked:
        raise FeedTooLarge(f"the workbook unpacks to more than {limits.max_unpacked:,} bytes")


def sheets(file: BinaryIO) -> list[str]:
    """The names of the sheets."""
    with _workbook(file) as book:
        return list(book.sheetnames)


def cells(file: BinaryIO, sheet: str | None, limits: FeedLimits) -> Iterator[Cells]:
    """(row number, cells, problems) of every row that is not empty."""
    guard(file, limits)
    with _workbook(file) as book:
        if sheet and sheet not in book.sheetnames:
            raise FeedUnreadable(f"there is no sheet {sheet!r}", f"the workbook has: {', '.join(book.sheetnames)}")
        page = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()
        rows = page.iter_rows(values_only=True)
        number = 0
        while True:
            try:
                found = next(rows, None)
            except _BROKEN as error:
                raise FeedUnreadable(f"the workbook is broken after row {number}: {error}", "save it again") from None
            if found is None:
                return
            number += 1
            texts = [_text(value) for value in found]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                yield number, texts, ()


class _workbook:  # noqa: N801 - a context manager, used as a function
    """A workbook that is closed at the end."""

    def __init__(self, file: BinaryIO) -> None:
        import openpyxl  # takes a fifth of a second, and few feeds are workbooks

        file.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._book: Any = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise FeedUnreadable(f"the workbook cannot be read: {error}", "save it as XLSX again") from None

    def __enter__(self) -> Any:
        return self._book

    def __exit__(self, *_: object) -> None:
        self._book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:LONGEST_CELL]
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
