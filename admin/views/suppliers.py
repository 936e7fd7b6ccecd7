"""Suppliers: the list with their feeds and what needs somebody; add, edit, delete."""

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from admin.database import db
from admin.forms.supplier import SupplierForm
from admin.i18n import _
from admin.queries import suppliers
from models import Supplier
from models.types import nfc
from sync.suppliers import alarms, holds

blueprint = Blueprint("suppliers", __name__, url_prefix="/suppliers")
AnyResponse = str | Response | tuple[str, int]


@blueprint.get("")
def index() -> str:
    """Every supplier with its feeds; held runs first."""
    session = db.session()
    return render_template(
        "suppliers/index.html",
        suppliers=suppliers.all_suppliers(session),
        offers=suppliers.offer_counts(session),
        held=holds.held(session),
        alarms=alarms.by_feed(session),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> AnyResponse:
    """Add a supplier."""
    return _form(None)


@blueprint.route("/<int:supplier_id>/edit", methods=["GET", "POST"])
def edit(supplier_id: int) -> AnyResponse:
    """Change a supplier."""
    return _form(db.get_or_404(Supplier, supplier_id))


def _form(supplier: Supplier | None) -> AnyResponse:
    form = SupplierForm(obj=supplier)
    if form.validate_on_submit() and _name_is_free(form, supplier):
        row = supplier or Supplier()
        form.fill(row)
        db.session.add(row)
        db.session.commit()
        flash(_("%(name)s is saved.", name=row.name), "done")
        return redirect(url_for("suppliers.index"))
    return render_template("suppliers/form.html", form=form, supplier=supplier), 422 if form.errors else 200


def _name_is_free(form: SupplierForm, own: Supplier | None) -> bool:
    name = nfc(form.name.data or "").lower()
    other = db.session.scalar(select(Supplier.id).where(func.lower(Supplier.name) == name))
    if other is None or (own is not None and other == own.id):
        return True
    form.name.errors = [_("Another supplier has this name already.")]
    return False


@blueprint.post("/<int:supplier_id>/delete")
def delete(supplier_id: int) -> Response:
    """Delete a supplier with its feeds and offers."""
    supplier = db.get_or_404(Supplier, supplier_id)
    name = supplier.name
    db.session.delete(supplier)
    db.session.commit()
    flash(_("%(name)s is deleted, with its feeds and offers.", name=name), "done")
    return redirect(url_for("suppliers.index"))
