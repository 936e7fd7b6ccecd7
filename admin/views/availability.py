"""Availability of a shop: its settings with a live example, telling it now, the way into its database and its test."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin import dispatch
from admin.database import db, services, slow
from admin.forms.availability import AvailabilityForm, DatabaseForm
from admin.i18n import _
from admin.identity import signed_in_user
from models import Shop, ShopAvailability, ShopDatabase, Supplier
from sync.availability.choice import ShopRules
from sync.availability.databases import try_database
from sync.availability.decision import OfferState, decide
from sync.availability.dry_run import AvailabilityDryRun, availability_dry_run
from sync.availability.job import open_availability
from sync.availability.texts import plural_categories
from sync.availability.told import switched_off
from sync.errors import SyncError

blueprint = Blueprint("availability", __name__, url_prefix="/shops/<int:shop_id>/availability")
AnyResponse = str | Response | tuple[str, int]
EXAMPLES = (OfferState(None, 50, 2), OfferState(None, 50, 1), OfferState(None, 3, 5), OfferState(False, 50, 1), None)


@blueprint.route("", methods=["GET", "POST"])
def settings(shop_id: int) -> AnyResponse:
    """The settings, and what they make of some offers; tried or saved."""
    shop = db.get_or_404(Shop, shop_id)
    row = db.session.get(ShopAvailability, shop_id)
    form = AvailabilityForm(obj=row or ShopAvailability(product_listing_enabled=True))
    if not form.is_submitted():
        form.supplier_ids.data = ", ".join(_names(row.supplier_ids if row else []))
        return _page(shop, form, row.texts if row else {}, row)
    texts = _typed_texts(shop)
    tried = ShopAvailability(shop_id=shop_id)
    if not form.validate():
        return _page(shop, form, texts, row)
    form.fill(tried, _typed_suppliers(form), texts)
    problems = ShopRules.of(tried).settings.problems()
    if form.errors or problems or "save" not in request.form:
        return _page(shop, form, texts, tried, problems)
    kept = row or ShopAvailability(shop_id=shop_id)
    form.fill(kept, tried.supplier_ids, texts)
    db.session.add(kept)
    if not (kept.active and kept.product_listing_enabled):
        switched_off(db.session(), shop_id)
    db.session.commit()
    flash(_("The availability of %(shop)s is saved.", shop=shop.name), "done")
    return redirect(url_for("availability.settings", shop_id=shop_id))


def _names(ids: list[int]) -> list[str]:
    known = {row.id: row.name for row in db.session.execute(select(Supplier.id, Supplier.name))}
    return [known[number] for number in ids if number in known]


def _typed_suppliers(form: AvailabilityForm) -> list[int]:
    """The ids of the suppliers whose names were typed; a name that is none is an error of the field."""
    known = {row.name.casefold(): row.id for row in db.session.execute(select(Supplier.id, Supplier.name))}
    names = [name.strip() for name in (form.supplier_ids.data or "").split(",") if name.strip()]
    unknown = [name for name in names if name.casefold() not in known]
    if unknown:
        form.supplier_ids.errors = [_("There is no supplier %(name)s.", name=", ".join(unknown))]
    return [known[name.casefold()] for name in names if name.casefold() in known]


def _typed_texts(shop: Shop) -> dict[str, Any]:
    """{iso: {available, unavailable, delivery}}: a field that is left empty is not set."""
    found: dict[str, Any] = {}
    for iso in shop.languages:
        texts: dict[str, Any] = {
            name: text for name in ("available", "unavailable") if (text := request.form.get(f"{iso}-{name}", ""))
        }
        forms = {each: request.form.get(f"{iso}-delivery-{each}", "") for each in plural_categories(iso)}
        if delivery := {each: text for each, text in forms.items() if text}:
            texts["delivery"] = delivery
        if texts:
            found[iso] = texts
    return found


def _page(
    shop: Shop, form: AvailabilityForm, texts: dict[str, Any], row: ShopAvailability | None,
    problems: list[str] | None = None, dry: AvailabilityDryRun | None = None,
) -> AnyResponse:  # fmt: skip
    rules = ShopRules.of(row).settings if row is not None and row.min_stock_threshold is not None else None
    wrong = bool(form.errors or problems)
    return render_template(
        "shops/availability.html", shop=shop, form=form, texts=texts, problems=problems or [],
        plurals={iso: plural_categories(iso) for iso in shop.languages},
        examples=[(offer, decide(offer, rules)) for offer in EXAMPLES] if rules else [],
        database=db.session.get(ShopDatabase, shop.id), dry=dry, saved=db.session.get(ShopAvailability, shop.id),
    ), 422 if wrong else 200  # fmt: skip


@blueprint.post("/tell")
def tell(shop_id: int) -> AnyResponse:
    """Open the job and wake a worker."""
    try:
        job = open_availability(
            db.session(), shop_id, user_id=signed_in_user().id, everything="everything" in request.form
        )
    except SyncError as error:
        db.session.rollback()
        flash(str(error), "failed")
        return redirect(url_for("availability.settings", shop_id=shop_id))
    db.session.commit()
    dispatch.start(job.id)
    return redirect(url_for("jobs.show", progress_id=job.id))


@blueprint.route("/database", methods=["GET", "POST"])
def database(shop_id: int) -> AnyResponse:
    """The way into the shop's database."""
    shop = db.get_or_404(Shop, shop_id)
    row = db.session.get(ShopDatabase, shop_id)
    form = DatabaseForm(obj=row)
    if form.validate_on_submit():
        moved = row is None or (row.host, row.port, row.user) != (form.host.data, form.port.data, form.user.data)
        if moved and not form.password.data:
            form.password.errors = [_("Enter the password: the stored one is not sent to another server or user.")]
        else:
            kept = row or ShopDatabase(shop_id=shop_id, report={})
            form.fill(kept)
            if form.password.data:
                kept.password_encrypted = services().vault.encrypt(form.password.data)
            db.session.add(kept)
            db.session.commit()
            flash(_("The database is saved. Test it now."), "done")
            return redirect(url_for("availability.database", shop_id=shop_id))
    return render_template("shops/database.html", shop=shop, form=form, database=row, dry=None), (
        422 if form.errors else 200
    )


@blueprint.post("/database/test")
@slow  # asks the shop's server: no transaction is open meanwhile
def test(shop_id: int) -> AnyResponse:
    """Every step on the way to writing; nothing is written."""
    return _looked(shop_id, dry=False)


@blueprint.post("/database/dry-run")
@slow
def dry_run(shop_id: int) -> AnyResponse:
    """What telling the shop by SQL would write, with numbers and examples."""
    return _looked(shop_id, dry=True)


def _looked(shop_id: int, *, dry: bool) -> AnyResponse:
    shop = db.get_or_404(Shop, shop_id)
    db.session.expunge(shop)
    db.session.rollback()
    found: AvailabilityDryRun | None = None
    try:
        if dry:
            found = availability_dry_run(services(), shop, everything=True, route="sql")
        else:
            try_database(services(), shop)
    except SyncError as error:
        flash(str(error), "failed")
    row = db.session.get(ShopDatabase, shop_id)
    form = DatabaseForm(formdata=None, obj=row)
    return render_template("shops/database.html", shop=shop, form=form, database=row, dry=found)
