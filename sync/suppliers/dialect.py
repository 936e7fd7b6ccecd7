"""Finds out how a table of text is cut: delimiter, quote, and whether its first row names the columns."""

import csv
import re
from collections import Counter

DELIMITERS = (";", ",", "\t", "|")
_SAMPLE_ROWS = 50
_VALUE = re.compile(r"[+-]?[\d\s.,'%]+(?:[A-Za-z€$£ł]{1,3})?|https?://.*", re.ASCII)
_NUMBERED = re.compile(r"\d[\d\s.,-]*")


def lines_of(text: str, whole: bool) -> list[str]:
    """The lines of a sample; the last is left out where it may be cut off."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    return lines if whole or len(lines) < 2 else lines[:-1]


def separator_line(lines: list[str]) -> str | None:
    """The delimiter that Excel's `sep=;` tells."""
    if lines and lines[0].lower().startswith("sep=") and len(first := lines[0].rstrip("\r\n")) == 5:
        return first[4]
    return None


def quote_of(lines: list[str], delimiters: tuple[str, ...] = DELIMITERS) -> str:
    """The quote that stands most often at a cell's edge; `"` when there is none."""
    edge = "".join(map(re.escape, delimiters))
    text = "".join(lines)

    def edges(quote: str) -> int:
        return len(re.findall(rf"(?:^|[{edge}]){quote}|{quote}(?:$|[{edge}\r])", text, re.MULTILINE))

    double, single = edges('"'), edges("'")
    return "'" if single > 2 * double and single >= 4 else '"'


def delimiter_of(lines: list[str], quote: str) -> str:
    """The delimiter that cuts the most rows into the same number of cells, and that number high."""
    return max(DELIMITERS, key=lambda each: _evenness(lines, each, quote))


def _evenness(lines: list[str], delimiter: str, quote: str) -> float:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter, quotechar=quote) if row][:_SAMPLE_ROWS]
    except csv.Error:
        return 0
    if not widths:
        return 0
    width, times = Counter(widths).most_common(1)[0]
    header = widths[0]
    if header > 1 and widths.count(header) * 2 >= len(widths):
        width, times = header, widths.count(header)
    return 0 if width < 2 else times / len(widths) * (1 - 1 / (width + 1))


def has_header(lines: list[str], delimiter: str, quote: str) -> bool:
    """Whether the first row names the columns: names are no numbers, prices or addresses, and mostly not empty."""
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter, quotechar=quote) if any(row)][:_SAMPLE_ROWS]
    except csv.Error:
        return True
    return not rows or names_columns(rows[0])


def names_columns(row: list[str]) -> bool:
    """Whether a row is a header."""
    first = [cell.strip() for cell in row]
    named = [cell for cell in first if cell]
    return bool(named) and not any(_VALUE.fullmatch(cell) for cell in named) and len(named) * 2 >= len(first)
