"""Forms of signing in and of one's own password."""

from typing import Any

from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired, Length

from admin.accounts import MAX_PASSWORD, MIN_PASSWORD
from admin.forms import Form
from admin.forms.fields import REQUIRED, stripped
from admin.i18n import _, lazy_gettext


class SignInForm(Form):
    """Name and password, and where to go on to."""

    name = StringField(
        lazy_gettext("Name"), [InputRequired(REQUIRED)], filters=[stripped],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "autofocus": True},
    )  # fmt: skip
    password = PasswordField(
        lazy_gettext("Password"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class PasswordForm(Form):
    """One's own password, changed."""

    current = PasswordField(
        lazy_gettext("Present password"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        lazy_gettext("New password"), [InputRequired(REQUIRED), Length(max=MAX_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )  # fmt: skip
    again = PasswordField(
        lazy_gettext("New password again"),
        [InputRequired(REQUIRED), EqualTo("password", lazy_gettext("The two are not the same."))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_password(self, field: Any) -> None:
        """At least so long, and not the old one again."""
        if len(field.data or "") < MIN_PASSWORD:
            raise ValidationError(_("At least %(n)d characters.", n=MIN_PASSWORD))
        if field.data == self.current.data:
            raise ValidationError(_("This is the present one; choose another."))
