"""What goes wrong in a request, as a page in the frame that says what to do, or as JSON under /api."""

from flask import Flask, g, jsonify, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.stdlib import BoundLogger, get_logger
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from admin.database import db
from admin.i18n import _

log: BoundLogger = get_logger("admin")


def init_app(app: Flask) -> None:
    """Answer errors with pages of our own."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(RateLimitExceeded, _too_often)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(IntegrityError, _crossed)


def _http_error(error: HTTPException) -> Response | tuple[Response | str, int]:
    if error.response is not None:
        return error.get_response()
    code = error.code or 500
    if isinstance(error, InternalServerError):
        db.session.rollback()
    title, advice = _words(code)
    return _answer(code, title, advice)


def _words(code: int) -> tuple[str, str]:
    known = {
        400: (_("Not understood"), _("The request was not complete. Go back, reload the page and try again.")),
        403: (_("Not allowed"), _("Your account may not do this.")),
        404: (_("Not found"), _("There is nothing at this address; it may have been deleted. Try the search.")),
        405: (_("Not like this"), _("This address takes a form. Open its page and press the button there.")),
        413: (_("Too large"), _("What was sent is larger than 8 MB. Send less at once.")),
    }
    broken = (_("Something broke"), _("It was written to the log. Try again; if it stays, look at the System page."))
    return known.get(code, broken if code >= 500 else (_("Not understood"), _("Go back and try again.")))


def _csrf_error(_error: CSRFError) -> tuple[Response | str, int]:
    advice = _(
        "The page was too old, or cookies are off. Nothing was changed. Go back, reload the page and send it again."
    )
    return _answer(400, _("This form has expired"), advice)


def _too_often(_error: RateLimitExceeded) -> tuple[Response | str, int]:
    advice = _("There were too many attempts to sign in from here. Wait a minute, then try again.")
    return _answer(429, _("Too many attempts"), advice)


def _database_error(error: OperationalError) -> tuple[Response | str, int]:
    log.error("the database did not answer", error=type(error.orig).__name__)
    db.session.rollback()
    g.database_down = True
    advice = _("The database did not answer in time. Nothing was changed. Try again in a moment.")
    return _answer(503, _("The database is busy or down"), advice)


def _crossed(_error: IntegrityError) -> tuple[Response | str, int]:
    db.session.rollback()
    advice = _("Somebody saved the same at the same moment. Nothing of yours was changed. Go back and send it again.")
    return _answer(409, _("Two at once"), advice)


def _answer(code: int, title: str, advice: str) -> tuple[Response | str, int]:
    if request.path.startswith("/api/"):
        return jsonify(error=title, advice=advice), code
    return render_template("error.html", code=code, title=title, advice=advice), code
