"""What differs between what was last sent and what the shop shows. Pure: values in, findings out."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sync.fingerprint import field_marks
from sync.transform.remote import changed_there, mark

PLAIN = (
    "reference", "ean13", "supplier_reference", "price", "id_tax_rules_group", "weight", "width", "height", "depth",
    "id_manufacturer", "minimal_quantity", "condition", "visibility", "active", "id_category_default",
)  # fmt: skip
"""Fields of a product that are short, and cheap to list."""
LONG = (
    "name", "description", "description_short", "link_rewrite", "meta_title", "meta_description", "available_now",
    "available_later", "categories[id]", "product_features[id,id_feature_value]",
)  # fmt: skip
"""The others: looked at only where the product's date_upd has moved."""
OF_COMBINATION = ("reference", "ean13", "supplier_reference", "price", "weight", "minimal_quantity", "default_on")
SLACK = timedelta(minutes=5)
"""So far the shop's clock and ours may lie apart."""

Difference = dict[str, dict[str, Any]]


def differences(
    agreed: Mapping[str, Any], shown: Mapping[str, Any], seen: Mapping[str, str], skip: Collection[str], untouched: bool
) -> Difference:
    """{field: {"sent", "shop"}} of what the shop shows (canonical) otherwise than agreed."""
    return {
        name: {"sent": agreed[name], "shop": theirs}
        for name, theirs in shown.items()
        if name in agreed
        and name not in skip
        and changed_there(name, agreed[name], theirs, seen=seen.get(name), untouched=untouched)
    }


def baseline(agreed: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, str]:
    """Marks of what the shop made of our texts (cleaned, cut): differences that are no change."""
    return {name: mark(theirs) for name, theirs in shown.items() if name in agreed and agreed[name] != theirs}


def fits(changed_at: datetime | None, agreed_at: datetime | None) -> bool:
    """Whether the shop's last change is our own last write."""
    return changed_at is not None and agreed_at is not None and abs(changed_at - agreed_at) <= SLACK


def combination_differences(sent: Mapping[str, str], shown: Mapping[str, Any]) -> dict[str, Any]:
    """The shop's values of a combination that are not what was sent, by the marks of it."""
    values = {name: _typed(name, shown[name]) for name in OF_COMBINATION if name in shown}
    return {name: shown[name] for name, one in field_marks(values).items() if name in sent and sent[name] != one}


def _typed(name: str, text: str) -> Any:
    """The value in the type that sync.transform.combination gives it."""
    if name in ("price", "weight"):
        try:
            return Decimal(text or "0")
        except InvalidOperation:
            return text
    return int(text or 0) if name in ("minimal_quantity", "default_on") else text
