"""Forms: what may be typed, checked where it is typed."""

from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc]
    """A form with a CSRF token."""
