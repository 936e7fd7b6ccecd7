"""The forms of a shop's availability, and of the way into its database."""

from typing import Any

from wtforms import BooleanField, IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from admin.forms import Form
from admin.forms.fields import REQUIRED, Between, choice, stripped
from admin.i18n import lazy_gettext
from models import ShopAvailability, ShopDatabase
from sync.availability.job import ROUTES
from sync.suppliers.offers import RULES

VALUES = [choice(0, lazy_gettext("deny orders")), choice(1, lazy_gettext("allow orders")),
          choice(2, lazy_gettext("as the shop's settings say"))]  # fmt: skip


class AvailabilityForm(Form):
    """A shop's settings; the texts are fields of the page's own, one set a language."""

    active = BooleanField(lazy_gettext("Active: the shop is told every half hour"))
    product_listing_enabled = BooleanField(lazy_gettext("Its products are listed with suppliers' availability"))
    min_stock_threshold = IntegerField(
        lazy_gettext("Minimum stock"), [InputRequired(REQUIRED), Between(0, 1_000_000)], default=20
    )
    only_changed = BooleanField(lazy_gettext("Only what has changed"), default=True)
    write_quantities = BooleanField(lazy_gettext("Write quantities, too"))
    allow_value = SelectField(lazy_gettext("When available"), choices=VALUES, coerce=int, default=1)
    deny_value = SelectField(lazy_gettext("When not available"), choices=VALUES, coerce=int, default=0)
    supplier_rule = SelectField(
        lazy_gettext("Which supplier"),
        choices=[
            choice(rule, text)
            for rule, text in zip(
                RULES,
                (lazy_gettext("the first"), lazy_gettext("the cheapest"), lazy_gettext("the fastest"),
                 lazy_gettext("the one with most pieces")),
                strict=True,
            )
        ],
    )  # fmt: skip
    supplier_ids = StringField(lazy_gettext("Suppliers that count, in order"), [Length(max=500)], filters=[stripped])
    route = SelectField(
        lazy_gettext("Route"),
        choices=[choice(r, t) for r, t in zip(ROUTES, (lazy_gettext("web service"), "SQL"), strict=True)],
    )

    def fill(self, row: ShopAvailability, supplier_ids: list[int], texts: dict[str, Any]) -> None:
        """Write it all into a shop's settings."""
        for name in (
            "active", "product_listing_enabled", "min_stock_threshold", "only_changed", "write_quantities",
            "allow_value", "deny_value", "supplier_rule", "route",
        ):  # fmt: skip
            setattr(row, name, self[name].data)
        row.supplier_ids, row.texts = supplier_ids, texts


class DatabaseForm(Form):
    """The way into a shop's MySQL. The password is never shown; left empty, the stored one stays."""

    host = StringField(lazy_gettext("Host"), [InputRequired(REQUIRED), Length(max=255)], filters=[stripped])
    port = IntegerField(lazy_gettext("Port"), [InputRequired(REQUIRED), Between(1, 65535)], default=3306)
    name = StringField(lazy_gettext("Database"), [InputRequired(REQUIRED), Length(max=64)], filters=[stripped])
    user = StringField(lazy_gettext("User"), [InputRequired(REQUIRED), Length(max=128)], filters=[stripped])
    password = PasswordField(lazy_gettext("Password"), [Optional(), Length(max=500)], render_kw={"autocomplete": "off"})
    prefix = StringField(
        lazy_gettext("Prefix of the tables"), [Regexp(r"\w{0,32}$", message=lazy_gettext("Letters, digits, _"))],
        default="ps_",
    )  # fmt: skip
    id_shop = IntegerField(lazy_gettext("Shop id"), [InputRequired(REQUIRED), Between(1, 2_147_483_647)], default=1)
    tls = BooleanField(lazy_gettext("Connect with TLS"))

    def fill(self, row: ShopDatabase) -> None:
        """Write everything but the password."""
        for name in ("host", "port", "name", "user", "prefix", "id_shop", "tls"):
            setattr(row, name, self[name].data)
