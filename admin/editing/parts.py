"""A product's features, combinations and prices for groups, between its form and its rows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.forms.parts import read_names, read_options, typed, typed_options
from admin.forms.product import ProductForm
from admin.i18n import _
from models import Combination, Product, ProductFeature, SpecificPrice
from models.types import nfc

BLANK_ROWS = 2


def values_of(product: Product, languages: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """What the form's rows are filled with, and some blank ones."""
    return {
        "features": [
            *(
                {"feature": typed(one.feature, languages), "value": typed(one.value, languages)}
                for one in product.features
            ),
            *({} for _row in range(BLANK_ROWS)),
        ],
        "combinations": [
            *(_combination(one, languages) for one in product.combinations),
            *({"minimal_quantity": 1} for _row in range(BLANK_ROWS)),
        ],
        "specific_prices": [
            *(_price(one) for one in product.specific_prices if one.shop_id is None and one.combination_id is None),
            *({"from_quantity": 1} for _row in range(BLANK_ROWS)),
        ],
    }


def _combination(row: Combination, languages: Sequence[str]) -> dict[str, Any]:
    names = ("id", "sku", "ean", "supplier_reference", "price", "weight", "quantity", "minimal_quantity", "is_default")
    return {name: getattr(row, name) for name in names} | {"options": typed_options(row.options, languages)}


def _price(row: SpecificPrice) -> dict[str, Any]:
    names = ("id", "customer_group", "from_quantity", "price", "reduction", "reduction_type", "starts_at", "ends_at")
    values = {name: getattr(row, name) for name in names}
    if row.reduction_type == "percentage":
        values["reduction"] = row.reduction * 100
    values["reduction"] = values["reduction"] or None
    return values


def skus_are_free(session: Session, form: ProductForm, own_id: int | None) -> bool:
    """Whether each combination's SKU is its alone; says so at the field."""
    rows = {entry.form.sku: nfc(entry.form.sku.data) for entry in form.combinations if entry.form.sku.data}
    query = select(Combination.sku).where(Combination.sku.in_(rows.values()), Combination.product_id != (own_id or 0))
    taken = set(session.scalars(query)) if rows else set()
    skus = list(rows.values())
    wrong = {field: sku for field, sku in rows.items() if sku in taken or skus.count(sku) > 1}
    for field, sku in wrong.items():
        field.errors = [_("Another combination has the SKU %(sku)s already.", sku=sku)]
    if wrong:
        form.combinations.errors = [_("Look at the SKUs of the combinations.")]
    return not wrong


def fill(product: Product, form: ProductForm, languages: Sequence[str]) -> None:
    """Write the rows into the product, if the form had them at all. An emptied row goes."""
    if not form.parts.data:
        return
    _fill_features(product, form, languages)
    _fill_combinations(product, form, languages)
    _fill_prices(product, form)


def _fill_features(product: Product, form: ProductForm, languages: Sequence[str]) -> None:
    left = list(product.features)
    listed: list[ProductFeature] = []
    for entry in form.features:
        row_form = entry.form
        text = (row_form.feature.data or "").strip()
        if not text:
            continue
        known = next((row for row in left if typed(row.feature, languages) == text), None)
        if known is not None:
            left.remove(known)
        row = known or ProductFeature(feature=read_names(text, languages), value={})
        value = (row_form.value.data or "").strip()
        if typed(row.value, languages) != value:
            row.value = read_names(value, languages)
        row.position = len(listed)
        listed.append(row)
    product.features = listed


def _fill_combinations(product: Product, form: ProductForm, languages: Sequence[str]) -> None:
    known = {str(row.id): row for row in product.combinations}
    listed: list[Combination] = []
    for entry in form.combinations:
        row_form = entry.form
        text = (row_form.options.data or "").strip()
        if not text:
            continue
        row = known.get(row_form.id.data or "") or Combination(options=[], images=[])
        if typed_options(row.options, languages) != text:
            row.options = read_options(text, languages)
        for name in ("sku", "ean", "supplier_reference"):
            setattr(row, name, row_form[name].data)
        row.price, row.weight = row_form.price.data or Decimal(0), row_form.weight.data or Decimal(0)
        row.quantity = row_form.quantity.data or 0
        row.minimal_quantity = 1 if row_form.minimal_quantity.data is None else row_form.minimal_quantity.data
        row.is_default = bool(row_form.is_default.data)
        row.position = len(listed)
        listed.append(row)
    product.combinations = listed


def _fill_prices(product: Product, form: ProductForm) -> None:
    """Those of one shop, or of a combination, are not in the form, and stay."""
    others = [row for row in product.specific_prices if row.shop_id is not None or row.combination_id is not None]
    known = {str(row.id): row for row in product.specific_prices if row not in others}
    listed = []
    for entry in form.specific_prices:
        row_form = entry.form
        if not row_form.said:
            continue
        row = known.get(row_form.id.data or "") or SpecificPrice()
        row.customer_group = row_form.customer_group.data or ""
        row.from_quantity = row_form.from_quantity.data or 1
        row.price, row.reduction_type = row_form.price.data, row_form.reduction_type.data
        share = Decimal(100 if row.reduction_type == "percentage" else 1)
        row.reduction = (row_form.reduction.data or Decimal(0)) / share
        row.starts_at, row.ends_at = _utc(row_form.starts_at.data), _utc(row_form.ends_at.data)
        listed.append(row)
    product.specific_prices = [*others, *listed]


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
