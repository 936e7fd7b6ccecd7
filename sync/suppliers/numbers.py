"""Numbers and prices as people and programs write them: 1 234,50 zł · 1.234,50 · 1,234.50 · 12.90 PLN."""

import re
from decimal import Decimal
from functools import lru_cache

SPACES = " \t\u00a0\u202f\u2009\u2007"
_THIN = re.compile(rf"(?<=\d)[{SPACES}'’](?=\d{{3}}(?!\d))")
_PLAIN = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,2})?", re.ASCII)
_PLAIN_PRICE = re.compile(rf"(\d{{1,9}})[.,](\d\d)[{SPACES}]?([^\d\s.,+−-]{{1,5}})", re.ASCII)
_PARTS = re.compile(r"([+-]?)(?=[.,]*\d)([\d.,]+)", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)
_PRICE = re.compile(
    rf"([^\d\s.,+−-]{{1,5}}\.?)?[{SPACES}]*([+−-]?\d[\d.,'’{SPACES}]*?|[+−-]?[.,]\d+)(?:[.,][-–])?[{SPACES}]*([^\d\s.,+−-]{{1,5}}\.?)?"
)
_SYMBOLS = {
    "zł": "PLN",
    "zl": "PLN",
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "kč": "CZK",
    "ft": "HUF",
    "lei": "RON",
    "₴": "UAH",
}
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD
TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
"""
CURRENCIES = frozenset(_CODES.split())
"""ISO 4217, those in use."""


class BadValue(ValueError):
    """Raised when a text cannot be the value that it stands for; the message says why, without the text."""


def number(text: str, decimal: str | None = None) -> Decimal:
    """The number of a text; `decimal` is "," or "." where the column's decimal sign is known.

    Without it 1,234 is refused: it is 1234 for some and 1.234 for others, and a price must not be guessed.
    """
    if decimal is None and _PLAIN.fullmatch(text):
        return Decimal(text)
    bare = _THIN.sub("", text.strip().replace("−", "-"))
    parts = _PARTS.fullmatch(bare)
    if not parts:
        raise BadValue(_why_not(bare))
    sign, digits = parts.groups()
    mark = decimal or _decimal_sign(digits)
    whole, _, fraction = digits.partition(mark) if mark else (digits, "", "")
    tail = f".{_only_digits(fraction)}" if fraction else ""
    return Decimal(f"{sign}{_ungrouped(whole) or '0'}{tail}")


def _why_not(bare: str) -> str:
    if not bare:
        return "is empty"
    if _SCIENTIFIC.fullmatch(bare):
        return "is in scientific notation, so digits may be lost; keep the column as text or as a plain number"
    return "is not a number such as 12.50 or 1 234,50"


def _decimal_sign(digits: str) -> str:
    """Which of . and , is the decimal sign; "" when there is none."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    if points + commas != 1:
        return ""
    sign = "." if points else ","
    whole, _, fraction = digits.partition(sign)
    if len(fraction) == 3 and 0 < len(whole) <= 3 and whole.strip("0"):
        raise BadValue(
            f"may be {whole}{fraction} or {whole}.{fraction}; tell the decimal sign with the number transform"
        )
    return sign


_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+", re.ASCII)


def _ungrouped(whole: str) -> str:
    if whole.isdecimal() or not whole:
        return whole
    if not _GROUPED.fullmatch(whole):
        raise BadValue("has points or commas in places where no number has them")
    return whole.replace(",", "").replace(".", "")


def _only_digits(fraction: str) -> str:
    if fraction and not fraction.isdecimal():
        raise BadValue("has points or commas in places where no number has them")
    return fraction


@lru_cache(1024)
def _known_currency(text: str) -> str | None:
    bare = text.strip().rstrip(".")
    code = _SYMBOLS.get(bare.lower()) or bare.upper()
    return code if code in CURRENCIES else None


def currency_code(text: str) -> str | None:
    """ISO 4217 of a code or a sign such as zł; None where it is neither."""
    return _known_currency(text) if len(text) < 10 else None


def price(text: str, decimal: str | None = None) -> tuple[Decimal, str | None]:
    """A price and the currency that stands beside it, if one does."""
    if _PLAIN.fullmatch(text) and decimal is None:
        return Decimal(text), None
    if (usual := _PLAIN_PRICE.fullmatch(text)) and decimal is None and (beside_it := currency_code(usual[3])):
        return Decimal(f"{usual[1]}.{usual[2]}"), beside_it
    found = _PRICE.fullmatch(text.strip())
    if not found:
        raise BadValue(_why_not(text.strip()))
    before, digits, after = found.groups()
    amount = number(digits.strip(), decimal)
    beside = [each for each in (before, after) if each]
    codes = {currency_code(each) for each in beside}
    if None in codes or len(codes) > 1:
        raise BadValue(f"has {' and '.join(beside)} beside the number, which is no currency that is known")
    return amount, codes.pop() if codes else None
