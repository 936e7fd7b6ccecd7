"""Shops: the list, a shop's page with its connection test, add, edit, pause, switch off, delete."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin import dispatch
from admin.database import begin_writing, db, services, slow
from admin.forms.shop import DeleteShopForm, ShopForm
from admin.i18n import _
from admin.identity import safe_next, signed_in_user
from admin.queries import shops
from models import Shop
from models.types import nfc
from sync import jobs, pauses, progress
from sync.schedules import entries
from sync.shops import ConnectionReport, apply_report, test_connection

blueprint = Blueprint("shops", __name__, url_prefix="/shops")


@blueprint.get("")
def index() -> str:
    """Every shop: health, products, how far in step."""
    session = db.session()
    return render_template("shops/index.html", shops=shops.all_shops(session), numbers=shops.numbers(session))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a shop."""
    form = ShopForm()
    if form.validate_on_submit() and _name_is_free(form, None):
        shop = Shop(key_encrypted="")
        db.session.add(shop)
        return _save(shop, form)
    return render_template("shops/form.html", form=form, shop=None), _code(form)


@blueprint.route("/<int:shop_id>/edit", methods=["GET", "POST"])
def edit(shop_id: int) -> str | Response | tuple[str, int]:
    """Change a shop; an empty key keeps the stored one."""
    shop = db.get_or_404(Shop, shop_id)
    form = ShopForm(shop)
    if form.validate_on_submit() and _name_is_free(form, shop.id):
        return _save(shop, form)
    return render_template("shops/form.html", form=form, shop=shop), _code(form)


@blueprint.get("/<int:shop_id>")
def show(shop_id: int) -> str:
    """A shop's page."""
    return _page(db.get_or_404(Shop, shop_id))


@blueprint.post("/<int:shop_id>/test")
@slow  # asks the shop first: no transaction is open meanwhile
def test(shop_id: int) -> str:
    """Test the connection, keep what was found, and show it."""
    return _test(shop_id)


@blueprint.post("/<int:shop_id>/activate")
def activate(shop_id: int) -> Response:
    """Let products be pushed to it again."""
    return _switch(shop_id, True, _("is active: products may be pushed to it."))


@blueprint.post("/<int:shop_id>/deactivate")
def deactivate(shop_id: int) -> Response:
    """Refuse new pushes to it."""
    return _switch(shop_id, False, _("is switched off: pushes to it are refused until you activate it."))


@blueprint.post("/<int:shop_id>/pause")
def pause(shop_id: int) -> Response:
    """Hold all work in it; nothing is lost."""
    shop = db.get_or_404(Shop, shop_id)
    pauses.pause(db.session(), shop, signed_in_user().name)
    db.session.commit()
    said = _("%(shop)s is paused. What is on its way there is still finished; everything else waits.", shop=shop.name)
    flash(said, "pending")
    return _back(shop.id)


@blueprint.post("/<int:shop_id>/resume")
def resume(shop_id: int) -> Response:
    """Go on with what waits."""
    shop = db.get_or_404(Shop, shop_id)
    waiting = pauses.resume(db.session(), shop)
    db.session.commit()
    for progress_id in waiting:
        dispatch.wake(progress_id)
    flash(_("%(shop)s goes on.", shop=shop.name), "running")
    return _back(shop.id)


def _back(shop_id: int) -> Response:
    return redirect(safe_next(request.form.get("next")) or url_for("shops.show", shop_id=shop_id))


@blueprint.route("/<int:shop_id>/delete", methods=["GET", "POST"])
def delete(shop_id: int) -> str | Response | tuple[str, int]:
    """Delete a shop with its links, after its name was typed. Its jobs stay."""
    session = db.session()
    shop = db.get_or_404(Shop, shop_id)
    form = DeleteShopForm(shop)
    if form.validate_on_submit():
        for job in progress.active_jobs(session, shop.id):
            jobs.cancel(session, job.id)
        session.delete(shop)
        session.commit()
        flash(_("%(shop)s is deleted here. In the shop itself nothing was changed.", shop=shop.name), "done")
        return redirect(url_for("shops.index"))
    return render_template(
        "shops/delete.html", shop=shop, form=form, counts=shops.numbers(session).get(shop.id) or shops.ShopNumbers()
    ), _code(form)


def _save(shop: Shop, form: ShopForm) -> str | Response:
    form.fill(shop)
    if form.key.data:
        shop.key_encrypted = services().vault.encrypt(form.key.data)
    db.session.flush()
    entries.ensure_defaults(db.session())
    db.session.commit()
    flash(_("%(shop)s is saved.", shop=shop.name), "done")
    if "test" in request.form:
        return _test(shop.id)
    return redirect(url_for("shops.show", shop_id=shop.id))


def _test(shop_id: int) -> str:
    shop = db.get_or_404(Shop, shop_id)
    db.session.expunge(shop)
    db.session.rollback()
    report = test_connection(services(), shop)
    begin_writing()
    kept = db.get_or_404(Shop, shop_id)
    apply_report(kept, report)
    db.session.commit()
    return _page(kept, report)


def _page(shop: Shop, report: ConnectionReport | None = None) -> str:
    session = db.session()
    return render_template(
        "shops/show.html",
        shop=shop,
        report=report,
        counts=shops.numbers(session).get(shop.id) or shops.ShopNumbers(),
        jobs=progress.history(session, shop_id=shop.id, limit=10),
    )


def _switch(shop_id: int, active: bool, said: str) -> Response:
    shop = db.get_or_404(Shop, shop_id)
    shop.active = active
    db.session.commit()
    flash(f"{shop.name} {said}", "done")
    return redirect(url_for("shops.show", shop_id=shop.id))


def _name_is_free(form: ShopForm, own_id: int | None) -> bool:
    other = db.session.scalar(select(Shop.id).where(Shop.name == nfc(form.name.data or "")))
    if other is None or other == own_id:
        return True
    form.name.errors = [_("Another shop has this name already.")]
    return False


def _code(form: ShopForm | DeleteShopForm) -> int:
    return 422 if form.errors else 200
