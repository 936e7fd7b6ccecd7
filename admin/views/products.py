"""Products: the list, a product's page, a new one."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin import filters, terms
from admin.database import db
from admin.editing import product as editing
from admin.filters import ProductFilter
from admin.forms.product import ProductForm, product_form
from admin.i18n import _
from admin.queries import categories, logs, products, shops, suppliers
from models import Product, Shop
from sync import progress, removals
from sync.catalogue import links_of

blueprint = Blueprint("products", __name__, url_prefix="/products")


@blueprint.get("")
def index() -> str | Response:
    """The list, with how each product stands in each shop."""
    qualified = _from_qualifiers(request.args.get("q", ""))
    if qualified is not None:
        return redirect(url_for("products.index", **qualified))
    session = db.session()
    narrowed = ProductFilter.of(request.args)
    sort = request.args.get("sort", "sku")
    page = products.page(
        session, narrowed.query(), sort=sort,
        after=filters.number(request.args.get("after")), before=filters.number(request.args.get("before")),
    )  # fmt: skip
    whole = page.before is None and page.after is None
    return render_template(
        "products/index.html",
        page=page,
        narrowed=narrowed,
        sort=sort if sort.removeprefix("-") in products.SORTS else "sku",
        matching=len(page.rows) if whole else products.count(session, narrowed.query()),
        counted=products.COUNTED,
        shops=shops.all_shops(session),
        categories=categories.choices(session),
        link_states=filters.LINK_STATES,
        active=progress.active_jobs(session),
    )


def _from_qualifiers(text: str) -> dict[str, Any] | None:
    words, found = terms.parse(text, ("shop", "state"))
    if not found:
        return None
    kept = request.args.to_dict()
    shop = db.session.scalar(select(Shop.id).where(Shop.name.icontains(found["shop"]))) if "shop" in found else None
    changes = {"q": words or None, "shop": shop or kept.get("shop"), "status": found.get("state", kept.get("status"))}
    return {**kept, **changes, "after": None, "before": None}


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """A new product."""
    session = db.session()
    listed = shops.all_shops(session)
    languages = shops.languages(listed)
    form = product_form(languages, data=None if request.method == "POST" else {"active": True})
    tree = editing.offer_categories(form, session)
    if form.validate_on_submit() and editing.sku_is_free(session, form, None):
        product = Product()
        editing.fill(session, product, form, languages)
        session.add(product)
        session.commit()
        flash(_("%(sku)s is in the catalogue. Push it when it is complete.", sku=product.sku), "done")
        return redirect(url_for("products.show", product_id=product.id))
    page = render_template(
        "products/new.html", form=form, categories=tree, languages=languages, product_parts=Product()
    )
    return page, _code(form)


@blueprint.route("/<int:product_id>", methods=["GET", "POST"])
def show(product_id: int) -> str | Response | tuple[str, int]:
    """A product's page: its form, how it stands in each shop, what was done."""
    session = db.session()
    product = db.get_or_404(Product, product_id, options=editing.WITH_ALL)
    listed = shops.all_shops(session)
    languages = shops.languages(listed, tuple(product.texts))
    form = editing.form_of(product, languages)
    tree = editing.offer_categories(form, session)
    if form.validate_on_submit() and editing.may_save(session, product, form):
        editing.fill(session, product, form, languages)
        session.commit()
        flash(_("%(sku)s is saved. The shops do not know yet: push it.", sku=product.sku), "done")
        return redirect(url_for("products.show", product_id=product.id))
    page = render_template(
        "products/show.html",
        product=product,
        form=form,
        categories=tree,
        languages=languages,
        product_parts=product,
        shops=listed,
        links=logs.links(session, product),
        differs={override.shop_id: override for override in product.overrides if override.fields},
        entries=logs.of_product(session, product.id),
        offers=suppliers.offers_of(session, product.id),
        active=progress.active_jobs(session),
    )
    return page, _code(form)


@blueprint.route("/<int:product_id>/delete", methods=["GET", "POST"])
def delete(product_id: int) -> str | Response:
    """Delete a product from the catalogue; shops that have it are remembered."""
    session = db.session()
    product = db.get_or_404(Product, product_id)
    links = links_of(session, [product.id]).get(product.id, {})
    if request.method == "POST":
        sku = product.sku
        session.expunge(product)
        removals.delete_products(session, [product_id])
        session.commit()
        flash(_("%(sku)s is deleted from the catalogue.", sku=sku), "done")
        return redirect(url_for("products.index"))
    there = sum(link.external_id is not None for link in links.values())
    return render_template("products/delete.html", product=product, there=there)


def _code(form: ProductForm) -> int:
    return 422 if form.errors else 200
