"""Cells that hold several things: features, prices for groups, a combination's options; as PrestaShop writes them."""

import re
from collections.abc import Sequence
from decimal import Decimal

from sync.catalogue_files import values
from sync.catalogue_files.parts import FeatureRecord, PriceRecord
from sync.catalogue_files.values import BadValue

Pair = tuple[dict[str, str], dict[str, str]]
_PLACE = re.compile(r"\d+")
NAME_LENGTH = 255


def features(title: str, text: str, language: str) -> list[FeatureRecord]:
    """`Name:Value:Position, ...` in that order; the position, and whether it is customised, say nothing here."""
    found = []
    for part in _listed(text):
        name, _, rest = part.partition(":")
        value = _without_place(rest)
        if not name.strip() or not value:
            raise BadValue(f"{title} holds {part!r}, which is no feature such as Material:Cotton")
        found.append(FeatureRecord({language: _name(title, name)}, {language: _name(title, value)}))
    return found


def _without_place(text: str) -> str:
    """`Cotton:1:0` is Cotton; `10:30` may be a value: only trailing numbers behind a first part are places."""
    parts = [part.strip() for part in text.split(":")]
    while len(parts) > 1 and (_PLACE.fullmatch(parts[-1]) or not parts[-1]):
        parts.pop()
    return ":".join(parts)


def options(titles: tuple[str, str], attributes: str, chosen: str, language: str) -> list[Pair]:
    """The options and values of a combination: `Size:select:0, Colour:color:1` and `L:0, red:1`."""
    names, found = _listed(attributes), _listed(chosen)
    if not names or len(names) != len(found):
        raise BadValue(f"{titles[0]} has {len(names)} options and {titles[1]} {len(found)} values; each needs one")
    return [
        (
            {language: _name(titles[0], name.partition(":")[0])},
            {language: _name(titles[1], _without_place(value))},
        )
        for name, value in zip(names, found, strict=True)
    ]


def prices(title: str, text: str) -> list[PriceRecord]:
    """`Group:From quantity:Price, ...`; a price with a minus in front is taken off, with % as a share of the price."""
    found = []
    for part in _listed(text):
        group, _, rest = part.rpartition(":")
        group, _, quantity = group.rpartition(":")
        if not rest or not _PLACE.fullmatch(quantity.strip()):
            raise BadValue(f"{title} holds {part!r}, which is no price such as Retail:10:8.50 or Retail:1:-10%")
        found.append(_price(title, values.code(title, group, 64), int(quantity), rest.strip()))
    return found


def _price(title: str, group: str, quantity: int, text: str) -> PriceRecord:
    if not text.startswith("-"):
        return PriceRecord(group, quantity, price=values.amount(title, text))
    share = text.endswith("%")
    reduction = values.amount(title, text.strip("-%")) or Decimal(0)
    if share:
        return PriceRecord(group, quantity, reduction=reduction / 100, reduction_type="percentage")
    return PriceRecord(group, quantity, reduction=reduction)


def _listed(text: str) -> Sequence[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _name(title: str, text: str) -> str:
    name = values.code(title, text, NAME_LENGTH)
    if not name:
        raise BadValue(f"{title} has a name that is empty")
    return name
