"""Turns the texts of a file into values, or says what is wrong with them."""

import re
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from models.types import nfc

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_BY_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_MICRO = Decimal("0.000001")
MOST = Decimal(10) ** 14
"""Amounts have 14 digits before the point in the database."""
MOST_PIECES = 2_147_483_647
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class BadValue(ValueError):
    """Raised when a text cannot be the value that it stands for; the message names the column."""


def amount(name: str, text: str) -> Decimal | None:
    """A number that is not negative, with a point or a comma, to six places; None for an empty text."""
    bare = _SPACES.sub("", text)
    if not bare:
        return None
    if not _NUMBER.fullmatch(bare):
        raise BadValue(f"{name} is {_short(text)}, which is no number such as 12.50")
    value = Decimal(bare.replace(",", "."))
    if value < 0:
        raise BadValue(f"{name} is {_short(text)}; it cannot be negative")
    if value >= MOST:
        raise BadValue(f"{name} is {_short(text)}; the catalogue holds 14 digits before the point")
    return micro(value)


def signed(name: str, text: str) -> Decimal | None:
    """A number that may be below zero; None for an empty text."""
    bare = _SPACES.sub("", text)
    value = amount(name, bare.removeprefix("-"))
    return -value if value is not None and bare.startswith("-") else value


def one_of(name: str, text: str, allowed: Collection[str]) -> str | None:
    """One of some words, in any case of letters; None for an empty text."""
    bare = text.strip().lower()
    if bare and bare not in allowed:
        raise BadValue(f"{name} is {_short(text)}; it takes {', '.join(allowed)}")
    return bare or None


def micro(value: Decimal) -> Decimal:
    """Rounded to six places, as the catalogue keeps it."""
    return value.quantize(_MICRO, ROUND_HALF_UP)


def pieces(name: str, text: str) -> int | None:
    """A whole number, which may be below zero; None for an empty text."""
    bare = _SPACES.sub("", text)
    if not bare:
        return None
    if not re.fullmatch(r"-?\d+(?:[.,]0+)?", bare):
        raise BadValue(f"{name} is {_short(text)}, which is no whole number")
    value = int(re.split("[.,]", bare)[0])
    if abs(value) > MOST_PIECES:
        raise BadValue(f"{name} is {_short(text)}, which is beyond {MOST_PIECES}")
    return value


def flag(name: str, text: str) -> bool | None:
    """1 or 0, yes or no; None for an empty text."""
    bare = text.strip().lower()
    if bare and bare not in _FLAGS:
        raise BadValue(f"{name} is {_short(text)}; it takes 1 or 0")
    return _FLAGS.get(bare)


def code(name: str, text: str, most: int) -> str:
    """A short text such as a reference or a manufacturer's name, of at most `most` characters."""
    value = nfc(text.strip())
    if len(value) > most:
        raise BadValue(f"{name} is {len(value)} characters long; {most} are possible")
    return plain(name, value)


def ean(name: str, text: str) -> str:
    """An EAN as it stands; whether it is valid is the shop's to say. A spreadsheet's rounding is caught."""
    bare = text.strip()
    if _BY_SPREADSHEET.fullmatch(bare):
        raise BadValue(f"{name} is {bare}: a spreadsheet has rounded it; keep that column as text")
    return code(name, bare, 14)


def plain(name: str, text: str) -> str:
    """A text without NUL, which PostgreSQL cannot hold, and without signs of a wrong encoding."""
    if "\x00" in text:
        raise BadValue(f"{name} holds a NUL character")
    if "\ufffd" in text:
        raise BadValue(f"{name} holds a character that could not be decoded; name the file's encoding")
    return nfc(text)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
