"""The form of a shop: where it is, how to get in, how gently to treat it."""

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from wtforms import BooleanField, FloatField, IntegerField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from admin.addresses import bare_address
from admin.forms import Form
from admin.forms.fields import REQUIRED, Between, TaxGroupsField, choice, stripped
from admin.i18n import _, lazy_gettext
from models import ConflictPolicy, Shop


class ShopForm(Form):
    """A shop. The key is never shown; left empty, the stored one stays."""

    name = StringField(lazy_gettext("Name"), [InputRequired(REQUIRED), Length(max=100)], filters=[stripped])
    address = StringField(
        lazy_gettext("Address"), [InputRequired(REQUIRED), Length(max=500)], filters=[bare_address],
        render_kw={"inputmode": "url", "placeholder": "https://shop.example", "autocomplete": "off"},
    )  # fmt: skip
    key = PasswordField(
        lazy_gettext("Web service key"), [Length(max=255)], filters=[stripped],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )  # fmt: skip
    active = BooleanField(lazy_gettext("Active: products may be pushed to it"), default=True)
    id_shop = IntegerField(lazy_gettext("Shop id (multistore)"), [Optional(), Between(1, 2_147_483_647)])
    home_category_id = IntegerField(
        lazy_gettext("Id of its home category"), [InputRequired(REQUIRED), Between(1, 2_147_483_647)], default=2
    )
    tax_rules_groups = TaxGroupsField(lazy_gettext("Tax rates and the shop's tax rules groups"))
    max_concurrency = IntegerField(
        lazy_gettext("Requests at once"), [InputRequired(REQUIRED), Between(1, 2)], default=1
    )
    pace = FloatField(lazy_gettext("Requests per second, at most"), [Optional(), Between(0, 1000)])
    connect_timeout = FloatField(
        lazy_gettext("Seconds to connect"), [InputRequired(REQUIRED), Between(1, 60)], default=5.0
    )
    read_timeout = FloatField(
        lazy_gettext("Seconds to answer"), [InputRequired(REQUIRED), Between(1, 300)], default=60.0
    )
    drift_budget = IntegerField(lazy_gettext("Requests a night for checks"), [Optional(), Between(10, 1_000_000)])

    conflict_policy = SelectField(
        lazy_gettext("Where a field changed both here and in the shop"),
        choices=[
            choice(ConflictPolicy.OURS.value, lazy_gettext("ours wins")),
            choice(ConflictPolicy.SHOP.value, lazy_gettext("the shop's wins")),
            choice(ConflictPolicy.NEWEST.value, lazy_gettext("the newest wins")),
            choice(ConflictPolicy.ASK.value, lazy_gettext("ask me")),
        ],
        default=ConflictPolicy.OURS.value,
    )
    time_zone = StringField(lazy_gettext("The shop's time zone"), [Length(max=64)], filters=[stripped], default="UTC")

    def __init__(self, shop: Shop | None = None, **arguments: Any) -> None:
        super().__init__(obj=shop, **arguments)
        self.stored = shop

    def validate_address(self, field: Any) -> None:
        """An http address with a host, and nothing secret in it."""
        try:
            parts = urlsplit(field.data)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValidationError(_("Write the shop's address, such as https://shop.example."))
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValidationError(_("Only the address: no user, key or question mark in it."))

    def validate_time_zone(self, field: Any) -> None:
        """The name of a time zone."""
        field.data = field.data or "UTC"
        if field.data not in available_timezones():
            raise ValidationError(_("Write a time zone such as Europe/Warsaw, or UTC."))

    def validate_key(self, field: Any) -> None:
        """A new shop needs a key, and so does a new host: or a changed address would have the old key sent there."""
        if field.data:
            if not (field.data.isascii() and field.data.isalnum()):
                raise ValidationError(_("A key has letters and digits only."))
        elif self.stored is None:
            raise ValidationError(_("Enter the key: in the shop under Advanced Parameters > Webservice."))
        elif _host(self.stored.address) != _host(self.address.data or ""):
            raise ValidationError(_("The address leads to another host. Enter the key that is for it."))

    def fill(self, shop: Shop) -> None:
        """Write everything but the key into a shop."""
        for name in (
            "name", "address", "active", "id_shop", "home_category_id", "max_concurrency", "pace",
            "connect_timeout", "read_timeout", "conflict_policy", "time_zone",
        ):  # fmt: skip
            setattr(shop, name, self[name].data)
        shop.tax_rules_groups = self.tax_rules_groups.data or {}
        if self.drift_budget.data is not None:
            shop.drift_budget = self.drift_budget.data


class DeleteShopForm(Form):
    """Confirmed by typing the shop's name."""

    name = StringField(lazy_gettext("Name of the shop"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "off"})

    def __init__(self, shop: Shop, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.shop_name = shop.name

    def validate_name(self, field: Any) -> None:
        """Exactly the name."""
        if (field.data or "").strip() != self.shop_name:
            raise ValidationError(_("This is not the shop's name; nothing was deleted."))


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
