"""The form of a product, with texts for whatever languages there are, and what one shop shows differently.

Lengths and characters are those that PrestaShop 9.1 accepts; what it would refuse is said here already.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from admin.field_words import FIELD_WORDS
from admin.forms import Form
from admin.forms.fields import REQUIRED, AmountField, Between, choice, empty_to_none, stripped, without
from admin.forms.parts import CombinationRow, FeatureRow, PriceRow
from admin.i18n import _, lazy_gettext
from sync.transform.locks import LOCKABLE

Texts = dict[str, dict[str, str]]
NAME_REFUSED, SKU_REFUSED = "<>{}", "<>;={}"
LARGEST_PRICE, LARGEST_QUANTITY = 9_999_999_999, 2_147_483_647


def unix_lines(value: str | None) -> str:
    """A filter: lines end the way PrestaShop stores them."""
    return (value or "").replace("\r\n", "\n").strip()


class TextsForm(PlainForm):
    """A product's texts in one language."""

    name = StringField(lazy_gettext("Name"), [Length(max=128), without(NAME_REFUSED)], filters=[unix_lines])
    description_short = TextAreaField(lazy_gettext("Summary"), [Length(max=800)], filters=[unix_lines])
    description = TextAreaField(lazy_gettext("Description"), [Length(max=4_000_000)], filters=[unix_lines])
    link_rewrite = StringField(
        lazy_gettext("Friendly address"),
        [Length(max=128), Optional(), Regexp(r"^[\w-]+$", message=lazy_gettext("Letters, digits and hyphens only."))],
        filters=[unix_lines],
    )
    meta_title = StringField(
        lazy_gettext("Title for search engines"), [Length(max=128), without(NAME_REFUSED)], filters=[unix_lines]
    )
    meta_description = StringField(
        lazy_gettext("Description for search engines"), [Length(max=512), without(NAME_REFUSED)], filters=[unix_lines]
    )
    available_now = StringField(
        lazy_gettext("Text when in stock"), [Length(max=255), without(NAME_REFUSED)], filters=[unix_lines]
    )
    available_later = StringField(
        lazy_gettext("Text when out of stock"), [Length(max=255), without(NAME_REFUSED)], filters=[unix_lines]
    )


