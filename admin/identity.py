"""Who is signed in, and what may be seen by nobody in particular."""

import hmac
from urllib.parse import urlsplit

from flask import Flask, g, jsonify, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user
from werkzeug.wrappers import Response

from admin.database import db
from admin.i18n import _
from models import User

OPEN_ENDPOINTS = {
    "account.sign_in", "account.theme", "account.language", "system.healthz", "static", "bootstrap.static",
}  # fmt: skip
"""What answers without a sign-in."""
FIRST_PASSWORD_ENDPOINTS = OPEN_ENDPOINTS | {"account.password", "account.sign_out"}
"""What answers to somebody who still has a one-time password."""


class Operator(UserMixin):  # type: ignore[misc]
    """The signed-in user as Flask-Login wants it. The session's token makes a changed password end other sessions."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        return f"{self.user.id}.{self.user.session_token}"

    @property
    def is_active(self) -> bool:
        return self.user.active


def init_app(app: Flask) -> None:
    """Ask for a sign-in before everything that is not open."""
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address between two shelves
    manager.user_loader(load)
    app.before_request(_guard)


def load(session_id: str) -> Operator | None:
    """The operator of a session, unless the password was changed or the account switched off since."""
    if g.get("database_down"):  # the page that says so asks again who it is for
        return None
    number, _dot, token = session_id.partition(".")
    user = db.session.get(User, int(number)) if number.isascii() and number.isdigit() else None
    if user is None or not user.active or not hmac.compare_digest(user.session_token.encode(), token.encode()):
        return None
    return Operator(user)


def sign_in(user: User) -> None:
    """Begin a session for a user, with nothing of an earlier one in it."""
    session.clear()
    session.permanent = True
    login_user(Operator(user))


def signed_in_user() -> User:
    """The user of this request. Only for pages that ask for a sign-in."""
    user: User = current_user.user
    return user


def safe_next(target: str | None) -> str | None:
    """A place to go on to, when it is a path on this site; None for everything else."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(letter) < 32 or letter == "\\" for letter in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def _guard() -> Response | tuple[Response, int] | None:
    endpoint = request.endpoint
    if endpoint in OPEN_ENDPOINTS:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if current_user.user.one_time_password and endpoint not in FIRST_PASSWORD_ENDPOINTS:
        return redirect(url_for("account.password"))
    return None


def _to_sign_in() -> Response | tuple[Response, int]:
    if request.path.startswith("/api/"):
        return jsonify(error=_("You are signed out."), sign_in=url_for("account.sign_in")), 401
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.sign_in", next=here if here != "/" else None))
