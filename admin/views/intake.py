"""Importing from a shop: its tree with counts, what to take, how many that is; then one job."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from admin import dispatch, filters
from admin.database import db, services
from admin.i18n import _
from admin.identity import signed_in_user
from models import Shop
from sync.errors import ShopInactive, SyncError
from sync.intake import ImportSelection, open_import
from sync.intake.preview import Node, Preview, preview, shop_tree

blueprint = Blueprint("intake", __name__, url_prefix="/shops/<int:shop_id>/import")

LISTED = 10_000
"""Ids or references that one form may name."""


@blueprint.get("")
def confirm(shop_id: int) -> str:
    """What the shop has, and how many products the choice is."""
    return _page(_shop(shop_id), request.args, None)


@blueprint.post("")
def start(shop_id: int) -> Response | tuple[str, int]:
    """Open the job and wake the workers."""
    session = db.session()
    shop = db.get_or_404(Shop, shop_id)
    selection, problem = _selection(request.form)
    if selection is None:
        return _page(_shop(shop_id), request.form, problem), 422
    try:
        job = open_import(session, shop, selection, user_id=signed_in_user().id)
    except ShopInactive as refused:
        return _page(_shop(shop_id), request.form, str(refused)), 409
    session.commit()
    link = Markup("<a href='{}'>{}</a>").format(url_for("jobs.show", progress_id=job.id), _("Show"))
    flash(Markup("{} {}").format(_("The import from %(shop)s has started.", shop=shop.name), link), "running")
    if not dispatch.start_import(job.id):
        flash(_("The job is kept, but the broker does not answer. It goes on once it does."), "warned")
    return redirect(url_for("shops.show", shop_id=shop_id))


def _shop(shop_id: int) -> Shop:
    """The shop, with no transaction left open while it is asked."""
    shop = db.get_or_404(Shop, shop_id)
    db.session.expunge(shop)
    db.session.rollback()
    return shop


def _page(shop: Shop, values: MultiDict[str, str], problem: str | None) -> str:
    tree: tuple[Node, ...] = ()
    counted: Preview | None = None
    selection, refusal = _selection(values)
    try:
        tree = shop_tree(services(), shop, fresh="fresh" in values)
        if selection is not None and (selection.kind == "all" or "count" in values):
            counted = preview(services(), shop, selection)
    except SyncError as error:
        problem = problem or str(error)
    if "count" in values:
        problem = problem or refusal
    return render_template(
        "shops/import.html",
        shop=shop,
        tree=tree,
        counted=counted,
        problem=problem,
        what=filters.one_of(values.get("what"), ("all", "categories", "ids", "references")) or "all",
        chosen={number for text in values.getlist("category") if (number := filters.number(text)) is not None},
        listed=values.get("listed", ""),
        images="images" in values,
        update="what" not in values or "update" in values,
    )


def _selection(values: MultiDict[str, str]) -> tuple[ImportSelection | None, str | None]:
    """What the form asks for, or what is wrong with it."""
    what = filters.one_of(values.get("what"), ("all", "categories", "ids", "references")) or "all"
    images, update = "images" in values, "what" not in values or "update" in values
    if what == "all":
        return ImportSelection("all", images=images, update=update), None
    if what == "categories":
        ids = tuple(number for text in values.getlist("category") if (number := filters.number(text)) is not None)
        if not ids:
            return None, _("Tick at least one category.")
        return ImportSelection("categories", ids=ids, images=images, update=update), None
    return _listed(what, values.get("listed", ""), images, update)


def _listed(what: str, text: str, images: bool, update: bool) -> tuple[ImportSelection | None, str | None]:
    lines = [line for line in (one.strip("\r") for one in text.split("\n")) if line.strip()]
    if what == "references":
        if not lines or len(lines) > LISTED:
            return None, _("Give references, one a line, at most %(n)s.", n=LISTED)
        return ImportSelection("references", references=tuple(lines), images=images, update=update), None
    words = re.split(r"[\s,;]+", text.strip())
    numbers = [filters.number(word) for word in words if word]
    ids = tuple(number for number in numbers if number is not None)
    if not ids or len(ids) < len(numbers) or len(ids) > LISTED:
        return None, _("Give the ids of products, as digits, at most %(n)s.", n=LISTED)
    return ImportSelection("ids", ids=ids, images=images, update=update), None
