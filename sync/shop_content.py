"""What a shop gets of the catalogue, and how: the settings that belong together, checked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from models import Shop
from sync.transform.locks import LOCKABLE
from sync.transform.prices import Rounding

FIELDS = (
    "price_factor", "price_rounding", "fallback_languages", "locked_fields", "image_limit", "removal_policy",
)  # fmt: skip
LEAST_IMAGE, MOST_IMAGE = 10_000, 100_000_000
ISO_LENGTH = 2


def problem_of(name: str, value: Any) -> str | None:
    """What is wrong with a value of one of FIELDS; None for nothing."""
    match name:
        case "price_factor":
            return None if 0 < Decimal(value) <= 1000 else "a factor is above 0 and at most 1000"
        case "price_rounding":
            return _rounding_problem(value)
        case "fallback_languages":
            bad = [iso for iso in value if len(iso) != ISO_LENGTH or not iso.isalpha() or iso != iso.lower()]
            return f"{bad[0]!r} is no ISO code of a language, such as en" if bad else None
        case "locked_fields":
            unknown = [each for each in value if each not in LOCKABLE]
            return f"{unknown[0]!r} cannot be locked; one of: {', '.join(LOCKABLE)}" if unknown else None
        case "image_limit":
            return None if LEAST_IMAGE <= value <= MOST_IMAGE else f"from {LEAST_IMAGE} to {MOST_IMAGE} bytes"
    return None


def _rounding_problem(text: str) -> str | None:
    try:
        Rounding.of(text)
    except ValueError as error:
        return str(error)
    return None


def apply(shop: Shop, values: Mapping[str, Any]) -> bool:
    """Set them; whether something changed that products are pushed anew for. Raises ValueError."""
    for name, value in values.items():
        found = problem_of(name, value)
        if found:
            raise ValueError(f"{name}: {found}")
    pushed: Sequence[str] = ("price_factor", "price_rounding", "fallback_languages", "locked_fields")
    changed = any(name in values and getattr(shop, name) != values[name] for name in pushed)
    for name, value in values.items():
        setattr(shop, name, value)
    return changed
