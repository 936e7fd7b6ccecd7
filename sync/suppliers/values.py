"""Turns texts into the values of an offer's fields. What was doubtful but readable is noted, not refused."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from models.types import nfc
from sync.suppliers import ean as gtin
from sync.suppliers.numbers import BadValue, currency_code, number, price
from sync.suppliers.rows import Value

Note = Callable[[str], None]
"""Is told what was mended or left out."""
Parse = Callable[[str, Note], Value]

LONGEST_CODE = 64
LONGEST_NAME = 255
MOST_PIECES = 2_147_483_647
MOST_DAYS = 3650
MOST_PRICE = Decimal(10) ** 14
_MICRO = Decimal("0.000001")
_ROUNDED_CODE = re.compile(r"\d[.,]\d+E\+\d+", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_AT_LEAST = re.compile(
    r"(?:>=?|od|min\.?|ponad|powyżej|over|more than|über|mehr als)\s*(\d+)\.?|(\d+)\s*(?:\+|i więcej|or more)", re.I
)
_LESS = re.compile(r"(?:<=?|poniżej|mniej niż|less than|under)\s*\d+.*", re.I)
_PIECES = re.compile(r"([+-]?[\d.,\s]+?)\s*(?:szt|pcs?|pieces?|st|stk|stück|ks|db|buc|op|kpl|par)\.?", re.I)
_YES_WORDS = "1;true;yes;y;tak;t;prawda;ja;oui;sí;si;jest;in stock;in_stock;available;dostępny;dostępna;dostępne"
_NO_WORDS = (
    "0;false;no;n;nie;fałsz;nein;non;brak;out of stock;out_of_stock;sold out;"
    "unavailable;niedostępny;niedostępna;niedostępne"
)
_YES = frozenset(_YES_WORDS.split(";"))
_NO = frozenset(_NO_WORDS.split(";"))
_DAYS = re.compile(r"(?:(\d{1,4})\s*[-–]\s*)?(\d{1,4})\s*(?:d|days?|dni|dzień|tage?|dnů|dny|den)?\.?", re.I)
_HOURS = re.compile(r"(\d{1,4})\s*(?:h|godz\.?|godzin[ya]?|hours?|stunden?)\.?", re.I)


def code(text: str, _note: Note) -> str | None:
    """A SKU: at most 64 characters, undamaged."""
    if len(text) >= 4 and text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    if "\ufffd" in text:
        raise BadValue("holds a character that could not be decoded; name the file's encoding")
    if len(text) > LONGEST_CODE:
        raise BadValue(f"is {len(text)} characters long; {LONGEST_CODE} are possible")
    if _ROUNDED_CODE.fullmatch(text):
        raise BadValue("is in scientific notation, so its digits may be lost; format the column as text")
    return (text if text.isascii() else nfc(text)) or None


def ean(text: str, note: Note) -> str | None:
    """An EAN with a right check digit."""
    digits, mended = gtin.ean(text)
    if mended:
        note(mended)
    return digits or None


def name(text: str, note: Note) -> str:
    """A name on one line; what is beyond 255 characters is cut off."""
    if "\ufffd" in text:
        note("holds a character that could not be decoded; name the file's encoding")
    line = " ".join(nfc(text).split())
    if len(line) > LONGEST_NAME:
        note(f"is {len(line)} characters long; cut off after {LONGEST_NAME}")
    return line[:LONGEST_NAME]


def stock_quantity(text: str, note: Note) -> int:
    """Pieces: 5 · 5.0 · 5 szt. · >10 and 10+ as 10; below zero as 0; a part of a piece is left off."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if least := _AT_LEAST.fullmatch(text):
        text = least[1] or least[2]
        note(f"says at least {text}; taken as {text}")
    elif _LESS.fullmatch(text):
        raise BadValue("says less than a number, not how many; give it a number with the map transform")
    elif pieces := _PIECES.fullmatch(text):
        text = pieces[1]
    count = number(text)
    if count < 0:
        note("is below zero; taken as 0")
        return 0
    if count > MOST_PIECES:
        raise BadValue(f"is beyond {MOST_PIECES}")
    if count != int(count):
        note(f"is no whole number; taken as {int(count)}")
    return int(count)


def is_available(text: str, _note: Note) -> bool:
    """1 or 0, yes or no, in stock or out of stock; a number: whether it is above zero."""
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    if _WHOLE.fullmatch(text):
        return int(text) > 0
    raise BadValue("is neither yes nor no; tell what it means with the map transform")


def delivery_days(text: str, _note: Note) -> int:
    """Days: 3 · 3 dni · 2-3 days (the longer) · 24 h as 1."""
    if hours := _HOURS.fullmatch(text):
        return -(-int(hours[1]) // 24)
    days = _DAYS.fullmatch(text)
    if not days:
        raise BadValue("is no number of days; tell what it means with the map transform")
    longest = max(int(days[1] or 0), int(days[2]))
    if longest > MOST_DAYS:
        raise BadValue(f"is more than {MOST_DAYS} days")
    return longest


def currency(text: str, _note: Note) -> str:
    """An ISO 4217 code, also from zł, €, $."""
    found = currency_code(text)
    if found is None:
        raise BadValue("is no currency code such as PLN or EUR")
    return found


def purchase_price(text: str, note: Note) -> tuple[Decimal | None, str | None]:
    """A price above zero to six places, and the currency beside it; 0 is taken as not said."""
    amount, beside = price(text)
    if amount < 0:
        raise BadValue("is below zero")
    if amount >= MOST_PRICE:
        raise BadValue("has more than 14 digits before the point")
    if amount == 0:
        note("is 0; taken as not said")
        return None, beside
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        amount = amount.quantize(_MICRO, ROUND_HALF_UP)
    return amount, beside


PARSERS: dict[str, Parse] = {
    "sku": code,
    "ean": ean,
    "supplier_sku": code,
    "name": name,
    "stock_quantity": stock_quantity,
    "is_available": is_available,
    "delivery_days": delivery_days,
    "currency": currency,
}
"""`purchase_price` is apart, as it may tell the currency too."""
