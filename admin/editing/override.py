"""What one shop shows differently: its form and its row."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from admin.forms.product import OverrideForm, override_form
from models import Product, ProductOverride, Shop, now


def form_of(product: Product, shop: Shop, languages: Sequence[str]) -> OverrideForm:
    """The form filled from what is stored (or from what was sent)."""
    fields = _fields(product, shop)
    texts = fields.get("texts") or {}
    active, row = fields.get("active"), _stored(product, shop)
    values = {
        "price": Decimal(str(fields["price"])) if fields.get("price") is not None else None,
        "active": "" if active is None else str(int(bool(active))),
        "locked": list(row.locked) if row else [],
        "names": {iso: (texts.get(iso) or {}).get("name", "") for iso in languages},
    }
    return override_form(languages, data=values)


def fill(product: Product, shop: Shop, form: OverrideForm) -> None:
    """Write the form. Differences that it does not know stay; the product counts as changed."""
    fields = _fields(product, shop)
    for name, value in (
        ("price", None if form.price.data is None else format(form.price.data, "f")),
        ("active", None if form.active.data == "" else form.active.data == "1"),
        ("texts", _texts(fields.get("texts") or {}, form.names.data)),
    ):
        fields.pop(name, None)
        if value is not None and value != {}:
            fields[name] = value
    kept = [row for row in product.overrides if row.shop_id != shop.id]
    locked = form.locked.data or []
    product.overrides = [*kept, _row(product, shop, fields, locked)] if fields or locked else kept
    product.changed_at = now()


def _texts(stored: dict[str, dict[str, str]], names: dict[str, str | None]) -> dict[str, dict[str, str]]:
    texts = {iso: {key: text for key, text in fields.items() if key != "name"} for iso, fields in stored.items()}
    for iso, name in names.items():
        if name:
            texts.setdefault(iso, {})["name"] = name
    return {iso: fields for iso, fields in texts.items() if fields}


def _fields(product: Product, shop: Shop) -> dict[str, Any]:
    row = _stored(product, shop)
    return dict(row.fields) if row else {}


def _stored(product: Product, shop: Shop) -> ProductOverride | None:
    return next((row for row in product.overrides if row.shop_id == shop.id), None)


def _row(product: Product, shop: Shop, fields: dict[str, Any], locked: list[str]) -> ProductOverride:
    row = _stored(product, shop) or ProductOverride(shop_id=shop.id)
    row.fields, row.locked = fields, locked
    return row
