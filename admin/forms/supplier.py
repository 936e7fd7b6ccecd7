"""The forms of a supplier and of its feeds."""

from typing import Any

from wtforms import BooleanField, IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from admin.forms import Form
from admin.forms.fields import REQUIRED, Between, choice, empty_to_none, stripped
from admin.i18n import lazy_gettext
from admin.supplier_words import AUTH_WORDS, SOURCE_WORDS
from models import Feed, Supplier
from sync.suppliers.feed_options import FORMATS
from sync.suppliers.feeds import SOURCES
from sync.suppliers.fetch import AUTH_KINDS

SAFETY = ("min_rows", "max_unmatched", "price_jump", "max_price_jumps", "max_unavailable")


class SupplierForm(Form):
    """A supplier."""

    name = StringField(lazy_gettext("Name"), [InputRequired(REQUIRED), Length(max=100)], filters=[stripped])
    contractor_id = StringField(
        lazy_gettext("Contractor number"), [Optional(), Length(max=64)], filters=[empty_to_none]
    )
    position = IntegerField(lazy_gettext("Rank"), [InputRequired(REQUIRED), Between(0, 100_000)], default=0)
    active = BooleanField(lazy_gettext("Active: its offers count"), default=True)

    def fill(self, supplier: Supplier) -> None:
        """Write it all into a supplier."""
        for name in ("name", "contractor_id", "position", "active"):
            setattr(supplier, name, self[name].data)


class FeedForm(Form):
    """Where a feed comes from and how careful to be. The secret is never shown; left empty, the stored one stays."""

    name = StringField(lazy_gettext("Name"), [InputRequired(REQUIRED), Length(max=100)], filters=[stripped])
    source = SelectField(
        lazy_gettext("Source"),
        choices=[choice(each, SOURCE_WORDS.get(each, each)) for each in SOURCES],
        default="upload",
    )
    address = StringField(lazy_gettext("Address or path"), [Optional(), Length(max=1000)], filters=[stripped])
    format = SelectField(
        lazy_gettext("Format"), choices=[choice("", lazy_gettext("as it looks")), *(choice(e, e) for e in FORMATS)]
    )
    auth_kind = SelectField(
        lazy_gettext("Sign in"), choices=[choice(each, AUTH_WORDS.get(each, each)) for each in AUTH_KINDS]
    )
    auth_user = StringField(lazy_gettext("User"), [Optional(), Length(max=200)], filters=[stripped])
    auth_header = StringField(lazy_gettext("Header"), [Optional(), Length(max=100)], filters=[stripped])
    auth_fingerprint = StringField(lazy_gettext("SFTP fingerprint"), [Optional(), Length(max=100)], filters=[stripped])
    auth_secret = PasswordField(
        lazy_gettext("Secret"), [Length(max=20_000)], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )
    missing_behavior = SelectField(
        lazy_gettext("Products that it has no longer"),
        choices=[
            choice("leave", lazy_gettext("leave as they are")),
            choice("zero", lazy_gettext("set their stock to zero")),
            choice("unavailable", lazy_gettext("mark them unavailable")),
        ],
    )
    row_limit = IntegerField(lazy_gettext("Rows at most"), [Optional(), Between(1, 2_147_483_647)])
    cron = StringField(lazy_gettext("When to read it"), [Optional(), Length(max=64)], filters=[stripped])
    min_rows = IntegerField(lazy_gettext("At least so many rows, % of usual"), [Optional(), Between(0, 100)])
    max_unmatched = IntegerField(lazy_gettext("Unmatched at most, %"), [Optional(), Between(0, 100)])
    price_jump = IntegerField(lazy_gettext("A price jumps when it moves by, %"), [Optional(), Between(0, 100_000)])
    max_price_jumps = IntegerField(lazy_gettext("Prices that jump at most, %"), [Optional(), Between(0, 100)])
    max_unavailable = IntegerField(lazy_gettext("Going unavailable at most, %"), [Optional(), Between(0, 100)])
    active = BooleanField(lazy_gettext("Active: it may be read"), default=True)

    def __init__(self, feed: Feed | None = None, cron: str = "", **arguments: Any) -> None:
        known: dict[str, Any] = {}
        if feed is not None:
            known = {f"auth_{name}": value for name, value in feed.auth.items()} | dict(feed.safety) | {"cron": cron}
        super().__init__(obj=feed, data=known, **arguments)

    def fill(self, feed: Feed) -> None:
        """Write everything but the secret into a feed."""
        for name in ("name", "source", "format", "missing_behavior", "row_limit", "active"):
            setattr(feed, name, self[name].data)
        if self.source.data != "upload" or self.address.data:
            feed.address = self.address.data or ""
        parts = {name: self[f"auth_{name}"].data for name in ("kind", "user", "header", "fingerprint")}
        feed.auth = {name: value for name, value in parts.items() if value}
        kept = {name: value for name, value in (feed.safety or {}).items() if name not in SAFETY}
        feed.safety = kept | {name: self[name].data for name in SAFETY if self[name].data is not None}
