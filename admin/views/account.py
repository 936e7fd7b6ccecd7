"""Signing in and out, one's own password, the theme, the language."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from admin import accounts, frame, i18n
from admin.database import begin_writing, db, slow
from admin.forms.account import PasswordForm, SignInForm
from admin.i18n import _
from admin.identity import safe_next, signed_in_user
from admin.identity import sign_in as begin_session
from admin.security import limiter
from models import User, now

blueprint = Blueprint("account", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(lambda: current_app.config["LOGIN_RATE"], methods=["POST"])
@slow  # the hash takes its time; nobody shall wait for the database meanwhile
def sign_in() -> Response | str | tuple[str, int]:
    """Ask for name and password; the answer to a wrong one does not say which of them was wrong."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")) or url_for("overview.show"))
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form)
    typed = form.password.data or ""
    user = accounts.check(db.session(), form.name.data or "", typed)
    if user is None:
        form.password.errors = [_("Name or password is not right.")]
        return render_template("account/sign_in.html", form=form), 401
    return _welcome(user.id, typed, form.next.data)


def _welcome(user_id: int, password: str, target: str | None) -> Response:
    begin_writing()
    user = db.get_or_404(User, user_id)
    accounts.refresh_hash(user, password)
    user.last_login_at = now()
    db.session.commit()
    begin_session(user)
    if user.one_time_password:
        return redirect(url_for("account.password"))
    return redirect(safe_next(target) or url_for("overview.show"))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    logout_user()
    session.clear()
    return redirect(url_for("account.sign_in"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@limiter.limit(lambda: current_app.config["LOGIN_RATE"], methods=["POST"])
@slow
def password() -> Response | str:
    """Change one's own password; other sessions of the same user end."""
    form = PasswordForm()
    user = signed_in_user()
    if form.validate_on_submit() and _is_present(user, form):
        begin_writing()
        kept = db.get_or_404(User, user.id)
        accounts.set_password(db.session(), kept, form.password.data or "")
        db.session.commit()
        begin_session(kept)
        flash(_("Your password is changed. Other sessions of yours are signed out."), "done")
        return redirect(url_for("overview.show"))
    return render_template("account/password.html", form=form, user=user)


def _is_present(user: User, form: PasswordForm) -> bool:
    if accounts.verify(user.password_hash, form.current.data or ""):
        return True
    form.current.errors = [_("This is not your present password.")]
    return False


@blueprint.post("/theme")
def theme() -> Response:
    """Switch between light and dark, for who has no scripts."""
    return _keep("theme", "light" if frame.theme() == "dark" else "dark")


@blueprint.post("/language")
def language() -> Response:
    """Show everything in another language from now on, in this browser."""
    chosen = request.form.get("language", "")
    return _keep(i18n.COOKIE, chosen if chosen in i18n.LANGUAGES else i18n.language())


def _keep(name: str, value: str) -> Response:
    """Back to where the reader was, with a choice that outlives the session: the sign-in page goes by it, too."""
    answer = redirect(safe_next(request.form.get("next")) or url_for("overview.show"))
    answer.set_cookie(name, value, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure)
    return answer
