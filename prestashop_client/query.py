"""Lists: filters, fields, order and paging as the web service reads them, and lists cut by address length.

Rules and measurements: a value with a bracket drops the whole filter and everything comes back; `limit=0` is an
empty list; without a sort the order is not by id; a request line above 8,169 bytes is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

from prestashop_client.errors import LocalRefusal
from prestashop_client.xml import clean_text

Params = list[tuple[str, str]]
MAX_REQUEST_LINE = 8_000
SAFE = "[],:"  # brackets may be sent raw (measured); anything else is percent-encoded


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter's value in the web service's own notation, made by the functions below."""

    text: str


def greater(value: object) -> Filter:
    return Filter(f">[{plain_text(value)}]")


def less(value: object) -> Filter:
    return Filter(f"<[{plain_text(value)}]")


def between(low: object, high: object) -> Filter:
    """From `low` to `high`, both included. Works for numbers and dates only."""
    return Filter(f"[{plain_text(low)},{plain_text(high)}]")


def not_in(*values: object) -> Filter:
    return Filter(f"![{'|'.join(_listed(value) for value in values)}]")


def begins(text: str) -> Filter:
    """Texts that begin so; `%` and `_` are wildcards."""
    return Filter(f"[{plain_text(text)}]%")


def ends(text: str) -> Filter:
    return Filter(f"%[{plain_text(text)}]")


def contains(text: str) -> Filter:
    return Filter(f"%[{plain_text(text)}]%")


def list_params(
    filters: Mapping[str, object] | None = None,
    *,
    display: str | Sequence[str] | None = None,
    sort: tuple[str, str] | None = ("id", "ASC"),
    limit: int | None = None,
    offset: int = 0,
    with_dates: bool = False,
) -> Params:
    """The query of a list request. Raises LocalRefusal for what the shop would silently misread."""
    params = [(f"filter[{field}]", filter_text(field, value)) for field, value in (filters or {}).items()]
    if display is not None:
        params.append(("display", display_text(display)))
    if sort is not None:
        params.append(("sort", f"[{sort[0]}_{sort[1]}]"))
    if limit is not None:
        params.append(("limit", _limit_text(limit, offset)))
    if with_dates or any(_concerns_dates(field, value) for field, value in (filters or {}).items()):
        params.append(("date", "1"))
    return params


def filter_text(field: str, value: object) -> str:
    """One filter's value: a scalar is compared for equality, a list is an OR, a Filter says it itself."""
    if isinstance(value, Filter):
        return value.text
    if isinstance(value, (list, tuple, set, frozenset)):
        values = [_listed(item) for item in value]
        if not values:
            raise LocalRefusal("an empty list finds nothing", field=field, remedy="leave the request out")
        # One value alone goes bare: [1,2] would be read as from 1 to 2.
        return values[0] if len(values) == 1 and values[0] else f"[{'|'.join(values)}]"
    text = plain_text(value)
    return text or "[]"


def display_text(display: str | Sequence[str]) -> str:
    """`full`, or the fields in brackets (without brackets they are refused with code 36)."""
    if isinstance(display, str):
        return display if display in ("full", "minimum") else f"[{display.strip('[]')}]"
    return f"[{','.join(display)}]"


def encode(params: Iterable[tuple[str, str]]) -> str:
    """The query string as it goes over the wire."""
    return "&".join(f"{quote(name, safe=SAFE)}={quote(value, safe=SAFE)}" for name, value in params)


def by_length(values: Iterable[str], room: int, most: int | None = None) -> Iterator[list[str]]:
    """Cut `values` into lists whose encoded form, with an encoded bar between, takes at most `room` bytes."""
    chunk: list[str] = []
    used = 0
    for value in values:
        size = len(quote(value, safe=SAFE)) + 3
        if chunk and (used + size > room or len(chunk) == most):
            yield chunk
            chunk, used = [], 0
        chunk.append(value)
        used += size
    if chunk:
        yield chunk


def _limit_text(limit: int, offset: int) -> str:
    if limit < 1 or offset < 0:
        raise LocalRefusal("limit must be 1 or more", field="limit", remedy="0 gives an empty list, not all")
    return f"{offset},{limit}" if offset else str(limit)


def _concerns_dates(field: str, value: object) -> bool:
    return field in ("date_add", "date_upd") or isinstance(value, date)


def plain_text(value: object) -> str:
    """One value as the web service compares it. Raises LocalRefusal for what cannot be asked for."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (int, date)):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if not isinstance(value, str):
        raise LocalRefusal(f"{value!r} cannot be a filter's value", remedy="use str, int, Decimal, date or bool")
    if "[" in value or "]" in value:
        raise LocalRefusal(
            f"{value!r} has a bracket: the shop would drop the filter and list everything",
            remedy="use find_by_reference, or filter with contains() on a part without brackets",
        )
    return clean_text(value)


def _listed(value: object) -> str:
    text = plain_text(value)
    if "|" in text:
        raise LocalRefusal(f"{text!r} has a bar, which parts the list", remedy="ask for it alone, as one value")
    return text