class ProductForm(Form):
    """Everything but the texts; `texts` is added by `product_form()`."""

    seen = HiddenField()
    sku = StringField(
        lazy_gettext("SKU"), [InputRequired(REQUIRED), Length(max=64), without(SKU_REFUSED)], filters=[stripped]
    )
    ean = StringField(
        lazy_gettext("EAN"),
        [Optional(), Regexp(r"^\d{1,14}$", message=lazy_gettext("At most 14 digits, nothing else."))],
        filters=[empty_to_none],
    )
    active = BooleanField(lazy_gettext("Active"))
    price = AmountField(lazy_gettext("Net price"), [InputRequired(REQUIRED), Between(0, LARGEST_PRICE)], least=2)
    tax_rate = AmountField(lazy_gettext("Tax rate"), [InputRequired(REQUIRED), Between(0, 100)])
    quantity = IntegerField(
        lazy_gettext("Quantity"), [InputRequired(REQUIRED), Between(-LARGEST_QUANTITY, LARGEST_QUANTITY)]
    )
    weight = AmountField(lazy_gettext("Weight in kg"), [Between(0, LARGEST_PRICE)])
    width = AmountField(lazy_gettext("Width in cm"), [Between(0, LARGEST_PRICE)])
    height = AmountField(lazy_gettext("Height in cm"), [Between(0, LARGEST_PRICE)])
    depth = AmountField(lazy_gettext("Depth in cm"), [Between(0, LARGEST_PRICE)])
    manufacturer = StringField(
        lazy_gettext("Manufacturer"), [Length(max=64), without("<>;=#{}")], filters=[empty_to_none]
    )
    supplier_reference = StringField(
        lazy_gettext("Supplier reference"), [Length(max=64), without(SKU_REFUSED)], filters=[empty_to_none]
    )
    minimal_quantity = IntegerField(
        lazy_gettext("Least to order"), [Optional(), Between(0, LARGEST_QUANTITY)], default=1
    )
    condition = SelectField(
        lazy_gettext("Condition"), default="new",
        choices=[
            choice("new", lazy_gettext("new")), choice("used", lazy_gettext("used")),
            choice("refurbished", lazy_gettext("refurbished")),
        ],
    )  # fmt: skip
    visibility = SelectField(
        lazy_gettext("Shown in"), default="both",
        choices=[
            choice("both", lazy_gettext("catalogue and search")), choice("catalog", lazy_gettext("catalogue only")),
            choice("search", lazy_gettext("search only")), choice("none", lazy_gettext("neither")),
        ],
    )  # fmt: skip
    parts = HiddenField()
    features = FieldList(FormField(FeatureRow), min_entries=1)
    combinations = FieldList(FormField(CombinationRow), min_entries=1)
    specific_prices = FieldList(FormField(PriceRow), min_entries=1)
    categories = SelectMultipleField(lazy_gettext("Categories"), coerce=int)
    default_category_id = SelectField(lazy_gettext("Main category"), coerce=int, default=0)

    def validate_default_category_id(self, field: Any) -> None:
        """The main category is one of the product's."""
        if field.data and field.data not in (self.categories.data or ()):
            raise ValidationError(_("Choose one of the product's categories, or let the first one be it."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field for itself, and a name in one language at least; the others fall back to it."""
        valid = bool(super().validate(extra_validators))
        entries = list(self.texts)
        if any(entry.form.name.data for entry in entries):
            return valid
        entries[0].form.name.errors = [_("A product needs a name in one language at least.")]
        return False

    def written_texts(self, kept: Mapping[str, Mapping[str, str]]) -> Texts:
        """The texts as they are to be stored: over those that the form does not know, nothing empty."""
        texts: Texts = {iso: dict(fields) for iso, fields in kept.items()}
        for iso, fields in self.texts.data.items():
            merged = {**texts.get(iso, {}), **{name: value or "" for name, value in fields.items()}}
            texts[iso] = {name: value for name, value in merged.items() if value}
        return {iso: fields for iso, fields in texts.items() if fields}


class OverrideForm(Form):
    """What one shop shows differently; an empty field means: as in the catalogue. `names` is added by language."""

    price = AmountField(lazy_gettext("Net price"), [Between(0, LARGEST_PRICE)], least=2)
    active = SelectField(
        lazy_gettext("Active"),
        choices=[
            choice("", lazy_gettext("as in the catalogue")),
            choice("1", lazy_gettext("active here")),
            choice("0", lazy_gettext("not active here")),
        ],
    )
    locked = SelectMultipleField(
        lazy_gettext("Fields that the shop keeps"),
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        choices=[choice(name, FIELD_WORDS.get(name, name)) for name in LOCKABLE],
    )  # fmt: skip


def product_form(languages: Sequence[str], **arguments: Any) -> ProductForm:
    """A product's form with texts in these languages (ISO codes)."""
    by_language = type("ByLanguage", (PlainForm,), {iso: FormField(TextsForm, label=iso) for iso in languages})
    made: ProductForm = type("BoundProductForm", (ProductForm,), {"texts": FormField(by_language)})(**arguments)
    return made


def override_form(languages: Sequence[str], **arguments: Any) -> OverrideForm:
    """The form of one shop's differences with a name in each of these languages."""
    fields = {
        iso: StringField(
            _("Name (%(language)s)", language=iso), [Length(max=128), without(NAME_REFUSED)], filters=[unix_lines]
        )
        for iso in languages
    }
    names = type("Names", (PlainForm,), fields)
    made: OverrideForm = type("BoundOverrideForm", (OverrideForm,), {"names": FormField(names)})(**arguments)
    return made
