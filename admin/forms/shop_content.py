"""The form of what a shop gets of the catalogue, and how; and the confirmation of a removal."""

from typing import Any

from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from admin.field_words import FIELD_WORDS
from admin.forms import Form
from admin.forms.fields import REQUIRED, AmountField, choice, stripped
from admin.i18n import _, lazy_gettext
from models import RemovalPolicy, Shop
from sync import shop_content
from sync.transform.locks import LOCKABLE


class LanguagesField(StringField):
    """ISO codes by commas; `data` is a list."""

    def _value(self) -> str:
        return ", ".join(self.data) if isinstance(self.data, list) else str(self.data or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        parts = str(valuelist[0]).split(",") if valuelist else []
        self.data: Any = [part.strip().lower() for part in parts if part.strip()]


class ShopContentForm(Form):
    """Prices, languages, locks, image size, removals."""

    price_factor = AmountField(lazy_gettext("Our prices times"), [InputRequired(REQUIRED)])
    price_rounding = StringField(lazy_gettext("Rounded to"), [Length(max=16)], filters=[stripped])
    fallback_languages = LanguagesField(lazy_gettext("Languages for missing texts"))
    locked_fields = SelectMultipleField(
        lazy_gettext("Fields that the shop keeps"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    image_limit = IntegerField(lazy_gettext("Largest image, in bytes"), [InputRequired(REQUIRED)])
    removal_policy = SelectField(
        lazy_gettext("Products that do not belong there any more"),
        choices=[
            choice(RemovalPolicy.NEVER.value, lazy_gettext("stay as they are")),
            choice(RemovalPolicy.DEACTIVATE.value, lazy_gettext("may be switched off")),
            choice(RemovalPolicy.DELETE.value, lazy_gettext("may be deleted")),
        ],
    )

    def __init__(self, shop: Shop, **arguments: Any) -> None:
        super().__init__(obj=shop, **arguments)
        self.locked_fields.choices = [choice(name, FIELD_WORDS.get(name, name)) for name in LOCKABLE]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field for itself, and by the rules of what a shop gets."""
        valid = bool(super().validate(extra_validators))
        for name in shop_content.FIELDS:
            if self[name].errors:
                continue
            problem = shop_content.problem_of(name, self[name].data)
            if problem:
                self[name].errors = [problem]
                valid = False
        return valid

    @property
    def values(self) -> dict[str, Any]:
        """What is to be set."""
        return {name: self[name].data for name in shop_content.FIELDS}


class RemovalForm(Form):
    """A removal; one that deletes is confirmed by typing the shop's name."""

    name = StringField(lazy_gettext("Name of the shop"), render_kw={"autocomplete": "off"})

    def __init__(self, shop: Shop, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.shop = shop

    def validate_name(self, field: Any) -> None:
        """Exactly the name, where products are deleted."""
        deletes = self.shop.removal_policy == RemovalPolicy.DELETE
        if deletes and (field.data or "").strip() != self.shop.name:
            raise ValidationError(_("This is not the shop's name; nothing was removed."))
