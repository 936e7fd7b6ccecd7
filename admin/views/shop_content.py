"""What a shop gets of the catalogue, and what is removed from it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from admin import dispatch
from admin.database import db
from admin.forms.shop_content import RemovalForm, ShopContentForm
from admin.i18n import _
from admin.identity import signed_in_user
from models import Shop
from sync import removals, shop_content
from sync.errors import SyncError

blueprint = Blueprint("shop_content", __name__, url_prefix="/shops/<int:shop_id>")
LISTED = 100


@blueprint.route("/content", methods=["GET", "POST"])
def edit(shop_id: int) -> str | Response | tuple[str, int]:
    """Prices, languages, locks, images and the removal policy."""
    session = db.session()
    shop = db.get_or_404(Shop, shop_id)
    form = ShopContentForm(shop)
    if form.validate_on_submit():
        changed = shop_content.apply(shop, form.values)
        session.commit()
        flash(_("What %(shop)s gets is saved.", shop=shop.name), "done")
        if changed:
            link = url_for("push.confirm", kind="all", to=shop.id)
            flash(
                Markup("{} <a href='{}'>{}</a>").format(
                    _("Its products do not know yet."), link, _("Push all of them…")
                ),
                "pending",
            )
        return redirect(url_for("shops.show", shop_id=shop.id))
    return render_template("shops/content.html", shop=shop, form=form), 422 if form.errors else 200


@blueprint.route("/removals", methods=["GET", "POST"])
def remove(shop_id: int) -> str | Response | tuple[str, int]:
    """How many products would be removed, which, and the button that does it."""
    session = db.session()
    shop = db.get_or_404(Shop, shop_id)
    form = RemovalForm(shop)
    if form.validate_on_submit():
        try:
            job = removals.open_removal(session, shop, user_id=signed_in_user().id)
        except SyncError as refused:
            session.rollback()
            return _removals(shop_id, form, str(refused)), 409
        session.commit()
        if not dispatch.start(job.id):
            flash(_("The job is kept, but the broker does not answer. It goes on once it does."), "warned")
        return redirect(url_for("jobs.show", progress_id=job.id))
    return _removals(shop_id, form), 422 if form.errors else 200


def _removals(shop_id: int, form: RemovalForm, problem: str = "") -> str:
    session = db.session()
    shop = db.get_or_404(Shop, shop_id)
    return render_template(
        "shops/removals.html",
        shop=shop,
        form=form,
        counts=removals.counts(session, shop),
        candidates=removals.listed(session, shop, LISTED),
        problem=problem,
    )
