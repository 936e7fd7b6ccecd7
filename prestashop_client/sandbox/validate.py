"""classes/Validate.php: the checks that a field's definition names, each taking PHP's string."""

import re
from collections.abc import Callable

from prestashop_client.sandbox.php import is_numeric, to_float, to_int

_EVENTS = (
    "onmousedown|onmousemove|onmmouseup|onmouseover|onmouseout|onload|onunload|onfocus|onblur|onchange|onsubmit|"
    "ondblclick|onclick|onkeydown|onkeyup|onkeypress|onmouseenter|onmouseleave|onerror|onselect|onreset|onabort|"
    "ondragdrop|onresize|onactivate|onafterprint|onmoveend|onafterupdate|onbeforeactivate|onbeforecopy|onbeforecut|"
    "onbeforedeactivate|onbeforeeditfocus|onbeforepaste|onbeforeprint|onbeforeunload|onbeforeupdate|onmove|onbounce|"
    "oncellchange|oncontextmenu|oncontrolselect|oncopy|oncut|ondataavailable|ondatasetchanged|ondatasetcomplete|"
    "ondeactivate|ondrag|ondragend|ondragenter|onmousewheel|ondragleave|ondragover|ondragstart|ondrop|onerrorupdate|"
    "onfilterchange|onfinish|onfocusin|onfocusout|onhashchange|onhelp|oninput|onlosecapture|onmessage|onmouseup|"
    "onmovestart|onoffline|ononline|onpaste|onpropertychange|onreadystatechange|onresizeend|onresizestart|"
    "onrowenter|onrowexit|onrowsdelete|onrowsinserted|onscroll|onsearch|onselectionchange|onselectstart|onstart|onstop"
)
_DANGEROUS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (r"<\s*script", rf"({_EVENTS})\s*=", r"script:", r"<\s*(i?frame|form|input|embed|object)")
)
_DATE = re.compile(r"(\d{4})-(0?\d|1[0-2])-(0?\d|[12]\d|3[01])( \d{2}:\d{2}:\d{2})?")
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def is_int(value: str) -> bool:
    """An integer written as PHP would write it."""
    return str(to_int(value)) == value


def is_unsigned_int(value: str) -> bool:
    """Digits only, below 2^32."""
    return value.isascii() and value.isdigit() and int(value) < 2**32


def is_float(value: str) -> bool:
    """A number in PHP's eyes."""
    return is_numeric(value)


def is_clean_html(value: str) -> bool:
    """No script, no event handler, no frame or form; plain text such as `onerror = 5` is refused as well."""
    return not any(pattern.search(value) for pattern in _DANGEROUS)


def is_date(value: str) -> bool:
    """A day of the calendar, with or without a time."""
    found = _DATE.fullmatch(value)
    if not found:
        return False
    year, month, day = (int(part) for part in found.groups()[:3])
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= _MONTHS[month - 1] + leap


CHECKS: dict[str, Callable[[str], bool]] = {
    "isunsignedid": is_unsigned_int,
    "isunsignedint": is_unsigned_int,
    "ispositiveint": lambda value: is_int(value) and to_int(value) >= 0,
    "isint": is_int,
    "isbool": _like("[01]"),
    "isfloat": is_float,
    "isunsignedfloat": lambda value: is_float(value) and to_float(value) >= 0,
    "isprice": _like(r"[0-9]{1,10}(\.[0-9]{1,9})?\n?"),
    "isnegativeprice": _like(r"-?[0-9]{1,10}(\.[0-9]{1,9})?\n?"),
    "isstring": lambda _: True,
    "isreference": _like(r"[^<>;={}]*"),
    "isgenericname": _like(r"[^<>{}]*"),
    "iscatalogname": _like(r"[^<>{}]*"),
    "islinkrewrite": _like(r"[_a-zA-Z0-9-]+\n?"),
    "iscleanhtml": is_clean_html,
    "isgtin": _like(r"[0-9]{0,14}\n?"),
    "isean13": _like(r"[0-9]{0,13}\n?"),
    "isisbn": _like(r"[0-9-]{0,32}\n?"),
    "isupc": _like(r"[0-9]{0,12}\n?"),
    "ismpn": lambda value: len(value) <= 40,
    "isdate": is_date,
    "isdateformat": lambda value: _DATE.fullmatch(value) is not None,
    "isproductvisibility": _like("both|catalog|search|none"),
    "isreductiontype": _like("amount|percentage"),
    "iscolor": _like(r"(#[0-9a-fA-F]{6}|[a-zA-Z0-9-]*)"),
    "ispostcode": _like(r"[a-zA-Z 0-9-]*"),
    "isconfigname": _like(r"[a-zA-Z_0-9-]+"),
    "islanguageisocode": _like(r"[a-zA-Z]{2,3}"),
    "islanguagecode": _like(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?"),
    "islocale": _like(r"[a-z]{2}-[A-Z]{2}"),
    "isnumericisocode": _like(r"[0-9]{3}"),
    "isphpdateformat": _like(r"[^<>]+"),
    "isthemename": _like(r"[\w-]{3,255}"),
    "ispricedisplaymethod": _like("[01]"),
}


def is_valid(name: str, value: str) -> bool:
    """The check of that name (PHP ignores the case of a method's name)."""
    return CHECKS[name.lower()](value)
