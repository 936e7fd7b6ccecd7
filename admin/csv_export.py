"""Rows as a CSV file that spreadsheets open rightly and without danger."""

import csv
import io
from collections.abc import Iterable, Iterator

BOM = "\ufeff"
"""Tells Excel that the file is UTF-8."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV Injection)."""


def safe(cell: object) -> str:
    """The cell's text; what would be a formula is led by an apostrophe."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def rows_as_csv(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """RFC 4180 lines, one by one."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    yield BOM
    for row in rows:
        writer.writerow([cell if isinstance(cell, int) else safe(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
