"""How MariaDB compares texts under utf8mb4_general_ci: no case, no accents, no trailing spaces."""

import re
import unicodedata
from functools import lru_cache

_BEYOND_BMP = "\ufffd"  # general_ci gives every character outside the basic plane one weight


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The weights of a text, as a text: equal weights are equal texts (ż = z, ß = s, but l < ł)."""
    if text.isascii():
        return text.upper()
    return "".join(_weight(char) for char in text)


@lru_cache(maxsize=4_096)
def _weight(char: str) -> str:
    if ord(char) > 0xFFFF:
        return _BEYOND_BMP
    if char == "ß":
        return "S"
    plain = unicodedata.normalize("NFD", char)[0]
    upper = plain.upper()
    return upper if len(upper) == 1 else plain


def compare(left: str, right: str) -> int:
    """-1, 0 or 1, for SQLite's collation callback."""
    one, other = fold(left).rstrip(" "), fold(right).rstrip(" ")
    return (one > other) - (one < other)


def matches(pattern: str, value: str | float | None) -> bool:
    """MySQL's LIKE: `%` and `_` are wildcards, a backslash takes the next character as it is."""
    if value is None:
        return False
    return _like(pattern).fullmatch(fold(str(value))) is not None


@lru_cache(maxsize=256)
def _like(pattern: str) -> re.Pattern[str]:
    parts, chars = [], iter(fold(pattern))
    for char in chars:
        if char == "\\":
            parts.append(re.escape(next(chars, "\\")))
        else:
            parts.append({"%": ".*", "_": "."}.get(char) or re.escape(char))
    return re.compile("".join(parts), re.DOTALL)
