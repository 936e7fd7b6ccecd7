"""EAN codes (GTIN-8, 12, 13, 14) and what spreadsheets do to them."""

import re

from sync.suppliers.numbers import BadValue

LENGTHS = (8, 12, 13, 14)
_SCIENTIFIC = re.compile(r"(\d+)(?:[.,](\d*))?[eE]\+?(\d{1,2})", re.ASCII)
_AS_FLOAT = re.compile(r"(\d{7,14})[.,]0+", re.ASCII)


def check_digit(body: str) -> int:
    """The last digit of a GTIN, from those before it (GS1 General Specifications, 7.9)."""
    digits = body.encode()
    odd, even = digits[-1::-2], digits[-2::-2]
    return -(3 * sum(odd) + sum(even) - 48 * (3 * len(odd) + len(even))) % 10


def ean(text: str) -> tuple[str, str]:
    """The EAN as 8, 13 or 14 digits, and what had to be mended ("" if nothing); ("", why) for one of zeros only.

    A UPC of 12 digits gets the 0 in front that makes it an EAN-13. Raises BadValue.
    """
    digits = text.replace(" ", "").replace("-", "").replace("\u00a0", "").strip("'=\"")
    mended = ""
    if not (digits.isascii() and digits.isdigit()):
        digits, mended = _from_number(digits)
    if not digits.strip("0"):
        return "", "is zeros only; taken as none"
    if 9 <= len(digits) <= 11:
        digits, mended = digits.zfill(13), "has lost its leading zeros; they were put back"
    if len(digits) not in LENGTHS:
        raise BadValue(f"has {len(digits)} digits; an EAN has 8, 12, 13 or 14")
    right = check_digit(digits[:-1])
    if int(digits[-1]) != right:
        raise BadValue(f"has a wrong check digit: it ends with {digits[-1]}, {right} would be right")
    return digits.zfill(13) if len(digits) == 12 else digits, mended


def _from_number(text: str) -> tuple[str, str]:
    """The digits of a number that a spreadsheet wrote, when none are lost."""
    if whole := _AS_FLOAT.fullmatch(text):
        return whole[1], "was written as a decimal number; read without it"
    found = _SCIENTIFIC.fullmatch(text)
    if not found:
        raise BadValue("is no EAN: it holds other signs than digits")
    before, after, power = found[1], found[2] or "", int(found[3])
    if len(after) < power:
        raise BadValue(
            "is in scientific notation and its last digits are lost; format the column as text and export it again"
        )
    if after[power:].strip("0"):
        raise BadValue("is in scientific notation and no whole number")
    return before + after[:power], "was in scientific notation; all its digits were there"
