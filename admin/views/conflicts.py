"""Conflicts: what was changed both here and in a shop, side by side, with a choice for each field."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin import filters
from admin.database import db
from admin.i18n import _, ngettext
from admin.queries import shops
from sync import conflicts
from sync.errors import SyncError

blueprint = Blueprint("conflicts", __name__, url_prefix="/conflicts")

PAGE = 25


@blueprint.get("")
def index() -> str:
    """Products in conflict, of one shop or of all."""
    session = db.session()
    shop_id = filters.number(request.args.get("shop"))
    found = conflicts.find(session, shop_id, after=filters.number(request.args.get("after")) or 0, limit=PAGE + 1)
    return render_template(
        "conflicts/index.html",
        found=found[:PAGE],
        after=found[PAGE - 1].link_id if len(found) > PAGE else None,
        total=conflicts.count(session, shop_id),
        shop_id=shop_id,
        shops=shops.all_shops(session),
        can_differ=conflicts.can_differ,
    )


@blueprint.post("/<int:link_id>")
def resolve(link_id: int) -> Response:
    """Decide the fields that were chosen; the others stay open."""
    session = db.session()
    choices: dict[str, conflicts.Side] = {}
    for name, value in request.form.items():
        if name.startswith("field:") and value in conflicts.SIDES:
            choices[name.removeprefix("field:")] = "ours" if value == "ours" else "shop"
    try:
        left = conflicts.resolve(session, link_id, choices) if choices else []
    except SyncError as refused:
        session.rollback()
        flash(str(refused), "warned")
        return _back()
    session.commit()
    if not choices:
        flash(_("Choose a side for at least one field."), "warned")
    elif left:
        flash(_("Decided. Still open: %(fields)s.", fields=", ".join(left)), "warned")
    else:
        flash(_("Decided. The next push of the product carries it out."), "done")
    return _back()


@blueprint.post("/all")
def resolve_all() -> Response:
    """Decide everything that is listed one way: the ticked products, or all of the shop."""
    session = db.session()
    side: conflicts.Side = "shop" if request.form.get("side") == "shop" else "ours"
    ids = [number for text in request.form.getlist("link") if (number := filters.number(text)) is not None]
    shop_id = filters.number(request.form.get("shop"))
    done = conflicts.resolve_all(session, side, shop_id=shop_id, link_ids=ids)
    session.commit()
    flash(ngettext("%(num)s product is decided.", "%(num)s products are decided.", done), "done")
    return _back()


def _back() -> Response:
    shop_id = filters.number(request.form.get("shop"))
    return redirect(url_for("conflicts.index", shop=shop_id))
