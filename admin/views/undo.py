"""Undo of a job: count and effect first, then a job of its own."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from admin import dispatch
from admin.database import db
from admin.i18n import _
from admin.identity import signed_in_user
from sync import progress
from sync.errors import Missing, SyncError
from sync.undo.open import KEPT_DAYS, open_undo, preview

blueprint = Blueprint("undo", __name__, url_prefix="/jobs")


@blueprint.get("/<int:progress_id>/undo")
def confirm(progress_id: int) -> str:
    """What undoing the job would do."""
    session = db.session()
    job = progress.details(session, progress_id)
    if job is None:
        raise NotFound
    return render_template("jobs/undo.html", job=job, found=preview(session, progress_id), days=round(KEPT_DAYS))


@blueprint.post("/<int:progress_id>/undo")
def start(progress_id: int) -> Response:
    """Open the job that undoes it, and wake a worker."""
    session = db.session()
    try:
        made = open_undo(session, progress_id, user_id=signed_in_user().id)
    except Missing:
        raise NotFound from None
    except SyncError as refused:
        session.rollback()
        flash(str(refused), "warned")
        return redirect(url_for("undo.confirm", progress_id=progress_id))
    session.commit()
    if not dispatch.start(made.id):
        flash(_("The job is kept, but the broker does not answer. It goes on once it does."), "warned")
    return redirect(url_for("jobs.show", progress_id=made.id))
