"""PHP's ways that show in a PrestaShop answer: casts, emptiness, $_GET arrays and the nearest word."""

import math
import re
from typing import TypeAlias, Union, cast
from urllib.parse import unquote_plus

Query: TypeAlias = dict[str, Union[str, "Query"]]
"""A query string as PHP's $_GET sees it: `filter[id]=1` is {"filter": {"id": "1"}}."""

_LEADING_INT = re.compile(r"\s*([+-]?\d+)")
_LEADING_FLOAT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_NUMERIC = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_INT_MAX = 2**63 - 1


def to_int(text: str | None) -> int:
    """`(int) $text`: the leading digits, 0 without any."""
    if not text:
        return 0
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    number = _LEADING_FLOAT.match(text) if "e" in text.lower() or "." in text else _LEADING_INT.match(text)
    if number is None:
        return 0
    value = float(number.group(1)) if number.re is _LEADING_FLOAT else int(number.group(1))
    if value in (math.inf, -math.inf):
        return 0
    return max(-_INT_MAX, min(_INT_MAX, int(value)))


def to_float(text: str | None) -> float:
    """`(float) $text`: the leading number, 0 without any."""
    number = _LEADING_FLOAT.match(text or "")
    return float(number.group(1)) if number else 0.0


def is_numeric(text: str) -> bool:
    """`is_numeric($text)`."""
    return _NUMERIC.fullmatch(text) is not None


def is_empty(value: object) -> bool:
    """`empty($value)`: null, '', '0', 0 and an empty array."""
    return value in (None, "", "0", 0, {})


def parse_query(text: str) -> Query:
    """$_GET of a query string: brackets make arrays, the last of two equal keys wins, `+` is a space."""
    query: Query = {}
    for part in text.split("&"):
        if not part:
            continue
        raw_key, _, raw_value = part.partition("=")
        key, value = unquote_plus(raw_key), unquote_plus(raw_value)
        name, bracket, _ = key.partition("[")
        path = _BRACKETS.findall(key[len(name) :]) if bracket and "]" in key else []
        _put(query, [re.sub(r"[ .]", "_", name) if path or "[" not in key else key, *path], value)
    return query


def _put(query: Query, path: list[str], value: str) -> None:
    for step in path[:-1]:
        inner = query.get(step)
        if not isinstance(inner, dict):
            inner = {}
            query[step] = inner
        query = inner
    last = path[-1] or str(len(query))
    query[last] = value


def text_of(query: Query, name: str) -> str | None:
    """The parameter's text; None where it is absent or an array."""
    value = query.get(name)
    return value if isinstance(value, str) else None


def nearest(word: str, words: list[str]) -> str:
    """The last of the words with the smallest Levenshtein distance, as PrestaShop's "Did you mean" chooses."""
    best, shortest = "", -1
    for candidate in words:
        distance = levenshtein(word, candidate)
        if distance == 0:
            return candidate
        if distance <= shortest or shortest < 0:
            best, shortest = candidate, distance
    return best


def levenshtein(left: str, right: str) -> int:
    """The number of insertions, deletions and replacements between two words."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


def sorted_pair(one: str, other: str) -> tuple[str, str]:
    """`sort()` of two strings: by number where both are numeric, else by bytes."""
    by_number = is_numeric(one) and is_numeric(other)
    pair = sorted((one, other), key=float) if by_number else sorted((one, other))
    return cast(tuple[str, str], tuple(pair))
