"""Reads JSON lines: one object a line; what lies deeper is named by a dotted path, such as offer.price.0."""

import io
import json
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO

from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.rows import Problem, RawRow

LONGEST_LINE = 4_000_000
_DEEPEST = 20


def rows(stream: BinaryIO, options: FeedOptions, columns: Collection[str] = (), only: bool = False) -> Iterator[RawRow]:
    """A row for each line that is not empty, numbered by lines. Numbers are kept as they are written."""
    takers = {column: _taker(column) for column in columns}
    text = io.TextIOWrapper(stream, encoding=options.encoding or "utf-8", errors="replace", newline="")
    decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).decode
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            _drop_rest(text)
            yield _wrong(number, line, f"a line is longer than {LONGEST_LINE:,} characters")
            continue
        line = line.strip("\ufeff \t\r\n\x00")
        if not line:
            continue
        try:
            record = decode(line)
        except (ValueError, RecursionError) as error:
            yield _wrong(number, line, f"it is no JSON: {error}")
            continue
        if not isinstance(record, dict):
            yield _wrong(number, line, "it is no object")
            continue
        cells = {} if only else flattened(record)
        for column, take in takers.items():
            cells[column] = take(record)
        yield RawRow(number, cells)
    text.detach()


def _drop_rest(text: io.TextIOWrapper) -> None:
    while (rest := text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
        pass


def _wrong(number: int, line: str, reason: str) -> RawRow:
    return RawRow(number, {}, (Problem("", line[:200], reason),))


def flattened(record: dict[str, Any]) -> dict[str, str]:
    """All values by their dotted paths."""
    found: dict[str, str] = {}
    _flatten(record, "", found, 0)
    return found


def _flatten(value: Any, path: str, found: dict[str, str], depth: int) -> None:
    start = f"{path}." if path else ""
    if isinstance(value, dict) and value and depth < _DEEPEST:
        for name, inner in value.items():
            _flatten(inner, f"{start}{name}", found, depth + 1)
    elif isinstance(value, list) and value and depth < _DEEPEST:
        for index, inner in enumerate(value[:20]):
            _flatten(inner, f"{start}{index}", found, depth + 1)
    else:
        found.setdefault(path, _text(value))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value in (None, {}, []) else json.dumps(value, ensure_ascii=False)


def _taker(path: str) -> Callable[[dict[str, Any]], str]:
    """The value at a dotted path; a name that has dots itself is found too."""
    steps = path.split(".")

    def take(record: dict[str, Any]) -> str:
        value: Any = record.get(path)
        return _text(_walk(record, steps) if value is None else value)

    return take


def _walk(value: Any, steps: list[str]) -> Any:
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
