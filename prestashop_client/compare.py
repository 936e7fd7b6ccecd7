"""Whether what was sent stands in the shop, told from what the shop now gives back.

A shop changes what it stores: HTML is cleaned, lengths are cut, numbers are rounded to six decimals, slugs are made.
So there are three answers: True, False, and None where the difference may be the shop's own doing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from prestashop_client.xml import Document, scalar_text

# Ignored by the shop, or made by it, whatever is sent.
MADE_BY_THE_SHOP = {"date_upd", "type", "new", "indexed", "unit_price_ratio", "position_in_category", "position"}
# Stored in another form than sent: HTML, slugs, enumerations with a fallback, cut lengths.
REWRITTEN = {"description", "description_short", "short_description", "additional_description", "link_rewrite",
             "redirect_type", "meta_title", "date_add", "id_shop_default", "level_depth", "product_type"}  # fmt: skip
# Texts that may look like numbers and are not: 007 is not 7.
VERBATIM = {"reference", "supplier_reference", "name", "value", "ean13", "upc", "isbn", "mpn", "iso_code"}
IGNORED_ASSOCIATIONS = {"images", "stock_availables"}
EMPTY = {"", "0", "0000-00-00", "0000-00-00 00:00:00"}
SIX_DECIMALS = Decimal("0.000001")


def stands(sent: Mapping[str, Any], stored: Document, fields: Iterable[str] | None = None) -> bool | None:
    """Whether every one of `fields` (all that were sent) stands: False if one does not, None if one is unclear."""
    result: bool | None = True
    for name in sent if fields is None else fields:
        if name == "id" or name in MADE_BY_THE_SHOP:
            continue
        verdict = _field_stands(name, sent[name], stored)
        if verdict is False:
            return False
        result = None if verdict is None else result
    return result


def is_entity(sent: Mapping[str, Any], stored: Document, key: Iterable[str]) -> bool | None:
    """Whether `stored` is the entity made from `sent`: its key fields must be equal, the rest must not differ.

    None when the key fits and another field does not: perhaps somebody else's entity of the same name.
    """
    if stands(sent, stored, key) is not True:
        return False
    rest = [name for name in sent if name not in REWRITTEN and name != "associations"]
    return None if stands(sent, stored, rest) is False else True


def _field_stands(name: str, sent: Any, stored: Document) -> bool | None:
    if name == "associations":
        return _associations_stand(sent, stored.get("associations"))
    if name not in stored:
        return None
    found = stored[name]
    if isinstance(sent, Mapping) and isinstance(found, dict):
        return _all(
            _text_stands(name, scalar_text(name, text), found[language])
            for language, text in sent.items()
            if language in found
        )
    if isinstance(sent, Mapping) or isinstance(found, dict):
        return None
    return _text_stands(name, scalar_text(name, sent), found)


def _text_stands(name: str, sent: str, found: str) -> bool | None:
    if sent == found:
        return True
    if name in VERBATIM:
        return False
    if _zero(sent) and _zero(found):
        return True
    if name in REWRITTEN:
        return None
    numbers = _number(sent), _number(found)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0].quantize(SIX_DECIMALS) == numbers[1].quantize(SIX_DECIMALS)
    return False


def _associations_stand(sent: Mapping[str, Any], stored: Mapping[str, Any] | None) -> bool | None:
    if stored is None:
        return None
    return _all(
        _same_entries(entries, stored.get(name, []))
        for name, entries in sent.items()
        if name not in IGNORED_ASSOCIATIONS
    )


def _same_entries(sent: list[Mapping[str, Any]], stored: list[Mapping[str, str]]) -> bool:
    fields = sorted({field for entry in sent for field in entry})
    wanted = {tuple(scalar_text(field, entry.get(field)) for field in fields) for entry in sent}
    found = {tuple(entry.get(field, "") for field in fields) for entry in stored}
    return wanted == found if fields else not stored


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    known = list(verdicts)
    if False in known:
        return False
    return None if None in known else True


def _zero(text: str) -> bool:
    if text in EMPTY:
        return True
    number = _number(text)
    return number is not None and number == 0


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None
