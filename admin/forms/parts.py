"""Rows of a product's form: features, combinations, prices for groups.

Names are typed in all languages, in the order of the form's texts: "Size / Rozmiar". An emptied row goes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import Length, Optional, Regexp

from admin.forms.fields import AmountField, Between, choice, empty_to_none, without
from admin.i18n import _, lazy_gettext

BETWEEN, PAIRS, IS = " / ", ";", "="
NAMES_REFUSED, SKU_REFUSED = "<>{}", "<>;={}"
LARGEST = 2_147_483_647


def typed(names: Mapping[str, str], languages: Sequence[str]) -> str:
    """Names in the languages' order; a language without one stays empty between the strokes."""
    return BETWEEN.join(names.get(iso, "") for iso in languages).rstrip(" /")


def read_names(text: str, languages: Sequence[str]) -> dict[str, str]:
    """The reverse; with one language a stroke is a part of the name."""
    parts = f" {text} ".split(BETWEEN, len(languages) - 1) if len(languages) > 1 else [text]
    return {iso: name.strip() for iso, name in zip(languages, parts, strict=False) if name.strip()}


def typed_options(options: Sequence[Mapping[str, Mapping[str, str]]], languages: Sequence[str]) -> str:
    """Size / Rozmiar = L; Colour / Kolor = red / czerwony."""
    return f"{PAIRS} ".join(
        f"{typed(one['option'], languages)} {IS} {typed(one['value'], languages)}" for one in options
    )


def read_options(text: str, languages: Sequence[str]) -> list[dict[str, dict[str, str]]]:
    """The reverse. Raises ValueError."""
    found = []
    for part in filter(str.strip, text.split(PAIRS)):
        option, mark, value = part.partition(IS)
        pair = {"option": read_names(option, languages), "value": read_names(value, languages)}
        if not mark or not pair["option"] or not pair["value"]:
            raise ValueError(
                _("Write an option and its value, such as Size = L; this is none: %(part)s", part=part.strip())
            )
        found.append(pair)
    return found


class FeatureRow(PlainForm):
    """One feature."""

    feature = StringField(lazy_gettext("Feature"), [Length(max=255), without(NAMES_REFUSED)])
    value = StringField(lazy_gettext("Value"), [Length(max=512), without(NAMES_REFUSED)])

    def validate_value(self, field: Any) -> None:
        """Both or none."""
        if bool((field.data or "").strip()) != bool((self.feature.data or "").strip()):
            raise ValidationError(_("A feature needs a name and a value."))


class CombinationRow(PlainForm):
    """One combination; `id` is empty for a new one."""

    id = HiddenField()
    options = StringField(lazy_gettext("Options"), [Length(max=2000), without(NAMES_REFUSED)])
    sku = StringField(lazy_gettext("SKU"), [Length(max=64), without(SKU_REFUSED)], filters=[empty_to_none])
    ean = StringField(
        lazy_gettext("EAN"),
        [Optional(), Regexp(r"^\d{1,14}$", message=lazy_gettext("At most 14 digits, nothing else."))],
        filters=[empty_to_none],
    )
    supplier_reference = StringField(
        lazy_gettext("Supplier reference"), [Length(max=64), without(SKU_REFUSED)], filters=[empty_to_none]
    )
    price = AmountField(lazy_gettext("Adds to the price"), [Between(-LARGEST, LARGEST)])
    weight = AmountField(lazy_gettext("Adds to the weight"), [Between(-LARGEST, LARGEST)])
    quantity = IntegerField(lazy_gettext("Quantity"), [Optional(), Between(-LARGEST, LARGEST)])
    minimal_quantity = IntegerField(lazy_gettext("Least to order"), [Optional(), Between(0, LARGEST)])
    is_default = BooleanField(lazy_gettext("Shown first"))

    def validate_options(self, field: Any) -> None:
        """Readable."""
        try:
            read_options(field.data or "", ["en"])
        except ValueError as error:
            raise ValidationError(str(error)) from None


class PriceRow(PlainForm):
    """One price for a group; `id` is empty for a new one, `percent` is taken off as a share."""

    id = HiddenField()
    customer_group = StringField(lazy_gettext("Customer group"), [Length(max=64)], filters=[empty_to_none])
    from_quantity = IntegerField(lazy_gettext("From quantity"), [Optional(), Between(1, LARGEST)])
    price = AmountField(lazy_gettext("Net price"), [Between(0, LARGEST)])
    reduction = AmountField(lazy_gettext("Less"), [Between(0, LARGEST)])
    reduction_type = SelectField(
        lazy_gettext("of"),
        choices=[choice("percentage", "%"), choice("amount", lazy_gettext("money"))],
        default="percentage",
    )
    starts_at = DateTimeLocalField(
        lazy_gettext("From (UTC)"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )
    ends_at = DateTimeLocalField(
        lazy_gettext("Until (UTC)"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )

    def validate_reduction(self, field: Any) -> None:
        """A share is at most all of it."""
        if field.data is not None and self.reduction_type.data == "percentage" and field.data > 100:
            raise ValidationError(_("At most 100 %."))

    @property
    def said(self) -> bool:
        """Whether the row says anything."""
        return self.price.data is not None or bool(self.reduction.data)
