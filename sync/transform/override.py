"""A value that a shop shows (canonical) as what one shop shows differently (ProductOverride.fields). Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from models.catalogue import PRODUCT_TEXTS
from sync.transform.locks import LOCKABLE

PLAIN: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    **{name: (name, str) for name in ("price", "weight", "width", "height", "depth")},
    **{name: (name, str) for name in ("condition", "visibility", "supplier_reference")},
    "ean13": ("ean", str),
    "active": ("active", lambda text: text == "1"),
    "minimal_quantity": ("minimal_quantity", int),
}


def can_differ(name: str) -> bool:
    """Whether one shop may show a value of its own in this field of a product's document."""
    return name in PRODUCT_TEXTS or any(name in fields for fields in LOCKABLE.values())


def lock_of(name: str) -> str:
    """The lock that keeps the field as the shop has it."""
    return next(lock for lock, fields in LOCKABLE.items() if name in fields)


def as_override(
    name: str, value: Any, *, languages: Mapping[str, int], tax_rules_groups: Mapping[str, int],
    manufacturers: Mapping[int, str], texts: Mapping[str, Mapping[str, str]],
) -> dict[str, Any] | None:  # fmt: skip
    """The value as fields of an override; None where no override can say it (categories, features, unknown ids).

    `languages` and `tax_rules_groups` are the shop's, `manufacturers` names by id there; `texts` is what the override
    holds already.
    """
    if name in PRODUCT_TEXTS and isinstance(value, Mapping):
        return {"texts": _texts(name, value, languages, texts)}
    if name == "id_tax_rules_group":
        rate = next((rate for rate, group in tax_rules_groups.items() if str(group) == value), None)
        return None if rate is None else {"tax_rate": rate}
    if name == "id_manufacturer":
        known = manufacturers.get(int(value))
        return None if known is None else {"manufacturer": known}
    if name not in PLAIN:
        return None
    field, read = PLAIN[name]
    return {field: read(value)}


def _texts(
    name: str, value: Mapping[str, str], languages: Mapping[str, int], texts: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    found = {iso: dict(fields) for iso, fields in texts.items()}
    for iso, number in languages.items():
        if value.get(str(number)):
            found.setdefault(iso, {})[name] = value[str(number)]
    return found
