"""What a shop holds against what was sent: the last checks, their findings, and the repair."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from admin import dispatch, filters
from admin.database import db
from admin.i18n import _, ngettext
from admin.identity import signed_in_user
from models import JobItem, JobProgress, Shop
from sync.drift import open_drift
from sync.drift.findings import WORDS
from sync.drift.listing import DriftView, view
from sync.drift.open import KIND
from sync.drift.repair import CREATE, LEAVE, UNLINK, repair
from sync.errors import ShopInactive

blueprint = Blueprint("drift", __name__, url_prefix="/shops/<int:shop_id>/drift")

PAGE = 50


@blueprint.app_context_processor
def _templates() -> dict[str, Any]:
    return {"drift_of": lambda shop_id: view(db.session(), shop_id)}


@blueprint.get("")
def show(shop_id: int) -> str:
    """The last check and what it found."""
    session = db.session()
    shop = db.get_or_404(Shop, shop_id)
    known: DriftView = view(session, shop_id)
    word = filters.one_of(request.args.get("found"), WORDS)
    after = filters.number(request.args.get("after")) or 0
    items = []
    counts: dict[str, int] = {}
    if known.last is not None:
        mine = (JobItem.progress_id == known.last.id) & JobItem.operation.is_not(None)
        rows = session.execute(select(JobItem.operation, func.count()).where(mine).group_by(JobItem.operation))
        counts = {str(name): number for name, number in rows}
        query = select(JobItem).where(mine, JobItem.id > after)
        query = query.where(JobItem.operation == word) if word else query
        items = list(session.scalars(query.order_by(JobItem.id).limit(PAGE + 1)))
    return render_template(
        "shops/drift.html",
        shop=shop,
        known=known,
        counts=counts,
        items=items[:PAGE],
        chosen=word,
        words=_words(),
        after=items[PAGE - 1].id if len(items) > PAGE else None,
    )


def _words() -> dict[str, str]:
    return {
        "differs": _("Differs"),
        "missing": _("Missing in the shop"),
        "unknown": _("Unknown to us"),
        "doubled": _("Doubled reference"),
    }


@blueprint.post("/check")
def check(shop_id: int) -> Response:
    """Check the shop now."""
    session = db.session()
    shop = db.get_or_404(Shop, shop_id)
    try:
        job = open_drift(session, shop, signed_in_user().id, anew="anew" in request.form)
    except ShopInactive as refused:
        flash(str(refused), "failed")
        return redirect(url_for("drift.show", shop_id=shop_id))
    session.commit()
    dispatch.start(job.id)
    flash(_started(_("The check of %(shop)s has started.", shop=shop.name), job.id), "running")
    return redirect(url_for("drift.show", shop_id=shop_id))


@blueprint.post("/<int:progress_id>/repair")
def mend(shop_id: int, progress_id: int) -> Response:
    """Repair what a check found, or the ticked findings of it."""
    session = db.session()
    job = db.get_or_404(JobProgress, progress_id)
    if job.shop_id != shop_id or job.kind != KIND:
        abort(404)
    missing = filters.one_of(request.form.get("missing"), (CREATE, UNLINK, LEAVE)) or CREATE
    ticked = [number for text in request.form.getlist("item") if (number := filters.number(text)) is not None]
    try:
        done = repair(session, job, missing=missing, item_ids=ticked or None, user_id=signed_in_user().id)
    except (ShopInactive, ValueError) as refused:
        session.rollback()
        flash(str(refused), "failed")
        return redirect(url_for("drift.show", shop_id=shop_id))
    session.commit()
    if done.push:
        dispatch.start(done.push.id)
        flash(_started(_("What differs or is missing is pushed."), done.push.id), "running")
    if done.intake:
        dispatch.start_import(done.intake.id)
        flash(_started(_("What is unknown is imported."), done.intake.id), "running")
    if done.unlinked:
        flash(ngettext("%(num)s product is unlinked.", "%(num)s products are unlinked.", done.unlinked), "done")
    if not (done.started or done.unlinked):
        flash(_("There is nothing to be repaired."), "pending")
    return redirect(url_for("drift.show", shop_id=shop_id))


def _started(text: str, progress_id: int) -> Markup:
    link = Markup("<a href='{}'>{}</a>").format(url_for("jobs.show", progress_id=progress_id), _("Show"))
    return Markup("{} {}").format(text, link)
