"""PrestaShop's validators by name, as far as they were seen at work (9.1), each with what to do about a refusal.

Only what every version refuses is refused here; where shops differ (accented addresses, iframes) the shop decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

MAX_INT = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Format:
    """accepts: whether a text that is not empty passes. remedy: one sentence for an operator."""

    accepts: Callable[[str], bool]
    remedy: str


def _matches(pattern: str) -> Callable[[str], bool]:
    return re.compile(rf"(?:{pattern})\Z").match  # type: ignore[return-value]


def _without(characters: str) -> Format:
    spaced = " ".join(characters)
    return Format(lambda text: not any(char in text for char in characters), f"remove the characters {spaced}")


def _whole(text: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9]+", text)) and abs(int(text)) <= MAX_INT


def _calendar(text: str) -> bool:
    """A date that exists, or PrestaShop's own empty one; for times only the date part is looked at."""
    day = text.split(" ", maxsplit=1)[0]
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        return False
    if day == "0000-00-00":
        return True
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


SCRIPT = re.compile(r"<\s*script|script\s*:|<\s*(?:form|input|embed|object)\b", re.IGNORECASE)
HANDLER = re.compile(
    r"\bon(?:abort|blur|change|click|dblclick|error|focus|keydown|keypress|keyup|load|mousedown|mousemove|mouseout"
    r"|mouseover|mouseup|reset|resize|select|submit|unload)\s*=",
    re.IGNORECASE,
)


def _clean_html(text: str) -> bool:
    return not SCRIPT.search(text) and not HANDLER.search(text)


NUMBER = "write digits with a decimal point, without sign, exponent or spaces"
IDENTIFIER = Format(_matches("[0-9]+"), "write the id as digits")
GENERIC = _without("<>{}")
DIGITS = "write digits only"

FORMATS: dict[str, Format] = {
    "isPrice": Format(_matches(r"[0-9]{1,10}(?:\.[0-9]+)?"), NUMBER + ", at most 10 before the point"),
    "isNegativePrice": Format(_matches(r"-?[0-9]{1,10}(?:\.[0-9]+)?"), NUMBER),
    "isUnsignedFloat": Format(_matches(r"[0-9]+(?:\.[0-9]+)?"), NUMBER),
    "isFloat": Format(_matches(r"-?[0-9]+(?:\.[0-9]+)?"), NUMBER),
    "isInt": Format(_whole, f"write a whole number up to {MAX_INT}"),
    "isPositiveInt": IDENTIFIER,
    "isUnsignedInt": IDENTIFIER,
    "isUnsignedId": IDENTIFIER,
    "isBool": Format(_matches("[01]"), "write 0 or 1"),
    "isReference": _without("<>;={}"),
    "isCatalogName": GENERIC,
    "isGenericName": GENERIC,
    "isGtin": Format(_matches("[0-9]{0,14}"), DIGITS + ", at most 14"),
    "isEan13": Format(_matches("[0-9]{0,13}"), DIGITS + ", at most 13"),
    "isUpc": Format(_matches("[0-9]{0,12}"), DIGITS + ", at most 12"),
    "isIsbn": Format(_matches("[0-9-]{0,32}"), "write digits and hyphens only"),
    "isCleanHtml": Format(_clean_html, "remove scripts, event handlers (onclick= ...), forms and objects"),
    "isDateFormat": Format(_calendar, "write the date as YYYY-MM-DD"),
    "isDate": Format(_calendar, "write the time as YYYY-MM-DD HH:MM:SS"),
    # Letters beyond ASCII are the shop's setting; spaces and signs never pass.
    "isLinkRewrite": Format(_matches(r"[\w-]*"), "write letters, digits and hyphens only: use slug()"),
}
