"""What went wrong, grouped by what it says, and trying a whole group again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin import dispatch, filters
from admin.database import db
from admin.i18n import ngettext
from admin.identity import safe_next, signed_in_user
from admin.queries import shops
from sync import progress, retries
from sync.errors import SyncError

blueprint = Blueprint("job_errors", __name__, url_prefix="/jobs/errors")


@blueprint.get("")
def index() -> str:
    """The groups of the last seven days, the largest first."""
    session = db.session()
    shop_id = filters.number(request.args.get("shop"))
    return render_template(
        "jobs/errors.html",
        groups=progress.error_groups(session, shop_id),
        shop_id=shop_id,
        shops=shops.all_shops(session),
    )


@blueprint.post("/<signature>/retry")
def retry(signature: str) -> Response:
    """New jobs of everything with this error that was not tried again yet."""
    session = db.session()
    shop_id = filters.number(request.form.get("shop"))
    try:
        opened = retries.retry_group(session, signature, shop_id=shop_id, user_id=signed_in_user().id)
    except SyncError as refused:
        session.rollback()
        flash(str(refused), "warned")
    else:
        session.commit()
        for job in opened:
            dispatch.start(job.id)
        flash(ngettext("%(num)s job tries it again.", "%(num)s jobs try it again.", len(opened)), "running")
    return redirect(safe_next(request.form.get("next")) or url_for("job_errors.index"))
