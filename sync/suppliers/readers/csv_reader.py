"""Reads CSV and TSV row by row. A stray quote costs the row that it stands in, not those after it."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.rows import Problem

LONGEST_CELL = 1_000_000
LONGEST_LINE = 4 * LONGEST_CELL
MOST_LINES = 5_000
"""Lines that one row may have: descriptions hold line breaks."""

csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
Cells = tuple[int, list[str], tuple[Problem, ...]]


class Lines:
    """The lines of a file, and those of the current row again when it turns out wrong."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        first = text.readline(LONGEST_LINE).removeprefix("\ufeff")  # a mark before a quote would hide it
        self._again: deque[str] = deque([first] if first else ())
        self.taken: list[str] = []
        self.cut = False

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            line = self._text.readline(LONGEST_LINE)
            if not line:
                raise StopIteration
            if len(line) == LONGEST_LINE:
                self._drop_rest()
        self.taken.append(line)
        return line

    def _drop_rest(self) -> None:
        self.cut = True
        while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
            pass

    def give_back(self) -> int:
        """All lines of the row but the first are to be read again; returns how many."""
        back = self.taken[1:]
        self._again.extendleft(reversed(back))
        return len(back)


def cells(stream: BinaryIO, options: FeedOptions) -> Iterator[Cells]:
    """(row number, cells, problems) of every row that is not empty; the first of the file is row 1."""
    encoding = options.encoding or "utf-8"
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        yield from _rows(Lines(text), options)
    finally:
        if not text.closed:
            text.detach()


def _rows(lines: Lines, options: FeedOptions) -> Iterator[Cells]:
    delimiter, quote = options.delimiter or ",", options.quote or '"'
    number, width, again = 0, 0, 0
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    while True:
        lines.taken.clear()
        try:
            found = next(reader, None)
        except csv.Error as error:
            found, reason = [], f"it is no CSV: {error}"
        else:
            reason = ""
        if found is None:
            return
        number += 1
        if number == 1 and _says_separator(lines.taken):
            number = 0
            continue
        if lines.cut:
            lines.cut, reason = False, f"a line is longer than {LONGEST_LINE:,} characters"
        several = len(lines.taken) > 1
        if (
            several
            and not reason
            and (len(found) != width or len(lines.taken) > MOST_LINES)
            and _stray(lines.taken, quote)
        ):
            reason = "a quote is opened and not closed on this line"
        if several and reason and again < 1_000_000:
            again += lines.give_back()
            reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
            found = next(csv.reader(lines.taken[:1], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
        if reason:
            shown = lines.taken[0][:200].rstrip() if lines.taken else ""
            yield number, found, (Problem("", shown, reason),)
        elif any(found) or (found and not found[0].isspace() and any(each.strip() for each in found)):
            width = width or len(found)
            yield number, found, ()


def _says_separator(taken: list[str]) -> bool:
    """Excel's `sep=;` in the first line."""
    return bool(taken) and taken[0].lower().startswith("sep=") and len(taken[0].strip()) <= 6


def _stray(taken: list[str], quote: str) -> bool:
    """Whether the row's first line alone has an odd number of quotes."""
    return taken[0].count(quote) % 2 == 1
